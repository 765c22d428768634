//! Annotations of the injectors that do nothing, each beside the nearest that does.

use crate::case::{Case, refuses, rewrites};

cases! {
    a_role_key_that_is_misspelt = account_has("eks.amazonaws.com/role: arn:aws:iam::111122223333:role/x").finds(&["warning[annotation-misspelt]"]).says("did you mean `eks.amazonaws.com/role-arn`?");
    an_option_that_is_misspelt = account_has("eks.amazonaws.com/sts-regional-endpoint: \"true\"").finds(&["warning[annotation-misspelt]"]).says("sts-regional-endpoints");
    an_option_that_is_spelt_right = account_has("eks.amazonaws.com/sts-regional-endpoints: \"true\"");
    a_pod_key_that_is_misspelt = pods_have("iam.amazonaws.com/role-arn: x").finds(&["warning[annotation-misspelt]"]).says("did you mean `iam.amazonaws.com/role`?");
    an_annotation_of_something_else_of_aws = account_has("eks.amazonaws.com/component: coredns");
    an_arn_on_the_pods = pods_have("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x").finds(&["warning[annotation-misplaced]"]).says("it is read on the ServiceAccount");
    an_arn_on_the_workload = workload_has("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x").finds(&["warning[annotation-misplaced]"]);
    a_role_of_kiam_on_the_account = account_has("iam.amazonaws.com/role: x").finds(&["warning[annotation-misplaced]"]).says("it is read on the pod template");
    an_expiration_on_the_pods = pods_have("eks.amazonaws.com/token-expiration: \"3600\"");
    the_label_of_the_webhook_as_an_annotation = pods_have("eks.amazonaws.com/skip-pod-identity-webhook: \"true\"").finds(&["warning[annotation-misplaced]"]).says("label of pods");
    a_number_for_a_string = account_has("eks.amazonaws.com/token-expiration: 3600").finds(&["warning[annotation-value-invalid]"]).says("quote it");
    a_switch_for_a_string = account_has("eks.amazonaws.com/sts-regional-endpoints: true").finds(&["warning[annotation-value-invalid]"]);
    a_string_that_is_no_number_of_seconds = account_has("eks.amazonaws.com/token-expiration: \"1h\"").finds(&["warning[annotation-value-invalid]"]).says("600 or more");
    a_string_of_seconds = account_has("eks.amazonaws.com/token-expiration: \"3600\"");
    a_role_of_kiam_left_beside_irsa = pods_have("iam.amazonaws.com/role: old").finds(&["warning[annotation-of-another-injector]"]).says("via: [irsa, kube2iam]");
    a_role_of_irsa_left_beside_kube2iam = rewrites(KUBE2IAM, &with_account("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other", "", PODS_ROLE)).finds(&["warning[annotation-of-another-injector]"]);
    the_same_role_of_irsa_beside_kube2iam = rewrites(KUBE2IAM_ARN, &with_account("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web", "", PODS_ARN));
    pods_that_the_webhook_passes_by = refuses(IRSA, &crate::case::pair(&with_labels("eks.amazonaws.com/skip-pod-identity-webhook: \"true\"")).0, &["error[webhook-skipped]"]).says("never sees them");
    pods_with_another_label = rewrites(IRSA, &with_labels("eks.amazonaws.com/other: \"true\""));
    a_container_to_skip_that_is_not_there = pods_have("eks.amazonaws.com/skip-containers: man").finds(&["warning[skip-containers-unknown]"]).says("did you mean `main`?");
    a_container_to_skip_that_is_there = pods_have("eks.amazonaws.com/skip-containers: main");
    a_role_for_everybody = rewrites(IRSA, &(account_named("default") + &with_account("x: y", ARN, ""))).finds(&["warning[role-on-default]"]);
    a_role_that_nobody_uses = rewrites(IRSA, &(account_named("orphan") + &with_account("x: y", ARN, ""))).says("note[role-unused]").says("ServiceAccount orphan");
    a_role_that_is_used = rewrites(IRSA, &with_account("x: y", ARN, "")).never_says("role-unused");
    a_key_in_other_letters = account_has("eks.amazonaws.com/Audience: a").finds(&["warning[annotation-misspelt]"]).says("did you mean `eks.amazonaws.com/audience`?");
    a_key_of_the_namespace_that_is_misspelt = namespace_has("iam.amazonaws.com/allowed-role: \"[]\"").finds(&["warning[annotation-misspelt]"]).says("did you mean `iam.amazonaws.com/allowed-roles`?");
    a_key_under_the_other_prefix = account_has("iam.amazonaws.com/role-arn: x").finds(&["warning[annotation-misspelt]"]).says("did you mean `eks.amazonaws.com/role-arn`?");
    a_misspelt_key_of_what_is_read_elsewhere = namespace_has("eks.amazonaws.com/role: x").finds(&["warning[annotation-misspelt]"]).says("did you mean `eks.amazonaws.com/role-arn`, which is read on the ServiceAccount?");
    a_misspelt_key_on_a_job = rewrites(IRSA, &beside("batch/v1", "Job", "", "iam.amazonaws.com/rol: x")).finds(&["warning[annotation-misspelt]"]);
    a_misspelt_key_on_a_hook = rewrites(IRSA, &beside("v1", "Pod", "helm.sh/hook: test, iam.amazonaws.com/rol: x", "a: b")).finds(&["warning[annotation-misspelt]"]);
    a_misspelt_key_of_what_no_injector_looks_at = rewrites(IRSA, &beside("v1", "ConfigMap", "iam.amazonaws.com/rol: x", "a: b"));
    keys_of_nodes_and_add_ons = rewrites(IRSA, &beside("batch/v1", "Job", "eks.amazonaws.com/component: a, eks.amazonaws.com/nodegroup: b", "eks.amazonaws.com/compute-type: c, eks.amazonaws.com/fargate-profile: d, eks.amazonaws.com/capacityType: e"));

    a_role_of_kiam_on_a_job_template = rewrites(IRSA, &cron_job("iam.amazonaws.com/role: x", "a: b")).finds(&["warning[annotation-misplaced]"]).says("stands on the job template");
    a_role_of_kiam_on_the_pods_of_a_cron_job = rewrites(IRSA, &cron_job("a: b", "iam.amazonaws.com/role: x"));
    a_role_of_kiam_on_a_job = rewrites(IRSA, &beside("batch/v1", "Job", "iam.amazonaws.com/role: x", "a: b")).finds(&["warning[annotation-misplaced]"]).says("name the component in the policy");
    a_role_of_kiam_on_a_pod = rewrites(IRSA, &beside("v1", "Pod", "iam.amazonaws.com/role: x", "a: b"));
    a_misplaced_role_that_the_policy_gives = workload_has("iam.amazonaws.com/role: x").finds(&["warning[annotation-misplaced]"]).says("take it away: the policy gives component `web` its role where it is read");
    a_session_name_on_the_workload = workload_has("iam.amazonaws.com/session-name: abc").finds(&["warning[annotation-misplaced]"]).says("move it there").never_says("components.web");
    an_external_id_on_the_account = account_has("iam.amazonaws.com/external-id: abc").finds(&["warning[annotation-misplaced]"]);
    an_external_id_on_the_pods = pods_have("iam.amazonaws.com/external-id: abc");
    an_audience_on_the_pods = pods_have("eks.amazonaws.com/audience: sts.amazonaws.com").finds(&["warning[annotation-misplaced]"]).says("`components.web.annotations`");
    an_audience_on_the_account = account_has("eks.amazonaws.com/audience: sts.amazonaws.com");
    an_arn_on_the_namespace = namespace_has("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x").finds(&["warning[annotation-misplaced]"]).says("stands on the Namespace");
    a_permission_of_kiam_on_the_workload = workload_has("iam.amazonaws.com/permitted: .*").finds(&["warning[annotation-misplaced]"]);
    roles_of_kube2iam_on_the_account = account_has("iam.amazonaws.com/allowed-roles: '[]'").finds(&["warning[annotation-misplaced]"]);
    a_permission_of_kiam_on_the_namespace = namespace_has("iam.amazonaws.com/permitted: .*");
    containers_to_skip_on_the_account = account_has("eks.amazonaws.com/skip-containers: main").finds(&["warning[annotation-misplaced]"]);

    a_number_of_another_base = account_has("eks.amazonaws.com/audience: 0x10").finds(&["warning[annotation-value-invalid]"]);
    a_number_with_underscores = account_has("eks.amazonaws.com/token-expiration: 86_400").finds(&["warning[annotation-value-invalid]"]).says("quote it");
    a_number_that_is_tagged_as_a_string = account_has("eks.amazonaws.com/token-expiration: !!str 3600");
    a_date_is_a_string = account_has("eks.amazonaws.com/audience: 2024-01-01");
    a_list_for_a_string = pods_have("iam.amazonaws.com/external-id: [a]").finds(&["warning[annotation-value-invalid]"]);
    a_switch_for_a_role = rewrites(IRSA, &beside("v1", "Pod", "iam.amazonaws.com/role: on", "a: b")).finds(&["warning[annotation-value-invalid]"]);
    a_number_that_the_policy_replaces = rewrites(OPTION, &with_account("token", "", "").replace(
        "     token\n",
        "+    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/web\"\n-    eks.amazonaws.com/token-expiration: 1\n+    eks.amazonaws.com/token-expiration: \"3600\"\n",
    ));
    a_null_that_the_policy_replaces = rewrites(OPTION, &with_account("token", "", "").replace(
        "     token\n",
        "+    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/web\"\n-    eks.amazonaws.com/token-expiration:\n+    eks.amazonaws.com/token-expiration: \"3600\"\n",
    ));
    roles_of_kube2iam_that_are_no_json = namespace_has("iam.amazonaws.com/allowed-roles: \"web-*, db-*\"").finds(&["warning[annotation-value-invalid]"]).says("a JSON array");
    roles_of_kube2iam_as_json = namespace_has("iam.amazonaws.com/allowed-roles: '[\"web-*\"]'");

    the_same_role_of_kiam_left_beside_irsa = pods_have("iam.amazonaws.com/role: web");
    the_same_role_of_kiam_as_an_arn = pods_have("iam.amazonaws.com/role: arn:aws:iam::111122223333:role/web");
    a_role_of_kiam_that_only_ends_alike = pods_have("iam.amazonaws.com/role: eb").finds(&["warning[annotation-of-another-injector]"]);
    an_empty_role_of_kiam_beside_irsa = pods_have("iam.amazonaws.com/role: \"\"");
    the_same_name_of_irsa_beside_kube2iam = rewrites(KUBE2IAM, &with_account("eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/team/web-role", "", PODS_ROLE));
    a_role_of_irsa_while_migrating = rewrites("via: [irsa, kube2iam]\ncomponents: {web: \"arn:aws:iam::111122223333:role/web\"}\n", &with_account("a: b", ARN, PODS_ARN));

    pods_without_a_role_that_the_webhook_passes_by = rewrites(KUBE2IAM, &with_labels("eks.amazonaws.com/skip-pod-identity-webhook: \"true\"").replace(ARN, "").replace("         p: q\n", &format!("{PODS_ROLE}         p: q\n")));

    a_blank_is_part_of_a_containers_name = pods_have("eks.amazonaws.com/skip-containers: \"main, main\"").finds(&["warning[skip-containers-unknown]"]).says("leave the blanks out");
    a_container_to_skip_in_quotes = pods_have("eks.amazonaws.com/skip-containers: '\"main\"'");
    a_container_that_the_policy_skips_and_is_not_there = rewrites(SKIP, &with_account("x: y", ARN, "+        eks.amazonaws.com/skip-containers: \"man\"\n")).finds(&["warning[skip-containers-unknown]"]);

    a_role_for_everybody_without_workloads = rewrites(IRSA, DEFAULT).finds(&["warning[role-on-default]"]);
    a_default_account_without_a_role = rewrites(IRSA, &DEFAULT.replace("eks.amazonaws.com/role-arn", "other"));
    an_empty_role_that_nobody_uses = rewrites(IRSA, &(account_named("orphan").replace("arn:aws:iam::111122223333:role/other", "") + &with_account("x: y", ARN, ""))).never_says("role-unused");
    a_role_without_workloads = rewrites(IRSA, &DEFAULT.replace("name: default", "name: orphan")).never_says("role-unused");
    a_role_of_an_account_that_the_policy_names = rewrites(ORPHAN, &(account_named("orphan").replace(OTHER, "arn:aws:iam::111122223333:role/orphan") + &with_account("x: y", ARN, ""))).never_says("role-unused");
}

