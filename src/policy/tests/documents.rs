//! Refused: text that is no policy at all.

use crate::policy::read;
use crate::policy::tests::{accepted, check, vars};

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

#[test]
fn broken_yaml_without_a_final_line_break() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {a: b",
        "p.yaml:3:18: did not find expected ',' or '}'",
    );
}

#[test]
fn a_control_character() {
    for character in ['\0', '\u{1b}', '\u{7f}', '\u{9f}', '\u{ffff}'] {
        check(
            &format!("apiVersion: iam-roles/v1alpha1\nkind: Rôle{character}Policy\n"),
            "p.yaml:2:11: a control character, which YAML forbids; remove it",
        );
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_it() {
    let text =
        "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\ncomponents: {a: {role: external, match: {name: a}}}\n";
    assert_eq!(accepted(text).components.len(), 1);
    assert_eq!(
        read(&format!("\u{feff}{text}"), "p.yaml", &vars()).map(|policy| policy.components.len()),
        Ok(1)
    );
    check(
        "\u{feff}kind: RolePolicy\n",
        "p.yaml:1:1: `apiVersion` is missing; write `apiVersion: iam-roles/v1alpha1`",
    );
}
