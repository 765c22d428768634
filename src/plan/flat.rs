//! Secret keys that are static credentials themselves, as `AWS_ACCESS_KEY_ID` is.
//!
//! Such a key goes together with its set and with everything that names it in a pod ([`super::references`]); a mention
//! that cannot go along keeps the whole set.
//!
//! Invariant: half a pair never goes.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::manifest::object::Object;
use crate::manifest::uses::Reader;
use crate::payload::flat::{Certainty, Set, certainty, sets};
use crate::payload::key_id::key_id_in;
use crate::payload::placeholder;
use crate::policy::catalogue::Id;
use crate::policy::suggest::listed;
use crate::yaml::tree::Node;

use super::consumers::Consumer;
use super::elsewhere::is_read_elsewhere;
use super::environment::other_store_in;
use super::ledger::{Ledger, Outcome};
use super::namespaces::kubectl_flag;
use super::readers::{Readers, key_id_stays, may_go};
use super::references::References;
use super::scene::Scene;
use super::value::{Field, SecretValue};

/// A value whose text is of no known format.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'d> {
    /// The value.
    pub value: SecretValue<'d>,
    /// Whether the policy names this very key.
    pub naming: Naming,
    /// Whether its text holds an access key id.
    holds_id: bool,
    /// Whether its text only stands for what something else fills in.
    stands_for_a_key: bool,
}

impl<'d> Candidate<'d> {
    /// The candidate that a value of this text is.
    #[must_use]
    pub fn new(value: SecretValue<'d>, naming: Naming, text: &str) -> Self {
        Self {
            value,
            naming,
            holds_id: key_id_in(text).is_some(),
            stands_for_a_key: placeholder(text).is_some(),
        }
    }
}

/// Whether the policy says that a key goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Naming {
    /// It names the key.
    Key,
    /// It names the Secret.
    Secret,
    /// It says nothing.
    None,
}

/// Takes flat keys out of one Secret; says whether it changes.
pub fn strip<'d>(
    scene: &Scene<'_, '_, 'd>,
    secret: usize,
    candidates: &[Candidate<'d>],
    ledger: &mut Ledger<'d>,
) -> bool {
    let mut changed = false;
    let (named, unnamed): (Vec<_>, Vec<_>) = candidates.iter().partition(|candidate| candidate.naming == Naming::Key);
    let called: Vec<(Cow<'d, str>, &Candidate<'d>)> = unnamed
        .into_iter()
        .map(|candidate| (meaning(scene, secret, candidate), candidate))
        .collect();
    let other_store = OnceCell::new();
    for set in sets(called.iter().map(|(name, _)| name.as_ref())) {
        let members = set.members.iter().map(|member| *called[member.index].1);
        let group = Group::new(scene, secret, members.collect(), &other_store);
        changed |= group.is_credentials(&set, ledger) && group.strip(ledger);
    }
    for (_, unknown) in called.iter().filter(|(name, _)| certainty(name).is_none()) {
        Group::new(scene, secret, vec![**unknown], &other_store).may_hold_a_key(ledger);
    }
    changed | Group::new(scene, secret, named.into_iter().copied().collect(), &other_store).strip(ledger)
}

/// What a key is called by its own name, or by the variable that it feeds.
fn meaning<'d>(scene: &Scene<'_, '_, 'd>, secret: usize, candidate: &Candidate<'d>) -> Cow<'d, str> {
    let key = candidate.value.key;
    let is_certain = |name: &Cow<'_, str>| certainty(name) == Some(Certainty::Certain);
    if certainty(key).is_some() {
        return key.into();
    }
    let consumers = scene.consumers.of_keys(secret, &[key]);
    let mut fed = consumers.iter().filter_map(|consumer| consumer.mention.variable(key));
    fed.find(is_certain).unwrap_or_else(|| key.into())
}

/// Keys of one Secret that go together or stay together.
struct Group<'w, 'p, 'd> {
    scene: &'w Scene<'w, 'p, 'd>,
    index: usize,
    secret: &'w Object<'d>,
    members: Vec<Candidate<'d>>,
    /// What in the Secret says that its keys are for another store; looked for once.
    other_store: &'w OnceCell<Option<String>>,
}

