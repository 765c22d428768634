//! Refused: names of components and presets.

use crate::policy::tests::check;

#[test]
fn not_in_preset() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
preset: gitlab
components:
  registry: r
  sidekick: r
",
        "p.yaml:7:3: preset `gitlab` has no component `sidekick`; it has `registry`, `webservice`, `sidekiq`, `toolbox`, `gitaly`, `gitlab-runner`, `gitlab-pages`; others need `match` with `labels`, `name` or `source`; did you mean `sidekiq`?",
    );
}

#[test]
fn not_in_preset_kind_only() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
preset: gitlab
components:
  sidekick:
    role: r
    match: {kind: Job}
",
        "p.yaml:6:3: preset `gitlab` has no component `sidekick`; it has `registry`, `webservice`, `sidekiq`, `toolbox`, `gitaly`, `gitlab-runner`, `gitlab-pages`; others need `match` with `labels`, `name` or `source`; did you mean `sidekiq`?",
    );
}

#[test]
fn not_in_prefix() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  gitlab/sidekick: r
",
        "p.yaml:5:3: preset `gitlab` has no component `sidekick`; it has `registry`, `webservice`, `sidekiq`, `toolbox`, `gitaly`, `gitlab-runner`, `gitlab-pages`; others need `match` with `labels`, `name` or `source`; did you mean `sidekiq`?",
    );
}

#[test]
fn unknown_prefix() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  gitlap/sidekiq: r
",
        "p.yaml:5:3: unknown preset `gitlap`; there is `gitlab`; did you mean `gitlab`?",
    );
}

#[test]
fn twice() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
preset: gitlab
components:
  registry: r
  gitlab/registry: r
",
        "p.yaml:7:3: `gitlab/registry` is a component that this policy names already; remove one",
    );
}

#[test]
fn glob_name() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  web*: r
",
        "p.yaml:5:3: `web*` can be no component's name; expected a word or PRESET/WORD of letters, digits and `-_.`",
    );
}

#[test]
fn two_slashes() {
    check(
        "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
account: \"111122223333\"
components:
  gitlab/a/b: r
",
        "p.yaml:5:3: `gitlab/a/b` can be no component's name; expected a word or PRESET/WORD of letters, digits and `-_.`",
    );
}
