//! IRSA: the role goes on the `ServiceAccount` that a component's pods name.
//!
//! Invariant: an account gets one role at most; two that want it are an error naming both.
//! Invariant: the account `default` never gets a role, since every pod without an account of its own runs as it.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::object::Object;
use crate::policy::annotation::ROLE_ARN;
use crate::policy::catalogue::Id;
use crate::policy::role::Role;
use crate::policy::rules::{Carrier, Component, Policy, ServiceAccount};
use crate::policy::suggest::listed;
use crate::yaml::spell::Value;

use super::ledger::Ledger;
use super::matching::Matches;
use super::namespaces::{Join, ambiguous, kubectl_flag};
use super::world::World;

/// The accounts that are to have a role.
#[derive(Default, Debug)]
pub struct Accounts<'p> {
    wanted: BTreeMap<Account, Wanted<'p>>,
    /// The account that each re-pointed workload gets, by the workload's index.
    moved: BTreeMap<usize, Account>,
    /// The account that each workload's pods run as in the output, by the workload's index; none where it is not clear.
    of_workload: Vec<Option<Account>>,
}

/// A `ServiceAccount`, in the stream or not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Account {
    /// In the stream, by index.
    Seen(usize),
    /// Not in the stream.
    Unseen { namespace: Option<String>, name: String },
}

/// A role for an account, and who wants it.
#[derive(Debug)]
struct Wanted<'p> {
    component: &'p Component,
    /// The workloads, by index; none for an account that no workload uses.
    users: Vec<usize>,
}

