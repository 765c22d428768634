//! What a stream has that a policy could name: its components, who of them reads storage keys, and as what they run.
//!
//! Who reads keys is found by a plan in which every candidate has a role from elsewhere, so a starter policy and the
//! program that acts on it judge alike.
//!
//! Invariant: every workload that is no hook is of exactly one candidate.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::object::Reference;
use crate::manifest::pod::{Workload, WorkloadKind};
use crate::manifest::stream::Stream;
use crate::policy::annotation::{ROLE, ROLE_ARN};
use crate::policy::catalogue::Id;
use crate::policy::glob::Glob;
use crate::policy::preset::{Preset, PresetComponent, chart_name};
use crate::policy::role::{Role, check_either};
use crate::policy::rules::{Component, Identity, Kind, Mechanism, Policy, Selector, ServiceAccount};
use crate::policy::selector::is_label_value;
use crate::yaml::source::Place;
use crate::yaml::tree::Node;

use super::matching::label_of;
use super::namespaces::Join;
use super::roster::Keys;
use super::world::World;
use super::{Circumstances, Plan, plan};

/// How long a component's name may be: a label's value (63) and a number behind it.
const LONGEST: usize = 56;

/// What a policy could name.
#[derive(Debug)]
pub struct Survey {
    /// The preset of a chart that the stream holds.
    pub preset: Option<&'static Preset>,
    /// The components, those of the preset first in its order, then by name.
    pub candidates: Vec<Candidate>,
    /// The Secrets whose keys go once their readers have roles, and what goes, in the stream's order.
    pub secrets: Vec<(Reference, String)>,
    /// The Secrets with keys that no workload of the stream reads.
    pub unread: Vec<Reference>,
}

/// What a policy could name as a component.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The word for it; no other candidate has it.
    pub name: String,
    /// What tells its workloads.
    pub told_by: ToldBy,
    /// Its workloads, in the stream's order.
    pub workloads: Vec<Reference>,
    /// The release that it belongs to, as its labels say.
    pub release: Option<String>,
    /// The `ServiceAccount`s its pods name, each once.
    pub accounts: Vec<Account>,
    /// Whether irsa needs one to be written: some of its pods name none, or `default`, which is every pod's.
    pub needs_account: bool,
    /// The roles it has already, each once.
    pub roles: Vec<String>,
    /// The storage Secrets that it reads, and what becomes of their keys once it has a role.
    pub secrets: Vec<(String, Keys)>,
}

/// A `ServiceAccount` that pods name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Whether the stream has it.
    pub is_seen: bool,
}

/// What tells a candidate's workloads from others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ToldBy {
    /// The name alone: a preset's component by its index, or the default rule.
    Word(Option<usize>),
    /// A label, where the name alone does not do.
    Label(&'static str, String, Option<Kind>),
    /// The object's name, where no label does.
    Name(String, Option<Kind>),
}

impl Candidate {
    /// Whether it has a role, or reads keys that one would replace.
    #[must_use]
    pub fn wants_role(&self) -> bool {
        !self.roles.is_empty() || self.secrets.iter().any(|(_, keys)| *keys != Keys::Stay)
    }
}

/// Looks a stream over.
#[must_use]
pub fn survey(stream: &Stream<'_>, circumstances: &Circumstances) -> Survey {
    let world = World::of(stream, circumstances.namespace.as_deref());
    let preset = Preset::all()
        .iter()
        .find(|preset| world.workloads.iter().any(|workload| known(preset, workload).is_some()));
    let mut candidates = candidates(&world, preset);
    let trial = Policy {
        via: vec![Mechanism::Irsa],
        components: candidates.iter().map(|candidate| trial(candidate, preset)).collect(),
        ..Policy::absent()
    };
    let Plan { ledger, roster } = plan(stream, &trial, circumstances);
    for (candidate, entry) in candidates.iter_mut().zip(roster) {
        candidate.secrets = entry.secrets;
    }
    let secrets = ledger.changes().iter().filter(|change| change.object.kind == "Secret");
    let unread = ledger
        .findings()
        .iter()
        .filter(|finding| finding.id == Id::KeysByContentOnly);
    let unread: BTreeSet<Reference> = unread.filter_map(|finding| finding.object.clone()).collect();
    Survey {
        preset,
        candidates,
        secrets: secrets
            .map(|change| (change.object.clone(), change.what.clone()))
            .collect(),
        unread: unread.into_iter().collect(),
    }
}

/// The component of a preset that a workload is.
fn known(preset: &'static Preset, workload: &Workload<'_>) -> Option<(usize, &'static PresetComponent)> {
    let mut components = preset.components.iter().enumerate();
    components.find(|(_, component)| component.rule.holds(|key| workload.label(key)))
}

fn candidates(world: &World<'_>, preset: Option<&'static Preset>) -> Vec<Candidate> {
    let mut groups: BTreeMap<(ToldBy, &str), Vec<usize>> = BTreeMap::new();
    for (index, workload) in world.workloads.iter().enumerate() {
        if !workload.object.is_hook() {
            groups.entry(told(preset, workload)).or_default().push(index);
        }
    }
    let mut found: Vec<Candidate> = Vec::new();
    for ((told_by, word), workloads) in groups {
        if is_one_chart(world, &told_by, &workloads) {
            found.push(candidate(world, told_by, word, &workloads));
            continue;
        }
        // The same word in several charts is a coincidence, so each is told by its own name.
        for index in workloads {
            let name = world.workloads[index].object.name();
            found.push(candidate(world, ToldBy::Name(name.to_owned(), None), name, &[index]));
        }
    }
    // Where the word itself tells, no other may have it.
    found.sort_by(|one, other| one.told_by.cmp(&other.told_by));
    let mut names = BTreeSet::new();
    for candidate in &mut found {
        candidate.name = unused(candidate, &names);
        names.insert(candidate.name.clone());
    }
    found
}

