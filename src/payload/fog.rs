//! A fog connection, as GitLab's Rails and Workhorse read it.
//!
//! fog uses a role only when `use_iam_profile` tells it to, and prefers a key that is there, even a blank one, to the
//! role's. Without a provider, fog refuses the connection; its `aws_*` keys are AWS's nevertheless.

use super::Row;
use super::host::is_aws;
use super::structured::{self, Entry};
use super::verdict::{KeptReason, Outcome, Setting, Step, Unreadable, note};
use super::{guard, paths};
use crate::yaml::draft::Draft;
use crate::yaml::edit::{Edit, Edits};
use crate::yaml::refusal::Reason;
use crate::yaml::spell::Value;
use crate::yaml::tree::{Collection, Document, Node};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: paths::edit,
    lacks_region,
};

/// fog takes us-east-1 without, and asks STS there.
const REGION: &str = "region";

const CREDENTIALS: [&str; 4] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_credentials_expire_at",
];
const SYMBOLS: [&str; 4] = [
    ":aws_access_key_id",
    ":aws_secret_access_key",
    ":aws_session_token",
    ":aws_credentials_expire_at",
];
const PROFILE: &str = "use_iam_profile";
const PROFILE_SYMBOL: &str = ":use_iam_profile";

fn is_surely(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    if !has("provider") || !(has("aws_") || has(PROFILE)) {
        return false;
    }
    Document::parse(text).is_ok_and(|document| {
        document.root().is_some_and(|root| {
            let profile = || root.get(PROFILE).or_else(|| root.get(PROFILE_SYMBOL));
            provider(root).is_some_and(|(_, name)| is_aws_provider(name))
                && (holds_credentials(root) || profile().is_some())
        })
    })
}

fn holds_keys(text: &str) -> bool {
    Document::parse(text).is_ok_and(|document| document.root().is_some_and(holds_credentials))
}

fn lacks_region(text: &str) -> Option<&'static str> {
    let document = Document::parse(text).ok()?;
    let root = document.root()?;
    let is_aws = provider(root).is_some_and(|(_, name)| is_aws_provider(name));
    let says_where = [REGION, ":region", "endpoint", ":endpoint", "host", ":host"]
        .into_iter()
        .any(|name| root.text_of(name).is_some());
    (is_aws && !says_where).then_some(REGION)
}

fn strip(text: &str, setting: Setting) -> Step<Outcome> {
    let document = structured::read(text)?;
    let Some(root) = structured::top(&document)? else {
        return Ok(Outcome::default());
    };
    vet_provider(root)?;
    let holds_keys = holds_credentials(root);
    if is_elsewhere(root, holds_keys)? {
        return Ok(Outcome::default());
    }
    let connection = Connection {
        root,
        keys: named(root, &CREDENTIALS),
        endpoints: match setting {
            Setting::WebIdentity => endpoints(root, &["endpoint"]),
            Setting::Metadata => Vec::new(),
        },
        profiles: named(root, &[PROFILE]),
    };
    if connection.is_done() && !holds_keys {
        return Ok(Outcome::default());
    }
    structured::vet_whole(&document)?;
    structured::vet(&connection.keys)?;
    structured::vet_merged(root, &CREDENTIALS)?;
    structured::vet_merged(root, &SYMBOLS)?;
    connection.strip(&document)
}

/// Refuses a provider that is not AWS, or not known yet.
fn vet_provider(root: Node<'_>) -> Step<()> {
    let Some((node, name)) = provider(root) else {
        let is_connection = holds_credentials(root) || !named(root, &[PROFILE]).is_empty();
        let other = Unreadable::NotTheFormat { pos: root.pos() };
        return if is_connection { Ok(()) } else { Err(other.into()) };
    };
    let reason = match guard::placeholder(name) {
        Some(_) => KeptReason::Template,
        None if is_aws_provider(name) => return Ok(()),
        None => KeptReason::ProviderNotAws,
    };
    Err(reason.at(node.pos(), "provider"))
}

/// Whether the connection is to another store, without keys; with keys that is a reason to keep them.
fn is_elsewhere(root: Node<'_>, holds_keys: bool) -> Step<bool> {
    for entry in endpoints(root, &["endpoint", "host"]) {
        let endpoint = entry.text().unwrap_or_default();
        if is_aws(endpoint) {
            continue;
        }
        return match guard::placeholder(endpoint) {
            _ if !holds_keys => Ok(true),
            Some(_) => Err(entry.halt(KeptReason::Template)),
            None => Err(entry.halt(KeptReason::EndpointNotAws)),
        };
    }
    Ok(false)
}

