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
pub fn lines(input: &str, ledger: &Ledger<'_>, verdict: Verdict) -> Vec<String> {
    let mut lines = Vec::new();
    if verdict == Verdict::Written {
        lines.extend(ledger.changes().iter().map(|change| changed(input, change)));
    }
    lines.extend(findings(input, ledger, Severity::Note));
    lines.push(total(ledger, verdict));
    lines
}

/// The findings as grave as `bound` or graver, a line each, the gravest first.
#[must_use]
pub fn findings(input: &str, ledger: &Ledger<'_>, bound: Severity) -> Vec<String> {
    let mut findings: Vec<&Finding> = ledger
        .findings()
        .iter()
        .filter(|finding| finding.severity >= bound)
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.into_iter().map(|finding| found(input, finding)).collect()
}

/// `error`, styled.
#[must_use]
pub fn label(severity: Severity) -> String {
    let style = style(severity);
    format!("{style}{severity}{style:#}")
}

fn changed(input: &str, change: &Change) -> String {
    format!("{input}:{}: {}: {}", change.place, change.object, change.what)
}

fn found(input: &str, finding: &Finding) -> String {
    let style = style(finding.severity);
    let place = finding
        .place
        .map_or_else(String::new, |place| format!("{input}:{place}: "));
    let object = finding
        .object
        .as_ref()
        .map_or_else(String::new, |object| format!("{object}: "));
    let Finding {
        severity,
        id,
        message,
        remedy,
        ..
    } = finding;
    format!("{style}{severity}[{id}]{style:#}: {place}{object}{message}; {remedy}")
}

fn total(ledger: &Ledger<'_>, verdict: Verdict) -> String {
    let count = |severity| {
        ledger
            .findings()
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let found = format!(
        "{}, {}, {}",
        Counted(count(Severity::Error), "error"),
        Counted(count(Severity::Warning), "warning"),
        Counted(count(Severity::Note), "note"),
    );
    match verdict {
        Verdict::Written => format!("iam-roles: {}; {found}", Counted(ledger.changes().len(), "change")),
        Verdict::Refused => format!("iam-roles: refused, nothing written; {found}"),
    }
}

/// `1 change`, `2 changes`.
struct Counted(usize, &'static str);

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
