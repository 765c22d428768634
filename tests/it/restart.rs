//! `restart: true`: the digest on pod templates, which changes exactly when a role or a Secret's text does.

use crate::case::rewrites;
use crate::support::{policy, run};

#[test]
fn the_digest_is_stable() {
    assert_eq!(digests(BASE, RUN), digests(BASE, RUN));
    let digest = digests(BASE, RUN);
    assert_eq!(digest.len(), 1, "{digest:?}");
    assert!(
        digest[0].len() == 64 && digest[0].bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{digest:?}"
    );
}

#[test]
fn the_digest_changes_with_the_role() {
    assert_ne!(
        digests(BASE, RUN),
        digests(&BASE.replace("web-role", "other-role"), RUN)
    );
}

#[test]
fn the_digest_changes_with_the_text_of_the_secret() {
    assert_ne!(
        digests(BASE, RUN),
        digests(BASE, &RUN.replace("eu-west-1", "eu-west-2"))
    );
}

#[test]
fn the_digest_does_not_change_with_the_keys_that_go() {
    assert_eq!(
        digests(BASE, RUN),
        digests(BASE, &RUN.replace("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLF"))
    );
}

#[test]
fn the_digest_does_not_change_with_the_rest_of_the_manifests() {
    let other = RUN
        .replace("replicas: 1", "replicas: 2")
        .replace("image: i:1", "image: i:2")
        + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}\n";
    assert_eq!(digests(BASE, RUN), digests(BASE, &other));
}

#[test]
fn the_digest_does_not_change_with_how_the_secret_is_written() {
    let packed = RUN.replace("stringData:\n  config: |\n    s3:\n      region: eu-west-1\n      accesskey: AKIAIOSFODNN7EXAMPLE\n      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", "data:\n  config: czM6CiAgcmVnaW9uOiBldS13ZXN0LTEK\n");
    assert_ne!(packed, RUN, "the Secret is written in another way");
    assert_eq!(digests(BASE, RUN), digests(BASE, &packed));
}

/// A second run reads texts without keys, and has to know them for what they are or leave them out both times.
#[test]
fn the_digest_is_the_same_in_a_second_run() {
    let texts = [
        "s3:\n      accesskey: AKIAIOSFODNN7EXAMPLE\n      secretkey: b\n      bucket: c\n",
        "[default]\n    access_key = AKIAIOSFODNN7EXAMPLE\n    secret_key = b\n",
        "[default]\n    region = us-east-1\n    aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n    aws_secret_access_key = b\n",
        "provider: AWS\n    aws_access_key_id: AKIAIOSFODNN7EXAMPLE\n    aws_secret_access_key: b\n",
    ];
    let known = RUN.find("s3:\n").expect("the Secret's text");
    let end = RUN[known..].find("---").map_or(RUN.len(), |end| known + end);
    for text in texts {
        let input = [&RUN[..known], text, &RUN[end..]].concat();
        let found_by_content = policy("via: kube2iam\nrestart: true\ncomponents: {web: web-role}\n");
        let first = run(&found_by_content, &[], input.as_bytes());
        assert_eq!(first.code, 0, "{}", first.stderr);
        assert_ne!(first.text(), input);
        let second = run(&found_by_content, &[], &first.stdout);
        assert_eq!(second.text(), first.text(), "{text}");
    }
}

#[test]
fn jobs_and_hooks_get_no_digest() {
    let job = BASE.replace(
        "role: web-role",
        "role: web-role, match: {labels: {app: web}, kind: [Deployment, Job]}",
    );
    let hook = RUN.to_owned()
        + "---\n"
        + &RUN[..RUN.find("---").expect("a marker")]
            .replace("name: a", "name: h")
            .replace("kind: Deployment", "kind: Job")
            .replace("apps/v1", "batch/v1");
    assert_eq!(digests(&job, &hook).len(), 1);
}

#[test]
fn without_restart_a_note_names_the_command() {
    let run = run(&policy(&BASE.replace("restart: true\n", "")), &[], RUN.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.text().contains("iam-roles/digest"));
    // The pod template got an annotation of kube2iam's, so the pods roll by themselves.
    assert!(!run.stderr.contains("restart-needed"), "{}", run.stderr);
}

#[test]
fn what_is_left_of_a_text_counts_the_second_time_too() {
    let body = "via: kube2iam\nrestart: true\ncomponents: {web: {role: web-role}}\n";
    let pair = |key: &str, secret: &str| {
        format!("{key}AKIAIOSFODNN7EXAMPLE\n{secret}wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n")
    };
    let head = RUN.split("    s3:\n").next().expect("the beginning");
    for (text, left) in [
        (pair("    s3:\n      accesskey: ", "      secretkey: "), "    s3: {}\n"),
        (
            pair(
                "    [default]\n    use_https = True\n    access_key = ",
                "    secret_key = ",
            ),
            "    [default]\n    use_https = True\n",
        ),
    ] {
        let input = [head, &text].concat();
        let once = run(&policy(body), &[], input.as_bytes());
        assert!(once.text().ends_with(left), "{}{}", once.text(), once.stderr);
        assert_eq!(digests(body, once.text()), digests(body, &input));
    }
}

cases! {
    a_secret_that_changes_under_irsa_needs_a_restart = rewrites(
        &BASE.replace("via: kube2iam\n", "account: \"111122223333\"\n").replace("restart: true\n", "").replace("role: web-role", "role: external"),
        &marked(RUN),
    ).says("note[restart-needed]").says("kubectl rollout restart deployment/a");
    the_digest_stands_with_the_role = rewrites(
        "via: kube2iam\nrestart: true\ncomponents: {web: web-role}\n",
        r#"
 apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a, labels: {app: web}}
 spec:
   template:
     metadata:
       annotations:
+        iam.amazonaws.com/role: "web-role"
+        iam-roles/digest: "a93b84f6d61ac19a95357f530a935dbe68f2fee83fb1a113c50821a2f49b1692"
         x: y
"#,
    );
}

const BASE: &str = "via: kube2iam\nrestart: true\ncomponents: {web: {role: web-role}}\nsecrets:\n- {name: s, key: config, format: registry}\n";

const RUN: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: a, labels: {app: web}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: c
        image: i:1
      volumes:
      - name: v
        secret: {secretName: s}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  config: |
    s3:
      region: eu-west-1
      accesskey: AKIAIOSFODNN7EXAMPLE
      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

/// The stream, whose two keys go.
fn marked(input: &str) -> String {
    let mark = |line: &str| {
        if line.contains("accesskey") || line.contains("secretkey") {
            "-"
        } else {
            " "
        }
    };
    input
        .split_inclusive('\n')
        .map(|line| mark(line).to_owned() + line)
        .collect()
}

/// The digests in what becomes of a stream.
#[track_caller]
fn digests(policy_body: &str, input: &str) -> Vec<String> {
    let run = run(&policy(policy_body), &[], input.as_bytes());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines = run
        .text()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("iam-roles/digest: "));
    lines.map(|digest| digest.trim_matches('"').to_owned()).collect()
}