impl<'w, 'p, 'd> Group<'w, 'p, 'd> {
    fn new(
        scene: &'w Scene<'w, 'p, 'd>,
        index: usize,
        members: Vec<Candidate<'d>>,
        other_store: &'w OnceCell<Option<String>>,
    ) -> Self {
        Self {
            scene,
            index,
            secret: &scene.world.secrets[index],
            members,
            other_store,
        }
    }

    /// Whether keys of these names are AWS credentials of ours; where that stays open, a finding says so.
    fn is_credentials(&self, set: &Set<'_>, ledger: &mut Ledger<'d>) -> bool {
        let Some(first) = self.members.first() else {
            return false;
        };
        let is_ours = self
            .members
            .iter()
            .any(|member| member.naming != Naming::None || !self.readers(member.value.key).with_role.is_empty());
        let feeds_aws = self
            .mentions()
            .any(|(variable, _)| certainty(&variable) == Some(Certainty::Certain));
        let has_key_id = self.members.iter().any(|member| member.holds_id);
        let is_certain = set.certainty == Certainty::Certain || feeds_aws || has_key_id;
        if self.is_root_of_minio() {
            if is_ours {
                let message = format!("{} stay: they are the root credentials of a MinIO server", self.names());
                ledger.find(
                    self.secret,
                    first.value.node,
                    Id::ProviderNotAws,
                    message,
                    "nothing, MinIO knows no IAM role",
                );
            }
            return false;
        }
        if is_certain && is_ours && (set.is_pair() || set.certainty == Certainty::Ambiguous) {
            return true;
        }
        if is_certain && is_ours {
            let message = format!(
                "{} stay: the other half of the pair is not in this Secret",
                self.names()
            );
            let remedy = "name the key under `secrets` here and where its other half is, so that both go";
            ledger.find(self.secret, first.value.node, Id::KeysBesideRole, message, remedy);
            return false;
        }
        if (is_certain && set.is_pair()) || (is_ours && set.is_pair()) {
            let what = if is_certain {
                "are static AWS keys"
            } else {
                "may be AWS keys, or those of another store"
            };
            let message = format!("{} {what} and stay as they are", self.names());
            let remedy = "give their readers a role, or name the keys under `secrets`";
            ledger.find(self.secret, first.value.node, Id::KeysByContentOnly, message, remedy);
        }
        false
    }

    /// A text of no known format that holds an access key id, read by a workload with a role.
    fn may_hold_a_key(&self, ledger: &mut Ledger<'d>) {
        let value = &self.members[0].value;
        if !self.members[0].holds_id || self.is_root_of_minio() {
            return;
        }
        if let Ok(text) = value.text() {
            key_id_stays(self.scene, self.secret, value, &text, &self.readers(value.key), ledger);
        }
    }

    fn strip(&self, ledger: &mut Ledger<'d>) -> bool {
        let Some(first) = self.members.first() else {
            return false;
        };
        if self.is_placeholder(ledger) || self.is_elsewhere(ledger) || self.is_for_another_store(ledger) {
            return false;
        }
        let mut may = true;
        for member in &self.members {
            let readers = self.readers(member.value.key);
            may &= may_go(self.scene, self.secret, &member.value, &readers, ledger);
        }
        if !may {
            return false;
        }
        let keys: Vec<&str> = self.members.iter().map(|member| member.value.key).collect();
        let references = References::of(self.scene, self.index, &keys);
        if !references.can_go(self.scene, ledger) {
            return false;
        }
        references.remove(ledger);
        let mut changed = false;
        for member in &self.members {
            let (mapping, entry) = member.value.entry;
            let what = format!("`{}` removed", member.value.key);
            let outcome = ledger.change(self.secret, member.value.node, what, |draft| {
                draft.remove_entry(mapping, entry).map(|()| true)
            });
            changed |= outcome == Outcome::Changed;
        }
        if changed
            && self
                .members
                .iter()
                .any(|member| member.value.field == Field::StringData)
        {
            self.may_stay(first, &keys, ledger);
        }
        changed
    }

