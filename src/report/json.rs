//! The report of a run, as JSON: for CI, and for callers that throw standard error away.
//!
//! Invariant: [`VERSION`] names what the fields mean; a field once published keeps its meaning.
//! Invariant: no value of a Secret is in it; changes and findings have none.

mod shape;

use serde_json::Value;

use crate::plan::finding::{Change, Finding};
use crate::plan::roster::Entry;
use crate::policy::schema::derived;

use shape::{Policy, Report, Status, Tool, Totals};

/// The name and version of the report's shape.
pub const VERSION: &str = "iam-roles/report/v1";

/// What a run has to show.
#[derive(Clone, Default, Debug)]
pub struct Shown<'r> {
    /// Where the policy was found; none for a run without one.
    pub policy: Option<&'r str>,
    /// Whether nothing forbids a result.
    pub passed: bool,
    /// Why there was not even a plan, where no finding says it: a wrong policy, a file that is not there.
    pub reason: Option<String>,
    /// Who has which role.
    pub roster: &'r [Entry],
    /// What was changed, or would be.
    pub changes: &'r [Change],
    /// What was found.
    pub findings: &'r [Finding],
}

/// The report's text, with a line break at its end.
#[must_use]
pub fn report(shown: &Shown<'_>) -> String {
    let report = Report {
        schema: VERSION,
        tool: Tool::THIS,
        policy: shown.policy.map(Policy::of),
        status: if shown.passed { Status::Passed } else { Status::Refused },
        reason: shown.reason.as_deref(),
        components: shown.roster.iter().map(Into::into).collect(),
        changes: shown.changes.iter().map(Into::into).collect(),
        findings: shown.findings.iter().map(Into::into).collect(),
        totals: Totals::of(shown.changes, shown.findings),
    };
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

/// The JSON Schema of the report, draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    derived::<Report<'_>>()
}
