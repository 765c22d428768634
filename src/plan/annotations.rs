//! Annotations of the injectors that do not do what they say: misspelt, where no reader looks, of a wrong value.
//!
//! Where each is read: aws/amazon-eks-pod-identity-webhook (`pkg/annotations.go`, `deploy/mutatingwebhook.yaml`),
//! jtblin/kube2iam and uswitch/kiam (`README.md`). The prefix of the webhook and the keys of kube2iam can be configured,
//! so what looks misspelt is a warning at most.
//!
//! Those that are read, and do something else than the policy wants, are found in [`effects`].
//!
//! Invariant: what the plan writes itself is never found here.

mod effects;

use std::collections::BTreeMap;

use crate::manifest::object::Object;
use crate::manifest::pod::WorkloadKind;
use crate::policy::annotation::{self, Bearer, ROLE, ROLE_ARN, SKIP_LABEL};
use crate::policy::catalogue::Id;
use crate::policy::role::Role;
use crate::policy::rules::{Component, Mechanism};
use crate::policy::suggest::nearest;
use crate::yaml::spell::is_string_when_plain;
use crate::yaml::tree::Node;

use super::ledger::Ledger;
use super::scene::Scene;

/// The prefixes under which the injectors read.
const PREFIXES: [&str; 2] = ["eks.amazonaws.com/", "iam.amazonaws.com/"];

/// Looks at every object that an injector reads, or that people take for one.
pub fn find<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) {
    let via = scene.policy.via.as_slice();
    let mut of_account = BTreeMap::new();
    for (index, workload) in scene.world.workloads.iter().enumerate() {
        let component = scene.standing.components[index];
        if let (Some(account), Some(component)) = (scene.standing.accounts[index], component) {
            of_account.entry(account).or_insert(component);
        }
        let place = |bearer| Place {
            object: workload.object,
            bearer,
            via,
            component,
        };
        if workload.kind != WorkloadKind::Pod {
            place(Bearer::Workload).judge(Some(workload.object.node), ledger);
        }
        if workload.kind == WorkloadKind::CronJob {
            let of_jobs = workload.object.node.at(&["spec", "jobTemplate"]);
            place(Bearer::JobTemplate).judge(of_jobs, ledger);
        }
        place(Bearer::Pod).judge(workload.template(), ledger);
    }
    for (index, account) in scene.world.accounts.iter().enumerate() {
        let place = Place {
            object: *account,
            bearer: Bearer::ServiceAccount,
            via,
            component: of_account.get(&index).copied(),
        };
        place.judge(Some(account.node), ledger);
    }
    for namespace in &scene.world.namespaces {
        let place = Place {
            object: *namespace,
            bearer: Bearer::Namespace,
            via,
            component: None,
        };
        place.judge(Some(namespace.node), ledger);
    }
    effects::find(scene, ledger);
}

/// A place that can bear annotations, and the component whose pods they would be about.
struct Place<'p, 'd> {
    object: Object<'d>,
    bearer: Bearer,
    via: &'p [Mechanism],
    component: Option<&'p Component>,
}

