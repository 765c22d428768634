//! Programs that cannot use a role given in some way, told by their image.
//!
//! Invariant: this is data, in `presets/clients.yaml`; an image that is not listed can use every mechanism.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::policy::catalogue::Id;
use crate::policy::glob::Glob;
use crate::policy::image::{Image, Version};
use crate::policy::rules::Mechanism;

const FILE: &str = include_str!("../../presets/clients.yaml");

static ALL: LazyLock<Clients> = LazyLock::new(|| Clients(serde_yaml::from_str(FILE).expect("a test reads the file")));

/// The programs that are known to be unable.
#[derive(Debug)]
pub struct Clients(Vec<Client>);

/// One program, and what it cannot use.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The last part of the image's name.
    image: Glob,
    /// The first version that can; without it none can.
    #[serde(default, deserialize_with = "version")]
    before: Option<Version>,
    /// The mechanisms it cannot use.
    cannot: Vec<Mechanism>,
    /// What is reported.
    pub finding: Id,
    /// Why it cannot: a phrase.
    pub because: String,
    /// What to do: a phrase.
    pub cure: String,
}

impl Clients {
    /// What is known.
    #[must_use]
    pub fn known() -> &'static Self {
        &ALL
    }

    /// Why the program of this image cannot use a role given by this mechanism; `None` where it can, as far as is known.
    #[must_use]
    pub fn unable(&self, image: &str, mechanism: Mechanism) -> Option<&Client> {
        let image = Image::of(image);
        self.0
            .iter()
            .find(|client| client.cannot.contains(&mechanism) && client.is(image))
    }
}

impl Client {
    fn is(&self, image: Image<'_>) -> bool {
        let too_old = |bound: &Version| image.version().is_some_and(|own| own.is_before(bound));
        self.image.matches(image.name) && self.before.as_ref().is_none_or(too_old)
    }
}

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let unread = || serde::de::Error::custom(format_args!("`{text}` is no version"));
    Version::leading(&text).ok_or_else(unread).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(image: &str, mechanism: Mechanism, expected: Option<Id>) {
        let found = Clients::known().unable(image, mechanism);
        assert_eq!(found.map(|client| client.finding), expected, "{image}");
    }

    #[test]
    fn the_file_reads() {
        let clients: Vec<Client> = serde_yaml::from_str(FILE).expect("clients");
        for client in &clients {
            assert!(!client.cannot.is_empty() && !client.because.is_empty() && !client.cure.is_empty());
        }
    }

    #[test]
    fn distribution_2_cannot_use_irsa() {
        let cannot = Some(Id::UnsupportedClient);
        check("registry:2", Mechanism::Irsa, cannot);
        check("docker.io/library/registry:2.8.3-alpine", Mechanism::Irsa, cannot);
        check("localhost:5000/registry:v2.7.1@sha256:00ff", Mechanism::Irsa, cannot);
        check("goharbor/registry-photon:v2.12.0", Mechanism::Irsa, cannot);
        check("goharbor/registry-photon@sha256:00ff", Mechanism::Irsa, cannot);
        check("registry:2", Mechanism::Kube2iam, None);
        check("registry:2", Mechanism::Kiam, None);
    }

    #[test]
    fn others_can() {
        for image in [
            "registry:3",
            "registry:3.0.0-rc.1",
            "registry",
            "registry:latest",
            "registry@sha256:00ff",
            "registry.gitlab.com/gitlab-org/build/cng/gitlab-container-registry:v2.9.1-gitlab",
            "registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ce:master",
            "registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ee:v17.3.0",
            "nginx:1.2",
        ] {
            check(image, Mechanism::Irsa, None);
        }
    }

    #[test]
    fn old_toolboxes_have_an_old_s3cmd() {
        let old = Some(Id::S3cmdTooOld);
        check(
            "registry.gitlab.com/gitlab-org/build/cng/gitlab-task-runner-ce:v13.12.15",
            Mechanism::Irsa,
            old,
        );
        check(
            "registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ee:v14.3.6",
            Mechanism::Irsa,
            old,
        );
        check("gitlab-toolbox-ee:v14.4.0", Mechanism::Irsa, None);
        check("gitlab-toolbox-ee:14-3-stable", Mechanism::Irsa, None);
        check("gitlab-toolbox-ee:v14.3.6", Mechanism::Kiam, None);
    }
}
