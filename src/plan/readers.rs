//! The readers of one Secret value, and whether they can do without its keys.

use crate::manifest::object::Object;
use crate::payload::key_id::key_id_in;
use crate::policy::catalogue::Id;

use super::consumers::Consumer;
use super::ledger::Ledger;
use super::scene::Scene;
use super::value::SecretValue;

/// The readers of one value, by what they have.
pub struct Readers<'w, 'd> {
    /// All of them.
    pub all: Vec<&'w Consumer<'d>>,
    /// Workloads with a role.
    pub with_role: Vec<usize>,
    /// Workloads without one, hooks aside.
    pub without: Vec<usize>,
    /// Hooks without a role.
    pub hooks: Vec<usize>,
}

impl<'w, 'd> Readers<'w, 'd> {
    /// The readers of a data key.
    #[must_use]
    pub fn of(scene: &Scene<'w, '_, 'd>, secret: usize, key: &str) -> Self {
        let mut readers = Self {
            all: scene.consumers.of_keys(secret, &[key]),
            with_role: Vec::new(),
            without: Vec::new(),
            hooks: Vec::new(),
        };
        for consumer in &readers.all {
            let workload = consumer.workload;
            let list = if scene.standing.roles[workload].is_some() {
                &mut readers.with_role
            } else if scene.world.workloads[workload].object.is_hook() {
                &mut readers.hooks
            } else {
                &mut readers.without
            };
            // Consumers come by their workloads, so all of one are neighbours.
            if list.last() != Some(&workload) {
                list.push(workload);
            }
        }
        readers
    }
}

/// Whether keys can leave a Secret; every reason against it is a finding.
pub fn may_go<'d>(
    scene: &Scene<'_, '_, 'd>,
    secret: &Object<'d>,
    value: &SecretValue<'d>,
    readers: &Readers<'_, 'd>,
    ledger: &mut Ledger<'d>,
) -> bool {
    let key = value.key;
    let mut may = true;
    if !readers.with_role.is_empty() && !readers.without.is_empty() {
        let message = format!(
            "the keys in `{key}` stay, and defeat the role of {}: {} reads them, too, and has no role",
            scene.called(&readers.with_role),
            scene.called(&readers.without)
        );
        let is_job = readers
            .without
            .iter()
            .any(|index| scene.world.workloads[*index].kind.is_on_demand());
        let remedy = if is_job {
            "give it a role: name its kind (Job, Pod) under the component's `match.kind`"
        } else {
            "give it a role: name it as a component, or match it in one"
        };
        ledger.find(secret, value.node, Id::KeysBesideRole, message, remedy);
        may = false;
    }
    if secret
        .node
        .get("immutable")
        .is_some_and(|immutable| immutable.text() == Some("true"))
    {
        let message =
            format!("the keys in `{key}` stay, since the Secret is immutable and the API server would refuse the edit");
        let remedy = "render it under a new name, or without `immutable: true`";
        ledger.find(secret, value.node, Id::ImmutableSecret, message, remedy);
        may = false;
    }
    if may && !readers.hooks.is_empty() {
        let message = format!(
            "{} reads `{key}` as a hook without a role, and will find no keys",
            scene.called(&readers.hooks)
        );
        let remedy = "name its kind (Job, Pod) under a component's `match.kind` if it needs the store";
        ledger.find(secret, value.node, Id::HookConsumer, message, remedy);
    }
    may
}

/// An access key id that is in the final text of a value, where a workload with a role reads it.
pub fn key_id_stays<'d>(
    scene: &Scene<'_, '_, 'd>,
    secret: &Object<'d>,
    value: &SecretValue<'d>,
    text: &str,
    readers: &Readers<'_, 'd>,
    ledger: &mut Ledger<'d>,
) {
    if readers.with_role.is_empty() || key_id_in(text).is_none() {
        return;
    }
    let message = format!(
        "`{}` still holds an AWS access key id, in a place that no known format has; it is read beside a role by {}",
        value.key,
        scene.called(&readers.with_role)
    );
    let remedy = "take it out, or say under `secrets` where it is (`format`, `remove`), or `keep: true`";
    ledger.find(secret, value.node, Id::KeysBesideRole, message, remedy);
}
