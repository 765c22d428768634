//! All that is known once the roles are given: who is there, who has a role, who reads what.

use crate::manifest::object::Object;
use crate::payload::format::Format;
use crate::payload::verdict::Setting;
use crate::policy::rules::{Mechanism, Policy};
use crate::policy::suggest::{LONGEST_LIST, listed_and};

use super::consumers::Consumers;
use super::elsewhere::Mentions;
use super::environment::Stores;
use super::roles::Standing;
use super::users::Users;
use super::world::World;

/// What every look at the keys needs.
pub struct Scene<'w, 'p, 'd> {
    /// The objects.
    pub world: &'w World<'d>,
    /// The rules.
    pub policy: &'p Policy,
    /// Who has a role.
    pub standing: &'w Standing<'p>,
    /// Who reads what.
    pub consumers: &'w Consumers<'d>,
    /// Who else mentions what.
    pub mentions: Mentions,
    /// Which containers use which of their variables.
    pub users: Users,
    /// Which containers are pointed at another store.
    pub stores: Stores,
}

impl Scene<'_, '_, '_> {
    /// The namespace of an object, with the release's for one that names none; empty where that is not known.
    #[must_use]
    pub fn namespace_of<'o>(&'o self, object: &Object<'o>) -> &'o str {
        object
            .namespace()
            .unwrap_or_else(|| self.world.release().unwrap_or_default())
    }

    /// How roles reach the readers: with irsa among the mechanisms, an endpoint that is set gets in the way.
    #[must_use]
    pub fn setting(&self) -> Setting {
        if self.policy.via.contains(&Mechanism::Irsa) {
            Setting::WebIdentity
        } else {
            Setting::Metadata
        }
    }

    /// What a preset says about a value that is mounted at this path.
    #[must_use]
    pub fn format_at(&self, path: &str) -> Option<Format> {
        self.policy.presets.iter().find_map(|preset| preset.format_at(path))
    }

    /// Whether a preset knows that credentials of something else than AWS are mounted at this path.
    #[must_use]
    pub fn is_foreign(&self, path: &str) -> bool {
        let mut globs = self.policy.presets.iter().flat_map(|preset| &preset.foreign);
        globs.any(|glob| glob.matches(path))
    }

    /// `Deployment a/b`, `CronJob a/c`; cut short where they are very many.
    pub fn called(&self, workloads: &[usize]) -> String {
        let first = workloads.iter().take(LONGEST_LIST);
        let names: Vec<String> = first
            .map(|index| self.world.workloads[*index].object.reference().to_string())
            .collect();
        let more = workloads.len() - names.len();
        listed_and(names.iter().map(String::as_str), more)
    }
}
