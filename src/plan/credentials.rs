//! What names an AWS credentials file whose keys have gone.
//!
//! Velero's plugin (1.10 and later) takes the web identity out of its own environment as soon as the variable is set, so
//! an empty file defeats the role as well as a full one: the variable has to go along.

use std::collections::HashMap;

use crate::manifest::pod::Workload;
use crate::manifest::uses::SecretUse;
use crate::policy::catalogue::Id;
use crate::yaml::tree::Node;

use super::consumers::Consumer;
use super::ledger::Ledger;
use super::scene::Scene;

/// The variables by which SDKs and programs find a credentials file.
pub const VARIABLES: [&str; 3] = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CREDENTIAL_FILE", "AWS_CONFIG_FILE"];

/// What is left of a credentials file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// No setting.
    Nothing,
    /// Settings beside the keys.
    Settings,
}

/// Takes the variables that name the file away, or says that they stay because settings do.
pub fn follow<'d>(
    scene: &Scene<'_, '_, 'd>,
    key: &'d str,
    readers: &[&Consumer<'d>],
    rest: Rest,
    ledger: &mut Ledger<'d>,
) {
    let mut of_workload = HashMap::new();
    for consumer in readers {
        let workload = &scene.world.workloads[consumer.workload];
        if workload.object.is_hook() {
            continue;
        }
        let entries = of_workload
            .entry(consumer.workload)
            .or_insert_with(|| naming_files(workload));
        for &(env, index, entry) in entries.iter() {
            if !names_file(entry, key, &consumer.mention) {
                continue;
            }
            let name = entry.text_of("name").unwrap_or_default();
            if rest == Rest::Settings {
                let message = format!("`{name}` still names the file of `{key}`, which keeps other settings");
                let remedy = "see whether the program needs them, and take the variable away if not";
                ledger.find(&workload.object, entry, Id::CredentialsFileLeft, message, remedy);
            } else {
                let what = format!("the variable `{name}` removed, whose file holds nothing any more");
                ledger.change(&workload.object, entry, what, |draft| {
                    draft.remove_item(env, index).map(|()| true)
                });
            }
        }
    }
}

/// The environment entries of a workload that name a credentials file: the list, the index in it, and the entry.
fn naming_files<'d>(workload: &Workload<'d>) -> Vec<(Node<'d>, usize, Node<'d>)> {
    let lists = workload.containers().filter_map(|container| container.get("env"));
    let entries = lists.flat_map(|env| env.items().enumerate().map(move |(index, entry)| (env, index, entry)));
    let names_one = |entry: Node<'d>| entry.text_of("name").is_some_and(|name| VARIABLES.contains(&name));
    entries.filter(|(_, _, entry)| names_one(*entry)).collect()
}

fn names_file(entry: Node<'_>, key: &str, mention: &SecretUse<'_>) -> bool {
    let file = mention.path(key).unwrap_or(key);
    let folder = entry.text_of("value").and_then(|value| value.strip_suffix(file));
    folder.is_some_and(|folder| folder.ends_with('/'))
}
