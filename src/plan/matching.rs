//! Which workloads are which component.
//!
//! The default rule was measured on rendered charts: a workload's component is the first it has of
//! `app.kubernetes.io/component`, `app` and `app.kubernetes.io/name`, each read from the workload, then from its pod
//! template. Matching any of them instead takes in strangers: the last is often the release's name on everything.
//!
//! Invariant: a workload is of one component at most.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::policy::catalogue::Id;
use crate::policy::preset::chart_name;
use crate::policy::rules::{Component, Identity, Kind, Policy, Selector};
use crate::policy::suggest::{listed, listed_in_short, nearest};

use super::index::Index;
use super::ledger::Ledger;
use super::world::World;

/// The labels of the default rule, in order.
const WELL_KNOWN: [&str; 3] = ["app.kubernetes.io/component", "app", "app.kubernetes.io/name"];

/// Among how many words the one that was meant is looked for.
const MOST_WORDS: usize = 1000;

/// Which workloads and accounts are whose.
#[derive(Debug)]
pub struct Matches<'p> {
    /// The component of each workload, by the workload's index.
    pub of_workload: Vec<Option<&'p Component>>,
    /// Accounts that no workload uses and a component names by kind, by the account's index.
    pub of_account: Vec<(usize, &'p Component)>,
}

/// Finds every component's workloads.
pub fn components<'p>(world: &World<'_>, policy: &'p Policy, ledger: &mut Ledger<'_>) -> Matches<'p> {
    let mut matches = Matches {
        of_workload: vec![None; world.workloads.len()],
        of_account: Vec::new(),
    };
    if world.workloads.is_empty()
        && !policy
            .components
            .iter()
            .any(|component| takes(&component.selector, Kind::ServiceAccount))
    {
        if !policy.components.is_empty() {
            let message = "the stream has no workload, so components were not matched";
            ledger.say(Id::NoWorkloads, message, "nothing, if only Secrets were piped in");
        }
        return matches;
    }
    let index = Index::of(&world.workloads, &policy.components);
    let (used, there) = (OnceCell::new(), OnceCell::new());
    for component in &policy.components {
        let mut found = index.candidates(&component.selector.identity);
        found.retain(|index| is_of(&component.selector, world, &world.workloads[*index]));
        let accounts = unused_accounts(world, component, &used);
        if found.is_empty() && accounts.is_empty() && !component.optional {
            matched_nothing(there.get_or_init(|| words(world)), component, ledger);
        }
        if !matches!(component.selector.identity, Identity::Given { .. }) {
            one_chart(world, component, &found, ledger);
        }
        for index in found {
            take(world, &mut matches, index, component, ledger);
        }
        matches
            .of_account
            .extend(accounts.into_iter().map(|account| (account, component)));
    }
    matches
}

fn take<'p>(
    world: &World<'_>,
    matches: &mut Matches<'p>,
    index: usize,
    component: &'p Component,
    ledger: &mut Ledger<'_>,
) {
    let slot = &mut matches.of_workload[index];
    match slot {
        None => *slot = Some(component),
        Some(first) if first.role == component.role && first.service_account == component.service_account => {}
        Some(first) => {
            let object = &world.workloads[index].object;
            let message = format!(
                "components `{}` and `{}` both want it, with different roles or ServiceAccounts",
                first.name, component.name
            );
            ledger.find(
                object,
                object.node,
                Id::RoleConflict,
                message,
                "give one of them a narrower `match`",
            );
        }
    }
}

fn is_of(selector: &Selector, world: &World<'_>, workload: &Workload<'_>) -> bool {
    let object = &workload.object;
    let is_kind = match &selector.kinds {
        Some(kinds) => kinds.iter().any(|kind| kind.as_str() == object.kind),
        None => !workload.kind.is_on_demand(),
    };
    let is_taken = is_kind && (workload.kind.is_on_demand() || !object.is_hook());
    let in_namespace = selector
        .namespace
        .as_ref()
        .is_none_or(|glob| world.namespace(object).is_some_and(|namespace| glob.matches(namespace)));
    is_taken
        && in_namespace
        && is_meant(
            &selector.identity,
            object,
            |key| workload.label(key),
            || component_of(workload),
        )
}

