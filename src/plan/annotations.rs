//! Annotations of the injectors that do not do what they say: misspelt, where no reader looks, of a wrong value.
//!
//! Where each is read: aws/amazon-eks-pod-identity-webhook (`pkg/annotations.go`, `deploy/mutatingwebhook.yaml`),
//! jtblin/kube2iam and uswitch/kiam (`README.md`).
//!
//! Invariant: what the plan writes itself is never found here.

use std::collections::BTreeSet;

use crate::manifest::object::Object;
use crate::manifest::pod::{Workload, WorkloadKind};
use crate::policy::annotation::{self, Bearer, ROLE, ROLE_ARN, SKIP_LABEL};
use crate::policy::catalogue::Id;
use crate::policy::role::Role;
use crate::policy::rules::Mechanism;
use crate::policy::suggest::{listed, nearest};
use crate::yaml::spell::is_string_when_plain;
use crate::yaml::tree::Node;

use super::ledger::Ledger;
use super::scene::Scene;

/// The prefixes under which the injectors read.
const PREFIXES: [&str; 2] = ["eks.amazonaws.com/", "iam.amazonaws.com/"];

/// The annotation that names the containers which the webhook leaves alone, as one record of comma-separated values.
const SKIP_CONTAINERS: &str = "eks.amazonaws.com/skip-containers";

/// Looks at every object that an injector reads, or that people take for one.
pub fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for object in &scene.world.objects {
        let Some(bearer) = bearer_of(object) else { continue };
        let own = object.node.at(&["metadata", "annotations"]);
        judge_all(object, own, bearer, ledger);
    }
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        if workload.kind != WorkloadKind::Pod {
            let of_pods = workload
                .template()
                .and_then(|template| template.at(&["metadata", "annotations"]));
            judge_all(&workload.object, of_pods, Bearer::Pod, ledger);
        }
        skipped(scene, index, workload, ledger);
        of_another_injector(scene, index, workload, ledger);
    }
    accounts(scene, ledger);
}

/// What an object's own metadata is to the injectors; nothing for objects that nobody would annotate for them.
fn bearer_of(object: &Object<'_>) -> Option<Bearer> {
    match WorkloadKind::of(object) {
        Some(WorkloadKind::Pod) => Some(Bearer::Pod),
        Some(_) => Some(Bearer::Workload),
        None if object.is_core("ServiceAccount") => Some(Bearer::ServiceAccount),
        None if object.is_core("Namespace") => Some(Bearer::Namespace),
        None => None,
    }
}

fn judge_all<'d>(object: &Object<'d>, annotations: Option<Node<'d>>, bearer: Bearer, ledger: &mut Ledger<'d>) {
    for (key, value) in annotations.into_iter().flat_map(Node::entries) {
        if let Some(word) = key.text().filter(|word| is_ours(word)) {
            judge(object, word, key, value, bearer, ledger);
        }
    }
}

fn is_ours(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}

fn judge<'d>(object: &Object<'d>, word: &str, key: Node<'d>, value: Node<'d>, bearer: Bearer, ledger: &mut Ledger<'d>) {
    if word == SKIP_LABEL {
        let message = format!("`{word}` is an annotation here, and the webhook reads it as a label of pods");
        let remedy = "take it away, or make it a label of the pod template if the webhook is to pass by";
        return ledger.find(object, key, Id::AnnotationMisplaced, message, remedy);
    }
    let Some(readers) = annotation::bearers(word) else {
        if let Some(meant) = meant(word, bearer) {
            let message = format!("no injector reads the annotation `{word}` {}", bearer.place());
            let remedy = format!("did you mean `{meant}`?");
            ledger.find(object, key, Id::AnnotationMisspelt, message, remedy);
        }
        return;
    };
    if !readers.contains(&bearer) {
        let places: Vec<&str> = readers.iter().map(|reader| reader.place()).collect();
        let message = format!(
            "the annotation `{word}` stands {}, where nothing reads it; it is read {}",
            bearer.place(),
            places.join(" and ")
        );
        let remedy = "take it out of the chart's values here; a role that the policy gives is written where it is read";
        return ledger.find(object, key, Id::AnnotationMisplaced, message, remedy);
    }
    if ledger.is_changed_at(object, value) {
        return;
    }
    if !is_string(value) {
        let message =
            format!("the value of the annotation `{word}` is no string, and the API server refuses the object");
        return ledger.find(object, value, Id::AnnotationValueInvalid, message, "quote it");
    }
    let takes = annotation::known(word).is_none_or(|known| value.text().is_none_or(|text| known.takes(text)));
    if !takes {
        let expected = annotation::known(word).map_or("", |known| known.expected);
        let message =
            format!("the value of the annotation `{word}` is none that its reader takes, so it has no effect");
        ledger.find(
            object,
            value,
            Id::AnnotationValueInvalid,
            message,
            format!("give it {expected}"),
        );
    }
}

