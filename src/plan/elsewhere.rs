//! Readers of a Secret that are not seen: custom resources, volumes and their drivers, text in a `ConfigMap`.

use crate::manifest::object::Object;
use crate::manifest::pod::WorkloadKind;
use crate::manifest::uses::Reader;
use crate::policy::catalogue::Id;
use crate::yaml::tree::Node;

use super::ledger::Ledger;
use super::scene::Scene;
use super::value::SecretValue;

/// Whether something names the Secret that may read it in ways that are not seen; `what` stays then, with a finding.
pub fn is_read_elsewhere<'d>(
    scene: &Scene<'_, '_, 'd>,
    secret: usize,
    value: &SecretValue<'d>,
    what: &str,
    ledger: &mut Ledger<'d>,
) -> bool {
    let object = &scene.world.secrets[secret];
    let others = scene.world.objects.iter().filter(|other| is_reader(other));
    let other = others.into_iter().find(|other| mentions(other.node, object.name()));
    let by_driver = scene
        .consumers
        .of_secret(secret)
        .iter()
        .find(|consumer| matches!(consumer.mention.reader, Reader::Driver));
    let by_driver = by_driver.map(|consumer| &scene.world.workloads[consumer.workload].object);
    let Some(other) = other.or(by_driver) else { return false };
    let message = format!("{what} stay: {} names the Secret, too", other.reference());
    let remedy = "see that it does without the keys, then take them out by hand";
    ledger.find(object, value.node, Id::SecretNamedElsewhere, message, remedy);
    true
}

/// Workloads are seen in full, and rights to a Secret are no reading of it.
fn is_reader(object: &Object<'_>) -> bool {
    !matches!(object.kind, "Secret" | "ServiceAccount" | "Namespace")
        && object.group() != "rbac.authorization.k8s.io"
        && WorkloadKind::of(object).is_none()
}

/// Whether a scalar below a node holds a name as a word of its own.
fn mentions(node: Node<'_>, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let holds = |text: &str| {
        text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(is_part) && !after.is_some_and(is_part)
        })
    };
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.text().is_some_and(holds) {
            return true;
        }
        if !node.is_alias() {
            open.extend(node.entries().map(|(_, value)| value));
            open.extend(node.items());
        }
    }
    false
}
