//! Pods that must restart to see a new role or a changed Secret.
//!
//! The identity webhook changes pods only when they are made, and GitLab's pods copy their Secrets at start, so a changed
//! `ServiceAccount` or Secret alone reaches no running pod. Pod templates of Jobs are immutable, so those and hooks are
//! left alone.
//!
//! Invariant: a digest depends on the role and on the final texts alone, so it changes exactly when they do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::policy::catalogue::{Id, Severity};
use crate::yaml::spell::Value;

use super::keys::Stripped;
use super::ledger::Ledger;
use super::namespaces::kubectl_flag;
use super::scene::Scene;

/// The key on pod templates whose value changes when a role or a Secret does.
const DIGEST: &str = "iam-roles/digest";

/// Makes the pods of components with a role roll, or says how to.
pub fn roll<'d>(scene: &Scene<'_, '_, 'd>, stripped: &Stripped, ledger: &mut Ledger<'d>) {
    if scene.policy.restart {
        digests(scene, stripped, ledger);
    } else {
        remind(scene, stripped, ledger);
    }
}

fn digests<'d>(scene: &Scene<'_, '_, 'd>, stripped: &Stripped, ledger: &mut Ledger<'d>) {
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        let is_left_alone = workload.kind.is_on_demand() || workload.object.is_hook();
        let (Some(_), Some(role), false) = (
            scene.standing.components[index],
            &scene.standing.roles[index],
            is_left_alone,
        ) else {
            continue;
        };
        let path = workload.kind.pod_annotation_path(DIGEST);
        let digest = digest(scene, index, role, stripped);
        let what = format!("pods annotated `{DIGEST}`, which makes them restart");
        ledger.set(&workload.object, &path, Value::quoted(digest), what);
    }
}

/// SHA-256 over the role and the final texts that a workload reads, in hexadecimal.
fn digest(scene: &Scene<'_, '_, '_>, workload: usize, role: &str, stripped: &Stripped) -> String {
    let mut read: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for &(secret, mention) in scene.consumers.secrets_of(workload) {
        let name = scene.world.secrets[secret].name();
        let texts = &stripped.texts;
        if let Some(key) = mention.key {
            let known = texts.get_key_value(&(secret, key.to_owned()));
            read.extend(known.map(|((_, key), text)| ((name, key.as_str()), text.as_str())));
            continue;
        }
        let all = texts.range((secret, String::new())..(secret + 1, String::new()));
        read.extend(all.map(|((_, key), text)| ((name, key.as_str()), text.as_str())));
    }
    let mut hash = Sha256::new();
    let parts = read.iter().flat_map(|((name, key), text)| [*name, *key, *text]);
    for part in [role].into_iter().chain(parts) {
        // The length in front keeps two neighbouring parts from passing for others.
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Names the workloads whose pods would go on with what they have.
fn remind<'d>(scene: &Scene<'_, '_, 'd>, stripped: &Stripped, ledger: &mut Ledger<'d>) {
    if ledger.refuses(Severity::Error) {
        return;
    }
    let mut stale: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        let reads_changed = || {
            let mut read = scene.consumers.secrets_of(index).iter();
            read.any(|(secret, _)| stripped.changed.contains(secret))
        };
        let is_behind = scene.standing.changed.contains(&index) || reads_changed();
        if is_behind && workload.kind.rolls() && !workload.object.is_hook() && !ledger.is_touched(&workload.object) {
            let name = format!("{}/{}", workload.object.kind.to_lowercase(), workload.object.name());
            stale
                .entry(scene.world.namespace(&workload.object))
                .or_default()
                .push(name);
        }
    }
    for (namespace, names) in stale {
        let at = kubectl_flag(namespace);
        let names = names.join(" ");
        let message = "running pods go on with what they have until they restart";
        let remedy = format!("after applying: kubectl rollout restart{at} {names}; or say `restart: true`");
        ledger.say(Id::RestartNeeded, message, remedy);
    }
}
