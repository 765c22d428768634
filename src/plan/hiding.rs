//! Static keys outside Secrets: in command lines, in `ConfigMap`s, and anywhere else in the output.
//!
//! A program takes the keys that it is given in its own configuration before any role, so those that a workload with a
//! role reads are errors; others are for whoever looks at the output.
//!
//! Invariant: one scalar is found once, as the gravest that it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::manifest::uses::config_map_uses;
use crate::payload::flat::{Certainty, certainty};
use crate::payload::sighting::{Sighting, What, may_hold_settings, may_hold_values, settings, values};
use crate::policy::catalogue::Id;
use crate::threads;
use crate::yaml::source::Pos;
use crate::yaml::tree::{Node, NodeId};

use super::environment::variables;
use super::ledger::Ledger;
use super::namespaces::Join;
use super::scene::Scene;

/// Scalars that were found, by their documents.
type Seen = BTreeSet<(usize, NodeId)>;

/// Looks at every object that is no Secret.
pub fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    let mut seen = Seen::new();
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if scene.standing.roles[index].is_some() {
            for container in workload.containers() {
                seen.extend(static_keys(container).map(|value| (workload.object.slot.sheet(), value.id())));
                arguments(workload, container, &mut seen, ledger);
                metadata(scene, index, container, ledger);
            }
        }
    }
    config_maps(scene, &mut seen, ledger);
    let bytes = ledger.stream().bytes();
    let alone = threads::map(&scene.world.objects, bytes, |object| {
        object.slot.list().is_none() && may_hold_one(object)
    });
    // A list is one document of many objects, and is looked at once.
    let mut lists: BTreeMap<usize, bool> = BTreeMap::new();
    for (object, alone) in scene.world.objects.iter().zip(alone) {
        let in_list = || object.slot.list().is_some();
        let is_suspect =
            alone || (in_list() && *lists.entry(object.slot.sheet()).or_insert_with(|| may_hold_one(object)));
        if is_suspect && !object.is_core("Secret") {
            anywhere(object, &seen, ledger);
        }
    }
}

/// The values of variables that are found by their names.
fn static_keys(container: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let env = container.get("env").into_iter().flat_map(Node::items);
    env.filter(|entry| entry.text_of("name").and_then(certainty) == Some(Certainty::Certain))
        .filter_map(|entry| entry.get("value"))
}

fn arguments<'d>(workload: &Workload<'d>, container: Node<'d>, seen: &mut Seen, ledger: &mut Ledger<'d>) {
    let lists = ["command", "args"].into_iter().filter_map(|key| container.get(key));
    for argument in lists.flat_map(Node::items) {
        let Some(sighting) = argument.text().and_then(|text| values(text).into_iter().next()) else {
            continue;
        };
        seen.insert((workload.object.slot.sheet(), argument.id()));
        let message = format!(
            "its command line holds {}, which comes before the role",
            called(&sighting)
        );
        let remedy = "take it out of the chart's values; with a role the program needs none";
        ledger.find(&workload.object, argument, Id::StaticKeysInArgs, message, remedy);
    }
}

/// kube2iam and kiam answer in the place of the instance metadata, so a program that must not ask it gets no role.
fn metadata<'d>(scene: &Scene<'_, '_, 'd>, index: usize, container: Node<'d>, ledger: &mut Ledger<'d>) {
    let workload = &scene.world.workloads[index];
    let is_external = scene.standing.roles[index].as_deref() == Some("external");
    if scene.standing.web_identity[index] || is_external {
        return;
    }
    let set = variables(scene.world, &workload.object, container);
    let is_off = |value: &str| value.eq_ignore_ascii_case("true");
    if let Some(variable) = set.iter().find(|variable| {
        variable.name == "AWS_EC2_METADATA_DISABLED" && variable.plain.is_some_and(|value| is_off(&value))
    }) {
        let message =
            "`AWS_EC2_METADATA_DISABLED` keeps its program from asking for the role that kube2iam or kiam gives";
        let remedy = "take the variable out of the chart's values, or give the role via irsa";
        ledger.find(&workload.object, variable.node, Id::MetadataDisabled, message, remedy);
    }
}

fn config_maps<'d>(scene: &Scene<'_, '_, 'd>, seen: &mut Seen, ledger: &mut Ledger<'d>) {
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); scene.world.config_maps.len()];
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if scene.standing.roles[index].is_none() {
            continue;
        }
        let namespace = scene.world.namespace(&workload.object);
        for name in config_map_uses(workload) {
            if let Join::Found(map) = scene.world.config_map(namespace, name) {
                readers[map].push(index);
            }
        }
    }
    let maps: Vec<(&Object<'_>, &Vec<usize>)> = scene.world.config_maps.iter().zip(&readers).collect();
    let silent = threads::map(&maps, ledger.stream().bytes(), |(map, readers)| {
        readers.is_empty() || holds_no_settings(map)
    });
    for ((map, readers), is_silent) in maps.into_iter().zip(silent) {
        if is_silent {
            continue;
        }
        for (key, value) in map.node.get("data").into_iter().flat_map(Node::entries) {
            let (Some(key), Some(text)) = (key.text(), value.text()) else {
                continue;
            };
            // A variable of such a name is found where a container reads it.
            let Some(sighting) = settings(text).into_iter().next().filter(|_| certainty(key).is_none()) else {
                continue;
            };
            seen.insert((map.slot.sheet(), value.id()));
            let message = format!(
                "`{key}` holds {}, in its line {}, and is read beside a role by {}",
                called(&sighting),
                line(text, sighting.pos),
                scene.called(readers)
            );
            let remedy = "take it out of the chart's values: keys come before the role";
            ledger.find(map, value, Id::StaticKeysInConfig, message, remedy);
        }
    }
}

/// A quick look at a document that is one object, for the same reason as below.
fn holds_no_settings(map: &Object<'_>) -> bool {
    let document = map.node.document();
    map.slot.list().is_none() && document.is_simple() && !may_hold_settings(document.text())
}

/// A quick look at the document, before each scalar is looked at. What simple YAML does not say, no scalar of it holds;
/// other YAML may hide it in escapes.
fn may_hold_one(object: &Object<'_>) -> bool {
    let document = object.node.document();
    !document.is_simple() || may_hold_values(document.text())
}

fn anywhere<'d>(object: &Object<'d>, seen: &Seen, ledger: &mut Ledger<'d>) {
    let mut open = vec![object.node];
    while let Some(node) = open.pop() {
        let is_new = !seen.contains(&(object.slot.sheet(), node.id()));
        let sighting = node
            .text()
            .filter(|_| is_new)
            .and_then(|text| Some((text, values(text).into_iter().next()?)));
        if let Some((text, sighting)) = sighting {
            let message = format!(
                "{} stands here in plain text, in line {} of the value",
                called(&sighting),
                line(text, sighting.pos)
            );
            let remedy = "take it out of the chart's values, and make the key invalid: it was in the output";
            ledger.find(object, node, Id::AccessKeyInOutput, message, remedy);
        }
        if !node.is_alias() {
            open.extend(node.entries().map(|(_, value)| value));
            open.extend(node.items());
        }
    }
}

fn called(sighting: &Sighting) -> String {
    match &sighting.what {
        What::KeyId => "an AWS access key id".to_owned(),
        What::Url => "a URL with static keys".to_owned(),
        What::Pair(name) => format!("static keys (`{name}` and its id)"),
    }
}

fn line(text: &str, pos: Pos) -> usize {
    let before = text.as_bytes().get(..pos.offset()).unwrap_or_default();
    1 + memchr::memchr_iter(b'\n', before).count()
}