/// A connection to AWS, and what of it is to change.
struct Connection<'d> {
    root: Node<'d>,
    keys: Vec<Entry<'d>>,
    /// Those that would be asked for the role.
    endpoints: Vec<Entry<'d>>,
    profiles: Vec<Entry<'d>>,
}

impl<'d> Connection<'d> {
    fn is_done(&self) -> bool {
        let is_used = |profile: &Entry<'_>| profile.text() == Some("true");
        self.keys.is_empty()
            && self.endpoints.is_empty()
            && !self.profiles.is_empty()
            && self.profiles.iter().all(is_used)
    }

    fn strip(&self, document: &'d Document<'_>) -> Step<Outcome> {
        let mut draft = Draft::new(document);
        let mut added = Vec::new();
        let mut removed = structured::remove(&mut draft, self.root, &self.keys)?;
        for name in structured::remove(&mut draft, self.root, &self.endpoints)? {
            note(&mut removed, &name);
        }
        let is_symbol = self.is_symbol();
        for profile in self.profiles.iter().filter(|profile| profile.text() != Some("true")) {
            draft.set_scalar(profile.value, Value::plain("true"))?;
            note(&mut added, profile.name);
        }
        if self.profiles.is_empty() {
            let name = if is_symbol { PROFILE_SYMBOL } else { PROFILE };
            let yes = Value::plain("true");
            match self.keys.first() {
                Some(key) => draft.replace_entry(self.root, key.index, name, yes)?,
                None => draft.append_entry(self.root, name, yes)?,
            }
            note(&mut added, name);
        }
        let mut outcome = structured::finished(&draft, removed, added)?;
        let is_block = self.root.collection() == Some(Collection::Block);
        if is_symbol && is_block && self.profiles.is_empty() {
            outcome.edits = unquoted(document.text(), &outcome.edits).ok_or(Reason::NotProved.at(self.root.pos()))?;
        }
        Ok(outcome)
    }

    /// Whether the keys are spelled as Ruby's symbols.
    fn is_symbol(&self) -> bool {
        let mut keys = self.root.entries().filter_map(|(key, _)| key.text());
        match self.keys.first() {
            Some(key) => key.name.starts_with(':'),
            None => keys.any(|key| key == ":provider"),
        }
    }
}

/// The edits with the new symbol in no quotes, in which Ruby would read a string; proved, since drafts quote it.
fn unquoted(text: &str, edits: &Edits) -> Option<Edits> {
    let quoted = format!("\"{PROFILE_SYMBOL}\"");
    let plain = |edit: &Edit| Edit::replace(edit.span, edit.text.replace(&quoted, PROFILE_SYMBOL));
    let edits_plain = Edits::new(edits.iter().map(plain).collect()).ok()?;
    let (before, after) = (edits.apply(text), edits_plain.apply(text));
    let (before, after) = (Document::parse(&before).ok()?, Document::parse(&after).ok()?);
    let (before, after) = (before.root()?, after.root()?);
    let is_same = before.entries().count() == after.entries().count()
        && before.entries().zip(after.entries()).all(|(old, new)| {
            old.0.text() == new.0.text() && old.1.text() == new.1.text() && old.1.is_plain() == new.1.is_plain()
        });
    (is_same && after.key(PROFILE_SYMBOL)?.is_plain()).then_some(edits_plain)
}

fn holds_credentials(root: Node<'_>) -> bool {
    structured::has_any(root, &CREDENTIALS) || structured::has_any(root, &SYMBOLS)
}

fn provider(root: Node<'_>) -> Option<(Node<'_>, &str)> {
    let node = root.get("provider").or_else(|| root.get(":provider"))?;
    let name = node.text().filter(|name| !name.is_empty() && !node.is_null())?;
    Some((node, name))
}

fn is_aws_provider(name: &str) -> bool {
    let name = name.trim();
    name.strip_prefix(':').unwrap_or(name).eq_ignore_ascii_case("aws")
}

/// The entries with one of these names, in either spelling.
fn named<'d>(root: Node<'d>, names: &[&str]) -> Vec<Entry<'d>> {
    structured::entries(root, |name| names.contains(&name.strip_prefix(':').unwrap_or(name)))
}

/// The entries with one of these names that name a host.
fn endpoints<'d>(root: Node<'d>, names: &[&str]) -> Vec<Entry<'d>> {
    let mut entries = named(root, names);
    entries.retain(|entry| entry.text() != Some(""));
    entries
}

#[cfg(test)]
mod tests;
