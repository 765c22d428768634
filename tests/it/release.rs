//! What becomes of GitLab's release: expectations made from an input's lines, and from its values as a second parser
//! reads them.
//!
//! Invariant: nothing of the program is used here, so that it does not judge itself.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_yaml::Value;

use crate::anchors::Lines;

/// Component, role, account in the `sa` streams, workloads.
pub(crate) type Gain = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

pub(crate) const GAINS: [Gain; 4] = [
    (
        "registry",
        "gitlab-registry",
        "gitlab-registry",
        &[("Deployment", "gitlab-registry")],
    ),
    (
        "webservice",
        "gitlab-rails",
        "gitlab-webservice",
        &[("Deployment", "gitlab-webservice-default")],
    ),
    (
        "sidekiq",
        "gitlab-rails",
        "gitlab-sidekiq",
        &[("Deployment", "gitlab-sidekiq-all-in-1-v2")],
    ),
    (
        "toolbox",
        "gitlab-backup",
        "gitlab-toolbox",
        &[("Deployment", "gitlab-toolbox"), ("CronJob", "gitlab-toolbox-backup")],
    ),
];

fn arn(role: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{role}")
}

fn template(kind: &str) -> &'static [&'static str] {
    match kind {
        "CronJob" => &["spec", "jobTemplate", "spec", "template"],
        _ => &["spec", "template"],
    }
}

/// The text with roles on accounts or pods, and without keys.
#[track_caller]
pub(crate) fn expected(text: &str, by_account: bool, on_pods: bool) -> String {
    let mut lines = Lines::of(text);
    for (_, role, account, workloads) in GAINS {
        if by_account {
            annotate(
                &mut lines,
                "ServiceAccount",
                account,
                &["metadata"],
                "eks.amazonaws.com/role-arn",
                &arn(role),
            );
        }
        for (kind, name) in workloads.iter().filter(|_| on_pods) {
            annotate(
                &mut lines,
                kind,
                name,
                &[template(kind), &["metadata"]].concat(),
                "iam.amazonaws.com/role",
                role,
            );
        }
    }
    strip(&mut lines);
    lines.text()
}

/// The same, where accounts are written and pods pointed at them.
#[track_caller]
pub(crate) fn with_new_accounts(text: &str, on_pods: bool) -> String {
    let text = expected(text, false, on_pods);
    let mut lines = Lines::of(&text);
    let mut firsts: Vec<(usize, &str)> = Vec::new();
    for (_, role, _, workloads) in GAINS {
        for (kind, name) in workloads {
            let object = lines.object(kind, name);
            let spec = lines.key(&object, &[template(kind), &["spec"]].concat());
            let line = format!("{}serviceAccountName: {role}\n", " ".repeat(lines.indent(spec) + 2));
            lines.put_behind(spec, &line);
            firsts.push((object.start, role));
        }
    }
    firsts.sort_unstable();
    let mut written = BTreeSet::new();
    for (start, role) in firsts.into_iter().filter(|(_, role)| written.insert(*role)) {
        assert_eq!(lines.line(start), "---\n", "a document of its own");
        let account = format!(
            "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {role}\n  namespace: gitlab\n  annotations:\n    eks.amazonaws.com/role-arn: \"{}\"\n",
            arn(role)
        );
        lines.put_behind(start - 1, &account);
    }
    lines.text()
}

#[track_caller]
fn annotate(lines: &mut Lines<'_>, kind: &str, name: &str, metadata: &[&str], key: &str, value: &str) {
    let object = lines.object(kind, name);
    let metadata_line = lines.key(&object, metadata);
    let indent = " ".repeat(lines.indent(metadata_line) + 2);
    let below: Vec<usize> = lines.containing(
        metadata_line..lines.last_below(metadata_line) + 1,
        &format!("{indent}annotations:"),
    );
    let entry = format!("{indent}  {key}: \"{value}\"\n");
    match below.first() {
        Some(annotations) => lines.put_behind(*annotations, &entry),
        None => lines.put_behind(metadata_line, &format!("{indent}annotations:\n{entry}")),
    }
}

/// The three Secrets, as the documents call for them.
#[track_caller]
fn strip(lines: &mut Lines<'_>) {
    let registry = lines.object("Secret", "registry-storage");
    for key in ["accesskey: ", "secretkey: "] {
        let [line] = lines.containing(registry.clone(), key)[..] else {
            panic!("one line of {key}")
        };
        lines.remove(line);
    }
    recode(lines, "object-storage", "connection", |text| {
        assert_eq!(
            text,
            "provider: AWS\nregion: us-east-1\naws_access_key_id: AKIAIOSFODNN7EXAMPLE\naws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
        );
        "provider: AWS\nregion: us-east-1\nuse_iam_profile: true\n"
    });
    recode(lines, "s3cmd-config", "config", |text| {
        assert_eq!(
            text,
            "[default]\naccess_key = AKIAIOSFODNN7EXAMPLE\nsecret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nbucket_location = us-east-1\n"
        );
        "[default]\nbucket_location = us-east-1\n"
    });
}

