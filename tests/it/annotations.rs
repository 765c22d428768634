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
}

const IRSA: &str = "components: {web: \"arn:aws:iam::111122223333:role/web\"}\n";
const KUBE2IAM: &str = "via: kube2iam\ncomponents: {web: web-role}\n";
const KUBE2IAM_ARN: &str = "via: kube2iam\ncomponents: {web: \"arn:aws:iam::111122223333:role/web\"}\n";
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
