//! What a policy names in INI and env files: keys, or `section.key`.
//!
//! A bare name means the key wherever it stands. A new value takes the place of the key that is there. Where there is none,
//! `section.key` is added at its section's end; a bare key in the place of the first line that goes, else at the end of a
//! text of at most one section, else not at all.

use super::assignment::{Assignment, Dialect};
use super::ini::Ini;
use super::verdict::{KeptReason, Outcome, Step, note};
use crate::yaml::edit::{Edit, Edits};
use crate::yaml::refusal::Reason;
use crate::yaml::source::{Pos, Span};
use crate::yaml::spell::Value;

/// Reads by the common rules.
pub(super) fn edit(text: &str, remove: &[String], set: &[(String, Value)]) -> Step<Outcome> {
    edit_by(Dialect::Any, text, remove, set)
}

/// Reads by s3cmd's rules.
pub(super) fn edit_s3cmd(text: &str, remove: &[String], set: &[(String, Value)]) -> Step<Outcome> {
    edit_by(Dialect::S3cmd, text, remove, set)
}

/// Edits, and holds the result against what was asked: a name or a value that INI reads as something else is not written.
fn edit_by(dialect: Dialect, text: &str, remove: &[String], set: &[(String, Value)]) -> Step<Outcome> {
    let outcome = planned(&Ini::read(text, dialect), remove, set)?;
    let after = outcome.edits.apply(text);
    match planned(&Ini::read(&after, dialect), remove, set) {
        Ok(again) if again.edits.is_empty() => Ok(outcome),
        _ => Err(Reason::NotProved.at(Pos::START).into()),
    }
}

fn planned(ini: &Ini<'_>, remove: &[String], set: &[(String, Value)]) -> Step<Outcome> {
    ini.vet()?;
    let goes = |own: &Assignment<'_>| {
        remove.iter().any(|name| is_named(own, name)) && !set.iter().any(|(name, _)| is_named(own, name))
    };
    let gone: Vec<Assignment<'_>> = ini.assignments().filter(goes).collect();
    let mut change = Change::default();
    for own in &gone {
        note(&mut change.removed, own.key);
    }
    for (name, value) in set {
        let value = scalar(value)?;
        if !change.replace(ini, name, value)? {
            change.add(ini, &gone, name, value);
        }
    }
    change.finish(ini, &gone)
}

/// What is to change, so far.
#[derive(Default)]
struct Change {
    edits: Vec<Edit>,
    removed: Vec<String>,
    added: Vec<String>,
    /// Lines in the place of the first that goes.
    in_place: Vec<String>,
    /// Lines behind another, with its number.
    behind: Vec<(usize, String)>,
}

impl Change {
    /// Gives the keys that are there another value; whether there was one.
    fn replace(&mut self, ini: &Ini<'_>, name: &str, value: &str) -> Step<bool> {
        let found: Vec<Assignment<'_>> = ini.assignments().filter(|own| is_named(own, name)).collect();
        let differs = |own: &&Assignment<'_>| own.value != value && own.unquoted() != value;
        let other: Vec<Assignment<'_>> = found.iter().filter(differs).copied().collect();
        if ini.extents(&other)?.len() > other.len() {
            return Err(ini.halt(&other[0], KeptReason::Uneditable(Reason::OpaqueValue)));
        }
        for own in &other {
            let (start, end) = ini.value_span(own);
            self.edits.push(Edit::replace(Span::of(start, end), value));
            note(&mut self.added, name);
        }
        Ok(!found.is_empty())
    }

    fn add(&mut self, ini: &Ini<'_>, gone: &[Assignment<'_>], name: &str, value: &str) {
        let in_section = ini
            .sections()
            .filter_map(|section| Some((section, name.strip_prefix(section)?.strip_prefix('.')?)))
            .max_by_key(|(section, _)| section.len());
        let written = |key: &str| match gone.first().copied().or_else(|| ini.assignments().next_back()) {
            Some(model) => model.like(key, value),
            None => format!("{key} = {value}"),
        };
        match (in_section, gone.first()) {
            (Some((section, key)), _) => {
                let line = ini.last_line(section).unwrap_or_default();
                self.behind.push((line, written(key)));
            }
            (None, Some(_)) => self.in_place.push(written(name)),
            (None, None) if ini.sections().count() <= 1 => {
                let line = ini.last_line("").unwrap_or_default();
                self.behind.push((line, written(name)));
            }
            _ => return,
        }
        note(&mut self.added, name);
    }

    fn finish(mut self, ini: &Ini<'_>, gone: &[Assignment<'_>]) -> Step<Outcome> {
        let newline = ini.newline();
        let mut lines = ini.extents(gone)?;
        if let (Some(first), false) = (gone.first(), self.in_place.is_empty()) {
            let (start, end, _) = ini.bytes(first.line);
            lines.retain(|line| *line != first.line);
            self.edits
                .push(Edit::replace(Span::of(start, end), self.in_place.join(newline)));
        }
        self.behind.sort_by_key(|(line, _)| *line);
        for group in self.behind.chunk_by(|first, second| first.0 == second.0) {
            let (start, end, _) = ini.bytes(group[0].0);
            let new: Vec<&str> = group.iter().map(|(_, line)| line.as_str()).collect();
            let new = new.join(newline);
            if let Some(at) = lines.iter().position(|line| *line == group[0].0) {
                lines.remove(at);
                self.edits.push(Edit::replace(Span::of(start, end), new));
            } else if start == end {
                self.edits.push(Edit::insert(end, new));
            } else {
                self.edits.push(Edit::insert(end, format!("{newline}{new}")));
            }
        }
        self.edits.extend(ini.deletions(lines));
        Ok(Outcome {
            edits: Edits::new(self.edits)?,
            removed: self.removed,
            added: self.added,
        })
    }
}

fn is_named(own: &Assignment<'_>, name: &str) -> bool {
    let in_section = || name.strip_prefix(own.section)?.strip_prefix('.');
    own.key == name || (!own.section.is_empty() && in_section() == Some(own.key))
}

/// The text of a value that fits on a line.
fn scalar(value: &Value) -> Step<&str> {
    match value {
        Value::Quoted(text) | Value::Word(text) | Value::Plain(text) if !text.contains(['\n', '\r']) => Ok(text),
        _ => Err(Reason::OpaqueValue.at(Pos::START).into()),
    }
}

#[cfg(test)]
mod tests;
