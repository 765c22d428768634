//! Refused: `${NAME}`; no error shows a value.

use crate::policy::tests::check;

#[test]
fn unset() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: ${ACOUNT}
components: {registry: r}
",
        "p.yaml:3:10: `${ACOUNT}` is not set; give `--var ACOUNT=…` or set ACOUNT in the environment (`--var` was given for `ACCOUNT`)",
    );
}

#[test]
fn malformed() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: ${ACCOUNT
components: {registry: r}
",
        "p.yaml:3:10: `${` has no `}`; write `${NAME}`",
    );
}

#[test]
fn bad_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: ${1}
components: {registry: r}
",
        "p.yaml:3:10: `${1}` names no variable; write `${NAME}` with letters, digits and `_`",
    );
}

#[test]
fn value_hidden_account() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: ${SECRET}
components: {registry: r}
",
        "p.yaml:3:10: `account` is `${SECRET}`; expected 12 digits, as in \"111122223333\"",
    );
}

#[test]
fn value_hidden_role() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: ${SECRET}
",
        "p.yaml:5:13: `${SECRET}` is no role: a character in it cannot be in a role; letters, digits and `_+=,.@-` can, and `/` in the path",
    );
}

#[test]
fn value_hidden_arn() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: arn:${SECRET}:iam::111122223333:role/x
",
        "p.yaml:5:13: `arn:${SECRET}:iam::111122223333:role/x` is no role ARN: the partition is none of `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e`, `aws-iso-f`",
    );
}

#[test]
fn value_hidden_glob() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: {name: \"[${SECRET}\"}}
",
        "p.yaml:5:37: `name` is `[${SECRET}`, which is no pattern",
    );
}

#[test]
fn value_hidden_via() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
via: ${SECRET}
",
        "p.yaml:5:6: unknown mechanism `${SECRET}`; expected one of `irsa`, `kube2iam`, `kiam`",
    );
}
