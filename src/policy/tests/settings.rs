//! Refused: what stands for the whole policy.

use crate::policy::tests::check;

#[test]
fn unknown_mechanism() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {registry: r}
via: isra
",
        "p.yaml:4:6: unknown mechanism `isra`; expected one of `irsa`, `kube2iam`, `kiam`; did you mean `irsa`?",
    );
}

#[test]
fn unknown_in_list() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
via: [irsa, kube2aim]
",
        "p.yaml:5:13: unknown mechanism `kube2aim`; expected one of `irsa`, `kube2iam`, `kiam`; did you mean `kube2iam`?",
    );
}

#[test]
fn empty_via() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
via: []
",
        "p.yaml:5:6: `via` is empty; give `irsa`, `kube2iam` or `kiam`, or leave it out",
    );
}

#[test]
fn twice_via() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
via: [irsa, irsa]
",
        "p.yaml:5:13: `irsa` stands twice in this list; remove one",
    );
}

#[test]
fn short_account() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"1234\"
components: {registry: r}
",
        "p.yaml:3:10: `account` is `1234`; expected 12 digits, as in \"111122223333\"",
    );
}

#[test]
fn placeholder_account() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: <ACCOUNT_ID>
components: {registry: r}
",
        "p.yaml:3:10: `account` is `<ACCOUNT_ID>`; expected 12 digits, as in \"111122223333\"",
    );
}

#[test]
fn unknown_partition() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
partition: aws-gov
components: {registry: r}
",
        "p.yaml:4:12: unknown partition `aws-gov`; expected one of `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`, `aws-iso-b`, `aws-iso-e`, `aws-iso-f`; did you mean `aws-us-gov`?",
    );
}

#[test]
fn unknown_preset() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
preset: gitlba
components: {registry: r}
",
        "p.yaml:4:9: unknown preset `gitlba`; there is `gitlab`; did you mean `gitlab`?",
    );
}

#[test]
fn nothing_to_do() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
",
        "p.yaml:1:1: the policy has nothing to do; give `components`, or `secrets`",
    );
}

#[test]
fn nothing_in_components() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
components: {}
",
        "p.yaml:3:13: the policy has nothing to do; give `components`, or `secrets`",
    );
}

#[test]
fn nothing_in_preset() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
preset: gitlab
",
        "p.yaml:1:1: the policy has nothing to do; give `components`, or `secrets`",
    );
}
