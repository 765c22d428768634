//! What is known about one chart: how its components are recognised and what its mounts mean.
//!
//! Invariant: a preset is data, in `presets/NAME.yaml`; no chart is named in code.

use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

use crate::payload::format::Format;
use crate::policy::catalogue::Id;
use crate::policy::glob::Glob;
use crate::policy::wire::Entries;

/// The files, one a chart.
const FILES: [&str; 1] = [include_str!("../../presets/gitlab.yaml")];

static ALL: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let read = |text: &&str| serde_yaml::from_str(text).expect("a test reads every preset");
    FILES.iter().map(read).collect()
});

/// The knowledge about one chart.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The word for it in a policy.
    pub name: String,
    /// The components it can name.
    pub components: Vec<PresetComponent>,
    /// What a projected path says about the value behind it.
    pub mounts: Vec<Mount>,
    /// Projected paths that hold credentials of something else than AWS.
    pub foreign: Vec<Glob>,
    /// Workloads that mount a storage Secret and never read it.
    pub bystanders: Vec<PresetRule>,
    /// Mounts without which a component falls back to something that is not AWS.
    pub needs: Vec<Need>,
    /// The workloads of the store that the chart brings along.
    pub in_cluster_store: Vec<PresetRule>,
    /// What to do about the chart's defaults.
    pub cures: Cures,
}

/// One component of a chart.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct PresetComponent {
    /// The word for it in a policy.
    pub name: String,
    /// How its workloads are recognised.
    pub rule: PresetRule,
}

/// How workloads are recognised: every label, and the chart.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct PresetRule {
    /// Labels and what their values have to fit.
    #[serde(deserialize_with = "pairs")]
    pub labels: Vec<(String, Glob)>,
    /// The chart's name, as the label `helm.sh/chart` or `chart` has it before its version.
    pub chart: Option<String>,
}

/// What a projected path says about the value behind it.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// The `path` of an item of a projected volume.
    pub path: Glob,
    /// What the value is written in.
    #[serde(deserialize_with = "format")]
    pub format: Format,
}

/// A mount that a component cannot do without.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The component's name.
    pub component: String,
    /// The projected path that has to be there.
    pub path: Glob,
    /// An environment variable whose value makes the mount needless.
    pub unless: Unless,
    /// What is reported where it is missing.
    pub finding: Id,
    /// What to do about it.
    pub cure: String,
}

/// An environment variable and the values that switch a need off.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Unless {
    /// The variable.
    pub name: String,
    /// The values.
    pub values: Vec<String>,
}

/// What to do about a chart's defaults.
#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Cures {
    /// Pods without a `ServiceAccount` of their own.
    pub no_service_account: String,
    /// The store that the chart brings along.
    pub in_cluster_store: String,
}

impl Preset {
    /// Every preset there is.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The preset of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|preset| preset.name == name)
    }

    /// The component of this name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&PresetComponent> {
        self.components.iter().find(|component| component.name == name)
    }

    /// The names of its components, in the file's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().map(|component| component.name.as_str())
    }

    /// What the value at this projected path is written in, if the chart says so.
    #[must_use]
    pub fn format_at(&self, path: &str) -> Option<Format> {
        let mount = self.mounts.iter().find(|mount| mount.path.matches(path));
        mount.map(|mount| mount.format)
    }
}

impl PresetRule {
    /// Whether an object with these labels is meant.
    pub fn holds<'l>(&self, label: impl Fn(&str) -> Option<&'l str>) -> bool {
        let labelled = self
            .labels
            .iter()
            .all(|(key, glob)| label(key).is_some_and(|value| glob.matches(value)));
        let of_chart = |name: &str| {
            let stamped = label("helm.sh/chart").or_else(|| label("chart"));
            stamped.is_some_and(|stamp| chart_name(stamp) == name)
        };
        labelled && self.chart.as_deref().is_none_or(of_chart)
    }
}

/// The chart's name in the value of a chart label: `registry` of `registry-0.7.0`.
#[must_use]
pub fn chart_name(stamp: &str) -> &str {
    let is_version = |text: &str| {
        let digit = |c: char| c.is_ascii_digit();
        let text = text.strip_prefix('v').unwrap_or(text);
        let parts = text.split_once('.');
        parts.is_some_and(|(major, rest)| {
            major.starts_with(digit) && major.chars().all(digit) && rest.starts_with(digit)
        })
    };
    stamp
        .match_indices('-')
        .find(|(at, _)| stamp.get(at + 1..).is_some_and(is_version))
        .and_then(|(at, _)| stamp.get(..at))
        .unwrap_or(stamp)
}

