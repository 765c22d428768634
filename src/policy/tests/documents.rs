//! Refused: text that is no policy at all.

use crate::policy::tests::check;

#[test]
fn empty() {
    check(
        "",
        "p.yaml: the policy is empty; expected `apiVersion: iam-roles/v1alpha1`, `kind: RolePolicy` and `components`",
    );
}

#[test]
fn comments_only() {
    check(
        "\
# nothing
",
        "p.yaml: the policy is empty; expected `apiVersion: iam-roles/v1alpha1`, `kind: RolePolicy` and `components`",
    );
}

#[test]
fn not_a_mapping() {
    check(
        "\
- a
",
        "p.yaml:1:1: the policy is a list; expected a mapping with `apiVersion` and `kind`",
    );
}

#[test]
fn a_word() {
    check(
        "\
hello
",
        "p.yaml:1:1: the policy is a single value; expected a mapping with `apiVersion` and `kind`",
    );
}

#[test]
fn two_documents() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
---
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
",
        "p.yaml:6:1: a second document begins here; a policy is one document",
    );
}

#[test]
fn broken_yaml() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {a: b
",
        "p.yaml:4:1: did not find expected ',' or '}'",
    );
}

#[test]
fn bad_indent() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
  a: b
",
        "p.yaml:3:4: mapping values are not allowed in this context",
    );
}
