//! Policies that read.

use crate::payload::format::Format;
use crate::policy::catalogue::Id;
use crate::policy::read;
use crate::policy::role::Role;
use crate::policy::rules::{
    Allowance, Annotation, Carrier, Component, Identity, Kind, Mechanism, Policy, Scalar, SecretAction, ServiceAccount,
};
use crate::policy::tests::{accepted, vars};
use crate::yaml::source::Place;

const SMALL: &str = "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
preset: gitlab
account: \"111122223333\"
components:
  registry: gitlab-registry
  webservice: gitlab-rails
  sidekiq: gitlab-rails
  toolbox: gitlab-backup          # Deployment and backup CronJob
";

/// As kustomize hands it on: keys sorted, comments gone, annotations of its own.
const FUNCTION_CONFIG: &str = "\
functionConfig:
  account: \"111122223333\"
  apiVersion: iam-roles/v1alpha1
  components:
    registry: gitlab-registry
    sidekiq: gitlab-rails
    toolbox: gitlab-backup
    webservice: gitlab-rails
  kind: RolePolicy
  metadata:
    annotations:
      config.kubernetes.io/function: |
        exec: {path: ./iam-roles}
      config.kubernetes.io/local-config: 'true'
    name: gitlab
  preset: gitlab
";

const FULL: &str = "\
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
metadata: {name: gitlab}
preset: gitlab
via: irsa
account: ${ACCOUNT}
partition: aws
components:
  registry:
    role: arn:aws:iam::111122223333:role/team/gitlab-registry
    match:
      labels: {app: registry}
      kind: [Deployment, CronJob]
      name: \"*-registry\"
      namespace: gitlab
      source: \"*/charts/registry/templates/*\"
    serviceAccount:
      create: gitlab-registry
    annotations:
      eks.amazonaws.com/sts-regional-endpoints: \"true\"
    optional: true
secrets:
  - name: \"*-objstore\"
    key: objstore.yml
    format: yaml
    remove: [config.access_key, config.secret_key]
    set: {config.aws_sdk_auth: true}
  - name: other
    keep: true
restart: true
strict: true
allow: [static-keys-in-env@Deployment/legacy]
";

fn gitlab(role: &str) -> Role {
    Role::Named {
        written: role.to_owned(),
        arn: Some(format!("arn:aws:iam::111122223333:role/{role}")),
    }
}

fn names(policy: &Policy) -> Vec<&str> {
    policy
        .components
        .iter()
        .map(|component| component.name.as_str())
        .collect()
}

#[track_caller]
fn component(body: &str) -> Component {
    let head = "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\naccount: \"111122223333\"\n";
    accepted(&format!("{head}{body}")).components.remove(0)
}

#[test]
fn the_small_policy() {
    let policy = accepted(SMALL);
    assert_eq!(names(&policy), ["registry", "webservice", "sidekiq", "toolbox"]);
    assert_eq!(policy.via, [Mechanism::Irsa]);
    assert!(!policy.restart && !policy.strict && policy.allow.is_empty() && policy.secrets.is_empty());
    assert_eq!(policy.presets.len(), 1);
    let toolbox = &policy.components[3];
    assert_eq!(toolbox.role, gitlab("gitlab-backup"));
    assert_eq!(toolbox.place, Place { line: 9, column: 3 });
    assert_eq!(toolbox.service_account, ServiceAccount::AsIs);
    let rule = &toolbox.from.expect("of the preset").rule;
    assert_eq!(toolbox.selector.identity, Identity::Preset(rule));
}

#[test]
fn the_full_policy() {
    let policy = accepted(FULL);
    let registry = &policy.components[0];
    let arn = "arn:aws:iam::111122223333:role/team/gitlab-registry".to_owned();
    assert_eq!(
        registry.role,
        Role::Named {
            written: arn.clone(),
            arn: Some(arn)
        }
    );
    assert_eq!(registry.selector.kinds, Some(vec![Kind::Deployment, Kind::CronJob]));
    assert_eq!(
        registry.selector.namespace.as_ref().map(ToString::to_string).as_deref(),
        Some("gitlab")
    );
    let Identity::Given { labels, name, source } = &registry.selector.identity else {
        panic!("{:?}", registry.selector.identity);
    };
    assert_eq!(*labels, [("app".to_owned(), "registry".to_owned())]);
    assert!(name.as_ref().is_some_and(|name| name.matches("gitlab-registry")));
    assert!(
        source
            .as_ref()
            .is_some_and(|source| source.matches("a/charts/registry/templates/b.yaml"))
    );
    assert_eq!(
        registry.service_account,
        ServiceAccount::Create("gitlab-registry".to_owned())
    );
    let annotation = Annotation {
        key: "eks.amazonaws.com/sts-regional-endpoints".to_owned(),
        value: "true".to_owned(),
        on: Carrier::ServiceAccount,
    };
    assert_eq!(registry.annotations, [annotation]);
    assert!(registry.optional && policy.restart && policy.strict);
    let object = Some(("Deployment".to_owned(), "legacy".to_owned()));
    assert_eq!(
        policy.allow,
        [Allowance {
            id: Id::StaticKeysInEnv,
            object
        }]
    );
}

