//! What cannot be read: one clear line with its place and what to do, the right status, and nothing written.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::keys::READER;
use crate::shapes::{EXTERNAL, KUBE2IAM};
use crate::support::{command, policy, run};

/// A manifest that carries secrets, in front of what is wrong.
const SECRET: &str = "apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  config: AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
---
";

/// The input is refused with one line that begins with this place and holds these words.
#[track_caller]
fn input(bad: impl AsRef<[u8]>, place: &str, words: &[&str]) {
    let input = [SECRET.as_bytes(), bad.as_ref()].concat();
    let run = run(&policy(KUBE2IAM), &[], &input);
    assert_eq!((run.code, run.text()), (1, ""), "{}", run.stderr);
    one_line(&run.stderr, &format!("stdin:{place}"), words);
    assert!(run.stderr.contains("; "), "a remedy in {}", run.stderr);
}

/// The policy is refused with one line that begins with this place and holds these words.
#[track_caller]
fn bad_policy(text: &str, place: &str, words: &[&str]) {
    let run = run(text, &[], SECRET.as_bytes());
    assert_eq!((run.code, run.text()), (2, ""), "{}", run.stderr);
    one_line(
        &run.stderr,
        &format!("policy.yaml:{}{place}", if place.is_empty() { " " } else { "" }),
        words,
    );
}

#[track_caller]
fn one_line(stderr: &str, place: &str, words: &[&str]) {
    assert_eq!(stderr.lines().count(), 1, "one line:\n{stderr}");
    assert!(stderr.starts_with("error"), "{stderr}");
    assert!(stderr.contains(place), "`{place}` in {stderr}");
    for word in words {
        assert!(stderr.contains(word), "`{word}` in {stderr}");
    }
    assert!(stderr.len() < 600, "a short line: {stderr}");
}

#[test]
fn text_that_is_not_yaml() {
    input("a: b: c\n", "7:", &["YAML"]);
    input("a: [b\n", "8:", &["YAML"]);
    input("a: \"b\n", "", &["YAML"]);
    input("a: b\n c: d\n", "8:", &["YAML"]);
    input("a: *nowhere\n", "7:4", &["YAML"]);
}

#[test]
fn text_that_is_no_object() {
    input("Error: release not found\nusage\n", "", &[]);
    input("plain\n", "7:1", &["object"]);
    input("- a\n", "7:1", &["object", "list"]);
}

#[test]
fn a_tab_that_yaml_forbids() {
    input("a:\n\tb: c\n", "8:1", &["tab"]);
    input("a:\n  b:\n\t- c\n", "9:1", &["tab"]);
}

#[test]
fn a_nul() {
    input("a: b\0c\n", "7:5", &["NUL"]);
}

#[test]
fn bytes_that_are_not_utf8() {
    input(b"a: \xff\xfe\n", "7:4", &["UTF-8"]);
    input(b"a: caf\xe9\n", "7:7", &["UTF-8"]);
}

#[test]
fn utf16() {
    for mark in [b"\xff\xfe", b"\xfe\xff"] {
        let run = run(&policy(KUBE2IAM), &[], &[&mark[..], b"a\0:\0 \0b\0\n\0"].concat());
        assert_eq!((run.code, run.text()), (1, ""), "{}", run.stderr);
        one_line(&run.stderr, "stdin:1:1: ", &["UTF-16", "UTF-8"]);
    }
}

