//! Who reads which Secret.
//!
//! Invariant: a workload that a preset knows to mount a Secret without reading it is no consumer.

use std::collections::{BTreeMap, HashMap};

use crate::manifest::pod::Workload;
use crate::manifest::uses::{Reader, SecretUse, secret_uses};
use crate::policy::rules::Policy;

use super::ledger::Ledger;
use super::namespaces::{Join, ambiguous};
use super::world::World;

/// One mention of a Secret by a workload.
#[derive(Clone, Copy, Debug)]
pub struct Consumer<'d> {
    /// The workload, by index.
    pub workload: usize,
    /// How it reads the Secret.
    pub mention: SecretUse<'d>,
}

/// Every consumer of every Secret.
#[derive(Default, Debug)]
pub struct Consumers<'d> {
    seen: BTreeMap<usize, Readership<'d>>,
    /// The same, by the workload's index.
    of_workload: BTreeMap<usize, Vec<(usize, SecretUse<'d>)>>,
    /// Of Secrets that are not in the stream, by namespace and name.
    unseen: BTreeMap<(Option<&'d str>, &'d str), Vec<Consumer<'d>>>,
}

/// The consumers of one Secret, in the order of their workloads.
#[derive(Default, Debug)]
struct Readership<'d> {
    all: Vec<Consumer<'d>>,
    /// Those that read the whole of it, by their places in `all`.
    of_whole: Vec<usize>,
    /// The first that reads it by a volume's driver.
    by_driver: Option<usize>,
    /// Those that read one data key.
    of_key: HashMap<&'d str, Vec<usize>>,
}

impl<'d> Readership<'d> {
    fn add(&mut self, consumer: Consumer<'d>) {
        let list = match consumer.mention.key {
            Some(key) => self.of_key.entry(key).or_default(),
            None => &mut self.of_whole,
        };
        list.push(self.all.len());
        if matches!(consumer.mention.reader, Reader::Driver) {
            self.by_driver.get_or_insert(self.all.len());
        }
        self.all.push(consumer);
    }

    fn of_keys(&self, keys: &[&str]) -> Vec<&Consumer<'d>> {
        let of_keys = keys.iter().filter_map(|key| self.of_key.get(key)).flatten();
        let mut places: Vec<usize> = self.of_whole.iter().chain(of_keys).copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.all[place]).collect()
    }
}

impl<'d> Consumers<'d> {
    /// The first consumer that reads a Secret of the stream by a volume's driver.
    #[must_use]
    pub fn by_driver(&self, secret: usize) -> Option<&Consumer<'d>> {
        let readership = self.seen.get(&secret)?;
        readership.by_driver.map(|place| &readership.all[place])
    }

    /// The consumers of these data keys of a Secret of the stream, each once, in the order of their workloads.
    #[must_use]
    pub fn of_keys(&self, secret: usize, keys: &[&str]) -> Vec<&Consumer<'d>> {
        let readership = self.seen.get(&secret);
        readership.map_or_else(Vec::new, |readership| readership.of_keys(keys))
    }

    /// The Secrets that are consumed and not in the stream.
    pub fn unseen(&self) -> impl Iterator<Item = (&'d str, &[Consumer<'d>])> {
        self.unseen
            .iter()
            .map(|((_, name), consumers)| (*name, consumers.as_slice()))
    }

    /// The Secrets of the stream that a workload consumes, by index.
    #[must_use]
    pub fn secrets_of(&self, workload: usize) -> &[(usize, SecretUse<'d>)] {
        self.of_workload.get(&workload).map_or(&[], Vec::as_slice)
    }
}

/// Finds every consumer.
pub fn of<'d>(world: &World<'d>, policy: &Policy, ledger: &mut Ledger<'d>) -> Consumers<'d> {
    let mut consumers = Consumers::default();
    for (index, workload) in world.workloads.iter().enumerate() {
        if is_bystander(policy, workload) {
            continue;
        }
        let namespace = world.namespace(&workload.object);
        for mention in secret_uses(workload) {
            let consumer = Consumer {
                workload: index,
                mention,
            };
            match world.secret(namespace, mention.secret) {
                Join::Found(secret) => {
                    consumers.seen.entry(secret).or_default().add(consumer);
                    consumers.of_workload.entry(index).or_default().push((secret, mention));
                }
                Join::Absent => consumers
                    .unseen
                    .entry((namespace, mention.secret))
                    .or_default()
                    .push(consumer),
                Join::Ambiguous => ambiguous(&workload.object, "Secret", mention.secret, ledger),
            }
        }
    }
    consumers
}

fn is_bystander(policy: &Policy, workload: &Workload<'_>) -> bool {
    let mut rules = policy.presets.iter().flat_map(|preset| &preset.bystanders);
    rules.any(|rule| rule.holds(|key| workload.label(key)))
}
