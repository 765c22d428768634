//! Refused: unknown fields, doubled keys and wrong types.

use crate::policy::tests::check;

#[test]
fn unknown_top() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
component: {}
",
        "p.yaml:3:1: unknown field `component`; expected one of `apiVersion`, `kind`, `metadata`, `preset`, `via`, `account`, `partition`, `components`, `secrets`, `restart`, `strict`, `allow`; did you mean `components`?",
    );
}

#[test]
fn unknown_in_component() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    rol: x
",
        "p.yaml:6:5: unknown field `rol`; expected one of `role`, `match`, `serviceAccount`, `annotations`, `optional`; did you mean `role`?",
    );
}

#[test]
fn unknown_in_match() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    match: {label: {a: b}}
",
        "p.yaml:7:13: unknown field `label`; expected one of `labels`, `kind`, `name`, `namespace`, `source`; did you mean `labels`?",
    );
}

#[test]
fn unknown_in_service_account() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry:
    role: r
    serviceAccount: {created: x}
",
        "p.yaml:7:22: unknown field `created`; expected `create` or `use`; did you mean `create`?",
    );
}

#[test]
fn unknown_in_secret() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    formt: yaml
",
        "p.yaml:5:5: unknown field `formt`; expected one of `name`, `namespace`, `key`, `format`, `remove`, `set`, `keep`; did you mean `format`?",
    );
}

#[test]
fn duplicate_top() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
account: x
",
        "p.yaml:5:1: `account` stands twice in this mapping; remove one",
    );
}

#[test]
fn duplicate_component() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  a: r
  b: r
  a: s
",
        "p.yaml:7:3: `a` stands twice in this mapping; remove one",
    );
}

#[test]
fn duplicate_field() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  a:
    role: r
    role: s
",
        "p.yaml:7:5: `role` stands twice in this mapping; remove one",
    );
}

#[test]
fn duplicate_quoted() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  a: r
  \"a\": s
",
        "p.yaml:6:3: `a` stands twice in this mapping; remove one",
    );
}

#[test]
fn wrong_type_bool() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
restart: maybe
",
        "p.yaml:5:10: found `maybe`; expected a boolean",
    );
}

#[test]
fn wrong_type_list() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: [registry]
",
        "p.yaml:4:13: found a list; expected a mapping",
    );
}

#[test]
fn wrong_type_component() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: [r]
",
        "p.yaml:5:13: found a list; expected a role, or a mapping with `role`",
    );
}

#[test]
fn wrong_type_number() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: 12
",
        "p.yaml:5:13: found the number `12`; expected a role, or a mapping with `role`",
    );
}

#[test]
fn wrong_type_secrets() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets: {name: x}
",
        "p.yaml:3:10: found a mapping; expected a list",
    );
}

#[test]
fn wrong_type_via() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {registry: r}
via: {a: b}
",
        "p.yaml:4:6: found a mapping; expected a word or a list of words",
    );
}

#[test]
fn wrong_type_match() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  registry: {role: r, match: x}
",
        "p.yaml:5:30: found `x`; expected a mapping with `labels`, `kind`, `name`, `namespace` or `source`",
    );
}
