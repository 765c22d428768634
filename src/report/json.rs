//! The report of a run, as JSON: for CI, and for callers that throw standard error away.
//!
//! Invariant: [`SCHEMA`] names what the fields mean; a field once published keeps its meaning.
//! Invariant: no value of a Secret is in it; changes and findings have none.

use serde::Serialize;

use crate::manifest::object::Reference;
use crate::manifest::stream::Location;
use crate::plan::finding::{Change, Finding};
use crate::plan::roster::{Entry, Keys};
use crate::policy::catalogue::Severity;

/// The name and version of the report's shape.
pub const SCHEMA: &str = "iam-roles/report/v1";

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
    let count = |severity| {
        let mut found = 0;
        for finding in shown.findings {
            found += usize::from(finding.severity == severity);
        }
        found
    };
    let report = Report {
        schema: SCHEMA,
        tool: Tool {
            name: "iam-roles",
            version: env!("CARGO_PKG_VERSION"),
        },
        policy: shown.policy.map(|file| Policy {
            file,
            api_version: "iam-roles/v1alpha1",
        }),
        status: if shown.passed { "passed" } else { "refused" },
        reason: shown.reason.as_deref(),
        components: shown.roster.iter().map(Component::of).collect(),
        changes: shown.changes.iter().map(Changed::of).collect(),
        findings: shown.findings.iter().map(Found::of).collect(),
        totals: Totals {
            changes: shown.changes.len(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        },
    };
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'r> {
    schema: &'static str,
    tool: Tool,
    policy: Option<Policy<'r>>,
    status: &'static str,
    reason: Option<&'r str>,
    components: Vec<Component<'r>>,
    changes: Vec<Changed<'r>>,
    findings: Vec<Found<'r>>,
    totals: Totals,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy<'r> {
    file: &'r str,
    api_version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'r> {
    name: &'r str,
    workloads: Vec<Object<'r>>,
    service_accounts: &'r [String],
    role: Option<&'r str>,
    secrets: Vec<Secret<'r>>,
    uses_its_role: &'static str,
    because: Vec<&'static str>,
}

impl<'r> Component<'r> {
    fn of(entry: &'r Entry) -> Self {
        let secrets = entry.secrets.iter().map(|(name, keys)| Secret {
            name,
            keys: match keys {
                Keys::Removed => "removed",
                Keys::None => "none",
                Keys::Stay => "stay",
                Keys::Unseen => "unseen",
            },
        });
        Self {
            name: &entry.name,
            workloads: entry.workloads.iter().map(Object::of).collect(),
            service_accounts: &entry.accounts,
            role: entry.role.as_deref(),
            secrets: secrets.collect(),
            uses_its_role: entry.verdict.as_str(),
            because: entry.verdict.because().iter().map(|id| id.as_str()).collect(),
        }
    }
}

#[derive(Serialize)]
struct Secret<'r> {
    name: &'r str,
    keys: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    namespace: Option<&'r str>,
    name: &'r str,
}

impl<'r> Object<'r> {
    fn of(reference: &'r Reference) -> Self {
        Self {
            api_version: &reference.api_version,
            kind: &reference.kind,
            namespace: reference.namespace.as_deref(),
            name: &reference.name,
        }
    }
}

/// A place: file, line and column, both from 1, the column in characters.
#[derive(Serialize)]
struct At<'r> {
    file: &'r str,
    line: usize,
    column: usize,
}

impl<'r> At<'r> {
    fn of(location: &'r Location) -> Self {
        Self {
            file: &location.name,
            line: location.place.line,
            column: location.place.column,
        }
    }
}

#[derive(Serialize)]
struct Changed<'r> {
    object: Object<'r>,
    at: At<'r>,
    what: &'r str,
}

impl<'r> Changed<'r> {
    fn of(change: &'r Change) -> Self {
        Self {
            object: Object::of(&change.object),
            at: At::of(&change.location),
            what: &change.what,
        }
    }
}

#[derive(Serialize)]
struct Found<'r> {
    id: &'static str,
    severity: &'static str,
    object: Option<Object<'r>>,
    component: Option<&'r str>,
    at: Option<At<'r>>,
    message: &'r str,
    remedy: &'r str,
}

impl<'r> Found<'r> {
    fn of(finding: &'r Finding) -> Self {
        Self {
            id: finding.id.as_str(),
            severity: finding.severity.as_str(),
            object: finding.object.as_ref().map(Object::of),
            component: finding.component.as_deref(),
            at: finding.location.as_ref().map(At::of),
            message: &finding.message,
            remedy: &finding.remedy,
        }
    }
}

#[derive(Serialize)]
struct Totals {
    changes: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}
