//! The fields of the report. What stands here is what its JSON Schema says.

use schemars::JsonSchema;
use serde::Serialize;

use crate::manifest::object::Reference;
use crate::manifest::stream::Location;
use crate::plan::finding::{self, Finding};
use crate::plan::roster::{self, Entry};
use crate::policy::catalogue::Severity;

/// What one run of iam-roles saw and did. Written on refusal, too; no value of a Secret is in it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report<'r> {
    /// The name and version of this shape.
    #[schemars(extend("const" = super::VERSION))]
    pub(super) schema: &'static str,
    /// What wrote it.
    pub(super) tool: Tool,
    /// The policy of the run; null without one, and where it was not reached.
    pub(super) policy: Option<Policy<'r>>,
    /// How the run ended.
    pub(super) status: Status,
    /// Why there was not even a plan, where no finding says it: a wrong policy, a file that is not there.
    pub(super) reason: Option<&'r str>,
    /// The components, and whether each uses its role.
    pub(super) components: Vec<Component<'r>>,
    /// What was changed, or would be.
    pub(super) changes: Vec<Change<'r>>,
    /// What there is to know, each with its remedy.
    pub(super) findings: Vec<Found<'r>>,
    /// How many of each.
    pub(super) totals: Totals,
}

/// A program.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

impl Tool {
    /// This program.
    pub(super) const THIS: Self = Self {
        name: "iam-roles",
        version: env!("CARGO_PKG_VERSION"),
    };
}

/// A policy.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Policy<'r> {
    /// Where it was found.
    file: &'r str,
    /// The version of its language.
    api_version: &'static str,
}

impl<'r> Policy<'r> {
    /// The policy of a file.
    pub(super) fn of(file: &'r str) -> Self {
        Self {
            file,
            api_version: "iam-roles/v1alpha1",
        }
    }
}

/// How a run ended.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// Nothing forbids a result.
    Passed,
    /// No result was written.
    Refused,
}

/// A component, and whether it uses its role.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Component<'r> {
    /// Its name in the policy or the preset.
    name: &'r str,
    /// The workloads that are it.
    workloads: Vec<Object<'r>>,
    /// The names of the accounts that they run as.
    service_accounts: &'r [String],
    /// Its role, whole where the account is known.
    role: Option<&'r str>,
    /// Where it reads its storage settings.
    secrets: Vec<Secret<'r>>,
    /// Whether it will use the role.
    #[schemars(extend("enum" = ["yes", "perhaps", "no", "no role"]))]
    uses_its_role: &'static str,
    /// The ids of the findings that say why not.
    because: Vec<&'static str>,
}

impl<'r> From<&'r Entry> for Component<'r> {
    fn from(entry: &'r Entry) -> Self {
        Self {
            name: &entry.name,
            workloads: entry.workloads.iter().map(Into::into).collect(),
            service_accounts: &entry.accounts,
            role: entry.role.as_deref(),
            secrets: entry
                .secrets
                .iter()
                .map(|(name, keys)| Secret::of(name, *keys))
                .collect(),
            uses_its_role: entry.verdict.as_str(),
            because: entry.verdict.because().iter().map(|id| id.as_str()).collect(),
        }
    }
}

/// A Secret that a component reads.
#[derive(Serialize, JsonSchema)]
struct Secret<'r> {
    /// Its name.
    name: &'r str,
    /// What becomes of the static keys in it.
    keys: Keys,
}

impl<'r> Secret<'r> {
    fn of(name: &'r str, keys: roster::Keys) -> Self {
        let keys = match keys {
            roster::Keys::Removed => Keys::Removed,
            roster::Keys::None => Keys::None,
            roster::Keys::Stay => Keys::Stay,
            roster::Keys::Unseen => Keys::Unseen,
        };
        Self { name, keys }
    }
}

/// What becomes of static keys.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Keys {
    /// They go.
    Removed,
    /// There are none.
    None,
    /// They stay; a finding says why.
    Stay,
    /// The Secret is not in the stream.
    Unseen,
}

/// A Kubernetes object.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Object<'r> {
    /// Its group and version.
    api_version: &'r str,
    /// Its kind.
    kind: &'r str,
    /// Its namespace; null where it names none.
    namespace: Option<&'r str>,
    /// Its name.
    name: &'r str,
}

impl<'r> From<&'r Reference> for Object<'r> {
    fn from(reference: &'r Reference) -> Self {
        Self {
            api_version: &reference.api_version,
            kind: &reference.kind,
            namespace: reference.namespace.as_deref(),
            name: &reference.name,
        }
    }
}

/// A place in the inputs.
#[derive(Serialize, JsonSchema)]
struct At<'r> {
    /// The file, or `stdin`.
    file: &'r str,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
}

impl<'r> From<&'r Location> for At<'r> {
    fn from(location: &'r Location) -> Self {
        Self {
            file: &location.name,
            line: location.place.line,
            column: location.place.column,
        }
    }
}

/// A change.
#[derive(Serialize, JsonSchema)]
pub(super) struct Change<'r> {
    /// In which object.
    object: Object<'r>,
    /// Where.
    at: At<'r>,
    /// What was done, in a few words.
    what: &'r str,
}

impl<'r> From<&'r finding::Change> for Change<'r> {
    fn from(change: &'r finding::Change) -> Self {
        Self {
            object: (&change.object).into(),
            at: (&change.location).into(),
            what: &change.what,
        }
    }
}

/// A finding.
#[derive(Serialize, JsonSchema)]
pub(super) struct Found<'r> {
    /// Which one of `iam-roles check --list`.
    id: &'static str,
    /// How grave it is here; a note where the policy allows it.
    #[schemars(extend("enum" = ["error", "warning", "note"]))]
    severity: &'static str,
    /// The object it is about.
    object: Option<Object<'r>>,
    /// The component it is about, where there is no object to name.
    component: Option<&'r str>,
    /// Where.
    at: Option<At<'r>>,
    /// What is so.
    message: &'r str,
    /// What to do.
    remedy: &'r str,
}

impl<'r> From<&'r Finding> for Found<'r> {
    fn from(finding: &'r Finding) -> Self {
        Self {
            id: finding.id.as_str(),
            severity: finding.severity.as_str(),
            object: finding.object.as_ref().map(Into::into),
            component: finding.component.as_deref(),
            at: finding.location.as_ref().map(Into::into),
            message: &finding.message,
            remedy: &finding.remedy,
        }
    }
}

/// How many of each.
#[derive(Serialize, JsonSchema)]
pub(super) struct Totals {
    changes: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

impl Totals {
    /// The totals of a run.
    pub(super) fn of(changes: &[finding::Change], findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            changes: changes.len(),
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
        }
    }
}