impl<'p> Accounts<'p> {
    /// Wants a component's role for the account of one of its workloads, pointing the pods at another account first
    /// where the policy says so.
    pub fn want<'d>(
        &mut self,
        world: &World<'d>,
        policy: &Policy,
        index: usize,
        component: &'p Component,
        ledger: &mut Ledger<'d>,
    ) {
        let workload = &world.workloads[index];
        let current = workload.service_account().filter(|name| *name != "default");
        let name = match (&component.service_account, current) {
            (ServiceAccount::AsIs, _) if component.role == Role::External => return,
            (ServiceAccount::AsIs, Some(current)) => current,
            (ServiceAccount::AsIs, None) => return no_account(policy, component, workload.object, ledger),
            (ServiceAccount::Create(name) | ServiceAccount::Use(name), _) => name,
        };
        let namespace = world.namespace(&workload.object);
        let account = match world.account(namespace, name) {
            Join::Found(index) => Account::Seen(index),
            Join::Absent => Account::Unseen {
                namespace: namespace.map(str::to_owned),
                name: name.to_owned(),
            },
            Join::Ambiguous => return ambiguous(&workload.object, "ServiceAccount", name, ledger),
        };
        if current != Some(name) {
            leave(world, current, &workload.object, ledger);
            point(world, index, name, ledger);
            self.moved.insert(index, account.clone());
        }
        self.add(world, account, component, Some(index), ledger);
    }

    /// Wants a component's role for an account that no workload of the stream uses.
    pub fn want_unused<'d>(
        &mut self,
        world: &World<'d>,
        account: usize,
        component: &'p Component,
        ledger: &mut Ledger<'d>,
    ) {
        self.add(world, Account::Seen(account), component, None, ledger);
    }

    /// Writes the roles, and gives the workloads whose account changed.
    pub fn annotate<'d>(&self, world: &World<'d>, matches: &Matches<'p>, ledger: &mut Ledger<'d>) -> BTreeSet<usize> {
        let mut changed = BTreeSet::new();
        let strangers = self.strangers(matches);
        for (account, wanted) in &self.wanted {
            let is_changed = match account {
                Account::Seen(index) => annotate_one(&world.accounts[*index], wanted.component, ledger),
                Account::Unseen { namespace, name } => unseen(world, namespace.as_deref(), name, wanted, ledger),
            };
            if is_changed {
                changed.extend(&wanted.users);
            }
            if let Some(strangers) = strangers.get(account) {
                shared(world, account, wanted, strangers, ledger);
            }
        }
        self.trust(world, ledger);
        changed
    }

    /// Settles which account each workload's pods run as, once all is wanted.
    pub fn settle(&mut self, world: &World<'_>) {
        self.of_workload = (0..world.workloads.len())
            .map(|index| self.account_of(world, index))
            .collect();
    }

    /// The role that a workload gets by its account, wanted by whichever component.
    #[must_use]
    pub fn role_of(&self, workload: usize) -> Option<String> {
        match &self.wanted_for(workload)?.component.role {
            Role::Named { arn, .. } => arn.clone(),
            Role::External => Some("external".to_owned()),
        }
    }

    /// Whether the account of a workload is to have a role of ours.
    #[must_use]
    pub fn is_wanted(&self, workload: usize) -> bool {
        self.wanted_for(workload)
            .is_some_and(|wanted| wanted.component.role != Role::External)
    }

    /// The account in the stream that a workload's pods run as in the output.
    #[must_use]
    pub fn seen(&self, workload: usize) -> Option<usize> {
        match self.of_workload[workload] {
            Some(Account::Seen(index)) => Some(index),
            Some(Account::Unseen { .. }) | None => None,
        }
    }

    fn wanted_for(&self, workload: usize) -> Option<&Wanted<'p>> {
        self.wanted.get(self.of_workload[workload].as_ref()?)
    }

    fn account_of(&self, world: &World<'_>, index: usize) -> Option<Account> {
        if let Some(account) = self.moved.get(&index) {
            return Some(account.clone());
        }
        let workload = &world.workloads[index];
        let namespace = world.namespace(&workload.object);
        let name = workload.service_account().unwrap_or("default");
        match world.account(namespace, name) {
            Join::Found(index) => Some(Account::Seen(index)),
            Join::Absent => Some(Account::Unseen {
                namespace: namespace.map(str::to_owned),
                name: name.to_owned(),
            }),
            Join::Ambiguous => None,
        }
    }

    fn add<'d>(
        &mut self,
        world: &World<'d>,
        account: Account,
        component: &'p Component,
        user: Option<usize>,
        ledger: &mut Ledger<'d>,
    ) {
        if let Some(first) = self.wanted.get_mut(&account) {
            let agrees =
                first.component.role == component.role && on_account(first.component).eq(on_account(component));
            if agrees {
                first.users.extend(user);
            } else {
                let first = first.component;
                conflict(world, &account, first, component, user, ledger);
            }
            return;
        }
        let users = user.into_iter().collect();
        self.wanted.insert(account, Wanted { component, users });
    }

    /// The subjects that each role's trust policy has to admit, as their tokens say it.
    fn trust(&self, world: &World<'_>, ledger: &mut Ledger<'_>) {
        let mut subjects: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (account, wanted) in &self.wanted {
            let Role::Named { arn: Some(arn), .. } = &wanted.component.role else {
                continue;
            };
            let namespace = match account {
                Account::Seen(index) => world.namespace(&world.accounts[*index]),
                Account::Unseen { namespace, .. } => namespace.as_deref(),
            };
            let namespace = namespace.unwrap_or("NAMESPACE");
            let subject = format!("system:serviceaccount:{namespace}:{}", name_of(world, account));
            subjects.entry(arn).or_default().push(subject);
        }
        for (arn, subjects) in subjects {
            let message = format!("`{arn}` is assumed by {}", listed(subjects.iter().map(String::as_str)));
            ledger.say(Id::TrustSubject, message, "the role's trust policy must admit that");
        }
    }

    /// Workloads of no component, by the account they run as.
    fn strangers(&self, matches: &Matches<'_>) -> BTreeMap<&Account, Vec<usize>> {
        let mut strangers: BTreeMap<&Account, Vec<usize>> = BTreeMap::new();
        for (index, account) in self.of_workload.iter().enumerate() {
            if let (Some(account), None) = (account, matches.of_workload[index]) {
                strangers.entry(account).or_default().push(index);
            }
        }
        strangers
    }
}

