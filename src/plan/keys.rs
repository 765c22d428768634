//! Which static keys leave which Secrets, and why others stay.
//!
//! A Secret is edited only if a workload with a role consumes it or the policy names it. What a value holds is known from
//! the policy, from how it is mounted, and from its content.
//!
//! Invariant: a value whose keys stay has a finding, unless the policy says `keep` or none of its readers has a role and
//! it holds no AWS keys.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::object::Object;
use crate::payload::format::Format;
use crate::payload::verdict::{Kept, KeptReason, Setting, Unreadable, Verdict};
use crate::payload::{edit, holds_keys, is_bare, lacks_region, recognise, strip as strip_text};
use crate::policy::catalogue::Id;
use crate::policy::rules::{Scalar, SecretAction, SecretRule};
use crate::policy::suggest::listed;
use crate::yaml::edit::Edits;
use crate::yaml::spell::Value;
use crate::yaml::veil::Veiled;

use super::credentials::{self, Rest};
use super::elsewhere::is_read_elsewhere;
use super::flat::{self, Candidate, Naming};
use super::ledger::{Ledger, Outcome};
use super::readers::{Readers, key_id_stays, may_go};
use super::scene::Scene;
use super::secret_rules::Rules;
use super::unseen;
use super::value::{NoText, SecretValue, values};

/// Where `kubectl apply` keeps the object as it was applied.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The text that each recognised value has in the output, by the Secret's index and the data key.
pub type FinalTexts = BTreeMap<(usize, String), Veiled<String>>;

/// What was done to the Secrets.
#[derive(Default, Debug)]
pub struct Stripped {
    /// The recognised values' final texts. Secret: they are only hashed.
    pub texts: FinalTexts,
    /// The Secrets that change, by index.
    pub changed: BTreeSet<usize>,
}

/// Takes the static keys out of every Secret that a role replaces them in.
pub fn strip<'d>(scene: &Scene<'_, '_, 'd>, ledger: &mut Ledger<'d>) -> Stripped {
    let mut stripped = Stripped::default();
    let all = Rules::of(&scene.policy.secrets);
    for (index, secret) in scene.world.secrets.iter().enumerate() {
        let mut rules = all.about(secret.name());
        rules.retain(|rule| names(scene, rule, secret));
        let mut changed = false;
        let mut flat = Vec::new();
        for value in values(secret) {
            let rule = rules
                .iter()
                .find(|rule| rule.key.as_ref().is_none_or(|glob| glob.matches(value.key)));
            let action = rule.map(|rule| &rule.action);
            if matches!(action, Some(SecretAction::Keep)) {
                continue;
            }
            let readers = Readers::of(scene, index, value.key);
            let case = Case {
                scene,
                index,
                secret,
                value,
                readers,
                action,
            };
            match case.decide(ledger) {
                Decision::Changed(text) => {
                    changed = true;
                    // Only digests are made of what a changed text says.
                    if scene.policy.restart && case.is_known(&text) {
                        stripped.texts.insert((index, value.key.to_owned()), text.into());
                    }
                }
                Decision::AlreadySo(text) => drop(stripped.texts.insert((index, value.key.to_owned()), text.into())),
                Decision::Left => {}
                Decision::Unknown(text) => flat.push(Candidate::new(value, naming(rule.copied()), &text)),
            }
        }
        changed |= flat::strip(scene, index, &flat, ledger);
        if changed {
            stripped.changed.insert(index);
            last_applied(secret, ledger);
        }
    }
    unseen::report(scene, ledger);
    stripped
}

/// `kubectl get -o yaml` brings along what `kubectl apply` wrote down of the object, values and all.
fn last_applied<'d>(secret: &Object<'d>, ledger: &mut Ledger<'d>) {
    if let Some(annotation) = secret.node.at(&["metadata", "annotations", LAST_APPLIED]) {
        let message = format!("the annotation `{LAST_APPLIED}` still holds the Secret as it was, with its keys");
        let remedy = "take the annotation out before this program; `kubectl apply` writes it anew";
        ledger.find(secret, annotation, Id::LastAppliedStays, message, remedy);
    }
}

