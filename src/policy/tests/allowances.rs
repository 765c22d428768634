//! Refused: `allow`.

use crate::policy::tests::check;

#[test]
fn unknown() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow: [restart-neded]
",
        "p.yaml:5:9: `restart-neded` is no finding; `iam-roles check --list` prints them all; did you mean `restart-needed`?",
    );
}

#[test]
fn never() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow:
  - host-network
  - role-conflict
",
        "p.yaml:7:5: `role-conflict` cannot be allowed, since the result could not be trusted; remove it",
    );
}

#[test]
fn malformed_object() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow: [host-network@Deployment]
",
        "p.yaml:5:9: `host-network@Deployment` names no object; expected `ID@Kind/name`, as in `@Deployment/web`",
    );
}

#[test]
fn malformed_kind() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow: [host-network@deployment/x]
",
        "p.yaml:5:9: `host-network@deployment/x` names no object; expected `ID@Kind/name`, as in `@Deployment/web`",
    );
}

#[test]
fn malformed_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow: [host-network@Deployment/]
",
        "p.yaml:5:9: `host-network@Deployment/` names no object; expected `ID@Kind/name`, as in `@Deployment/web`",
    );
}

#[test]
fn twice() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components: {registry: r}
allow: [host-network, host-network]
",
        "p.yaml:5:23: `host-network` stands twice in this list; remove one",
    );
}