    /// A merge of `stringData` never takes a key out of the live object's `data` (helm#10010, kubernetes#89938).
    fn may_stay(&self, first: &Candidate<'d>, keys: &[&str], ledger: &mut Ledger<'d>) {
        let at = kubectl_flag(self.scene.world.namespace(self.secret));
        let removes: Vec<String> = keys
            .iter()
            .map(|key| format!("{{\"op\":\"remove\",\"path\":\"/data/{key}\"}}"))
            .collect();
        let message = format!(
            "{} leave `stringData`, and may stay in the Secret that is in the cluster",
            self.names()
        );
        let remedy = format!(
            "once: kubectl patch secret{at} {} --type=json -p '[{}]'",
            self.secret.name(),
            removes.join(",")
        );
        ledger.find(self.secret, first.value.node, Id::StringDataMayStay, message, remedy);
    }

    fn is_placeholder(&self, ledger: &mut Ledger<'d>) -> bool {
        let Some(member) = self.members.iter().find(|member| member.stands_for_a_key) else {
            return false;
        };
        let message = format!("{} stay: something else fills `{}` in", self.names(), member.value.key);
        ledger.find(
            self.secret,
            member.value.node,
            Id::TemplateKept,
            message,
            "take them out where they are filled in",
        );
        true
    }

    /// Whether the Secret is read in ways that are not seen here; then the keys stay.
    fn is_elsewhere(&self, ledger: &mut Ledger<'d>) -> bool {
        let value = &self.members[0].value;
        is_read_elsewhere(self.scene, self.index, value, &self.names(), ledger)
    }

    /// An endpoint beside the keys that is not of AWS: in the Secret, or said to a container that reads it.
    fn is_for_another_store(&self, ledger: &mut Ledger<'d>) -> bool {
        let in_secret = self.other_store.get_or_init(|| other_store_in(self.secret));
        let in_containers = || {
            self.consumers()
                .into_iter()
                .find_map(|consumer| self.other_store_of(consumer))
        };
        let Some(name) = in_secret.clone().or_else(in_containers) else {
            return false;
        };
        let node = self.members[0].value.node;
        let message = format!("{} stay: `{name}` beside them is not an endpoint of AWS", self.names());
        ledger.find(
            self.secret,
            node,
            Id::EndpointNotAws,
            message,
            "nothing, if that store has keys of its own",
        );
        true
    }

    fn other_store_of(&self, consumer: &Consumer<'d>) -> Option<String> {
        let object = &self.scene.world.workloads[consumer.workload].object;
        let container = container_of(consumer)?;
        self.scene.stores.of(self.scene.world, object, container)
    }

    fn is_root_of_minio(&self) -> bool {
        self.mentions().any(|(variable, container)| {
            let image = || container.get("image").and_then(Node::text).unwrap_or_default();
            let is_server = |image: &str| {
                let name = image.rsplit('/').next();
                name.is_some_and(|name| name == "minio" || name.starts_with("minio:"))
            };
            variable.starts_with("MINIO_ROOT_") || is_server(image())
        })
    }

    /// Those who read one of these keys.
    fn consumers(&self) -> Vec<&'w Consumer<'d>> {
        let keys: Vec<&str> = self.members.iter().map(|member| member.value.key).collect();
        self.scene.consumers.of_keys(self.index, &keys)
    }

    /// The variables these keys feed, and the containers that have them.
    fn mentions(&self) -> impl Iterator<Item = (Cow<'d, str>, Node<'d>)> {
        let keys = self.members.iter().map(|member| member.value.key);
        keys.flat_map(|key| {
            let consumers = self.scene.consumers.of_keys(self.index, &[key]).into_iter();
            consumers.filter_map(move |consumer| Some((consumer.mention.variable(key)?, container_of(consumer)?)))
        })
    }

    fn readers(&self, key: &'d str) -> Readers<'w, 'd> {
        Readers::of(self.scene, self.index, key)
    }

    fn names(&self) -> String {
        listed(self.members.iter().map(|member| member.value.key))
    }
}

/// The container that reads a Secret by its environment.
fn container_of<'d>(consumer: &Consumer<'d>) -> Option<Node<'d>> {
    match consumer.mention.reader {
        Reader::Env { container, .. } | Reader::EnvFrom { container, .. } => Some(container),
        Reader::Item { .. } | Reader::Volume | Reader::Driver => None,
    }
}