fn naming(rule: Option<&SecretRule>) -> Naming {
    match rule {
        None => Naming::None,
        Some(rule) if rule.key.is_some() => Naming::Key,
        Some(_) => Naming::Secret,
    }
}

fn names(scene: &Scene<'_, '_, '_>, rule: &SecretRule, secret: &Object<'_>) -> bool {
    let in_namespace = |namespace: &str| rule.namespace.as_ref().is_none_or(|glob| glob.matches(namespace));
    rule.name.matches(secret.name()) && in_namespace(scene.namespace_of(secret))
}

/// One value, and all that is known about it.
struct Case<'w, 'p, 'd> {
    scene: &'w Scene<'w, 'p, 'd>,
    index: usize,
    secret: &'w Object<'d>,
    value: SecretValue<'d>,
    readers: Readers<'w, 'd>,
    action: Option<&'p SecretAction>,
}

/// What became of a value.
enum Decision<'d> {
    /// It changes, to this text.
    Changed(String),
    /// It is recognised and stays as it is.
    AlreadySo(String),
    /// It is left alone; what there is to say was said.
    Left,
    /// Its text is of no known format; its key may say more.
    Unknown(Cow<'d, str>),
}

impl<'d> Case<'_, '_, 'd> {
    fn decide(&self, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let format = self.format_by_place();
        let text = match self.value.text() {
            Ok(text) => text,
            Err(reason) => return self.without_text(reason, format, ledger),
        };
        let format = format.or_else(|| recognise(&text));
        if !self.is_ours() {
            return self.by_content_only(text, format, ledger);
        }
        match (self.judge(&text, format), format) {
            (None, _) => self.unknown(text, ledger),
            (Some(Ok(Verdict::Clean)), _) => {
                self.vet(&text, format, ledger);
                Decision::AlreadySo(text.into_owned())
            }
            (Some(Ok(Verdict::Kept(kept))), _) => self.kept(&kept, ledger),
            (Some(Err(unreadable)), format) => self.not_the_format(unreadable, format, ledger),
            (Some(Ok(Verdict::Stripped { edits, removed, added })), _) => {
                let is_emptied = format == Some(Format::AwsCredentials) && is_bare(&edits.apply(&text));
                if !self.may_go(ledger) || (is_emptied && self.is_elsewhere(ledger)) {
                    return Decision::Left;
                }
                let what = self.described(format, &removed, &added);
                let decision = self.write(&text, &edits, what, ledger);
                if let Decision::Changed(text) = &decision {
                    self.vet(text, format, ledger);
                }
                self.follow(format, &decision, ledger);
                decision
            }
        }
    }

    fn is_ours(&self) -> bool {
        self.action.is_some() || !self.readers.with_role.is_empty()
    }

    /// What the policy or a mount says that the value is.
    fn format_by_place(&self) -> Option<Format> {
        let by_rule = match self.action {
            Some(SecretAction::Edit { format, .. }) => *format,
            _ => None,
        };
        let paths = || {
            self.readers
                .all
                .iter()
                .filter_map(|consumer| consumer.mention.path(self.value.key))
        };
        by_rule.or_else(|| paths().find_map(|path| self.scene.format_at(path)))
    }

    /// Whether a second run would know this text for what it is; a digest over others would not be the same again.
    fn is_known(&self, text: &str) -> bool {
        self.format_by_place().is_some() || recognise(text).is_some()
    }

    fn judge(&self, text: &str, format: Option<Format>) -> Option<Result<Verdict, Unreadable>> {
        match (self.action, format) {
            (Some(SecretAction::Edit { remove, set, .. }), Some(format)) if !remove.is_empty() => {
                let set: Vec<(String, Value)> =
                    set.iter().map(|(path, value)| (path.clone(), spelled(value))).collect();
                Some(edit(text, format, remove, &set))
            }
            (_, Some(format)) => Some(strip_text(text, format, self.scene.setting())),
            (_, None) => None,
        }
    }

