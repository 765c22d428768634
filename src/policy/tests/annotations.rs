//! Refused: `annotations`.

use crate::policy::tests::check;

#[test]
fn unknown() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations:
      eks.amazonaws.com/sts-regional-endpoint: \"true\"
",
        "p.yaml:8:7: no injector reads `eks.amazonaws.com/sts-regional-endpoint`; expected one of `eks.amazonaws.com/audience`, `eks.amazonaws.com/sts-regional-endpoints`, `eks.amazonaws.com/token-expiration`, `eks.amazonaws.com/skip-containers`, `iam.amazonaws.com/external-id`, `iam.amazonaws.com/session-name`; did you mean `eks.amazonaws.com/sts-regional-endpoints`?",
    );
}

#[test]
fn the_roles_own() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/role-arn: x}
",
        "p.yaml:7:19: `eks.amazonaws.com/role-arn` is written by itself; give the role as `role`",
    );
}

#[test]
fn of_the_namespace() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {iam.amazonaws.com/permitted: x}
",
        "p.yaml:7:19: `iam.amazonaws.com/permitted` is read on the Namespace; annotate that, outside this policy",
    );
}

#[test]
fn a_label() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/skip-pod-identity-webhook: x}
",
        "p.yaml:7:19: `eks.amazonaws.com/skip-pod-identity-webhook` is a label of pods, and no annotation; remove it here",
    );
}

#[test]
fn bad_bool() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/sts-regional-endpoints: \"yes\"}
",
        "p.yaml:7:61: `eks.amazonaws.com/sts-regional-endpoints` is `yes`; expected `true` or `false`",
    );
}

#[test]
fn bad_number() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/token-expiration: 300}
",
        "p.yaml:7:55: `eks.amazonaws.com/token-expiration` is `300`; expected whole seconds, 600 or more",
    );
}

#[test]
fn empty_audience() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/audience: \"\"}
",
        "p.yaml:7:47: `eks.amazonaws.com/audience` is empty; expected an audience, such as `sts.amazonaws.com`",
    );
}

#[test]
fn no_reader() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    annotations: {iam.amazonaws.com/session-name: abc}
",
        "p.yaml:7:19: `iam.amazonaws.com/session-name` is read by kiam only, and `via` is irsa; remove it, or add kiam to `via`",
    );
}

#[test]
fn no_reader_irsa() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
via: [kube2iam, kiam]
components:
  registry:
    role: r
    annotations: {eks.amazonaws.com/audience: abc}
",
        "p.yaml:7:19: `eks.amazonaws.com/audience` is read by irsa only, and `via` is kube2iam, kiam; remove it, or add irsa to `via`",
    );
}

#[test]
fn beside_external() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: external
    annotations: {eks.amazonaws.com/audience: abc}
",
        "p.yaml:7:5: nothing is annotated where the role is `external`; remove `annotations`, or name the role",
    );
}