fn is_meant<'d>(
    identity: &Identity,
    object: &Object<'d>,
    label: impl Fn(&str) -> Option<&'d str>,
    component: impl Fn() -> Option<&'d str>,
) -> bool {
    match identity {
        Identity::Default(word) => component() == Some(word),
        Identity::Preset(rule) => rule.holds(label),
        Identity::Given { labels, name, source } => {
            labels.iter().all(|(key, value)| label(key) == Some(value))
                && name.as_ref().is_none_or(|glob| glob.matches(object.name()))
                && source
                    .as_ref()
                    .is_none_or(|glob| object.source().is_some_and(|source| glob.matches(source)))
        }
    }
}

/// A workload's component by the default rule.
#[must_use]
pub fn component_of<'d>(workload: &Workload<'d>) -> Option<&'d str> {
    label_of(workload).map(|(_, word)| word)
}

/// The label that tells it, and what it says.
#[must_use]
pub fn label_of<'d>(workload: &Workload<'d>) -> Option<(&'static str, &'d str)> {
    WELL_KNOWN.into_iter().find_map(|key| Some((key, workload.label(key)?)))
}

fn takes(selector: &Selector, kind: Kind) -> bool {
    selector.kinds.as_ref().is_some_and(|kinds| kinds.contains(&kind))
}

/// Accounts whose pods are made elsewhere, by an operator: no workload of the stream names them.
fn unused_accounts<'d>(world: &World<'d>, component: &Component, used: &OnceCell<BTreeSet<&'d str>>) -> Vec<usize> {
    if !takes(&component.selector, Kind::ServiceAccount) {
        return Vec::new();
    }
    let used = used.get_or_init(|| world.workloads.iter().filter_map(Workload::service_account).collect());
    (0..world.accounts.len())
        .filter(|index| {
            let account = &world.accounts[*index];
            let component_of = || WELL_KNOWN.into_iter().find_map(|key| account.label(key));
            !used.contains(account.name())
                && is_meant(
                    &component.selector.identity,
                    account,
                    |key| account.label(key),
                    component_of,
                )
        })
        .collect()
}

/// Matches from several charts are a coincidence of names, not one component.
fn one_chart(world: &World<'_>, component: &Component, found: &[usize], ledger: &mut Ledger<'_>) {
    let charts: BTreeSet<&str> = found
        .iter()
        .filter_map(|index| world.workloads[*index].object.chart())
        .map(chart_name)
        .collect();
    if charts.len() > 1 {
        let object = &world.workloads[found[0]].object;
        let charts = listed(charts);
        let message = format!(
            "component `{}` matches workloads of several charts: {charts}",
            component.name
        );
        let remedy = format!(
            "say which under `components.{}.match`: labels, name, namespace or source",
            component.name
        );
        ledger.find(object, object.node, Id::ComponentAmbiguous, message, remedy);
    }
}

/// The words of the default rule that workloads of the stream have.
fn words<'d>(world: &World<'d>) -> BTreeSet<&'d str> {
    let taken = |workload: &&Workload<'_>| !workload.kind.is_on_demand() && !workload.object.is_hook();
    world.workloads.iter().filter(taken).filter_map(component_of).collect()
}

fn matched_nothing(there: &BTreeSet<&str>, component: &Component, ledger: &mut Ledger<'_>) {
    let message = match listed_in_short(there.iter().copied()).as_str() {
        "" => format!(
            "component `{}` matches no workload; the stream has none with a component label",
            component.name
        ),
        words => format!(
            "component `{}` matches no workload; the stream has {words}",
            component.name
        ),
    };
    let wanted = component.name.rsplit('/').next().unwrap_or_default();
    let remedy = match nearest(wanted, there.iter().copied().take(MOST_WORDS)) {
        Some(meant) if meant != wanted => {
            format!("did you mean `{meant}`? else name it under `match`, or say `optional: true`")
        }
        _ => "name its workloads under `match`, or say `optional: true`".to_owned(),
    };
    ledger.say_of(&component.name, Id::ComponentMatchedNothing, message, remedy);
}
