//! Refused: documents of another kind.

use crate::policy::tests::check;

#[test]
fn no_api_version() {
    check(
        "\
kind: RolePolicy
components: {registry: r}
",
        "p.yaml:1:1: `apiVersion` is missing; write `apiVersion: iam-roles/v1alpha1`",
    );
}

#[test]
fn no_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
components: {registry: r}
",
        "p.yaml:1:1: `kind` is missing; write `kind: RolePolicy`",
    );
}

#[test]
fn wrong_version() {
    check(
        "\
apiVersion: iam-roles/v1
kind: RolePolicy
",
        "p.yaml:1:13: `apiVersion` is `iam-roles/v1`; expected `iam-roles/v1alpha1`",
    );
}

#[test]
fn wrong_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolesPolicy
",
        "p.yaml:2:7: `kind` is `RolesPolicy`; expected `RolePolicy`; did you mean `RolePolicy`?",
    );
}

#[test]
fn a_manifest() {
    check(
        "\
apiVersion: apps/v1
kind: Deployment
spec: {}
",
        "p.yaml:1:13: `apiVersion` is `apps/v1`; expected `iam-roles/v1alpha1`",
    );
}

#[test]
fn a_word_of_several_lines() {
    check(
        "apiVersion: \"iam-roles\\n\\e[31m\"\nkind: RolePolicy\n",
        "p.yaml:1:13: `apiVersion` is `iam-roles\\n\\u{1b}[31m`; expected `iam-roles/v1alpha1`",
    );
}