#[test]
fn nesting_that_is_too_deep() {
    input(
        format!("a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000)),
        "7:",
        &["deep"],
    );
    input(format!("a: {}\n", "{a: ".repeat(100_000)), "7:", &["deep"]);
    input(format!("a:\n  {}b\n", "- ".repeat(100_000)), "8:", &["deep"]);
    let stairs: String = (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    input(stairs, "", &["deep"]);
}

#[test]
fn text_glued_to_a_marker() {
    input("a: b\n---c: d\n", "8:1", &["---"]);
}

#[test]
fn an_alias_where_an_edit_must_go() {
    let bad = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: web}, annotations: &x {a: b}}\nspec:\n  template:\n    metadata:\n      annotations: *x\n    spec: {}\n";
    let run = run(&policy(KUBE2IAM), &[], bad.as_bytes());
    assert_eq!((run.code, run.text()), (1, ""), "{}", run.stderr);
    assert_eq!(run.findings(), ["error[cannot-edit]"], "{}", run.stderr);
    assert!(
        run.stderr.contains("stdin:7:20: Deployment a: ") && run.stderr.contains("alias"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_value_that_is_not_base64() {
    let reader: String = READER.lines().map(|line| line[1..].to_owned() + "\n").collect();
    let bad = format!(
        "{reader}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  config: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!\n"
    );
    let run = run(&policy(EXTERNAL), &[], bad.as_bytes());
    assert_eq!((run.code, run.text()), (1, ""), "{}", run.stderr);
    assert_eq!(run.findings(), ["error[unreadable-secret]"], "{}", run.stderr);
    assert!(
        run.stderr.contains("stdin:15:11: Secret s: ") && run.stderr.contains("base64"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_policy_with_an_unknown_field() {
    bad_policy(
        &policy("component: {web: r}\n"),
        "3:1",
        &["`component`", "`components`"],
    );
    bad_policy(
        &policy("via: kube2iam\ncomponents:\n  web: {role: r, matches: {name: a}}\n"),
        "5:",
        &["`matches`", "`match`"],
    );
}

#[test]
fn a_policy_with_a_duplicate_key() {
    bad_policy(
        &policy("via: kube2iam\ncomponents:\n  web: r\n  web: s\n"),
        "6:3",
        &["web"],
    );
    bad_policy(
        &policy("via: kube2iam\nvia: kiam\ncomponents: {web: r}\n"),
        "4:1",
        &["via"],
    );
}

#[test]
fn a_policy_with_a_wrong_arn() {
    bad_policy(
        &policy("components:\n  web: \"arn:aws:iam::1234:role/x\"\n"),
        "4:8",
        &["12 digits"],
    );
    bad_policy(
        &policy("components:\n  web: \"arn:aws:iam::111122223333:user/x\"\n"),
        "4:8",
        &["role/"],
    );
    bad_policy(&policy("components:\n  web: name-alone\n"), "4:8", &["account"]);
    bad_policy(&policy("via: kube2iam\ncomponents:\n  web: /x\n"), "5:8", &["/"]);
}

#[test]
fn a_policy_with_an_empty_selector() {
    bad_policy(
        &policy("via: kube2iam\ncomponents:\n  web: {role: r, match: {}}\n"),
        "5:",
        &["match"],
    );
    bad_policy(
        &policy("via: kube2iam\ncomponents:\n  web: {role: r, match: {labels: {}}}\n"),
        "5:",
        &["labels"],
    );
}

#[test]
fn a_policy_that_is_not_yaml() {
    bad_policy("a: b: c\n", "1:", &[]);
    bad_policy("", "", &["empty", "RolePolicy"]);
}

#[test]
fn a_variable_that_is_unset() {
    bad_policy(
        &policy("account: ${NOWHERE_TO_BE_SET}\ncomponents: {web: r}\n"),
        "3:10",
        &["NOWHERE_TO_BE_SET", "--var"],
    );
}

#[test]
fn no_policy_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = command(folder.path(), &[], SECRET.as_bytes());
    assert_eq!((run.code, run.text()), (2, ""), "{}", run.stderr);
    let here = folder.path().join("iam-roles.yaml");
    for place in [
        "--policy",
        "the first argument",
        "IAM_ROLES_POLICY",
        here.to_str().expect("text"),
    ] {
        assert!(run.stderr.contains(place), "`{place}` in {}", run.stderr);
    }
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}

#[test]
fn a_policy_that_cannot_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, word) in [
        ("nowhere.yaml", "nowhere.yaml"),
        (".", "."),
        ("binary.yaml", "binary.yaml"),
    ] {
        fs::write(folder.path().join("binary.yaml"), b"\xff\xfe\0").expect("a file");
        let run = command(folder.path(), &["--policy", name], SECRET.as_bytes());
        assert_eq!((run.code, run.text()), (2, ""), "{}", run.stderr);
        assert!(
            run.stderr.contains(word) && run.stderr.lines().count() == 1,
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_command_line_that_is_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [
        &["--nonsense"][..],
        &["--policy"],
        &["--var", "x", "--policy", "p"],
        &["a", "b"],
    ] {
        let run = command(folder.path(), arguments, SECRET.as_bytes());
        assert_eq!((run.code, run.text()), (2, ""), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn empty_input_gives_empty_output() {
    for optional in ["", "\n", "# a comment\n", "---\n", "---\n---\n"] {
        let run = run(&policy(KUBE2IAM), &[], optional.as_bytes());
        assert_eq!((run.code, run.text()), (0, optional), "{}", run.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.yaml");
    fs::write(
        &path,
        policy("via: kube2iam\ncomponents: {web: {role: r, optional: true}}\n"),
    )
    .expect("a policy");
    let mut child = Command::new(env!("CARGO_BIN_EXE_iam-roles"))
        .arg("--policy")
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("standard input");
    let document = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n";
    stdin.write_all(document.repeat(10_000).as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(said.contains("stdout") && !said.contains("panicked"), "{said}");
}
