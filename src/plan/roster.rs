//! Who has which role in the end, and whether it will be used: one entry a component.
//!
//! Invariant: an entry's verdict is made of findings only, so that the table and the findings never disagree.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::manifest::object::Reference;
use crate::policy::catalogue::{Id, Severity};
use crate::policy::role::Role;
use crate::policy::rules::{Component, ServiceAccount};

use super::finding::Finding;
use super::keys::Stripped;
use super::matching::component_of;
use super::scene::Scene;

/// One component, or other workloads with a role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The component as the policy names it; for workloads it does not name, their label or name.
    pub name: String,
    /// Its workloads.
    pub workloads: Vec<Reference>,
    /// The `ServiceAccount`s that its pods run as in the output, each once.
    pub accounts: Vec<String>,
    /// Its role: an ARN, a name, or `external`; none where it could not be given.
    pub role: Option<String>,
    /// The storage Secrets that it reads, by name, and what became of each.
    pub secrets: Vec<(String, Keys)>,
    /// Whether the role will be used.
    pub verdict: Verdict,
}

/// What became of a Secret's keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Keys {
    /// They are taken out.
    Removed,
    /// There are none.
    None,
    /// They stay; a finding says why.
    Stay,
    /// The Secret is not in the stream.
    Unseen,
}

/// Whether a role will be used, as far as the stream tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Nothing speaks against it.
    Yes,
    /// These warnings may.
    Perhaps(Vec<Id>),
    /// These errors do.
    No(Vec<Id>),
    /// It has none, and reads keys.
    NoRole,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Perhaps(_) => "perhaps",
            Self::No(_) => "no",
            Self::NoRole => "no role",
        }
    }

    /// The findings it is made of.
    #[must_use]
    pub fn because(&self) -> &[Id] {
        match self {
            Self::Yes | Self::NoRole => &[],
            Self::Perhaps(ids) | Self::No(ids) => ids,
        }
    }
}

/// The entries of a run: the policy's components in its order, then other workloads that have a role.
#[must_use]
pub fn roster(scene: &Scene<'_, '_, '_>, stripped: &Stripped, findings: &[Finding]) -> Vec<Entry> {
    let known = Known::of(scene, stripped, findings);
    let mut of_component: HashMap<*const Component, Vec<usize>> = HashMap::new();
    let mut others: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if let Some(component) = scene.standing.components[index] {
            of_component.entry(component).or_default().push(index);
        } else {
            let name = component_of(workload).unwrap_or_else(|| workload.object.name());
            others.entry(name).or_default().push(index);
        }
    }
    let components = scene.policy.components.iter().map(|component| {
        let draft = Draft {
            scene,
            known: &known,
            name: component.name.clone(),
            workloads: of_component.remove(&std::ptr::from_ref(component)).unwrap_or_default(),
            component: Some(component),
        };
        draft.finish()
    });
    let others = others.into_iter().filter_map(|(name, workloads)| {
        let has_role = |index: &usize| scene.standing.roles[*index].is_some();
        let (with, without): (Vec<usize>, Vec<usize>) = workloads.into_iter().partition(has_role);
        // Without a policy, who reads keys is who wants a role.
        let is_judged = !with.is_empty() || scene.policy.components.is_empty();
        let draft = Draft {
            scene,
            known: &known,
            name: name.to_owned(),
            workloads: if with.is_empty() { without } else { with },
            component: None,
        };
        is_judged
            .then(|| draft.finish())
            .filter(|entry| entry.role.is_some() || entry.secrets.iter().any(|(_, keys)| *keys == Keys::Stay))
    });
    components.chain(others).collect()
}

/// What is known in the end, by what it is about: a stream may have very many Secrets and findings.
struct Known<'f> {
    of_object: BTreeMap<&'f Reference, Vec<&'f Finding>>,
    of_component: BTreeMap<&'f str, Vec<&'f Finding>>,
    changed: &'f BTreeSet<usize>,
    recognised: BTreeSet<usize>,
    /// The names of the storage Secrets that are not in the stream, by the workload that reads them.
    unseen: BTreeMap<usize, BTreeSet<&'f str>>,
}