/// Workloads of no component that run as the account get its role, too.
fn shared(world: &World<'_>, account: &Account, wanted: &Wanted<'_>, strangers: &[usize], ledger: &mut Ledger<'_>) {
    if wanted.component.role == Role::External {
        return;
    }
    let names: Vec<String> = strangers
        .iter()
        .map(|index| world.workloads[*index].object.reference().to_string())
        .collect();
    let names = listed(names.iter().map(String::as_str));
    let message = format!(
        "the ServiceAccount `{}` is also used by {names}, which get the role, too",
        name_of(world, account)
    );
    let remedy = "give them an account of their own if they should not have it";
    match (account, wanted.users.first()) {
        (Account::Seen(index), _) => {
            let object = &world.accounts[*index];
            ledger.find(object, object.node, Id::ServiceAccountShared, message, remedy);
        }
        (_, Some(user)) => {
            let object = &world.workloads[*user].object;
            ledger.find(object, object.node, Id::ServiceAccountShared, message, remedy);
        }
        _ => {}
    }
}

fn no_account(policy: &Policy, component: &Component, object: Object<'_>, ledger: &mut Ledger<'_>) {
    let of_preset = |preset: &&&crate::policy::preset::Preset| {
        component
            .from
            .is_some_and(|from| preset.component(&from.name) == Some(from))
    };
    let render = match policy.presets.iter().find(of_preset) {
        Some(preset) => format!("render the chart with `{}`", preset.cures.no_service_account),
        None => "have the chart render a ServiceAccount for it".to_owned(),
    };
    let message = format!(
        "component `{}` has no ServiceAccount: its pods run as `default`, which must not carry a role",
        component.name
    );
    let remedy = format!("{render}, or give the component `serviceAccount: {{create: NAME}}`");
    ledger.find(&object, object.node, Id::NoServiceAccount, message, remedy);
}

/// Pods that leave an account lose what is bound to it.
fn leave(world: &World<'_>, current: Option<&str>, object: &Object<'_>, ledger: &mut Ledger<'_>) {
    let Some(current) = current else { return };
    if let Some(binding) = world.binding_of(current, world.namespace(object)) {
        let message = format!(
            "its pods would leave the ServiceAccount `{current}`, and {} grants that account rights",
            binding.reference()
        );
        let remedy = format!(
            "leave `serviceAccount` out, so that `{current}` itself gets the role, or bind the new account, too"
        );
        ledger.find(object, object.node, Id::ServiceAccountBound, message, remedy);
    }
}

/// Points a workload's pods at an account; the deprecated twin of the field goes along where it is written.
fn point<'d>(world: &World<'d>, index: usize, name: &str, ledger: &mut Ledger<'d>) {
    let workload = &world.workloads[index];
    let path = |key| [workload.kind.template_path(), &["spec", key]].concat();
    let what = format!("pods run as the ServiceAccount `{name}`");
    ledger.set(&workload.object, &path("serviceAccountName"), Value::word(name), what);
    if workload.spec().is_some_and(|spec| spec.own("serviceAccount").is_some()) {
        let what = format!("the deprecated `serviceAccount` says `{name}`, too");
        ledger.set(&workload.object, &path("serviceAccount"), Value::word(name), what);
    }
}

/// What a component puts on an account, role first.
fn on_account(component: &Component) -> impl Iterator<Item = (&str, &str)> {
    let arn = match &component.role {
        Role::Named { arn, .. } => arn.as_deref(),
        Role::External => None,
    };
    let others = component
        .annotations
        .iter()
        .filter(|annotation| annotation.on == Carrier::ServiceAccount);
    let others = others.map(|annotation| (annotation.key.as_str(), annotation.value.as_str()));
    arn.map(|arn| (ROLE_ARN, arn)).into_iter().chain(others)
}