    fn described(&self, format: Option<Format>, removed: &[String], added: &[String]) -> String {
        let format = format.map_or_else(String::new, |format| format!(" ({format})"));
        let mut parts = Vec::new();
        if !removed.is_empty() {
            parts.push(format!("{} removed", listed(removed.iter().map(String::as_str))));
        }
        if !added.is_empty() {
            parts.push(format!("{} set", listed(added.iter().map(String::as_str))));
        }
        format!("`{}`{format}: {}", self.value.key, parts.join(", "))
    }

    fn write(&self, text: &str, edits: &Edits, what: String, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let node = self.value.node;
        let outcome = ledger.change(self.secret, node, what, |draft| {
            self.value.edit(draft, text, edits).map(|()| true)
        });
        match outcome {
            Outcome::Changed => Decision::Changed(edits.apply(text)),
            Outcome::AlreadySo | Outcome::Refused => Decision::Left,
        }
    }

    /// A text of no known format may be sealed; that is said. All else is for those who look at the key's name.
    fn unknown(&self, text: Cow<'d, str>, ledger: &mut Ledger<'d>) -> Decision<'d> {
        match strip_text(&text, Format::Yaml, self.scene.setting()) {
            Ok(Verdict::Kept(kept)) if kept.reason == KeptReason::Sealed => self.kept(&kept, ledger),
            _ => Decision::Unknown(text),
        }
    }

    /// Whether a file that would lose all it holds is read in ways that are not seen.
    fn is_elsewhere(&self, ledger: &mut Ledger<'d>) -> bool {
        let what = format!("the keys in `{}`", self.value.key);
        is_read_elsewhere(self.scene, self.index, &self.value, &what, ledger)
    }

    /// Whether the final text is without key ids, wherever they hide in it.
    fn vet(&self, text: &str, format: Option<Format>, ledger: &mut Ledger<'d>) {
        key_id_stays(self.scene, self.secret, &self.value, text, &self.readers, ledger);
        let setting = format.and_then(|format| lacks_region(text, format));
        if let (Some(setting), false) = (setting, self.readers.with_role.is_empty()) {
            let message = format!(
                "`{}` has no `{setting}`: what reads it does not start, or asks for the role and the bucket in us-east-1",
                self.value.key
            );
            let remedy = format!("set `{setting}` to the region of the bucket, where the Secret is made");
            ledger.find(self.secret, self.value.node, Id::RegionMissing, message, remedy);
        }
    }

    /// What names a credentials file follows its keys.
    fn follow(&self, format: Option<Format>, decision: &Decision<'d>, ledger: &mut Ledger<'d>) {
        if let (Some(Format::AwsCredentials), Decision::Changed(text)) = (format, decision) {
            let rest = if is_bare(text) { Rest::Nothing } else { Rest::Settings };
            credentials::follow(self.scene, self.value.key, &self.readers.all, rest, ledger);
        }
    }

    /// Whether the keys can go; every reason against it is a finding.
    fn may_go(&self, ledger: &mut Ledger<'d>) -> bool {
        may_go(self.scene, self.secret, &self.value, &self.readers, ledger)
    }

    fn without_text(&self, reason: NoText, format: Option<Format>, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let key = self.value.key;
        match reason {
            NoText::NotAScalar => {
                let message = format!("the value of `{key}` is no text, so the API server would refuse the Secret");
                ledger.find(
                    self.secret,
                    self.value.node,
                    Id::UnreadableSecret,
                    message,
                    "write it as a string",
                );
            }
            NoText::NotBase64 => {
                let message = format!("the value of `{key}` is not base64, so the API server would refuse the Secret");
                let remedy = "write it as base64, or move it to `stringData`";
                ledger.find(self.secret, self.value.node, Id::UnreadableSecret, message, remedy);
            }
            NoText::Template if self.is_ours() && format.is_some() => {
                let message = format!("the value of `{key}` is filled in later, so its keys could not be taken out");
                let remedy = "run this program after whatever fills it in, or take the keys out there";
                ledger.find(self.secret, self.value.node, Id::TemplateKept, message, remedy);
            }
            NoText::Binary if self.is_ours() && format.is_some() => {
                let message = format!("the value of `{key}` is not text");
                ledger.find(
                    self.secret,
                    self.value.node,
                    Id::UnreadableSecret,
                    message,
                    "write it as UTF-8 text",
                );
            }
            NoText::Template | NoText::Binary => {}
        }
        Decision::Left
    }

    /// A Secret that no workload with a role reads is not ours; that it holds keys is said.
    fn by_content_only(&self, text: Cow<'d, str>, format: Option<Format>, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let Some(format) = format.filter(|format| holds_keys(&text, *format)) else {
            return Decision::Unknown(text);
        };
        let is_aws = matches!(
            strip_text(&text, format, Setting::Metadata),
            Ok(Verdict::Stripped { .. })
        );
        if is_aws && !self.is_all_foreign() {
            let who = match self.scene.called(&self.readers.without).as_str() {
                "" => "no workload of the stream reads it".to_owned(),
                readers => format!("it is read by {readers}, without a role"),
            };
            let message = format!(
                "`{}` ({format}) holds static AWS keys and stays as it is: {who}",
                self.value.key
            );
            let remedy = "give its readers a role, or name it under `secrets`";
            ledger.find(self.secret, self.value.node, Id::KeysByContentOnly, message, remedy);
        }
        Decision::Left
    }

    fn is_all_foreign(&self) -> bool {
        let mut paths = self
            .readers
            .all
            .iter()
            .filter_map(|consumer| consumer.mention.path(self.value.key))
            .peekable();
        paths.peek().is_some() && paths.all(|path| self.scene.is_foreign(path))
    }

    fn kept(&self, kept: &Kept, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let id = match kept.reason {
            KeptReason::EndpointNotAws => Id::EndpointNotAws,
            KeptReason::ProviderNotAws => Id::ProviderNotAws,
            KeptReason::Template | KeptReason::Sentinel => Id::TemplateKept,
            KeptReason::Sealed => Id::SealedContent,
            KeptReason::EndpointWithIrsa => Id::EndpointWithIrsa,
            KeptReason::KeyInComment => Id::KeyInComment,
            KeptReason::SecondDocument | KeptReason::Uneditable(_) => Id::CannotEdit,
        };
        let text = kept.reason.to_string();
        let (why, remedy) = text.split_once("; ").unwrap_or((&text, "edit it by hand"));
        let at = if kept.key.is_empty() {
            String::new()
        } else {
            format!(", at `{}`", kept.key)
        };
        let message = format!("`{}` stays as it is{at}: {why}", self.value.key);
        ledger.find(self.secret, self.value.node, id, message, remedy);
        Decision::Left
    }

    fn not_the_format(&self, unreadable: Unreadable, format: Option<Format>, ledger: &mut Ledger<'d>) -> Decision<'d> {
        let expected = format.map_or_else(String::new, |format| format!(" that `{format}` reads"));
        let what = match unreadable {
            Unreadable::NotYaml { .. } => "is not YAML",
            Unreadable::NotTheFormat { .. } => "is not text",
        };
        let message = format!("the value of `{}` {what}{expected}", self.value.key);
        let remedy = "correct the value, or say what it is under `secrets`";
        ledger.find(self.secret, self.value.node, Id::UnreadableSecret, message, remedy);
        Decision::Left
    }
}

fn spelled(value: &Scalar) -> Value {
    match value {
        Scalar::Text(text) => Value::word(text.clone()),
        Scalar::Plain(text) => Value::plain(text.clone()),
    }
}
