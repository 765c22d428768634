//! Where each component's role goes, and which workloads have one in the end.

use std::collections::BTreeSet;

use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::policy::annotation::{ROLE, ROLE_ARN};
use crate::policy::catalogue::Id;
use crate::policy::clients::Clients;
use crate::policy::role::{Role, check_arn, check_either};
use crate::policy::rules::{Carrier, Component, Mechanism, Policy};
use crate::yaml::spell::Value;
use crate::yaml::tree::Node;

use super::accounts::Accounts;
use super::ledger::Ledger;
use super::matching::Matches;
use super::permits::Permits;
use super::world::World;

/// Who stands where once the roles are given.
#[derive(Debug)]
pub struct Standing<'p> {
    /// The component of each workload, by the workload's index.
    pub components: Vec<Option<&'p Component>>,
    /// The role of each workload in the output, by the workload's index: its ARN or name, or `external`.
    pub roles: Vec<Option<String>>,
    /// The `ServiceAccount` of the stream that each workload's pods run as, by the workload's index.
    pub accounts: Vec<Option<usize>>,
    /// Whether each workload's account has a role by irsa in the output, by the workload's index.
    pub web_identity: Vec<bool>,
    /// Accounts of the stream that a component names and no workload uses, by index.
    pub unused: BTreeSet<usize>,
    /// The workloads whose `ServiceAccount` gets another role, by index.
    pub changed: BTreeSet<usize>,
}

/// Writes every component's role where its injectors look.
pub fn give<'p, 'd>(
    world: &World<'d>,
    policy: &'p Policy,
    matches: Matches<'p>,
    ledger: &mut Ledger<'d>,
) -> Standing<'p> {
    let mut accounts = Accounts::default();
    let permits = Permits::of(world, &policy.via);
    for (index, component) in matches.of_workload.iter().enumerate() {
        let Some(component) = component else { continue };
        let workload = &world.workloads[index];
        can_use(workload, component, &policy.via, ledger);
        if policy.via.contains(&Mechanism::Irsa) {
            accounts.want(world, policy, index, component, ledger);
        }
        annotate_pods(world, &permits, workload, component, &policy.via, ledger);
    }
    if policy.via.contains(&Mechanism::Irsa) {
        for (index, component) in &matches.of_account {
            accounts.want_unused(world, *index, component, ledger);
        }
    }
    accounts.settle(world);
    let changed = accounts.annotate(world, &matches, ledger);
    let roles = (0..world.workloads.len())
        .map(|index| role_of(world, &matches, &accounts, index, ledger))
        .collect();
    let seen: Vec<Option<usize>> = (0..world.workloads.len()).map(|index| accounts.seen(index)).collect();
    let written = |account: usize| {
        world.accounts[account]
            .annotation(ROLE_ARN)
            .is_some_and(|role| !role.is_empty())
    };
    let web_identity = (0..world.workloads.len())
        .map(|index| accounts.is_wanted(index) || seen[index].is_some_and(written))
        .collect();
    Standing {
        components: matches.of_workload,
        accounts: seen,
        roles,
        web_identity,
        unused: matches.of_account.iter().map(|(account, _)| *account).collect(),
        changed,
    }
}

/// kube2iam and kiam read the pod, so the role goes on the pod template; never on the workload's own metadata.
fn annotate_pods<'d>(
    world: &World<'d>,
    permits: &Permits<'_, 'd>,
    workload: &Workload<'d>,
    component: &Component,
    via: &[Mechanism],
    ledger: &mut Ledger<'d>,
) {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    let reads_pods = |mechanism: &&Mechanism| **mechanism != Mechanism::Irsa;
    if let (Role::Named { written, .. }, Some(mechanism)) = (&component.role, via.iter().find(reads_pods)) {
        wanted.push((ROLE, written));
        if workload.is_on_host_network() {
            let message =
                format!("its pods are on the host network, where {mechanism} is bypassed and they get the node's role");
            ledger.find(
                &workload.object,
                workload.object.node,
                Id::HostNetwork,
                message,
                "take `hostNetwork` away, or give the role via irsa",
            );
        }
        permits.check(world, workload, &component.role, via, ledger);
    }
    let of_pods = component
        .annotations
        .iter()
        .filter(|annotation| annotation.on == Carrier::PodTemplate);
    wanted.extend(of_pods.map(|annotation| (annotation.key.as_str(), annotation.value.as_str())));
    for (key, value) in wanted {
        let path = workload.kind.pod_annotation_path(key);
        let what = format!("pods annotated `{key}: {value}`");
        ledger.set(&workload.object, &path, Value::quoted(value), what);
    }
}

/// Programs that cannot use a role by any of the mechanisms given.
fn can_use(workload: &Workload<'_>, component: &Component, via: &[Mechanism], ledger: &mut Ledger<'_>) {
    if component.role == Role::External {
        return;
    }
    for image in workload.containers().filter_map(|container| container.get("image")) {
        let Some(name) = image.text() else { continue };
        let unable: Vec<_> = via
            .iter()
            .filter_map(|mechanism| Clients::known().unable(name, *mechanism))
            .collect();
        if let (Some(client), true) = (unable.first(), unable.len() == via.len()) {
            let message = format!("the image `{name}` cannot use its role: {}", client.because);
            ledger.find(&workload.object, image, client.finding, message, client.cure.clone());
        }
    }
}

/// A workload's role in the output: its component's, else its account's, else its pods'.
fn role_of<'d>(
    world: &World<'d>,
    matches: &Matches<'_>,
    accounts: &Accounts<'_>,
    index: usize,
    ledger: &mut Ledger<'d>,
) -> Option<String> {
    let workload = &world.workloads[index];
    match matches.of_workload[index].map(|component| &component.role) {
        Some(Role::External) => return Some("external".to_owned()),
        Some(Role::Named { written, arn }) => return Some(arn.as_ref().unwrap_or(written).clone()),
        None => {}
    }
    if let Some(arn) = accounts.role_of(index) {
        return Some(arn);
    }
    let account = accounts.seen(index).map(|account| &world.accounts[account]);
    let path = workload.kind.pod_annotation_path(ROLE);
    let written =
        account.and_then(|account| Some((*account, account.node.at(&["metadata", "annotations", ROLE_ARN])?)));
    let written = written.or_else(|| Some((workload.object, workload.object.node.at(&path)?)));
    written.and_then(|(object, value)| valid_role(&object, value, ledger))
}

fn valid_role(object: &Object<'_>, value: Node<'_>, ledger: &mut Ledger<'_>) -> Option<String> {
    let role = value.text().filter(|role| !role.is_empty())?;
    let checked = if object.is_core("ServiceAccount") {
        check_arn(role)
    } else {
        check_either(role)
    };
    match checked {
        Ok(()) => Some(role.to_owned()),
        Err(flaw) => {
            let message = format!("the role annotation it has is of no use: {flaw}");
            ledger.find(
                object,
                value,
                Id::RoleInvalid,
                message,
                "correct it in the chart's values, or name the component in the policy",
            );
            None
        }
    }
}
