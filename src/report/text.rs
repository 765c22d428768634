//! What a person sees on stderr: one line a change, one a finding, and one in total.
//!
//! Invariant: every line stands alone: place first, then the object, then what is so, then what to do.

use std::fmt;

use anstyle::{AnsiColor, Style};

use crate::plan::finding::{Change, Finding};
use crate::plan::ledger::Ledger;
use crate::policy::catalogue::Severity;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The result was written.
    Written,
    /// Nothing was written.
    Refused,
}

/// Everything there is to say about a run, a line each; styled, for a stream that strips styles where they do not belong.
#[must_use]
pub fn lines(ledger: &Ledger<'_>, verdict: Verdict) -> Vec<String> {
    let mut lines = Vec::new();
    if verdict == Verdict::Written {
        lines.extend(ledger.changes().iter().map(changed));
    }
    lines.extend(findings_and_total(ledger, verdict));
    lines
}

/// The same without the changes, where they are shown in another way.
#[must_use]
pub fn findings_and_total(ledger: &Ledger<'_>, verdict: Verdict) -> Vec<String> {
    let mut lines = findings(ledger, Severity::Note);
    lines.push(total(ledger, verdict));
    lines
}

/// The findings as grave as `bound` or graver, a line each, the gravest first.
#[must_use]
pub fn findings(ledger: &Ledger<'_>, bound: Severity) -> Vec<String> {
    let mut findings: Vec<&Finding> = ledger
        .findings()
        .iter()
        .filter(|finding| finding.severity >= bound)
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.into_iter().map(found).collect()
}

/// `error`, styled.
#[must_use]
pub fn label(severity: Severity) -> String {
    let style = style(severity);
    format!("{style}{severity}{style:#}")
}

fn changed(change: &Change) -> String {
    visible(&format!("{}: {}: {}", change.location, change.object, change.what))
}

/// One finding, whole: `error[unreadable-input]: stdin:1:5: …; …`.
#[must_use]
pub fn found(finding: &Finding) -> String {
    let place = finding
        .location
        .as_ref()
        .map_or_else(String::new, |location| format!("{location}: "));
    let object = finding
        .object
        .as_ref()
        .map_or_else(String::new, |object| format!("{object}: "));
    let Finding { message, remedy, .. } = finding;
    let said = visible(&format!("{place}{object}{message}; {remedy}"));
    format!("{}: {said}", tag(finding))
}

/// A text on one line, as it is: names come from the stream, and a control character in one could begin a line of its
/// own, or tell a terminal what to do.
pub(super) fn visible(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\t', "\u{fffd}")
}

/// `error[no-service-account]`, styled.
pub(super) fn tag(finding: &Finding) -> String {
    let style = style(finding.severity);
    format!("{style}{}[{}]{style:#}", finding.severity, finding.id)
}

/// How many of each severity.
pub(super) fn counts(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    format!(
        "{}, {}, {}",
        Counted(count(Severity::Error), "error"),
        Counted(count(Severity::Warning), "warning"),
        Counted(count(Severity::Note), "note"),
    )
}

fn total(ledger: &Ledger<'_>, verdict: Verdict) -> String {
    let found = counts(ledger.findings());
    match verdict {
        Verdict::Written => format!("iam-roles: {}; {found}", Counted(ledger.changes().len(), "change")),
        Verdict::Refused => format!("iam-roles: refused, nothing written; {found}"),
    }
}

/// `1 change`, `2 changes`.
pub(super) struct Counted(pub(super) usize, pub(super) &'static str);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Cyan.on_default(),
    }
}