#[test]
fn the_full_policys_secrets() {
    let policy = accepted(FULL);
    let action = SecretAction::Edit {
        format: Some(Format::Yaml),
        remove: vec!["config.access_key".to_owned(), "config.secret_key".to_owned()],
        set: vec![("config.aws_sdk_auth".to_owned(), Scalar::Plain("true".to_owned()))],
    };
    assert_eq!(policy.secrets[0].action, action);
    assert!(policy.secrets[0].name.matches("thanos-objstore"));
    assert_eq!(policy.secrets[1].action, SecretAction::Keep);
    assert_eq!(policy.secrets[1].place, Place { line: 28, column: 5 });
}

#[test]
fn a_function_config_reads_the_same_at_its_own_place() {
    let padded = FUNCTION_CONFIG.replacen("functionConfig:", "               ", 1);
    let policy = accepted(&padded);
    assert_eq!(names(&policy), ["registry", "sidekiq", "toolbox", "webservice"]);
    assert_eq!(policy.components[2].place, Place { line: 7, column: 5 });
    let mut small = accepted(SMALL).components;
    small.sort_by(|a, b| a.name.cmp(&b.name));
    for (one, other) in policy.components.iter().zip(&small) {
        assert_eq!((&one.role, &one.selector), (&other.role, &other.selector));
    }
    let wrong = padded.replace("sidekiq:", "sidekick:");
    let error = read(&wrong, "<stdin>", &vars()).expect_err("an unknown component");
    assert_eq!(error.place, Some(Place { line: 6, column: 5 }));
}

#[test]
fn a_policy_may_be_json() {
    let json = r#"{"apiVersion": "iam-roles/v1alpha1", "kind": "RolePolicy", "components": {"a": "external"}}"#;
    assert_eq!(accepted(json).components[0].role, Role::External);
}

#[test]
fn bare_names_need_no_account_without_irsa() {
    let head = "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\nvia: [kube2iam, kiam]\n";
    let policy = accepted(&format!("{head}components: {{registry: team/x}}\n"));
    let role = Role::Named {
        written: "team/x".to_owned(),
        arn: None,
    };
    assert_eq!(policy.components[0].role, role);
    assert_eq!(policy.via, [Mechanism::Kube2iam, Mechanism::Kiam]);
}

#[test]
fn the_partition_and_the_path_are_in_the_arn() {
    let one = component("partition: aws-us-gov\ncomponents: {registry: team/x}\n");
    let arn = Some("arn:aws-us-gov:iam::111122223333:role/team/x".to_owned());
    assert_eq!(
        one.role,
        Role::Named {
            written: "team/x".to_owned(),
            arn
        }
    );
}

#[test]
fn variables_are_put_into_values() {
    let one = component("components:\n  registry: {role: 'team/${ROLE}', match: {labels: {app: '${ROLE}'}}}\n");
    assert_eq!(one.role, gitlab("team/gitlab-registry"));
    let Identity::Given { labels, .. } = &one.selector.identity else {
        panic!("given")
    };
    assert_eq!(labels[0].1, "gitlab-registry");
}

#[test]
fn an_account_may_be_a_bare_number() {
    let text = "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\naccount: 012345678901\ncomponents: {a: x}\n";
    let Role::Named { arn, .. } = &accepted(text).components[0].role else {
        panic!("named")
    };
    assert_eq!(arn.as_deref(), Some("arn:aws:iam::012345678901:role/x"));
}

#[test]
fn a_kind_or_a_namespace_keeps_the_usual_rule() {
    let one = component("components:\n  web:\n    role: r\n    match: {kind: Job, namespace: 'team-*'}\n");
    assert_eq!(one.selector.identity, Identity::Default("web".to_owned()));
    assert_eq!(one.selector.kinds, Some(vec![Kind::Job]));
    let one = component("preset: gitlab\ncomponents:\n  registry:\n    role: r\n    match: {kind: Job}\n");
    assert!(matches!(one.selector.identity, Identity::Preset(_)));
}

#[test]
fn a_prefix_names_a_preset() {
    let one = component("components: {gitlab/registry: r}\n");
    assert_eq!(one.from.map(|from| from.name.as_str()), Some("registry"));
    assert_eq!(one.name, "gitlab/registry");
}

#[test]
fn a_component_of_no_preset_stands_beside_it_with_a_rule_of_its_own() {
    let one = component("preset: gitlab\ncomponents:\n  thanos:\n    role: r\n    match: {name: 'thanos-*'}\n");
    assert!(one.from.is_none());
    assert!(matches!(one.selector.identity, Identity::Given { .. }));
}

#[test]
fn a_service_account_may_stand_without_irsa() {
    let one = component("via: kiam\ncomponents:\n  web: {role: r, serviceAccount: {use: web}}\n");
    assert_eq!(one.service_account, ServiceAccount::Use("web".to_owned()));
}

#[test]
fn annotation_values_may_be_bare() {
    let one =
        component("components:\n  web:\n    role: r\n    annotations: {eks.amazonaws.com/token-expiration: 3600}\n");
    assert_eq!(one.annotations[0].value, "3600");
}

#[test]
fn secrets_alone_are_a_policy() {
    let text =
        "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\ncomponents: {}\nsecrets: [{name: x, key: accesskey}]\n";
    let edit = SecretAction::Edit {
        format: None,
        remove: Vec::new(),
        set: Vec::new(),
    };
    assert_eq!(accepted(text).secrets[0].action, edit);
}

#[test]
fn null_fields_are_absent() {
    let one = component("via:\nsecrets: ~\ncomponents:\n  web: {role: r, match: , serviceAccount: null}\n");
    assert_eq!(one.selector.identity, Identity::Default("web".to_owned()));
}