fn pairs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Glob)>, D::Error> {
    Entries::deserialize(deserializer).map(|entries| entries.0)
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    let word = String::deserialize(deserializer)?;
    word.parse()
        .map_err(|_| serde::de::Error::custom(format_args!("unknown format `{word}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_preset_reads_and_holds_together() {
        for (preset, file) in Preset::all().iter().zip(FILES) {
            serde_yaml::from_str::<Preset>(file).expect("a preset");
            let names: BTreeSet<&str> = preset.names().collect();
            assert_eq!(names.len(), preset.components.len(), "{}: a name twice", preset.name);
            for component in &preset.components {
                assert!(!component.rule.labels.is_empty(), "{}", component.name);
            }
            for need in &preset.needs {
                assert!(names.contains(need.component.as_str()), "{}", need.component);
                assert!(!need.unless.values.is_empty() && !need.cure.is_empty());
            }
            for mount in &preset.mounts {
                let foreign = |glob: &Glob| glob.matches(mount.path.as_str());
                assert!(!preset.foreign.iter().any(foreign), "{}", mount.path);
            }
        }
        let names: BTreeSet<&str> = Preset::all().iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names.len(), FILES.len());
    }

    #[test]
    fn chart_names_end_before_the_version() {
        for (stamp, name) in [
            ("registry-0.7.0", "registry"),
            ("nginx-ingress-4.0.6", "nginx-ingress"),
            ("foo-2-1.0.0", "foo-2"),
            ("gitlab-runner-0.68.0-beta.1", "gitlab-runner"),
            ("registry-v1.2.3", "registry"),
            ("registry", "registry"),
            ("a-1", "a-1"),
        ] {
            assert_eq!(chart_name(stamp), name, "{stamp}");
        }
    }

    #[track_caller]
    fn check(component: &str, labels: &[(&str, &'static str)], expected: bool) {
        let gitlab = Preset::named("gitlab").expect("gitlab");
        let rule = &gitlab.component(component).expect("a component").rule;
        let label = |key: &str| labels.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
        assert_eq!(rule.holds(label), expected, "{component}: {labels:?}");
    }

    #[test]
    fn gitlabs_components_are_told_by_app_and_chart() {
        check("registry", &[("app", "registry"), ("chart", "registry-0.7.0")], true);
        check(
            "registry",
            &[("app", "registry"), ("helm.sh/chart", "harbor-1.2.3")],
            false,
        );
        check("registry", &[("app", "registry")], false);
        check("webservice", &[("app", "registry"), ("chart", "registry-0.7.0")], false);
        check(
            "gitlab-runner",
            &[("app", "prod-gitlab-runner"), ("chart", "gitlab-runner-0.68.0")],
            true,
        );
    }

    #[test]
    fn gitlabs_mounts_are_told_by_path() {
        let gitlab = Preset::named("gitlab").expect("gitlab");
        assert_eq!(gitlab.format_at("objectstorage/object_store"), Some(Format::Fog));
        assert_eq!(gitlab.format_at("objectstorage/.s3cfg"), Some(Format::S3cmd));
        assert_eq!(gitlab.format_at("storage/config"), Some(Format::Registry));
        assert_eq!(gitlab.format_at("minio/accesskey"), None);
        assert_eq!(gitlab.format_at("objectstorage/cdn/artifacts"), None);
    }

    /// What Helm really rendered, where it is at hand: every component of the preset that a stream holds is found.
    #[test]
    fn rendered_releases_have_these_labels() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpora/");
        let Ok(text) = std::fs::read_to_string(format!("{folder}gitlab-everything.helm3.yaml")) else {
            return;
        };
        let gitlab = Preset::named("gitlab").expect("gitlab");
        for component in gitlab.components.iter().filter(|c| c.name != "gitlab-runner") {
            let chart = component.rule.chart.as_deref().expect("a chart");
            let stamped = format!("    app: {}\n    chart: {chart}-", component.name);
            assert!(text.contains(&stamped), "{}", component.name);
        }
    }
}
