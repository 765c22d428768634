//! Findings as SARIF 2.1.0 (OASIS), which code scanning shows.
//!
//! Invariant: a finding keeps its fingerprint when lines move: it is of the id, the object and the message.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::manifest::stream::Location;
use crate::plan::finding::Finding;
use crate::policy::catalogue::{Id, Severity};

/// The whole log, with a line break at its end.
#[must_use]
pub fn log(findings: &[Finding]) -> String {
    let log = json!({
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "iam-roles",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Id::ALL.iter().map(|id| rule(*id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn rule(id: Id) -> Value {
    json!({
        "id": id.as_str(),
        "shortDescription": {"text": id.means()},
        "defaultConfiguration": {"level": level(id.severity())},
    })
}

fn result(finding: &Finding) -> Value {
    let text = format!("{}; {}", finding.message, finding.remedy);
    let rule = Id::ALL.iter().position(|id| *id == finding.id);
    let mut result = json!({
        "ruleId": finding.id.as_str(),
        "ruleIndex": rule,
        "level": level(finding.severity),
        "message": {"text": text},
        "partialFingerprints": {"iamRoles/v1": fingerprint(finding)},
    });
    if let Some(location) = &finding.location {
        result["locations"] = json!([place(location, finding)]);
    }
    result
}

fn place(location: &Location, finding: &Finding) -> Value {
    let mut place = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&location.name)},
            "region": {"startLine": location.place.line, "startColumn": location.place.column},
        },
    });
    if let Some(object) = &finding.object {
        place["logicalLocations"] = json!([{"fullyQualifiedName": object.to_string(), "kind": "object"}]);
    }
    place
}

fn level(severity: Severity) -> &'static str {
    severity.as_str()
}

/// A relative path as a URI reference: every byte that may not stand in one is escaped.
fn uri(path: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    path.bytes().map(escaped).collect()
}

fn fingerprint(finding: &Finding) -> String {
    let object = finding.object.as_ref().map(ToString::to_string);
    let mut digest = Sha256::new();
    for part in [finding.id.as_str(), &object.unwrap_or_default(), &finding.message] {
        digest.update(part);
        digest.update([0]);
    }
    let bytes = digest.finalize();
    let mut text = String::with_capacity(32);
    for byte in bytes.iter().take(16) {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
