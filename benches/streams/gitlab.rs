//! GitLab, any number of times beside itself.
//!
//! What real clients hand over is not part of the project; a stream of the test's own chart stands in where it is absent.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Stream;

const COMPONENTS: [(&str, &str); 4] = [
    ("registry", "gitlab-registry"),
    ("webservice", "gitlab-rails"),
    ("sidekiq", "gitlab-rails"),
    ("toolbox", "gitlab-backup"),
];

/// The stream of the chart in `testdata`.
pub(crate) fn small(count: usize) -> Result<Stream, String> {
    copies("testdata/gitlab/stream.yaml", count, policy(str::to_owned))
}

/// The chart with its `ServiceAccount`s, as Helm 3 hands it over.
pub(crate) fn helm3(count: usize) -> Result<Stream, String> {
    copies("../shared/corpora/gitlab-sa.helm3.yaml", count, policy(str::to_owned))
}

/// The chart without `ServiceAccount`s, as Helm 4 hands it over; they are created.
pub(crate) fn helm4(count: usize) -> Result<Stream, String> {
    let created = |role: &str| format!("{{role: {role}, serviceAccount: {{create: {role}}}}}");
    copies("../shared/corpora/gitlab-keys.helm4.yaml", count, policy(created))
}

fn policy(given: impl Fn(&str) -> String) -> String {
    let head =
        "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\npreset: gitlab\naccount: \"111122223333\"\ncomponents:\n";
    let line = |(component, role): &(&str, &str)| format!("  {component}: {}\n", given(role));
    head.to_owned() + &COMPONENTS.iter().map(line).collect::<String>()
}

fn copies(path: &str, count: usize, policy: String) -> Result<Stream, String> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(whole).map_err(|error| format!("{path}: {error}"))?;
    if count == 1 {
        return Ok(Stream {
            manifests: text,
            policy,
        });
    }
    let pieces = pieces(&text);
    let separator = if text.starts_with("---") { "" } else { "---\n" };
    let mut manifests = String::with_capacity((text.len() + text.len() / 32) * count);
    for copy in 1..=count {
        manifests.push_str(separator);
        for (index, piece) in pieces.iter().enumerate() {
            if index > 0 {
                let _ = write!(manifests, "-{copy}");
            }
            manifests.push_str(piece);
        }
    }
    Ok(Stream { manifests, policy })
}

/// The text, cut behind every name of an object, so that each copy can have names of its own.
fn pieces(text: &str) -> Vec<&str> {
    let names = names(text);
    let mut pieces = Vec::new();
    let mut begun = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = named(line).filter(|name| names.contains(name)) {
            let end = at + line.rfind(name).map_or(0, |start| start + name.len());
            pieces.push(&text[begun..end]);
            begun = end;
        }
        at += line.len();
    }
    pieces.push(&text[begun..]);
    pieces
}

/// The names that the stream's objects have.
fn names(text: &str) -> BTreeSet<&str> {
    let mut is_metadata = false;
    let mut names = BTreeSet::new();
    for line in text.lines() {
        if !line.starts_with(' ') {
            is_metadata = line.trim_end() == "metadata:";
        } else if is_metadata && line.starts_with("  name: ") {
            names.extend(named(line));
        }
    }
    names
}

/// What a line names: an object, or one that another uses.
fn named(line: &str) -> Option<&str> {
    let (key, value) = line.trim_start().trim_start_matches("- ").split_once(": ")?;
    let value = value.trim();
    let value = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(value);
    ["name", "secretName", "serviceAccountName"]
        .contains(&key)
        .then_some(value)
}
