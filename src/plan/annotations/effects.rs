//! Annotations and labels that are read, and do something else than the policy wants.
//!
//! Decision: the same role by two injectors is no finding. Whichever of them answers, the pods get the role that the
//! policy gives; so a migration begins, and so it ends.

use std::collections::BTreeSet;

use crate::manifest::pod::Workload;
use crate::plan::ledger::Ledger;
use crate::plan::namespaces::Join;
use crate::plan::scene::Scene;
use crate::policy::annotation::{ROLE, ROLE_ARN, SKIP_CONTAINERS, SKIP_LABEL, skipped_containers};
use crate::policy::catalogue::Id;
use crate::policy::role::{Role, is_arn};
use crate::policy::rules::Mechanism;
use crate::policy::suggest::{listed, nearest};
use crate::yaml::tree::Node;

/// Looks at every workload and every `ServiceAccount`.
pub(super) fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if scene.standing.web_identity[index] {
            passed_by(workload, ledger);
        }
        skips_unknown(scene, index, workload, ledger);
        of_another_injector(scene, index, workload, ledger);
    }
    accounts(scene, ledger);
}

/// Pods that the webhook passes by, though their account has a role.
fn passed_by<'d>(workload: &Workload<'d>, ledger: &mut Ledger<'d>) {
    let label = workload
        .template()
        .and_then(|template| template.at(&["metadata", "labels", SKIP_LABEL]));
    if let Some(label) = label {
        let message = format!("its pods have the label `{SKIP_LABEL}`, so the identity webhook never sees them");
        let remedy = "take the label away, or give the role via kube2iam or kiam";
        ledger.find(&workload.object, label, Id::WebhookSkipped, message, remedy);
    }
}

/// Containers that are to be left alone, by the policy or else by the stream, and are not there.
fn skips_unknown<'d>(scene: &Scene<'_, '_, 'd>, index: usize, workload: &Workload<'d>, ledger: &mut Ledger<'d>) {
    let written = workload
        .object
        .node
        .at(&workload.kind.pod_annotation_path(SKIP_CONTAINERS));
    let given = scene.standing.components[index].and_then(|component| {
        let mut annotations = component.annotations.iter();
        annotations.find(|annotation| annotation.key == SKIP_CONTAINERS)
    });
    let value = match given {
        Some(given) => Some(given.value.as_str()),
        None => written.and_then(Node::text),
    };
    let there: BTreeSet<&str> = workload
        .containers()
        .filter_map(|container| container.text_of("name"))
        .collect();
    let named = value.into_iter().flat_map(skipped_containers);
    let unknown: Vec<&str> = named.filter(|name| !name.is_empty() && !there.contains(name)).collect();
    let Some(first) = unknown.first() else { return };
    let message = format!(
        "`{SKIP_CONTAINERS}` names {}, and the pod has no such container",
        listed(unknown.iter().copied())
    );
    let remedy = match nearest(first, there.iter().copied()) {
        Some(meant) if meant == first.trim() => "leave the blanks out: they are part of the names".to_owned(),
        Some(meant) => format!("did you mean `{meant}`?"),
        None if there.is_empty() => "take the annotation away".to_owned(),
        None => format!("name one of {}", listed(there.iter().copied())),
    };
    let at = written.unwrap_or(workload.object.node);
    ledger.find(&workload.object, at, Id::SkipContainersUnknown, message, remedy);
}

/// The annotation of an injector that the policy does not use, on a component that it gives a role.
///
/// A web identity comes before the instance metadata that kube2iam and kiam answer, in every SDK; so the one left from
/// before is what counts for programs that do not know web identities, and the other way round.
fn of_another_injector<'d>(scene: &Scene<'_, '_, 'd>, index: usize, workload: &Workload<'d>, ledger: &mut Ledger<'d>) {
    let Some(role @ Role::Named { .. }) = scene.standing.components[index].map(|component| &component.role) else {
        return;
    };
    let via = &scene.policy.via;
    let is_other = |left: &Node<'d>| left.text().is_some_and(|text| !text.is_empty() && !is_same(role, text));
    let of_pods = workload.object.node.at(&workload.kind.pod_annotation_path(ROLE));
    if let (Some(left), [Mechanism::Irsa]) = (of_pods.filter(is_other), via.as_slice()) {
        let message = format!("its pods still have `{ROLE}` of kube2iam or kiam beside the role by irsa");
        let remedy = "take it out of the chart's values once the pods run with the new role; while migrating say `via: [irsa, kube2iam]`";
        ledger.find(&workload.object, left, Id::AnnotationOfAnotherInjector, message, remedy);
    }
    let account = scene.standing.accounts[index].map(|account| &scene.world.accounts[account]);
    let of_account =
        account.and_then(|account| Some((account, account.node.at(&["metadata", "annotations", ROLE_ARN])?)));
    if let Some((account, left)) = of_account.filter(|(_, left)| is_other(left))
        && !via.contains(&Mechanism::Irsa)
    {
        let message = format!(
            "the ServiceAccount has `{ROLE_ARN}`, and a web identity comes before the role that the policy gives the pods"
        );
        let remedy = "take it out of the chart's values, or give the role via irsa";
        ledger.find(account, left, Id::AnnotationOfAnotherInjector, message, remedy);
    }
}

/// Whether text that was left means this very role: as an ARN, or as the name that an ARN ends with.
fn is_same(role: &Role, left: &str) -> bool {
    let Role::Named { written, arn } = role else {
        return false;
    };
    let ends_with = |arn: &str, name: &str| {
        is_arn(arn) && !is_arn(name) && arn.strip_suffix(name).is_some_and(|before| before.ends_with('/'))
    };
    let mut spellings = [Some(written), arn.as_ref()].into_iter().flatten();
    spellings.any(|role| role == left || ends_with(role, left) || ends_with(left, role))
}

/// Accounts with a role that nobody uses, or everybody.
fn accounts<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    let world = scene.world;
    let used: BTreeSet<usize> = scene.standing.accounts.iter().flatten().copied().collect();
    // A name that could mean several accounts counts for all of them.
    let unclear: BTreeSet<&str> = world
        .workloads
        .iter()
        .filter_map(|workload| Some((workload, workload.service_account()?)))
        .filter(|(workload, name)| world.account(world.namespace(&workload.object), name) == Join::Ambiguous)
        .map(|(_, name)| name)
        .collect();
    for (index, account) in world.accounts.iter().enumerate() {
        let role = account.node.at(&["metadata", "annotations", ROLE_ARN]);
        let Some(role) = role.filter(|role| role.text().is_some_and(|text| !text.is_empty())) else {
            continue;
        };
        let is_used = used.contains(&index) || unclear.contains(account.name());
        if account.name() == "default" {
            let message =
                "the ServiceAccount `default` has a role, and so has every pod of the namespace that names no other";
            let remedy = "give the pods that need it an account of their own, and take the annotation away";
            ledger.find(account, role, Id::RoleOnDefault, message, remedy);
        } else if !world.workloads.is_empty() && !is_used && !scene.standing.unused.contains(&index) {
            let message = "no workload of the stream runs as this ServiceAccount, so its role reaches nobody here";
            let remedy = "nothing, if its pods are made elsewhere; else name it in their `serviceAccountName`";
            ledger.find(account, role, Id::RoleUnused, message, remedy);
        }
    }
}