const IRSA: &str = "components: {web: \"arn:aws:iam::111122223333:role/web\"}\n";
const KUBE2IAM: &str = "via: kube2iam\ncomponents: {web: web-role}\n";
const KUBE2IAM_ARN: &str = "via: kube2iam\ncomponents: {web: \"arn:aws:iam::111122223333:role/web\"}\n";
/// The role and an option of the account's.
const OPTION: &str = "components: {web: {role: \"arn:aws:iam::111122223333:role/web\", annotations: {eks.amazonaws.com/token-expiration: \"3600\"}}}\n";
/// The role and an option of the pods'.
const SKIP: &str = "components: {web: {role: \"arn:aws:iam::111122223333:role/web\", annotations: {eks.amazonaws.com/skip-containers: man}}}\n";
/// The role, and one of an account whose pods are made elsewhere.
const ORPHAN: &str = "components: {web: \"arn:aws:iam::111122223333:role/web\", orphan: {role: \"arn:aws:iam::111122223333:role/orphan\", match: {kind: ServiceAccount, name: orphan}}}\n";
const OTHER: &str = "arn:aws:iam::111122223333:role/other";
const DEFAULT: &str = " apiVersion: v1\n kind: ServiceAccount\n metadata:\n   name: default\n   annotations: {eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/x}\n";
const ARN: &str = "+    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/web\"\n";
const PODS_ROLE: &str = "+        iam.amazonaws.com/role: \"web-role\"\n";
const PODS_ARN: &str = "+        iam.amazonaws.com/role: \"arn:aws:iam::111122223333:role/web\"\n";