/// What tells a workload, and the word for what it is.
fn told<'d>(preset: Option<&'static Preset>, workload: &Workload<'d>) -> (ToldBy, &'d str) {
    let kind = match workload.kind {
        WorkloadKind::Job => Some(Kind::Job),
        WorkloadKind::Pod => Some(Kind::Pod),
        _ => None,
    };
    let component = preset.and_then(|preset| known(preset, workload));
    if let (Some((index, component)), None) = (component, kind) {
        return (ToldBy::Word(Some(index)), &component.name);
    }
    match label_of(workload).filter(|(_, word)| is_label_value(word)) {
        Some((_, word)) if preset.is_none() && kind.is_none() => (ToldBy::Word(None), word),
        Some((label, word)) => (ToldBy::Label(label, word.to_owned(), kind), word),
        None => {
            let name = workload.object.name();
            (ToldBy::Name(name.to_owned(), kind), name)
        }
    }
}

fn is_one_chart(world: &World<'_>, told_by: &ToldBy, workloads: &[usize]) -> bool {
    let charts = workloads
        .iter()
        .filter_map(|index| world.workloads[*index].object.chart());
    let charts: BTreeSet<&str> = charts.map(chart_name).collect();
    charts.len() <= 1 || *told_by != ToldBy::Word(None)
}

/// A word that can be a component's name and is no other's.
fn unused(candidate: &Candidate, taken: &BTreeSet<String>) -> String {
    let name = candidate.name.replace(
        |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'),
        "-",
    );
    let name = name.trim_matches(['-', '_', '.']);
    let name = name
        .get(..name.len().min(LONGEST))
        .filter(|name| !name.is_empty())
        .unwrap_or("workload");
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let of_kind = match &candidate.told_by {
        ToldBy::Label(_, _, kind) | ToldBy::Name(_, kind) => *kind,
        ToldBy::Word(_) => None,
    };
    let of_kind = of_kind.map(|kind| format!("{name}-{}", kind.as_str().to_lowercase()));
    let mut names = std::iter::once(name.to_owned()).chain(of_kind).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

fn candidate(world: &World<'_>, told_by: ToldBy, name: &str, workloads: &[usize]) -> Candidate {
    let own = |index: &usize| {
        world.workloads[*index]
            .service_account()
            .filter(|name| *name != "default")
    };
    let mut accounts = BTreeSet::new();
    let mut roles = BTreeSet::new();
    for index in workloads {
        let workload = &world.workloads[*index];
        let join = own(index).map(|name| (name, world.account(world.namespace(&workload.object), name)));
        if let Some((name, join)) = join {
            accounts.insert(Account {
                name: name.to_owned(),
                is_seen: join != Join::Absent,
            });
            if let Join::Found(account) = join {
                roles.extend(world.accounts[account].annotation(ROLE_ARN).map(str::to_owned));
            }
        }
        let annotation = workload.object.node.at(&workload.kind.pod_annotation_path(ROLE));
        roles.extend(annotation.and_then(Node::text).map(str::to_owned));
    }
    let objects = || workloads.iter().map(|index| &world.workloads[*index]);
    Candidate {
        name: name.to_owned(),
        told_by,
        workloads: objects().map(|workload| workload.object.reference()).collect(),
        release: objects()
            .find_map(|workload| {
                workload
                    .label("app.kubernetes.io/instance")
                    .or(workload.label("release"))
            })
            .map(str::to_owned),
        accounts: accounts.into_iter().collect(),
        needs_account: workloads.iter().any(|index| own(index).is_none()),
        roles: roles.into_iter().filter(|role| check_either(role).is_ok()).collect(),
        secrets: Vec::new(),
    }
}

/// The candidate as a component whose role comes from elsewhere.
fn trial(candidate: &Candidate, preset: Option<&'static Preset>) -> Component {
    let given = |labels, name: Option<&str>| Identity::Given {
        labels,
        name: name.and_then(|name| Glob::new(name).ok()),
        source: None,
    };
    let mut from = None;
    let (identity, kind) = match &candidate.told_by {
        ToldBy::Word(index) => {
            from = preset
                .zip(*index)
                .and_then(|(preset, index)| preset.components.get(index));
            let default = || Identity::Default(candidate.name.clone());
            (
                from.map_or_else(default, |component| Identity::Preset(&component.rule)),
                None,
            )
        }
        ToldBy::Label(label, word, kind) => (given(vec![((*label).to_owned(), word.clone())], None), *kind),
        ToldBy::Name(name, kind) => (given(Vec::new(), Some(name)), *kind),
    };
    Component {
        name: candidate.name.clone(),
        place: Place { line: 1, column: 1 },
        role: Role::External,
        selector: Selector {
            identity,
            kinds: kind.map(|kind| vec![kind]),
            namespace: None,
        },
        service_account: ServiceAccount::AsIs,
        annotations: Vec::new(),
        optional: true,
        from,
    }
}
