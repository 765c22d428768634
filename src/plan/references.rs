//! What names a Secret key in a pod, and has to go along when the key goes.
//!
//! A `secretKeyRef` or an item that names a missing key keeps the pod from starting; `envFrom` and whole volumes do not.
//!
//! Invariant: an `items` list is never left empty, since that means every key of the Secret.

use std::collections::BTreeMap;

use crate::manifest::pod::Workload;
use crate::manifest::uses::Reader;
use crate::policy::catalogue::Id;
use crate::policy::suggest::listed;
use crate::yaml::tree::{Node, NodeId};

use super::ledger::Ledger;
use super::scene::Scene;

/// Every mention of some keys of one Secret.
#[derive(Debug)]
pub struct References<'d> {
    /// Jobs and Pods that no component takes in; their templates are left alone.
    untouchable: Vec<Workload<'d>>,
    variables: Vec<Variable<'d>>,
    items: Vec<Items<'d>>,
}

/// An environment variable that a key feeds.
#[derive(Debug)]
struct Variable<'d> {
    workload: Workload<'d>,
    name: &'d str,
    container: Node<'d>,
    entry: (Node<'d>, usize),
    node: Node<'d>,
}

/// The items of one volume that name keys which go.
#[derive(Debug)]
struct Items<'d> {
    workload: Workload<'d>,
    list: Node<'d>,
    /// The items, each with its index.
    entries: Vec<(usize, Node<'d>)>,
    /// The projected volume's sources, and the index of the one these items are of.
    source: Option<(Node<'d>, usize)>,
}

impl<'d> References<'d> {
    /// The mentions of these keys, in workloads that are no hooks.
    #[must_use]
    pub fn of(scene: &Scene<'_, '_, 'd>, secret: usize, keys: &[&str]) -> Self {
        let (mut untouchable, mut variables) = (Vec::new(), Vec::new());
        let mut items: BTreeMap<(usize, NodeId), Items<'d>> = BTreeMap::new();
        for consumer in scene.consumers.of_keys(secret, keys) {
            let workload = scene.world.workloads[consumer.workload];
            let names_one = consumer.mention.key.is_some();
            let is_taken = !workload.kind.is_on_demand() || scene.standing.components[consumer.workload].is_some();
            if !names_one || (workload.object.is_hook() && !is_taken) {
                continue;
            }
            if !is_taken {
                untouchable.push(workload);
                continue;
            }
            match consumer.mention.reader {
                Reader::Env {
                    variable,
                    entry,
                    node,
                    container,
                } => variables.push(Variable {
                    workload,
                    name: variable,
                    container,
                    entry,
                    node,
                }),
                Reader::Item {
                    entry: (list, index),
                    node,
                    source,
                    ..
                } => {
                    let found = items
                        .entry((workload.object.slot.sheet(), list.id()))
                        .or_insert_with(|| Items {
                            workload,
                            list,
                            entries: Vec::new(),
                            source,
                        });
                    found.entries.push((index, node));
                }
                Reader::EnvFrom { .. } | Reader::Volume | Reader::Driver => {}
            }
        }
        Self {
            untouchable,
            variables,
            items: items.into_values().collect(),
        }
    }

    /// Whether all of them can go; every reason against it is a finding.
    pub fn can_go(&self, scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) -> bool {
        let mut can = self.untouchable.is_empty();
        for workload in &self.untouchable {
            let message =
                "it names a Secret key that should go, and its pod template is left alone, since a Job's is immutable";
            let remedy = "name its kind (Job, Pod) under a component's `match.kind`, or keep the key with `keep: true` under `secrets`";
            ledger.find(
                &workload.object,
                workload.object.node,
                Id::KeysBesideRole,
                message,
                remedy,
            );
        }
        for variable in &self.variables {
            let sheet = variable.workload.object.slot.sheet();
            if let Some(user) = scene.users.of(sheet, variable.container, variable.name) {
                let message = format!(
                    "`${}` is used here, and the variable would go with its Secret key",
                    variable.name
                );
                let remedy = "take the use away, or keep the key with `keep: true` under `secrets`";
                ledger.find(&variable.workload.object, user, Id::VariableInUse, message, remedy);
                can = false;
            }
        }
        for items in &self.items {
            if items.is_all() && items.source().is_none() {
                let message = "the volume would be left without items, which means every key of the Secret";
                let remedy = "take the volume away in the chart, or keep the keys with `keep: true` under `secrets`";
                ledger.find(&items.workload.object, items.list, Id::KeysBesideRole, message, remedy);
                can = false;
            }
        }
        can
    }

    /// Drafts their removal.
    pub fn remove(&self, ledger: &mut Ledger<'d>) {
        for variable in &self.variables {
            let (env, index) = variable.entry;
            let what = format!("the variable `{}` removed, which the Secret key fed", variable.name);
            ledger.change(&variable.workload.object, variable.node, what, |draft| {
                draft.remove_item(env, index).map(|()| true)
            });
        }
        for items in &self.items {
            let object = &items.workload.object;
            if let (true, Some((sources, index))) = (items.is_all(), items.source()) {
                let what = "the projected source removed, none of whose items is left";
                ledger.change(object, items.list, what, |draft| {
                    draft.remove_item(sources, index).map(|()| true)
                });
                continue;
            }
            let keys: Vec<&str> = items
                .entries
                .iter()
                .filter_map(|(_, item)| item.get("key")?.text())
                .collect();
            let what = format!("the items {} removed", listed(keys));
            ledger.change(object, items.list, what, |draft| {
                items
                    .entries
                    .iter()
                    .try_for_each(|(index, _)| draft.remove_item(items.list, *index))
                    .map(|()| true)
            });
        }
    }
}

impl<'d> Items<'d> {
    fn is_all(&self) -> bool {
        self.entries.len() == self.list.items().count()
    }

    /// The projected volume's sources and the index of the one these items are of, if others stay beside it.
    fn source(&self) -> Option<(Node<'d>, usize)> {
        let (sources, index) = (self.source?.0.resolved(), self.source?.1);
        // What an alias means stands elsewhere, so it is no item of these sources.
        let is_own = |source: Node<'d>| source.parent().is_some_and(|parent| parent.id() == sources.id());
        let is_there = self.list.parent()?.parent().is_some_and(is_own);
        (is_there && sources.items().count() > 1).then_some((sources, index))
    }
}
