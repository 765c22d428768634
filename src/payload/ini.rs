//! INI and env files, line by line.
//!
//! Invariant: lines cover the text; removing some leaves every other byte, and no final line break where none was.

use super::assignment::{Assignment, Dialect, assignment, indent, section_name};
use super::guard;
use super::verdict::{Halt, KeptReason, Step, Unreadable};
use crate::yaml::edit::{Edit, Edits};
use crate::yaml::refusal::Reason;
use crate::yaml::source::Pos;

/// A text and its lines.
pub(super) struct Ini<'t> {
    text: &'t str,
    dialect: Dialect,
    lines: Vec<Line<'t>>,
}

struct Line<'t> {
    start: usize,
    /// Behind the content, before the line break.
    content_end: usize,
    /// Behind the line break.
    end: usize,
    kind: Kind<'t>,
}

impl Line<'_> {
    fn has_content(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Comment)
    }
}

enum Kind<'t> {
    Blank,
    Comment,
    Section(&'t str),
    Assignment(Assignment<'t>),
    Other,
}

impl<'t> Ini<'t> {
    /// Reads a text; every text has lines.
    pub(super) fn read(text: &'t str, dialect: Dialect) -> Self {
        let mut lines = Vec::new();
        let (mut section, mut open) = ("", None);
        for (start, whole) in guard::lines(text) {
            let line = whole.trim_end_matches(['\n', '\r']);
            let kind = match assignment(line, dialect) {
                _ if line.trim().is_empty() => Kind::Blank,
                _ if line.trim_start().starts_with(['#', ';']) => Kind::Comment,
                _ if section_name(line).is_some() => {
                    section = section_name(line).unwrap_or_default();
                    Kind::Section(section)
                }
                Some(found) => Kind::Assignment(Assignment {
                    line: lines.len(),
                    section,
                    is_in_quotes: open.is_some(),
                    ..found
                }),
                None => Kind::Other,
            };
            open = still_open(open, line, &kind);
            lines.push(Line {
                start,
                content_end: start + line.len(),
                end: start + whole.len(),
                kind,
            });
        }
        Self { text, dialect, lines }
    }

    /// Whether sections, comments and blanks are all there is.
    pub(super) fn is_bare(&self) -> bool {
        let is_content = |line: &Line<'_>| matches!(line.kind, Kind::Assignment(_) | Kind::Other);
        !self.lines.iter().any(is_content)
    }

    /// Refuses JSON, whose lines look like assignments.
    pub(super) fn vet(&self) -> Step<()> {
        let mut contents = self.lines.iter().enumerate().filter(|(_, line)| line.has_content());
        match contents.next() {
            Some((first, _)) if self.content(first).trim_start().starts_with('{') => Err(self.other(first)),
            _ => Ok(()),
        }
    }

    /// Refuses a text that has content and yet neither a section nor an assignment beside those that go.
    pub(super) fn vet_shape(&self, goes: &[Assignment<'_>]) -> Step<()> {
        self.vet()?;
        let has_shape = self.sections().next().is_some() || self.assignments().count() > goes.len();
        let is_other = |line: &Line<'_>| matches!(line.kind, Kind::Other);
        match self.lines.iter().position(is_other) {
            Some(first) if !has_shape && self.extents(goes).is_ok_and(|gone| !gone.contains(&first)) => {
                Err(self.other(first))
            }
            _ => Ok(()),
        }
    }

    fn other(&self, line: usize) -> Halt {
        match guard::template(self.text) {
            Some(pos) => KeptReason::Template.at(pos, ""),
            None => Unreadable::NotTheFormat {
                pos: Pos::new(self.lines[line].start),
            }
            .into(),
        }
    }

    /// Whether every line is a section, an assignment, a comment or blank.
    pub(super) fn is_regular(&self) -> bool {
        !self.lines.iter().any(|line| matches!(line.kind, Kind::Other))
    }

    pub(super) fn assignments(&self) -> impl DoubleEndedIterator<Item = Assignment<'t>> {
        self.lines.iter().filter_map(|line| match line.kind {
            Kind::Assignment(assignment) => Some(assignment),
            _ => None,
        })
    }

    /// The names of the sections, in order.
    pub(super) fn sections(&self) -> impl Iterator<Item = &'t str> {
        self.lines.iter().filter_map(|line| match line.kind {
            Kind::Section(name) => Some(name),
            _ => None,
        })
    }

    /// The last line of a section that has content: its header at least. For the empty name, of the whole text.
    pub(super) fn last_line(&self, section: &str) -> Option<usize> {
        let mut current = "";
        let mut last = None;
        for (index, line) in self.lines.iter().enumerate() {
            if let Kind::Section(name) = line.kind {
                current = name;
            }
            if line.has_content() && (section.is_empty() || current == section) {
                last = Some(index);
            }
        }
        last
    }

    /// Where a line begins, ends without its break, and ends.
    pub(super) fn bytes(&self, line: usize) -> (usize, usize, usize) {
        let line = &self.lines[line];
        (line.start, line.content_end, line.end)
    }

    /// The line break in use.
    pub(super) fn newline(&self) -> &'t str {
        let first = self.lines.iter().find(|line| line.content_end < line.end);
        first
            .and_then(|line| self.text.get(line.content_end..line.end))
            .unwrap_or("\n")
    }

    /// Where an assignment's key is, to refuse it by.
    pub(super) fn halt(&self, assignment: &Assignment<'_>, reason: KeptReason) -> Halt {
        let start = self.lines[assignment.line].start + assignment.before.len();
        reason.at(Pos::new(start), assignment.key)
    }

    /// Where an assignment's value is, in bytes.
    pub(super) fn value_span(&self, assignment: &Assignment<'_>) -> (usize, usize) {
        let key = self.lines[assignment.line].start + assignment.before.len() + assignment.key.len();
        let start = key + assignment.between.len();
        (start, start + assignment.value.len())
    }

    /// The lines of these assignments, with those their values go on in.
    pub(super) fn extents(&self, assignments: &[Assignment<'_>]) -> Step<Vec<usize>> {
        let mut goes = vec![false; self.lines.len()];
        for assignment in assignments {
            goes[assignment.line] = true;
        }
        let mut extents = Vec::new();
        for assignment in assignments {
            if self.dialect == Dialect::Any && !assignment.is_on_one_line() {
                return Err(self.halt(assignment, KeptReason::Uneditable(Reason::OpaqueValue)));
            }
            extents.push(assignment.line);
            extents.extend(self.continuation(assignment, &goes)?);
        }
        Ok(extents)
    }

    /// The deeper lines behind an assignment, up to the next that goes by itself.
    fn continuation(&self, assignment: &Assignment<'_>, goes: &[bool]) -> Step<Vec<usize>> {
        let mut found = Vec::new();
        if self.dialect == Dialect::S3cmd {
            return Ok(found);
        }
        let own = indent(self.content(assignment.line));
        for (index, line) in self.lines.iter().enumerate().skip(assignment.line + 1) {
            let is_deeper = indent(self.content(index)) > own;
            match line.kind {
                Kind::Other if is_deeper => found.push(index),
                // Python takes it for a part of the value, Go for a setting.
                Kind::Assignment(_) if is_deeper && !goes[index] => {
                    return Err(self.halt(assignment, KeptReason::Uneditable(Reason::OpaqueValue)));
                }
                _ => break,
            }
        }
        Ok(found)
    }

    fn content(&self, line: usize) -> &'t str {
        let line = &self.lines[line];
        self.text.get(line.start..line.content_end).unwrap_or_default()
    }

    /// Edits that take whole lines away, in any order given.
    pub(super) fn deletions(&self, mut lines: Vec<usize>) -> Vec<Edit> {
        lines.sort_unstable();
        lines.dedup();
        let ends_bare = !self.text.ends_with(['\n', '\r']);
        let mut edits = Vec::new();
        for run in lines.chunk_by(|first, second| first + 1 == *second) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            let (mut start, end) = (self.lines[*first].start, self.lines[*last].end);
            if ends_bare && end == self.text.len() && *first > 0 {
                start = self.lines[*first - 1].content_end;
            }
            edits.push(Edit::delete(start, end));
        }
        edits
    }

    /// The edits that take these assignments away.
    pub(super) fn without(&self, assignments: &[Assignment<'_>]) -> Step<Edits> {
        Ok(Edits::new(self.deletions(self.extents(assignments)?))?)
    }
}

/// The quote that is open behind a line.
fn still_open(open: Option<char>, line: &str, kind: &Kind<'_>) -> Option<char> {
    match (open, kind) {
        (Some(quote), _) => (!line.contains(quote)).then_some(quote),
        (None, Kind::Assignment(assignment)) => assignment.open_quote(),
        _ => None,
    }
}
