//! What would change, as a unified diff without a secret value.
//!
//! A document without Secrets is shown line by line as it is written. One with Secrets is shown by its names, and a value
//! of a Secret that changes by the names of the settings in it, so that it can be seen which key leaves which file inside
//! which Secret.
//!
//! Invariant: lines are compared by what they say and shown by what may be shown of it.
//! Invariant: the line numbers are those of the inputs, before and after.

use std::collections::HashMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::manifest::stream::Stream;
use crate::plan::ledger::Ledger;

use self::page::{Line, Page, pages};

mod page;
mod plain;
mod secret;

/// How many lines are shown around those that change.
const CONTEXT: usize = 3;

/// The whole diff between a stream and what it was rewritten to; empty where nothing changes.
#[must_use]
pub fn text(before: &Stream<'_>, after: &Stream<'_>, ledger: &Ledger<'_>) -> String {
    let (olds, news) = (pages(before), pages(after));
    let mut added: HashMap<usize, usize> = HashMap::new();
    for document in ledger.documents() {
        *added.entry(document.before).or_default() += 1;
    }
    let mut text = String::new();
    let (mut olds, mut news) = (olds.iter().enumerate().peekable(), news.iter().peekable());
    for (index, input) in before.inputs().iter().enumerate() {
        let mut hunks = String::new();
        while let Some((sheet, old)) = olds.next_if(|(_, page)| page.input == index) {
            for _ in 0..added.get(&sheet).copied().unwrap_or_default() {
                let new = news.next_if(|page| page.input == index);
                hunks.extend(new.map(|new| hunks_of(&old.empty(), new)));
            }
            let new = news.next_if(|page| page.input == index);
            let changed = new.filter(|_| ledger.drafts().contains_key(&sheet));
            hunks.extend(changed.map(|new| hunks_of(old, new)));
        }
        while news.next_if(|page| page.input == index).is_some() {}
        if !hunks.is_empty() {
            let bold = Style::new().bold();
            let name = input.name();
            // Writing to a String does not fail.
            let _ = write!(text, "{bold}--- {name}{bold:#}\n{bold}+++ {name}{bold:#}\n{hunks}");
        }
    }
    text
}

fn hunks_of(old: &Page<'_>, new: &Page<'_>) -> String {
    let (before, after) = (old.lines(new), new.lines(old));
    let says = |lines: &[Line]| lines.iter().map(|line| line.says.clone()).collect::<Vec<_>>();
    let operations = capture_diff_slices(Algorithm::Myers, &says(&before), &says(&after));
    let groups = group_diff_ops(operations, CONTEXT);
    let hunks = groups.iter().map(|group| {
        let hunk = Hunk {
            old,
            new,
            before: &before,
            after: &after,
            group,
        };
        hunk.text()
    });
    hunks.collect()
}

/// Lines that change, and those around them.
struct Hunk<'h, 'd> {
    old: &'h Page<'d>,
    new: &'h Page<'d>,
    before: &'h [Line],
    after: &'h [Line],
    group: &'h [DiffOp],
}

impl Hunk<'_, '_> {
    fn text(&self) -> String {
        let mut text = self.head();
        for operation in self.group {
            let (old, new) = (&self.before[operation.old_range()], &self.after[operation.new_range()]);
            if let DiffOp::Equal { .. } = operation {
                text.extend(new.iter().map(kept));
            } else {
                text.extend(old.iter().map(removed));
                text.extend(new.iter().map(added));
            }
        }
        text
    }

    /// `@@ -3,7 +3,6 @@ Secret gitlab/storage: config`.
    fn head(&self) -> String {
        let (Some(first), Some(last)) = (self.group.first(), self.group.last()) else {
            return String::new();
        };
        let old = range(self.before, first.old_range().start, last.old_range().end, self.old);
        let new = range(self.after, first.new_range().start, last.new_range().end, self.new);
        let changes = self
            .group
            .iter()
            .filter(|operation| !matches!(operation, DiffOp::Equal { .. }));
        let place = changes.map(|change| self.place(change)).next().unwrap_or_default();
        let cyan = AnsiColor::Cyan.on_default();
        format!("{cyan}@@ -{old} +{new} @@{cyan:#} {place}\n")
    }

    /// The object that a change is in, and the value where it is in one.
    fn place(&self, change: &DiffOp) -> String {
        let (page, line) = match self.before.get(change.old_range()) {
            Some([line, ..]) => (self.old, Some(line)),
            _ => (self.new, self.after.get(change.new_range().start)),
        };
        let Some(line) = line else { return String::new() };
        let object = page.object_at(line.number).unwrap_or_default();
        let inside = line.inside.as_ref();
        object + &inside.map_or_else(String::new, |value| format!(": {value}"))
    }
}

/// Where lines begin, and how many they are; of none, the line before them, as `diff -u` has it.
fn range(lines: &[Line], start: usize, end: usize, page: &Page<'_>) -> String {
    let number = match lines.get(start) {
        Some(line) if start < end => line.number,
        _ => page.line_before(),
    };
    format!("{number},{}", end - start)
}

fn kept(line: &Line) -> String {
    format!(" {}\n", line.shown_as("(kept)"))
}

fn removed(line: &Line) -> String {
    let red = AnsiColor::Red.on_default();
    format!("{red}-{}{red:#}\n", line.shown_as("(removed)"))
}

fn added(line: &Line) -> String {
    let green = AnsiColor::Green.on_default();
    format!("{green}+{}{green:#}\n", line.shown_as("(added)"))
}