#[track_caller]
fn recode(lines: &mut Lines<'_>, secret: &str, key: &str, becomes: impl Fn(&str) -> &'static str) {
    let object = lines.object("Secret", secret);
    let at = lines.key(&object, &["data", key]);
    let line = lines.line(at);
    let packed = line.split(": ").nth(1).expect("a value").trim().trim_matches('"');
    let text = String::from_utf8(STANDARD.decode(packed).expect("base64")).expect("text");
    lines.replace(at, line.replace(packed, &STANDARD.encode(becomes(&text))));
}

/// A second parser sees the planned changes in the expectation and nothing else.
#[track_caller]
pub(crate) fn check_meaning(name: &str, input: &str, expected: &str, by_account: bool, creates: bool, on_pods: bool) {
    let (mut before, mut after) = (objects(input), objects(expected));
    for (_, role, account, workloads) in GAINS {
        if by_account {
            find(&mut before, "ServiceAccount", account)["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] =
                arn(role).into();
        }
        for (kind, workload) in workloads {
            let path = template(kind);
            let template = path
                .iter()
                .fold(find(&mut before, kind, workload), |value, key| &mut value[*key]);
            if on_pods {
                template["metadata"]["annotations"]["iam.amazonaws.com/role"] = role.into();
            }
            if creates {
                template["spec"]["serviceAccountName"] = role.into();
            }
        }
    }
    if creates {
        let mut roles: Vec<&str> = GAINS.iter().map(|gain| gain.1).collect();
        roles.dedup();
        for role in roles {
            let at = after
                .iter()
                .position(|object| object["kind"] == "ServiceAccount" && object["metadata"]["name"] == role)
                .expect("a new account");
            assert_eq!(
                after.remove(at)["metadata"]["annotations"]["eks.amazonaws.com/role-arn"],
                arn(role)
            );
        }
    }
    let registry = &mut find(&mut before, "Secret", "registry-storage")["stringData"]["config"];
    let kept = "# registry storage\ns3:\n  bucket: gitlab-registry\n  region: us-east-1\n  v4auth: true\n";
    *registry = kept.into();
    let packed = |text: &str| Value::from(STANDARD.encode(text));
    find(&mut before, "Secret", "object-storage")["data"]["connection"] =
        packed("provider: AWS\nregion: us-east-1\nuse_iam_profile: true\n");
    find(&mut before, "Secret", "s3cmd-config")["data"]["config"] = packed("[default]\nbucket_location = us-east-1\n");
    assert_eq!(before.len(), after.len(), "{name}");
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after, "{name}");
    }
}

#[track_caller]
fn find<'v>(objects: &'v mut [Value], kind: &str, name: &str) -> &'v mut Value {
    let found = objects
        .iter_mut()
        .find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// The objects of a text. `serde_yaml` refuses duplicate keys, so the first of two equal label lines is taken away.
#[track_caller]
fn objects(text: &str) -> Vec<Value> {
    let documents = text.split("\n---\n").map(|document| {
        // The line break belongs to the document that it ends.
        let document = document.to_owned() + "\n";
        serde_yaml::from_str(&document).or_else(|_| serde_yaml::from_str(&without_duplicates(&document)))
    });
    let documents: Vec<Value> = documents.collect::<Result<_, _>>().expect("YAML");
    match documents.first() {
        Some(list) if list["kind"] == "ResourceList" => list["items"].as_sequence().cloned().unwrap_or_default(),
        _ => documents.into_iter().filter(|document| !document.is_null()).collect(),
    }
}

fn without_duplicates(document: &str) -> String {
    let lines: Vec<&str> = document.split_inclusive('\n').collect();
    let key = |line: &str| {
        line.split_once(':')
            .map(|(key, _)| key.to_owned())
            .filter(|key| !key.trim().is_empty())
    };
    let is_hidden = |at: &usize| {
        let own = key(lines[*at]);
        let indent = |line: &str| line.len() - line.trim_start().len();
        let later = lines[at + 1..]
            .iter()
            .take_while(|line| line.trim().is_empty() || indent(lines[*at]) <= indent(line));
        own.is_some() && later.into_iter().any(|line| key(line) == own) && !lines[*at].trim_start().starts_with("- ")
    };
    (0..lines.len())
        .filter(|at| !is_hidden(at))
        .map(|at| lines[at])
        .collect()
}
