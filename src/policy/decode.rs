//! Text → what is written: one YAML document, its duplicates refused, its words checked by serde.
//!
//! Invariant: an error has a place wherever YAML or serde knows one.

use std::collections::HashSet;

use serde::de::{Deserialize as _, Deserializer as _, IgnoredAny, Visitor};

use crate::policy::site::{Fault, Site};
use crate::policy::{suggest, wire};
use crate::yaml::source::{self, Place, Pos};
use crate::yaml::tree::Node;

/// Refuses text that is no YAML, or more than one document.
pub(super) fn one_document(text: &str) -> Result<(), Fault> {
    if let Some(at) = text.find(is_unprintable) {
        return Err(Fault {
            place: Some(source::place(text, Pos::new(at))),
            message: "a control character, which YAML forbids; remove it".to_owned(),
        });
    }
    let mut documents = serde_yaml::Deserializer::from_str(text);
    if let Some(first) = documents.next() {
        IgnoredAny::deserialize(first).map_err(|error| explain(&error))?;
    }
    match documents.next().map(|second| second.deserialize_any(Nowhere)) {
        None => Ok(()),
        Some(Ok(never)) => match never {},
        Some(Err(error)) => Err(Fault {
            place: place(&error),
            message: "a second document begins here; a policy is one document".to_owned(),
        }),
    }
}

/// What YAML forbids (1.2, 5.1); its readers say no line for it.
fn is_unprintable(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Refuses a key that stands twice in one mapping, at the second.
pub(super) fn unique_keys(site: Node<'_>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for (key, value) in site.entries() {
        if let Some(word) = key.text()
            && !seen.insert(word)
        {
            let message = format!("`{word}` stands twice in this mapping; remove one");
            return Err(Fault {
                place: Some(key.place()),
                message,
            });
        }
        if !value.is_alias() {
            unique_keys(value)?;
        }
    }
    site.items().filter(|item| !item.is_alias()).try_for_each(unique_keys)
}

/// Refuses another kind of document than a policy, before its fields are looked at.
pub(super) fn header(site: Site<'_>) -> Result<(), Fault> {
    for (field, expected) in [("apiVersion", "iam-roles/v1alpha1"), ("kind", "RolePolicy")] {
        let word = site.field(field);
        match word.written() {
            found if found == expected => {}
            "" => return word.refuse(format!("`{field}` is missing; write `{field}: {expected}`")),
            found => {
                let hint = suggest::did_you_mean(found, [expected]);
                return word.refuse(format!("`{field}` is `{found}`; expected `{expected}`{hint}"));
            }
        }
    }
    Ok(())
}

/// Reads the fields.
pub(super) fn fields(text: &str) -> Result<wire::Policy, Fault> {
    serde_yaml::from_str(text).map_err(|error| explain(&error))
}

/// A visitor that takes nothing, so that the error says where something stands.
struct Nowhere;

impl Visitor<'_> for Nowhere {
    type Value = std::convert::Infallible;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nothing")
    }
}

fn place(error: &serde_yaml::Error) -> Option<Place> {
    let location = error.location()?;
    Some(Place {
        line: location.line(),
        column: location.column(),
    })
}

/// serde's message as one of ours: without the path and the place in front and behind, and with the nearest word.
fn explain(error: &serde_yaml::Error) -> Fault {
    let whole = error.to_string();
    let body = [
        "unknown field `",
        "invalid type: ",
        "duplicate field `",
        "missing field `",
    ]
    .into_iter()
    .filter_map(|start| whole.find(start))
    .min()
    .and_then(|at| whole.get(at..));
    let (body, end) = match body {
        Some(body) => (body, body.rfind(" at line ")),
        None => (whole.as_str(), whole.find(" at line ")),
    };
    let body = end.and_then(|at| body.get(..at)).unwrap_or(body);
    let message = match body.split_once(", expected ") {
        Some((found, expected)) => reworded(found, expected),
        None => body.to_owned(),
    };
    Fault {
        place: place(error),
        message,
    }
}

fn reworded(found: &str, expected: &str) -> String {
    if let Some(field) = found.strip_prefix("unknown field `") {
        let known = expected.split('`').skip(1).step_by(2);
        let hint = suggest::did_you_mean(field.trim_end_matches('`'), known);
        return format!("{found}; expected {expected}{hint}");
    }
    let found = found.strip_prefix("invalid type: ").unwrap_or(found);
    let expected = if expected == "a sequence" { "a list" } else { expected };
    format!("found {}; expected {expected}", plainly(found))
}

/// serde's name for what it met, as a person would say it.
fn plainly(found: &str) -> String {
    match found.split_once(' ') {
        _ if found == "sequence" => "a list".to_owned(),
        _ if found == "map" => "a mapping".to_owned(),
        _ if found == "unit value" => "nothing".to_owned(),
        Some(("string", quoted)) => format!("`{}`", quoted.trim_matches('"')),
        Some(("integer" | "floating", number)) => {
            format!("the number {}", number.trim_start_matches("point "))
        }
        Some(("boolean", word)) => format!("the boolean {word}"),
        _ => found.to_owned(),
    }
}
