//! Findings as workflow commands of GitHub Actions, which shows them beside the lines they are about.

use std::fmt::Write as _;

use crate::plan::finding::Finding;
use crate::policy::catalogue::Severity;

/// One command a finding.
#[must_use]
pub fn commands(findings: &[Finding]) -> String {
    findings.iter().map(command).collect()
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut command = format!("::{name} title={}", property(finding.id.as_str()));
    if let Some(location) = &finding.location {
        let place = location.place;
        // Writing to a String does not fail.
        let _ = write!(
            command,
            ",file={},line={},col={}",
            property(&location.name),
            place.line,
            place.column
        );
    }
    let object = finding.object.as_ref();
    let object = object.map_or_else(String::new, |object| format!("{object}: "));
    let text = format!("{object}{}; {}", finding.message, finding.remedy);
    format!("{command}::{}\n", data(&text))
}

/// What `@actions/core` escapes in a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it escapes in a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