impl<'f> Known<'f> {
    fn of(scene: &Scene<'_, '_, 'f>, stripped: &'f Stripped, findings: &'f [Finding]) -> Self {
        let mut known = Self {
            of_object: BTreeMap::new(),
            of_component: BTreeMap::new(),
            changed: &stripped.changed,
            recognised: stripped.texts.keys().map(|(secret, _)| *secret).collect(),
            unseen: BTreeMap::new(),
        };
        for (name, consumers) in scene.consumers.unseen() {
            for consumer in consumers {
                let path = consumer.mention.key.and_then(|key| consumer.mention.path(key));
                if path.is_some_and(|path| scene.format_at(path).is_some()) {
                    known.unseen.entry(consumer.workload).or_default().insert(name);
                }
            }
        }
        for finding in findings {
            if let Some(component) = &finding.component {
                known.of_component.entry(component).or_default().push(finding);
            } else if let Some(object) = &finding.object {
                known.of_object.entry(object).or_default().push(finding);
            }
        }
        known
    }

    fn about(&self, object: &Reference) -> &[&'f Finding] {
        self.of_object.get(object).map_or(&[], Vec::as_slice)
    }
}

/// An entry before its verdict.
struct Draft<'w, 'p, 'd> {
    scene: &'w Scene<'w, 'p, 'd>,
    known: &'w Known<'w>,
    name: String,
    workloads: Vec<usize>,
    component: Option<&'p Component>,
}

impl Draft<'_, '_, '_> {
    fn finish(self) -> Entry {
        let world = self.scene.world;
        let workloads: Vec<Reference> = self
            .workloads
            .iter()
            .map(|index| world.workloads[*index].object.reference())
            .collect();
        let accounts = self.accounts();
        let mut objects: BTreeSet<Reference> = workloads.iter().cloned().collect();
        for index in &self.workloads {
            let account = self.scene.standing.accounts[*index];
            objects.extend(account.map(|account| world.accounts[account].reference()));
            let secrets = self.scene.consumers.secrets_of(*index).iter();
            objects.extend(secrets.map(|(secret, _)| world.secrets[*secret].reference()));
        }
        let against = |severity: Severity| {
            let of_objects = objects.iter().flat_map(|object| self.known.about(object));
            let of_component = self
                .component
                .and_then(|own| self.known.of_component.get(own.name.as_str()));
            let ids: BTreeSet<Id> = of_objects
                .chain(of_component.into_iter().flatten())
                .filter(|finding| finding.severity == severity)
                .map(|finding| finding.id)
                .collect();
            ids.into_iter().collect::<Vec<_>>()
        };
        let role = self.role();
        let verdict = match (against(Severity::Error), against(Severity::Warning)) {
            _ if role.is_none() => Verdict::NoRole,
            (errors, _) if !errors.is_empty() => Verdict::No(errors),
            (_, warnings) if !warnings.is_empty() => Verdict::Perhaps(warnings),
            _ => Verdict::Yes,
        };
        Entry {
            role,
            secrets: self.secrets(),
            name: self.name,
            workloads,
            accounts,
            verdict,
        }
    }

    fn role(&self) -> Option<String> {
        match self.component.map(|component| &component.role) {
            Some(Role::External) => Some("external".to_owned()),
            Some(Role::Named { written, arn }) => Some(arn.as_ref().unwrap_or(written).clone()),
            None => self
                .workloads
                .first()
                .and_then(|index| self.scene.standing.roles[*index].clone()),
        }
    }

    fn accounts(&self) -> Vec<String> {
        let given = match self.component.map(|component| &component.service_account) {
            Some(ServiceAccount::Create(name) | ServiceAccount::Use(name)) => Some(name.clone()),
            _ => None,
        };
        let named = self.workloads.iter().map(|index| {
            let own = || {
                self.scene.world.workloads[*index]
                    .service_account()
                    .unwrap_or("default")
            };
            given.clone().unwrap_or_else(|| own().to_owned())
        });
        named.collect::<BTreeSet<String>>().into_iter().collect()
    }

    fn secrets(&self) -> Vec<(String, Keys)> {
        let scene = self.scene;
        let mut found: BTreeMap<String, Keys> = BTreeMap::new();
        for workload in &self.workloads {
            for (secret, _) in scene.consumers.secrets_of(*workload) {
                let reference = scene.world.secrets[*secret].reference();
                let is_accused = |finding: &&Finding| finding.severity != Severity::Note;
                let keys = if self.known.changed.contains(secret) {
                    Keys::Removed
                } else if self.known.about(&reference).iter().any(is_accused) {
                    Keys::Stay
                } else if self.known.recognised.contains(secret) {
                    Keys::None
                } else {
                    continue;
                };
                found.insert(reference.name.clone(), keys);
            }
        }
        let unseen = self.workloads.iter().filter_map(|index| self.known.unseen.get(index));
        found.extend(unseen.flatten().map(|name| ((*name).to_owned(), Keys::Unseen)));
        found.into_iter().collect()
    }
}
