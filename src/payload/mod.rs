//! The text inside a Secret value → edits that take static AWS keys out of it.
//!
//! Each format has one file with one [`Row`]; [`mod@format`] names them. [`guard`] and [`host`] say where keys must stay,
//! [`structured`] and [`ini`] read the two families of text, [`paths`] and [`names`] make the edits a policy spells out,
//! and [`flat`] knows the Secret keys that are credentials themselves.
//!
//! Invariant: what is stripped once is [`Verdict::Clean`] the second time.
//! Invariant: keys are deleted, never blanked, and the whole set goes together or stays together.
//! Invariant: nothing here holds a value: verdicts carry key names, positions, and edits that delete.
//!
//! Deliberately absent: base64, Secrets and workloads. Nothing here knows who reads the text.

mod assignment;
mod aws_credentials;
pub mod flat;
mod fog;
pub mod format;
mod guard;
pub mod host;
mod ini;
mod ini_keys;
pub mod key_id;
mod names;
pub mod outline;
mod paths;
mod registry;
mod s3cmd;
pub mod sighting;
mod structured;
pub mod verdict;

#[cfg(test)]
mod samples;

use memchr::memchr;

use self::format::Format;
use self::verdict::{Halt, Kept, KeptReason, Outcome, Setting, Step, Unreadable, Verdict};
use crate::yaml::edit::Edits;
use crate::yaml::source::Pos;
use crate::yaml::spell::Value;

const BOM: char = '\u{feff}';

/// What is known of one format.
struct Row {
    /// Whether a text is of this format beyond doubt.
    is_surely: fn(&str) -> bool,
    /// Whether a credential key of this format is in a text.
    holds_keys: fn(&str) -> bool,
    /// Takes the credential keys out.
    strip: fn(&str, Setting) -> Step<Outcome>,
    /// Takes out, and sets, what a policy names.
    edit: EditNamed,
    /// The setting for the region, where a text for AWS has none.
    lacks_region: fn(&str) -> Option<&'static str>,
}

/// A text, what to take out of it, and what to set in it.
type EditNamed = fn(&str, &[String], &[(String, Value)]) -> Step<Outcome>;

/// Any YAML and any INI: nothing is known of them but how to read them.
const YAML: Row = Row {
    is_surely: |_| false,
    holds_keys: |_| false,
    strip: |_, _| Ok(Outcome::default()),
    edit: paths::edit,
    lacks_region: |_| None,
};
const INI: Row = Row {
    edit: names::edit,
    ..YAML
};

fn row(format: Format) -> &'static Row {
    match format {
        Format::Registry => &registry::ROW,
        Format::Fog => &fog::ROW,
        Format::S3cmd => &s3cmd::ROW,
        Format::AwsCredentials => &aws_credentials::ROW,
        Format::Yaml => &YAML,
        Format::Ini => &INI,
    }
}

/// The format of a text, from its content alone; only one that it has beyond doubt. A registry, fog or s3cmd text is
/// still recognised when its keys are gone; other providers' connections are not.
#[must_use]
pub fn recognise(text: &str) -> Option<Format> {
    let text = text.strip_prefix(BOM).unwrap_or(text);
    Format::ALL.into_iter().find(|format| (row(*format).is_surely)(text))
}

/// Whether a text holds a credential key of this format, with whatever value; never for YAML and INI at large.
#[must_use]
pub fn holds_keys(text: &str, format: Format) -> bool {
    (row(format).holds_keys)(text.strip_prefix(BOM).unwrap_or(text))
}

/// The setting that would say which region the bucket is in, where a text of this format is for AWS and has none.
#[must_use]
pub fn lacks_region(text: &str, format: Format) -> Option<&'static str> {
    (row(format).lacks_region)(text.strip_prefix(BOM).unwrap_or(text))
}

/// The edits that take the static keys out of a text. YAML and INI at large are always clean: only [`edit`] knows what
/// to look for.
///
/// # Errors
/// A text that is not of this format.
pub fn strip(text: &str, format: Format, setting: Setting) -> Result<Verdict, Unreadable> {
    judged(text, |text| (row(format).strip)(text, setting))
}

/// The edits that take out, and set, what a policy names: dotted paths of mapping keys and list indices in YAML, keys or
/// `section.key` in INI. What is absent needs no removing. A setting replaces what is there; it is added where the mapping
/// or section it belongs to exists, and, beyond that, where something was removed now.
///
/// # Errors
/// A text that is not of this format.
pub fn edit(text: &str, format: Format, remove: &[String], set: &[(String, Value)]) -> Result<Verdict, Unreadable> {
    judged(text, |text| (row(format).edit)(text, remove, set))
}

/// Whether no setting is left in an INI text: sections, comments and blanks at most.
#[must_use]
pub fn is_bare(text: &str) -> bool {
    ini::Ini::read(text.strip_prefix(BOM).unwrap_or(text), assignment::Dialect::Any).is_bare()
}

/// Why a credential's value only stands for one: a template, or a documented sentinel.
#[must_use]
pub fn placeholder(value: &str) -> Option<KeptReason> {
    guard::placeholder(value)
}

fn judged(text: &str, change: impl Fn(&str) -> Step<Outcome>) -> Result<Verdict, Unreadable> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let mark = text.len() - body.len();
    match guarded(body, change) {
        Ok(outcome) => Ok(settled(outcome, mark)),
        Err(Halt::Kept(kept)) => Ok(Verdict::Kept(Kept {
            pos: kept.pos.plus(mark),
            ..kept
        })),
        Err(Halt::Unreadable(Unreadable::NotYaml { pos })) => Err(Unreadable::NotYaml { pos: pos.plus(mark) }),
        Err(Halt::Unreadable(Unreadable::NotTheFormat { pos })) => {
            Err(Unreadable::NotTheFormat { pos: pos.plus(mark) })
        }
    }
}

fn guarded(text: &str, change: impl Fn(&str) -> Step<Outcome>) -> Step<Outcome> {
    // YAML readers end at a NUL: what stands behind it would be lost unseen.
    if let Some(at) = memchr(0, text.as_bytes()) {
        return Err(Unreadable::NotTheFormat { pos: Pos::new(at) }.into());
    }
    if let Some(pos) = guard::sealed(text) {
        return Err(KeptReason::Sealed.at(pos, ""));
    }
    let outcome = change(text)?;
    match key_in_comment(text, &outcome.edits) {
        Some(pos) => Err(KeptReason::KeyInComment.at(pos, "")),
        None => Ok(outcome),
    }
}

/// An access key id in a comment that the edits leave in the text.
fn key_in_comment(text: &str, edits: &Edits) -> Option<Pos> {
    key_id::key_id_in(text)?;
    let edits = edits.iter().as_slice();
    let stays = |pos: &Pos| {
        let behind = edits.partition_point(|edit| edit.span.end() <= *pos);
        edits.get(behind).is_none_or(|edit| *pos < edit.span.start())
    };
    guard::comments(text)
        .flat_map(|(start, comment)| key_id::all(comment).map(move |pos| pos.plus(start)))
        .find(stays)
}

fn settled(outcome: Outcome, mark: usize) -> Verdict {
    if outcome.edits.is_empty() {
        return Verdict::Clean;
    }
    Verdict::Stripped {
        edits: outcome.edits_behind(mark),
        removed: outcome.removed,
        added: outcome.added,
    }
}

#[cfg(test)]
mod tests;
