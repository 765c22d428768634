//! Readers of a Secret that are not seen: custom resources, volumes and their drivers, text in a `ConfigMap`.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::manifest::object::Object;
use crate::manifest::pod::WorkloadKind;
use crate::policy::catalogue::Id;
use crate::yaml::tree::Node;

use super::ledger::Ledger;
use super::scene::Scene;
use super::value::SecretValue;
use super::world::World;

/// Whether something names the Secret that may read it in ways that are not seen; `what` stays then, with a finding.
pub fn is_read_elsewhere<'d>(
    scene: &Scene<'_, '_, 'd>,
    secret: usize,
    value: &SecretValue<'d>,
    what: &str,
    ledger: &mut Ledger<'d>,
) -> bool {
    let object = &scene.world.secrets[secret];
    let other = scene.mentions.first(scene.world, object.name());
    let by_driver = scene.consumers.by_driver(secret);
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

/// Which object mentions which Secret first; looked for once, and only where it is asked for.
#[derive(Default)]
pub struct Mentions {
    of_names: OnceCell<HashMap<String, usize>>,
}

impl Mentions {
    /// The first object of the stream with a scalar that holds a name as a word of its own.
    fn first<'w, 'd>(&self, world: &'w World<'d>, name: &str) -> Option<&'w Object<'d>> {
        if !name.is_empty() && name.chars().all(is_part) {
            let found = self.of_names.get_or_init(|| of_names(world)).get(name)?;
            return world.objects.get(*found);
        }
        // No name that a cluster takes, and so no word that could be looked up.
        let holds = |text: &str| holds(text, name);
        let mut others = world.objects.iter().filter(|other| is_reader(other));
        others.find(|other| any_scalar(other.node, holds))
    }
}

/// The first object that mentions each name of a Secret.
fn of_names(world: &World<'_>) -> HashMap<String, usize> {
    let names: HashSet<&str> = world.secrets.iter().map(Object::name).collect();
    let mut found = HashMap::new();
    for (index, object) in world.objects.iter().enumerate().filter(|(_, object)| is_reader(object)) {
        if mentions_none(object, &names) {
            continue;
        }
        any_scalar(object.node, |text| {
            for name in words(text).filter_map(|word| names.get(word)) {
                if !found.contains_key(*name) {
                    found.insert((*name).to_owned(), index);
                }
            }
            false
        });
    }
    found
}

/// A quick look at a document that is one object: no scalar of simple YAML has a word that the text has not, but behind an
/// escape.
fn mentions_none(object: &Object<'_>, names: &HashSet<&str>) -> bool {
    let document = object.node.document();
    object.slot.list().is_none()
        && document.is_simple()
        && !document.text().contains('\\')
        && !words(document.text()).any(|word| names.contains(word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_part(c))
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')
}

fn holds(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// Whether a scalar below a node is such.
fn any_scalar(node: Node<'_>, mut is_such: impl FnMut(&str) -> bool) -> bool {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if node.text().is_some_and(&mut is_such) {
            return true;
        }
        if !node.is_alias() {
            open.extend(node.entries().map(|(_, value)| value));
            open.extend(node.items());
        }
    }
    false
}