/// The key that was most likely meant: of those that are read on this bearer, where any is.
fn meant(word: &str, bearer: Bearer) -> Option<&'static str> {
    let is_read = |key: &&str| annotation::bearers(key).is_some_and(|readers| readers.contains(&bearer));
    let here: Vec<&'static str> = annotation::keys().filter(is_read).collect();
    let keys = if here.is_empty() {
        annotation::keys().collect()
    } else {
        here
    };
    let name_of = |key: &'static str| key.split_once('/').map_or(key, |(_, name)| name);
    let wanted = word.split_once('/').map_or(word, |(_, name)| name);
    let close = nearest(wanted, keys.iter().copied().map(name_of));
    let is_meant = |key: &&'static str| match close {
        Some(close) => name_of(key) == close,
        None => wanted.starts_with(name_of(key)),
    };
    keys.into_iter().find(|key| is_meant(key))
}

/// Whether a reader of YAML 1.1, as Kubernetes has it, takes the value for a string; a null is the empty one.
fn is_string(value: Node<'_>) -> bool {
    let Some(text) = value.text() else { return false };
    let is_number = text.contains(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok();
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_string_when_plain(text);
    value.is_null() || !value.is_plain() || !(is_number || is_word)
}

/// Pods or containers that the webhook passes by, though their account has a role.
fn skipped<'d>(scene: &Scene<'_, '_, 'd>, index: usize, workload: &Workload<'d>, ledger: &mut Ledger<'d>) {
    let Some(metadata) = workload.template().and_then(|template| template.get("metadata")) else {
        return;
    };
    let label = metadata.at(&["labels", SKIP_LABEL]);
    if let (Some(label), true) = (label, scene.standing.web_identity[index]) {
        let message = format!("its pods have the label `{SKIP_LABEL}`, so the identity webhook never sees them");
        let remedy = "take the label away, or give the role via kube2iam or kiam";
        ledger.find(&workload.object, label, Id::WebhookSkipped, message, remedy);
    }
    let Some(skip) = metadata.at(&["annotations", SKIP_CONTAINERS]) else {
        return;
    };
    let there: BTreeSet<&str> = workload
        .containers()
        .filter_map(|container| container.text_of("name"))
        .collect();
    let named = skip.text().unwrap_or_default().split(',').map(str::trim);
    let unknown: Vec<&str> = named.filter(|name| !name.is_empty() && !there.contains(name)).collect();
    if !unknown.is_empty() {
        let message = format!(
            "`{SKIP_CONTAINERS}` names {}, and the pod has no such container",
            listed(unknown.iter().copied())
        );
        let meant = nearest(unknown[0], there.iter().copied());
        let remedy = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("name one of {}", listed(there.iter().copied())),
        };
        ledger.find(&workload.object, skip, Id::SkipContainersUnknown, message, remedy);
    }
}

/// The annotation of an injector that the policy does not use, on a component that it gives a role.
///
/// A web identity comes before the instance metadata that kube2iam and kiam answer, in every SDK; so the one left from
/// before is what counts for programs that do not know web identities, and the other way round.
fn of_another_injector<'d>(scene: &Scene<'_, '_, 'd>, index: usize, workload: &Workload<'d>, ledger: &mut Ledger<'d>) {
    let Some(Role::Named { written, arn }) = scene.standing.components[index].map(|component| &component.role) else {
        return;
    };
    let via = &scene.policy.via;
    let is_same = |other: &str| arn.as_deref() == Some(other) || written == other;
    if via.as_slice() == [Mechanism::Irsa] {
        let left = workload.object.node.at(&workload.kind.pod_annotation_path(ROLE));
        if let Some(left) = left {
            let message = format!("its pods still have `{ROLE}` of kube2iam or kiam beside the role by irsa");
            let remedy = "take it out of the chart's values once the pods run with the new role; while migrating say `via: [irsa, kube2iam]`";
            ledger.find(&workload.object, left, Id::AnnotationOfAnotherInjector, message, remedy);
        }
        return;
    }
    let account = scene.standing.accounts[index].map(|account| &scene.world.accounts[account]);
    let written = account.and_then(|account| Some((account, account.node.at(&["metadata", "annotations", ROLE_ARN])?)));
    if let Some((account, left)) = written.filter(|_| !via.contains(&Mechanism::Irsa))
        && left.text().is_some_and(|role| !role.is_empty() && !is_same(role))
    {
        let message = format!(
            "the ServiceAccount has `{ROLE_ARN}`, and a web identity comes before the role that the policy gives the pods"
        );
        let remedy = "take it out of the chart's values, or give the role via irsa";
        ledger.find(account, left, Id::AnnotationOfAnotherInjector, message, remedy);
    }
}

/// Accounts with a role that nobody uses, or everybody.
fn accounts<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    if scene.world.workloads.is_empty() {
        return;
    }
    let used: BTreeSet<usize> = scene.standing.accounts.iter().flatten().copied().collect();
    for (index, account) in scene.world.accounts.iter().enumerate() {
        let Some(role) = account.node.at(&["metadata", "annotations", ROLE_ARN]) else {
            continue;
        };
        if account.name() == "default" {
            let message =
                "the ServiceAccount `default` has a role, and so has every pod of the namespace that names no other";
            let remedy = "give the pods that need it an account of their own, and take the annotation away";
            ledger.find(account, role, Id::RoleOnDefault, message, remedy);
        } else if !used.contains(&index) && !scene.standing.unused.contains(&index) {
            let message = "no workload of the stream runs as this ServiceAccount, so its role reaches nobody here";
            let remedy = "nothing, if its pods are made elsewhere; else name it in their `serviceAccountName`";
            ledger.find(account, role, Id::RoleUnused, message, remedy);
        }
    }
}
