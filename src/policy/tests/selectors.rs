//! Refused: `match`.

use crate::policy::tests::check;

#[test]
fn empty_match() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {}}
",
        "p.yaml:5:30: `match` is empty and would fit everything; give `labels`, `kind`, `name`, `namespace` or `source`, or leave `match` out",
    );
}

#[test]
fn empty_labels() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {labels: {}}}
",
        "p.yaml:5:39: `labels` is empty and would fit everything; give a label, or leave `labels` out",
    );
}

#[test]
fn empty_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {kind: []}}
",
        "p.yaml:5:37: `kind` is empty and would fit nothing; give a kind, or leave `kind` out",
    );
}

#[test]
fn unknown_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {kind: [Deployment, Cronjob]}}
",
        "p.yaml:5:50: unknown kind `Cronjob`; expected one of `Deployment`, `StatefulSet`, `DaemonSet`, `ReplicaSet`, `ReplicationController`, `CronJob`, `Job`, `Pod`, `ServiceAccount`; did you mean `CronJob`?",
    );
}

#[test]
fn twice_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {kind: [Job, Job]}}
",
        "p.yaml:5:43: `Job` stands twice in this list; remove one",
    );
}

#[test]
fn bad_glob() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    match:
      name: \"a[b\"
",
        "p.yaml:8:13: `name` is `a[b`, which is no pattern: unclosed character class; missing ']'",
    );
}

#[test]
fn empty_glob() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    match:
      source: \"\"
",
        "p.yaml:8:15: `source` is empty; write a pattern, or leave it out",
    );
}

#[test]
fn label_pattern() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    match:
      labels: {app: \"*-registry\"}
",
        "p.yaml:8:21: `*-registry` can be no label's value; labels are compared whole, patterns go with `name` and `source`",
    );
}

#[test]
fn label_key() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    match:
      labels: {a/b/c: x}
",
        "p.yaml:8:16: `a/b/c` can be no label's key",
    );
}