impl<'d> Place<'_, 'd> {
    /// Judges every annotation of what has `metadata` here.
    fn judge(&self, has_metadata: Option<Node<'d>>, ledger: &mut Ledger<'d>) {
        let annotations = has_metadata.and_then(|node| node.at(&["metadata", "annotations"]));
        for (key, value) in annotations.into_iter().flat_map(Node::entries) {
            match key.text().map(|word| (word, annotation::bearers(word))) {
                Some((SKIP_LABEL, _)) => self.is_a_label(key, ledger),
                Some((word, None)) if is_ours(word) => self.unknown(word, key, ledger),
                Some((word, Some(readers))) if !readers.contains(&self.bearer) => {
                    self.misplaced(word, readers, key, ledger);
                }
                Some((word, Some(_))) => self.value(word, key, value, ledger),
                _ => {}
            }
        }
    }

    fn is_a_label(&self, key: Node<'d>, ledger: &mut Ledger<'d>) {
        let message = format!("`{SKIP_LABEL}` is an annotation here, and the webhook reads it as a label of pods");
        let remedy = "take it away, or make it a label of the pod template if the webhook is to pass by";
        ledger.find(&self.object, key, Id::AnnotationMisplaced, message, remedy);
    }

    fn unknown(&self, word: &str, key: Node<'d>, ledger: &mut Ledger<'d>) {
        let Some(meant) = meant(word, self.bearer) else { return };
        let message = format!("no injector reads the annotation `{word}` {}", self.bearer.place());
        let readers = annotation::bearers(meant).unwrap_or_default();
        let remedy = if readers.contains(&self.bearer) {
            format!("did you mean `{meant}`?")
        } else {
            format!("did you mean `{meant}`, which is read {}?", places(readers))
        };
        ledger.find(&self.object, key, Id::AnnotationMisspelt, message, remedy);
    }

    fn misplaced(&self, word: &str, readers: &[Bearer], key: Node<'d>, ledger: &mut Ledger<'d>) {
        let message = format!(
            "the annotation `{word}` stands {}, where nothing reads it; it is read {}",
            self.bearer.place(),
            places(readers)
        );
        let is_role = word == ROLE || word == ROLE_ARN;
        // A policy may give only what one of its mechanisms reads.
        let is_option =
            annotation::known(word).is_some_and(|known| known.readers.iter().any(|reader| self.via.contains(reader)));
        let remedy = match self.component {
            Some(Component { name, role, .. }) if is_role && *role != Role::External => {
                format!("take it away: the policy gives component `{name}` its role where it is read")
            }
            Some(Component { name, .. }) if is_option => {
                format!("move it there, or write it under `components.{name}.annotations` in the policy")
            }
            None if is_role => "move it there, or name the component in the policy and take it away here".to_owned(),
            _ => "move it there".to_owned(),
        };
        ledger.find(&self.object, key, Id::AnnotationMisplaced, message, remedy);
    }

    fn value(&self, word: &str, key: Node<'d>, value: Node<'d>, ledger: &mut Ledger<'d>) {
        // A null is replaced at its key.
        if ledger.is_changed_at(&self.object, value) || ledger.is_changed_at(&self.object, key) {
            return;
        }
        if !is_string(value) {
            let message =
                format!("the value of the annotation `{word}` is no string, and the API server refuses the object");
            ledger.find(&self.object, value, Id::AnnotationValueInvalid, message, "quote it");
        } else if let Some(expected) = annotation::expected_instead(word, value.text().unwrap_or_default()) {
            let message = format!("the value of the annotation `{word}` is none that its reader takes");
            let remedy = format!("give it {expected}");
            ledger.find(&self.object, value, Id::AnnotationValueInvalid, message, remedy);
        }
    }
}

fn is_ours(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}

fn places(readers: &[Bearer]) -> String {
    let places: Vec<&str> = readers.iter().map(|reader| reader.place()).collect();
    places.join(" and ")
}

/// The key that was most likely meant: one that is read on this bearer, if any is close, else one of the same prefix.
fn meant(word: &str, bearer: Bearer) -> Option<&'static str> {
    let (prefix, name) = word.split_once('/').unwrap_or_default();
    let is_here = |key: &str| annotation::bearers(key).is_some_and(|readers| readers.contains(&bearer));
    let is_of_prefix = |key: &str| {
        key.split_once('/')
            .is_some_and(|(of, _)| of.eq_ignore_ascii_case(prefix))
    };
    closest(name, |key| is_here(key) && is_of_prefix(key))
        .or_else(|| closest(name, is_here))
        .or_else(|| closest(name, is_of_prefix))
}

/// The key whose name is nearest, among those that count; else one that the name only adds words to.
fn closest(name: &str, counts: impl Fn(&str) -> bool) -> Option<&'static str> {
    let name_of = |key: &'static str| key.split_once('/').map_or(key, |(_, name)| name);
    let keys: Vec<&'static str> = annotation::keys().filter(|key| counts(key)).collect();
    let near = nearest(name, keys.iter().copied().map(name_of));
    let adds_words = |known: &str| name.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'));
    keys.into_iter()
        .find(|key| near.map_or_else(|| adds_words(name_of(key)), |near| name_of(key) == near))
}

/// Whether a reader of YAML 1.1, as Kubernetes has it, takes the value for a string; a null is the empty one.
fn is_string(value: Node<'_>) -> bool {
    let Some(text) = value.text() else { return false };
    let is_tagged = value.resolved().tag() == Some("tag:yaml.org,2002:str");
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_string_when_plain(text);
    is_tagged || value.is_null() || !value.is_plain() || !(is_number(text) || is_word)
}

/// Whether YAML 1.1 takes plain text for a number: decimal, of another base, with underscores, or without end.
fn is_number(text: &str) -> bool {
    let digits = text
        .trim_start_matches(['+', '-'])
        .replace('_', "")
        .to_ascii_lowercase();
    let of_base = |prefix: &str, base| {
        let rest = digits.strip_prefix(prefix);
        rest.is_some_and(|rest| u64::from_str_radix(rest, base).is_ok())
    };
    let is_decimal = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits.parse::<f64>().is_ok();
    is_decimal || of_base("0x", 16) || of_base("0o", 8) || of_base("0b", 2) || digits == ".inf" || digits == ".nan"
}
