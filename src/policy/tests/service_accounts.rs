//! Refused: `serviceAccount`.

use crate::policy::tests::check;

#[test]
fn both() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    serviceAccount: {create: a, use: b}
",
        "p.yaml:7:33: `create` and `use` exclude each other; remove one",
    );
}

#[test]
fn neither() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    serviceAccount: {}
",
        "p.yaml:7:21: `serviceAccount` is empty; give `create` or `use`, or leave it out",
    );
}

#[test]
fn the_default() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    serviceAccount: {create: default}
",
        "p.yaml:7:30: the ServiceAccount `default` is every pod's; name one of the component's own",
    );
}

#[test]
fn bad_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    serviceAccount: {use: My_Account}
",
        "p.yaml:7:27: `My_Account` can be no ServiceAccount's name; expected lower-case letters, digits, `-` and `.`, at most 253",
    );
}
