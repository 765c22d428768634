//! What `init` writes: a policy that is valid as it stands, and with its roles filled in does the main job.

use std::fs;

use serde_yaml::Value;

use crate::given::decoded;
use crate::support::{command, golden, path};

#[track_caller]
fn init(input: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = command(folder.path(), &["init"], input.as_bytes());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.text().to_owned()
}

/// What the filter makes of an input with the policy written for it.
#[track_caller]
fn filtered(policy: &str, input: &str) -> crate::support::Run {
    crate::support::run(policy, &[], input.as_bytes())
}

fn release() -> String {
    fs::read_to_string(path("testdata/gitlab/stream.yaml")).expect("the stream")
}

#[test]
fn a_release_gets_its_policy() {
    golden("testdata/init/gitlab.yaml", &init(&release()));
}

#[test]
fn the_main_job_is_done_as_it_stands() {
    let streams = crate::corpora::streams();
    let own = ("testdata", release());
    for (name, stream) in streams.iter().chain([&own]) {
        let policy = init(stream);
        let run = filtered(&policy, stream);
        assert_eq!((run.code, run.findings()), (0, Vec::new()), "{name}: {}", run.stderr);
        let (before, after) = (decoded(stream), decoded(run.text()));
        let keys = ["aws_access_key_id: AK", "accesskey: AK", "access_key = AK"];
        assert_eq!(
            keys.map(|key| before.contains(key)),
            [true; 3],
            "{name} has no keys to lose"
        );
        assert_eq!(keys.map(|key| after.contains(key)), [false; 3], "{name}");
        for component in ["registry", "webservice", "sidekiq", "toolbox"] {
            let role = format!("role-arn: \"arn:aws:iam::111122223333:role/gitlab-{component}\"");
            assert!(run.text().contains(&role), "{name}: {role}");
        }
    }
}

#[test]
fn every_input_gets_a_policy_that_can_be_read() {
    let schema = iam_roles::policy::schema::schema();
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let mut with_components = 0;
    for (name, case) in crate::given::cases() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let run = command(folder.path(), &["init"], case.input.as_bytes());
        if run.code == 1 {
            continue;
        }
        let (policy, all) = (run.text(), uncommented(run.text()));
        for policy in [policy, &all] {
            let filter = filtered(policy, &case.input);
            assert_ne!(filter.code, 2, "{name}: {}\n{policy}", filter.stderr);
            let value: Value = serde_yaml::from_str(policy).expect("YAML");
            let json = serde_json::to_value(&value).expect("JSON");
            assert!(schema.is_valid(&json), "{name}:\n{policy}");
        }
        with_components += usize::from(policy.contains("\ncomponents:"));
    }
    assert!(150 < with_components, "only {with_components} inputs have components");
}

/// The policy with the components it only proposes.
fn uncommented(policy: &str) -> String {
    let (chosen, proposed): (Vec<&str>, Vec<&str>) = policy
        .lines()
        .partition(|line| !line.starts_with("#   ") || line.starts_with("#   -"));
    let proposed = proposed
        .iter()
        .map(|line| line[2..].to_owned() + "\n")
        .collect::<String>();
    let chosen = chosen.join("\n") + "\n";
    chosen.replace("components:\n", &("components:\n".to_owned() + &proposed))
}

const SHARED: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {app: a}}
spec: {template: {spec: {serviceAccountName: both, containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b, labels: {app: b}}
spec: {template: {spec: {serviceAccountName: both, containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}}}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
data: {AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=, AWS_SECRET_ACCESS_KEY: d0phbHJYVXRuRkVNSS9LN01ERU5HL2JQeFJmaUNZRVhBTVBMRUtFWQ==}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: both}
";

#[test]
fn who_shares_an_account_shares_a_role() {
    let policy = init(SHARED);
    assert!(
        policy.contains("\n  a: a\n") && policy.contains("\n  b: a\n"),
        "{policy}"
    );
    let run = filtered(&policy, SHARED);
    assert_eq!((run.code, run.findings()), (0, Vec::new()), "{}", run.stderr);
    assert!(!run.text().contains("AWS_"), "{}", run.text());
}

#[test]
fn a_role_that_is_there_stays() {
    let role = "arn:aws:iam::444455556666:role/there";
    let annotated = SHARED.replace(
        "metadata: {name: both}",
        &format!("metadata: {{name: both, annotations: {{eks.amazonaws.com/role-arn: \"{role}\"}}}}"),
    );
    let policy = init(&annotated);
    assert!(policy.contains(&format!("\n  a: \"{role}\"\n")), "{policy}");
    assert!(policy.contains("\naccount: \"444455556666\"\n"), "{policy}");
}

#[test]
fn a_job_that_reads_keys_is_named_by_its_kind() {
    let job = SHARED
        .replacen("apps/v1", "batch/v1", 1)
        .replacen("kind: Deployment", "kind: Job", 1);
    let policy = init(&job);
    assert!(
        policy.contains("    match: {labels: {app: a}, kind: Job}\n"),
        "{policy}"
    );
    let run = filtered(&policy, &job);
    assert_eq!((run.code, run.findings()), (0, Vec::new()), "{}", run.stderr);
}

#[test]
fn one_word_in_two_charts_is_told_by_names() {
    let charts = SHARED
        .replace("labels: {app: a}", "labels: {app: web, chart: one-1.0.0}")
        .replace("labels: {app: b}", "labels: {app: web, chart: two-1.0.0}");
    let policy = init(&charts);
    assert!(
        policy.contains("match: {name: \"a\"}") && policy.contains("match: {name: \"b\"}"),
        "{policy}"
    );
    let run = filtered(&policy, &charts);
    assert_eq!((run.code, run.findings()), (0, Vec::new()), "{}", run.stderr);
}

#[test]
fn secrets_alone_are_named() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: n}\nstringData:\n  config: |\n    s3: {accesskey: AKIAIOSFODNN7EXAMPLE, secretkey: x, bucket: b, region: eu-west-1}\n";
    let policy = init(secret);
    assert!(
        policy.contains("\nsecrets:\n  - {name: \"s\", namespace: \"n\"}\n"),
        "{policy}"
    );
    let run = filtered(&policy, secret);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.text().contains("accesskey"), "{}", run.text());
}

#[test]
fn nothing_to_name_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = command(folder.path(), &["init"], b"apiVersion: v1\nkind: ConfigMap\n");
    assert_eq!((run.code, run.text()), (1, ""));
    assert!(
        run.stderr.starts_with("error: a policy would have nothing to name"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_name_cannot_leave_its_comment() {
    let odd = SHARED.replace(
        "metadata: {name: a, labels: {app: a}}",
        "metadata: {name: \"a\\nvia: kiam\\u2028x: y\"}",
    );
    let policy = init(&odd);
    assert!(!policy.contains("\nvia: kiam"), "{policy}");
    let run = filtered(&policy, &odd);
    assert_ne!(run.code, 2, "{}\n{policy}", run.stderr);
}
