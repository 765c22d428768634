//! What `diff` shows: every change, and no value of a Secret. That no secret is told is looked after in
//! [`crate::support::command`].

use std::fs;

use crate::support::{Run, command, golden, path, policy};

#[track_caller]
fn diff(policy_text: &str, arguments: &[&str], input: &str) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("iam-roles.yaml"), policy_text).expect("a policy file");
    command(folder.path(), &[&["diff"], arguments].concat(), input.as_bytes())
}

#[test]
fn a_release_is_shown_with_its_keys_leaving() {
    let read = |name: &str| fs::read_to_string(path(name)).expect("a file of the project");
    let run = diff(
        &read("testdata/gitlab/policy.yaml"),
        &["--quiet"],
        &read("testdata/gitlab/stream.yaml"),
    );
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    golden("testdata/diff/gitlab.txt", run.text());
}

#[test]
fn every_case_shows_its_changes_exactly_when_it_has_some() {
    for (name, case) in crate::given::cases() {
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let filter = crate::support::run(&case.policy, &arguments, case.input.as_bytes());
        let run = diff(&case.policy, &arguments, &case.input);
        assert_eq!(run.code, filter.code, "{name}: {}", run.stderr);
        let is_changed = filter.code == 0 && filter.stdout != case.input.as_bytes();
        assert_eq!(!run.stdout.is_empty(), is_changed, "{name}: {}", run.text());
    }
}

/// The lines of a plain diff are those of the inputs, so that what a person copies from it is what is there.
#[test]
fn without_secrets_the_lines_are_those_of_the_inputs() {
    let mut seen = 0;
    for (name, case) in crate::given::cases() {
        if case.input.contains("Secret") || case.input.contains('\r') || case.input.contains('\0') {
            continue;
        }
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let after = crate::support::run(&case.policy, &arguments, case.input.as_bytes());
        let run = diff(&case.policy, &arguments, &case.input);
        let (old, new): (Vec<&str>, Vec<&str>) = (case.input.lines().collect(), after.text().lines().collect());
        for hunk in run
            .text()
            .split("\n@@ ")
            .skip(1)
            .filter(|hunk| !hunk.contains("(kept)"))
        {
            let (head, lines) = hunk.split_once('\n').expect("a head");
            let mut ends = head.split_whitespace().take(2).map(begin);
            let (mut at_old, mut at_new) = (ends.next().expect("old"), ends.next().expect("new"));
            for line in lines
                .lines()
                .filter(|line| !line.starts_with("---") && !line.starts_with("+++"))
            {
                let (sign, text) = line.split_at(1);
                if sign != "+" {
                    assert_eq!(old[at_old], text, "{name}: {}", run.text());
                    at_old += 1;
                }
                if sign != "-" {
                    assert_eq!(new[at_new], text, "{name}: {}", run.text());
                    at_new += 1;
                }
                seen += 1;
            }
        }
    }
    assert!(500 < seen, "only {seen} lines were compared");
}

/// `-12,3` as the index of a line; of no line, behind the one that is named.
fn begin(range: &str) -> usize {
    let (line, count) = range[1..].split_once(',').expect("a count");
    let line: usize = line.parse().expect("a line");
    if count == "0" { line } else { line - 1 }
}

const FLAT: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: s # AKIAIOSFODNN7EXAMPLE
  annotations: {note: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
stringData:
  # wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  access: AKIAIOSFODNN7EXAMPLE
  secret: |
    wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
  bucket: mine
strays: {a: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}
";

const NAMED: &str = "secrets: [{name: s, format: yaml, remove: [c.secret]}]\n";

#[test]
fn a_flat_key_leaves_by_name() {
    let flat = policy("secrets: [{name: s, key: access}, {name: s, key: secret}]\n");
    let run = diff(&flat, &[], FLAT);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in [
        "-  access: (removed)",
        "-  secret: (removed)",
        "   bucket: (kept)",
        "@@ Secret s",
    ] {
        assert!(run.text().contains(line), "{line} in\n{}", run.text());
    }
}

#[test]
fn json_in_a_list_is_shown_by_its_names() {
    let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"stringData\": {\"k\": \"{\\\"c\\\": {\\\"id\\\": \\\"AKIAIOSFODNN7EXAMPLE\\\", \\\"secret\\\": \\\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\\"}}\"}}]}\n";
    let run = diff(&policy(NAMED), &[], list);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in ["@@ Secret s: k", "-        secret: (removed)", "         id: (kept)"] {
        assert!(run.text().contains(line), "{line} in\n{}", run.text());
    }
}

#[test]
fn several_files_are_shown_by_their_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let secret =
        |name: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData: {{a: b, c: d}}\n");
    for name in ["s", "t", "u"] {
        fs::write(folder.path().join(format!("{name}.yaml")), secret(name)).expect("a file");
    }
    let rules = policy("secrets: [{name: s, key: a}, {name: u, key: c}]\n");
    fs::write(folder.path().join("p"), rules).expect("a policy");
    let run = command(folder.path(), &["diff", "-p", "p", "s.yaml", "t.yaml", "u.yaml"], b"");
    let heads: Vec<&str> = run.text().lines().filter(|line| line.starts_with("--- ")).collect();
    assert_eq!(heads, ["--- s.yaml", "--- u.yaml"], "{}", run.stderr);
}

#[test]
fn a_terminal_sees_colours() {
    let flat = policy("secrets: [{name: s, key: access}]\n");
    let run = diff(&flat, &["--color", "always"], FLAT);
    assert!(
        run.text().contains("\u{1b}[31m-  access: (removed)\u{1b}[0m"),
        "{}",
        run.text()
    );
}
