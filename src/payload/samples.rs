//! How the tests of every format look at a text.

use super::format::Format;
use super::verdict::{KeptReason, Setting, Unreadable, Verdict};
use super::{edit, holds_keys, strip};
use crate::yaml::refusal::Reason;
use crate::yaml::source::Pos;
use crate::yaml::spell::Value;

/// A text's line breaks as they are, and as CRLF; and behind a byte order mark.
pub(super) fn forms(text: &str) -> [String; 3] {
    [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")]
}

/// Strips `text` to `expected`, and that to itself; no prefix of it is too much.
#[track_caller]
pub(super) fn check(format: Format, setting: Setting, text: &str, expected: &str) {
    for (text, expected) in forms(text).into_iter().zip(forms(expected)) {
        let verdict = strip(&text, format, setting).expect("of the format");
        assert_eq!(applied(&text, &verdict), expected);
        assert_eq!(strip(&expected, format, setting), Ok(Verdict::Clean));
        assert!(!holds_keys(&expected, format));
    }
    check_prefixes(format, text);
}

/// Keeps `text`, for this reason.
#[track_caller]
pub(super) fn kept(format: Format, setting: Setting, text: &str, reason: KeptReason) -> String {
    let mut key = String::new();
    for text in forms(text) {
        match strip(&text, format, setting) {
            Ok(Verdict::Kept(kept)) => {
                assert_eq!(kept.reason, reason);
                let is_at_key = text[kept.pos.offset()..].starts_with(&kept.key);
                assert!(is_at_key || kept.key == "provider" || reason == KeptReason::Uneditable(Reason::MergeKey));
                key = kept.key;
            }
            other => panic!("{other:?} instead of {reason:?}"),
        }
    }
    check_prefixes(format, text);
    key
}

/// Leaves `text`, since there is nothing to take out.
#[track_caller]
pub(super) fn clean(format: Format, setting: Setting, text: &str) {
    for text in forms(text) {
        assert_eq!(strip(&text, format, setting), Ok(Verdict::Clean));
    }
    check_prefixes(format, text);
}

/// What `edit` makes of a text; checked twice, and over line breaks.
#[track_caller]
pub(super) fn edits(format: Format, text: &str, remove: &[&str], set: &[(&str, Value)], expected: &str) {
    let remove: Vec<String> = remove.iter().map(ToString::to_string).collect();
    let set: Vec<(String, Value)> = set
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    for (text, expected) in forms(text).into_iter().zip(forms(expected)) {
        let verdict = edit(&text, format, &remove, &set).expect("of the format");
        assert_eq!(applied(&text, &verdict), expected);
        assert_eq!(edit(&expected, format, &remove, &set), Ok(Verdict::Clean));
    }
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let _ = edit(&text[..end], format, &remove, &set);
    }
}

/// Why `edit` leaves a text.
#[track_caller]
pub(super) fn edit_kept(format: Format, text: &str, remove: &[&str], set: &[(&str, Value)]) -> KeptReason {
    let remove: Vec<String> = remove.iter().map(ToString::to_string).collect();
    let set: Vec<(String, Value)> = set
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    match edit(text, format, &remove, &set) {
        Ok(Verdict::Kept(kept)) => kept.reason,
        other => panic!("{other:?}"),
    }
}

/// The key names that go and come.
#[track_caller]
pub(super) fn names(format: Format, text: &str) -> (Vec<String>, Vec<String>) {
    match strip(text, format, Setting::WebIdentity) {
        Ok(Verdict::Stripped { removed, added, .. }) => (removed, added),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn applied(text: &str, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Clean => text.to_owned(),
        Verdict::Stripped { edits, .. } => edits.apply(text),
        Verdict::Kept(kept) => panic!("{kept:?}"),
    }
}

/// Every prefix of a text is stripped, once and for all, or refused.
#[track_caller]
fn check_prefixes(format: Format, text: &str) {
    for setting in [Setting::WebIdentity, Setting::Metadata] {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let prefix = &text[..end];
            match strip(prefix, format, setting) {
                Ok(Verdict::Stripped { edits, .. }) => {
                    let after = edits.apply(prefix);
                    assert_eq!(strip(&after, format, setting), Ok(Verdict::Clean), "{prefix:?}");
                }
                Ok(_) => {}
                Err(Unreadable::NotYaml { pos } | Unreadable::NotTheFormat { pos }) => assert!(pos <= Pos::new(end)),
            }
        }
    }
}