fn account_has(annotation: &str) -> Case {
    rewrites(IRSA, &with_account(annotation, ARN, ""))
}

fn pods_have(annotation: &str) -> Case {
    let marked = with_account("x: y", ARN, "").replace("         p: q\n", &format!("         {annotation}\n"));
    rewrites(IRSA, &marked)
}

fn workload_has(annotation: &str) -> Case {
    rewrites(
        IRSA,
        &with_account("x: y", ARN, "").replace("     a: b\n", &format!("     {annotation}\n")),
    )
}

fn with_labels(label: &str) -> String {
    with_account("x: y", ARN, "").replace(
        "labels: {app: web}\n       ann",
        &format!("labels: {{app: web, {label}}}\n       ann"),
    )
}

fn account_named(name: &str) -> String {
    format!(
        " apiVersion: v1
 kind: ServiceAccount
 metadata: {{name: {name}, annotations: {{eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/other\"}}}}
 ---
"
    )
}

/// An account with one annotation and its Deployment, and the lines that each gets.
fn with_account(annotation: &str, account_gets: &str, pods_get: &str) -> String {
    format!(
        " apiVersion: v1
 kind: ServiceAccount
 metadata:
   name: web
   annotations:
{account_gets}     {annotation}
 ---
 apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: a
   annotations:
     a: b
 spec:
   template:
     metadata:
       labels: {{app: web}}
       annotations:
{pods_get}         p: q
     spec:
       serviceAccountName: web
       containers: [{{name: main}}]
"
    )
}

fn namespace_has(annotation: &str) -> Case {
    rewrites(IRSA, &beside("v1", "Namespace", annotation, "a: b"))
}

/// An object of another application with an annotation of its own and one in its pod template, beside the component.
fn beside(api_version: &str, kind: &str, annotation: &str, of_template: &str) -> String {
    format!(
        " apiVersion: {api_version}
 kind: {kind}
 metadata:
   name: other
   annotations: {{{annotation}}}
 spec:
   template:
     metadata:
       annotations: {{{of_template}}}
 ---
"
    ) + &with_account("x: y", ARN, "")
}

/// A `CronJob` of another application with an annotation of its Jobs and one of their pods, beside the component.
fn cron_job(of_jobs: &str, of_pods: &str) -> String {
    format!(
        " apiVersion: batch/v1
 kind: CronJob
 metadata: {{name: other}}
 spec:
   jobTemplate:
     metadata: {{annotations: {{{of_jobs}}}}}
     spec:
       template:
         metadata: {{annotations: {{{of_pods}}}}}
 ---
"
    ) + &with_account("x: y", ARN, "")
}
