//! What `check` answers, in the four situations a GitLab release can be in, and what it is asked for besides.
//!
//! The whole answers are in `testdata/check`; `UPDATE_GOLDEN=1 cargo test` writes them anew.

use std::fs;

use crate::support::{Run, command, golden, path, policy};

const ROLES: &str = "\
preset: gitlab
account: \"111122223333\"
components:
  registry: gitlab-registry
  webservice: gitlab-rails
  sidekiq: gitlab-rails
  toolbox: gitlab-backup
";

#[track_caller]
fn check(policy_text: Option<&str>, arguments: &[&str], input: &str) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    if let Some(text) = policy_text {
        fs::write(folder.path().join("iam-roles.yaml"), text).expect("a policy file");
    }
    command(folder.path(), &[&["check"], arguments].concat(), input.as_bytes())
}

#[track_caller]
fn answers(name: &str, code: i32, policy_text: Option<&str>, input: &str) {
    let run = check(policy_text, &[], input);
    assert_eq!((run.code, run.stderr.as_str()), (code, ""), "{}", run.text());
    golden(&format!("testdata/check/{name}.txt"), run.text());
}

fn release() -> String {
    fs::read_to_string(path("testdata/gitlab/stream.yaml")).expect("the stream")
}

/// As the chart renders it with `global.serviceAccount.create=false`.
fn without_account_objects() -> String {
    let release = release();
    let documents = release.split_inclusive("---\n");
    documents
        .filter(|document| !document.contains("\nkind: ServiceAccount\n"))
        .collect()
}

/// As the chart renders it by default.
fn without_accounts() -> String {
    let lines = without_account_objects();
    let lines = lines.split_inclusive('\n');
    lines
        .filter(|line| !line.trim_start().starts_with("serviceAccountName:"))
        .collect()
}

/// As the chart renders it with `annotations: {iam.amazonaws.com/role: …}` of a kiam that is to go.
fn with_kiam() -> String {
    let (head, deployment) = {
        let release = release();
        let at = release
            .find("# Source: gitlab/templates/registry/deployment.yaml")
            .expect("the registry");
        (release[..at].to_owned(), release[at..].to_owned())
    };
    let template = "      annotations:\n";
    let kiam = "      annotations:\n        iam.amazonaws.com/role: \"old-registry\"\n";
    head + &deployment.replacen(template, kiam, 1)
}

#[test]
fn without_service_accounts() {
    answers("no-service-accounts", 1, Some(&policy(ROLES)), &without_accounts());
}

#[test]
fn with_the_accounts_of_the_chart() {
    answers("chart-owned", 0, Some(&policy(ROLES)), &release());
}

#[test]
fn with_accounts_that_are_in_the_cluster() {
    answers("pre-created", 0, Some(&policy(ROLES)), &without_account_objects());
}

#[test]
fn with_annotations_of_kiam_left_from_before() {
    answers("kiam-left", 0, Some(&policy(ROLES)), &with_kiam());
}

#[test]
fn without_a_policy() {
    answers("no-policy", 0, None, &release());
}

#[test]
fn a_role_beside_keys_is_found_without_a_policy() {
    let account = "metadata:\n  name: gitlab-registry\n";
    let annotated = "metadata:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/registry\n  name: gitlab-registry\n";
    let release = release();
    assert!(release.contains(account));
    let run = check(None, &[], &release.replacen(account, annotated, 1));
    assert_eq!(run.code, 1, "{}", run.text());
    assert!(run.text().contains("error[keys-beside-role]"), "{}", run.text());
}

#[test]
fn the_answer_is_the_filters() {
    for (_, case) in crate::given::cases() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("iam-roles.yaml"), &case.policy).expect("a policy file");
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let filter = command(folder.path(), &arguments, case.input.as_bytes());
        let check = command(
            folder.path(),
            &[&["check"], &arguments[..]].concat(),
            case.input.as_bytes(),
        );
        assert_eq!(check.code, filter.code, "{}\n{}", check.text(), filter.stderr);
    }
}

#[test]
fn files_are_one_stream() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n";
    let pods = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: web}}\nspec: {template: {spec: {serviceAccountName: web}}}\n";
    fs::write(folder.path().join("account.yaml"), account).expect("a file");
    fs::write(folder.path().join("pods.yaml"), pods).expect("a file");
    let roles = policy("components: {web: \"arn:aws:iam::111122223333:role/web\"}\n");
    fs::write(folder.path().join("iam-roles.yaml"), roles).expect("a file");
    let both = command(folder.path(), &["check", "account.yaml", "pods.yaml"], b"");
    assert_eq!(both.code, 0, "{}", both.stderr);
    assert!(!both.text().contains("warning["), "{}", both.text());
    let one = command(folder.path(), &["check", "pods.yaml"], b"");
    assert!(
        one.text().contains("  at: Deployment a, pods.yaml:1:1"),
        "{}",
        one.text()
    );
}

#[test]
fn the_list_names_every_finding() {
    let run = check(None, &["--list"], "");
    let words: Vec<&str> = run
        .text()
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let all: Vec<&str> = iam_roles::policy::catalogue::Id::ALL
        .iter()
        .map(|id| id.as_str())
        .collect();
    assert_eq!(words, all);
}
