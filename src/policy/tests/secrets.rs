//! Refused: `secrets`.

use crate::policy::tests::check;

#[test]
fn no_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - key: x
",
        "p.yaml:4:5: a rule for Secrets needs `name`; `name: \"*\"` means every one",
    );
}

#[test]
fn bad_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: \"{a\"
",
        "p.yaml:4:11: `name` is `{a`, which is no pattern: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
    );
}

#[test]
fn keep_and_remove() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    keep: true
    remove: [a]
",
        "p.yaml:6:5: `keep: true` leaves the Secret alone; remove `remove` or `keep`",
    );
}

#[test]
fn keep_and_format() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: fog
    keep: true
",
        "p.yaml:5:5: `keep: true` leaves the Secret alone; remove `format` or `keep`",
    );
}

#[test]
fn keep_and_set() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    keep: true
    set: {a: b}
",
        "p.yaml:6:5: `keep: true` leaves the Secret alone; remove `set` or `keep`",
    );
}

#[test]
fn set_without_format() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    set: {a: b}
",
        "p.yaml:5:5: `set` needs `format: yaml` or `format: ini`",
    );
}

#[test]
fn set_with_fog() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: fog
    set: {a: b}
",
        "p.yaml:6:5: `set` goes with `format: yaml` or `format: ini`; `fog` knows its keys",
    );
}

#[test]
fn remove_without_format() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    remove: [a]
",
        "p.yaml:5:5: `remove` needs `format: yaml` or `format: ini`",
    );
}

#[test]
fn remove_with_registry() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: registry
    remove: [a]
",
        "p.yaml:6:5: `remove` goes with `format: yaml` or `format: ini`; `registry` knows its keys",
    );
}

#[test]
fn yaml_without_remove() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
",
        "p.yaml:5:13: `format: yaml` needs `remove`, the paths to take out",
    );
}

#[test]
fn unknown_format() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yml
",
        "p.yaml:5:13: unknown format `yml`; expected one of `registry`, `fog`, `s3cmd`, `aws-credentials`, `yaml`, `ini`; did you mean `yaml`?",
    );
}

#[test]
fn empty_path() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: [a, \"\"]
",
        "p.yaml:6:17: the path is empty; write the keys with dots between them, as in `config.access_key`",
    );
}

#[test]
fn empty_part() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: [a..b]
",
        "p.yaml:6:14: `a..b` has an empty part; write one dot between two keys",
    );
}

#[test]
fn path_twice() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: [a, a]
",
        "p.yaml:6:17: `a` stands twice in this list; remove one",
    );
}

#[test]
fn empty_remove() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: []
",
        "p.yaml:6:13: `remove` is empty; name what to take out, or leave it out",
    );
}

#[test]
fn removed_and_set() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: [a.b]
    set: {a.b.c: true}
",
        "p.yaml:7:11: `a.b.c` is removed and set; remove one of the two",
    );
}

#[test]
fn set_null() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    format: yaml
    remove: [a]
    set: {b: }
",
        "p.yaml:7:14: found nothing; expected a string, a number or a boolean",
    );
}

#[test]
fn same_rule() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    key: k
  - name: x
    key: k
",
        "p.yaml:6:5: the rule stands at 4:5 already; remove one",
    );
}

#[test]
fn contradicting_rules() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets:
  - name: x
    keep: true
  - name: x
",
        "p.yaml:6:5: the rule is for the same Secrets and keys as the one at 4:5; make them one",
    );
}
