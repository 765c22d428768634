//! Refused: roles that no injector could use.

use crate::policy::tests::check;

#[test]
fn bare_without_account() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {registry: r}
",
        "p.yaml:3:24: `r` is a bare name, and irsa needs the full ARN; give `account: \"111122223333\"`, or write `arn:aws:iam::111122223333:role/r`",
    );
}

#[test]
fn bad_arn() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: arn:aws:iam::1234:role/x
",
        "p.yaml:5:13: `arn:aws:iam::1234:role/x` is no role ARN: the account must be 12 digits",
    );
}

#[test]
fn bad_arn_full() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    optional: true
    role: arn:aws:iam::111122223333:user/x
",
        "p.yaml:7:11: `arn:aws:iam::111122223333:user/x` is no role ARN: `role/` is missing after the account; only a role can be assumed",
    );
}

#[test]
fn leading_slash() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
via: kube2iam
components:
  registry: /x
",
        "p.yaml:5:13: `/x` is no role: a role begins with its name or path, not with `/`",
    );
}

#[test]
fn placeholder() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: <ROLE_NAME>
",
        "p.yaml:5:13: `<ROLE_NAME>` is no role: `<` cannot be in a role; letters, digits and `_+=,.@-` can, and `/` in the path",
    );
}

#[test]
fn empty_role() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: \"\"
",
        "p.yaml:5:13: the role is empty; give a role's name, its ARN, or `external`",
    );
}

#[test]
fn no_role() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {optional: true}
",
        "p.yaml:5:3: component `registry` has no role; give a role's name, its ARN, or `external`",
    );
}

#[test]
fn nothing_at_all() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  sidekiq: r
  registry:
",
        "p.yaml:6:3: component `registry` has no role; give a role's name, its ARN, or `external`",
    );
}

#[test]
fn name_too_long() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
",
        "p.yaml:5:13: `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` is no role: the name is 65 characters long; 64 are allowed",
    );
}