fn annotate_one<'d>(account: &Object<'d>, component: &Component, ledger: &mut Ledger<'d>) -> bool {
    let mut is_changed = false;
    for (key, value) in on_account(component) {
        let what = format!("annotated `{key}: {value}`");
        let path = ["metadata", "annotations", key];
        let outcome = ledger.set(account, &path, Value::quoted(value), what);
        is_changed |= outcome == super::ledger::Outcome::Changed;
    }
    is_changed
}

/// An account that is not in the stream: created, expected in the cluster, or only named. Says whether it is new.
fn unseen<'d>(
    world: &World<'d>,
    namespace: Option<&str>,
    name: &str,
    wanted: &Wanted<'_>,
    ledger: &mut Ledger<'d>,
) -> bool {
    let Some(first) = wanted.users.first().map(|user| world.workloads[*user].object) else {
        return false;
    };
    let component = wanted.component;
    if matches!(component.service_account, ServiceAccount::Create(_)) {
        let what = format!("ServiceAccount `{name}` written before it");
        ledger.add(&first, created(namespace, name, component), what);
        return true;
    }
    let Some((_, arn)) = on_account(component).find(|(key, _)| *key == ROLE_ARN) else {
        return false;
    };
    let at = kubectl_flag(namespace);
    let command = format!("kubectl annotate serviceaccount{at} {name} --overwrite {ROLE_ARN}={arn}");
    if matches!(component.service_account, ServiceAccount::Use(_)) {
        let message = format!("the ServiceAccount `{name}` is expected in the cluster, with its role");
        ledger.find(
            &first,
            first.node,
            Id::ServiceAccountPreCreated,
            message,
            format!("if it has none yet: {command}"),
        );
    } else {
        let message = format!(
            "its pods run as the ServiceAccount `{name}`, which is not in the stream and could not be annotated"
        );
        ledger.find(&first, first.node, Id::ServiceAccountNotInStream, message, command);
    }
    false
}

/// A new account: name, namespace, role and the component's own annotations; no labels.
fn created(namespace: Option<&str>, name: &str, component: &Component) -> Value {
    let mut metadata = vec![("name".to_owned(), Value::word(name))];
    metadata.extend(namespace.map(|namespace| ("namespace".to_owned(), Value::word(namespace))));
    let annotations: Vec<(String, Value)> = on_account(component)
        .map(|(key, value)| (key.to_owned(), Value::quoted(value)))
        .collect();
    if !annotations.is_empty() {
        metadata.push(("annotations".to_owned(), Value::Map(annotations)));
    }
    Value::map([
        ("apiVersion", Value::word("v1")),
        ("kind", Value::word("ServiceAccount")),
        ("metadata", Value::Map(metadata)),
    ])
}

fn conflict(
    world: &World<'_>,
    account: &Account,
    first: &Component,
    second: &Component,
    user: Option<usize>,
    ledger: &mut Ledger<'_>,
) {
    let role = |component: &Component| match &component.role {
        Role::Named { written, arn } => arn.as_ref().unwrap_or(written).clone(),
        Role::External => "external".to_owned(),
    };
    let name = name_of(world, account);
    let message = format!(
        "the ServiceAccount `{name}` is wanted by component `{}` with role `{}` and by `{}` with role `{}`",
        first.name,
        role(first),
        second.name,
        role(second)
    );
    let remedy = "give both the same role and annotations, or one of them `serviceAccount: {create: NAME}`";
    match (account, user) {
        (Account::Seen(index), _) => {
            let object = &world.accounts[*index];
            ledger.find(object, object.node, Id::RoleConflict, message, remedy);
        }
        (Account::Unseen { .. }, Some(user)) => {
            let object = &world.workloads[user].object;
            ledger.find(object, object.node, Id::RoleConflict, message, remedy);
        }
        (Account::Unseen { .. }, None) => ledger.say(Id::RoleConflict, message, remedy),
    }
}

fn name_of(world: &World<'_>, account: &Account) -> String {
    match account {
        Account::Seen(index) => world.accounts[*index].name().to_owned(),
        Account::Unseen { name, .. } => name.clone(),
    }
}
