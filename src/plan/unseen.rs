//! Secrets that are read and not in the stream: somebody else has to take their keys out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::payload::flat::{Certainty, certainty};
use crate::payload::format::Format;
use crate::policy::catalogue::Id;

use super::ledger::Ledger;
use super::namespaces::kubectl_flag;
use super::scene::Scene;

/// Secrets that workloads with a role read at a known place, and that somebody else has to edit.
pub fn report<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    for (name, consumers) in scene.consumers.unseen() {
        let mut known: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for consumer in consumers {
            let (Some(key), Some(_)) = (consumer.mention.key, &scene.standing.roles[consumer.workload]) else {
                continue;
            };
            let by_path = consumer
                .mention
                .path(key)
                .and_then(|path| scene.format_at(path))
                .map(Format::as_str);
            let feeds = |variable: Cow<'_, str>| certainty(&variable) == Some(Certainty::Certain);
            let by_variable = consumer
                .mention
                .variable(key)
                .is_some_and(feeds)
                .then_some("an environment variable");
            if let Some(what) = by_path.or(by_variable) {
                let users = known.entry((key, what)).or_default();
                // Consumers come by their workloads, so all of one are neighbours.
                if users.last() != Some(&consumer.workload) {
                    users.push(consumer.workload);
                }
            }
        }
        for ((key, what), users) in known {
            let object = &scene.world.workloads[users[0]].object;
            let message = format!(
                "the Secret `{name}` is not in the stream, so static keys in its `{key}` ({what}), read by {}, would stay",
                scene.called(&users)
            );
            let at = kubectl_flag(scene.world.namespace(object));
            let remedy = format!(
                "take the keys out of it: kubectl get secret{at} {name} -o yaml | iam-roles, with the policy naming it under `secrets`"
            );
            ledger.find(object, object.node, Id::SecretNotInStream, message, remedy);
        }
    }
}
