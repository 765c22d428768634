//! What else keeps a role from working, each beside the nearest that does not.

use crate::case::{Case, refuses, rewrites};
use crate::shapes::KUBE2IAM;

cases! {
    a_static_key_in_the_environment = refused("{name: AWS_ACCESS_KEY_ID, value: AKIAIOSFODNN7EXAMPLE}", "error[static-keys-in-env]");
    an_empty_key_in_the_environment = passes("{name: AWS_ACCESS_KEY_ID, value: \"\"}");
    a_region_in_the_environment = passes("{name: AWS_REGION, value: us-east-1}");
    a_profile_in_the_environment = refused("{name: AWS_PROFILE, value: prod}", "error[profile-in-env]");
    a_role_in_the_environment_beside_irsa = refuses(
        "account: \"111122223333\"\ncomponents: {web: {role: web-role, serviceAccount: {use: web}}}\n",
        &input("{name: AWS_ROLE_ARN, value: arn:aws:iam::111122223333:role/x}"),
        &["error[role-in-env]"],
    );
    a_role_in_the_environment_beside_kube2iam = passes("{name: AWS_ROLE_ARN, value: arn:aws:iam::111122223333:role/x}");
    the_network_of_the_host_beside_kube2iam = refuses(KUBE2IAM, &(input("{name: X, value: y}") + "      hostNetwork: true\n"), &["error[host-network]"]);
    what_is_allowed_is_a_note = rewrites(
        &format!("{KUBE2IAM}allow: [static-keys-in-env@Deployment/a]\n"),
        &marked("{name: AWS_ACCESS_KEY_ID, value: AKIAIOSFODNN7EXAMPLE}"),
    ).says("note[static-keys-in-env]");
    a_namespace_that_kiam_finds_no_permission_in = refuses(KIAM, &(in_namespace("") + &namespaced()), &["error[namespace-forbids-role]"]).says("permitted");
    a_namespace_that_permits_other_roles = refuses(KIAM, &(in_namespace("iam.amazonaws.com/permitted: db-.*") + &namespaced()), &["error[namespace-forbids-role]"]);
    a_namespace_that_permits_the_role = rewrites(KIAM, &(kept(&in_namespace("iam.amazonaws.com/permitted: web-.*")) + &marked("{name: X, value: y}").replace("{name: a,", "{name: a, namespace: n,")));
    a_toolbox_without_its_s3cfg = rewrites(TOOLBOX, &toolbox("s3")).finds(&["warning[backup-config-missing]"]).says("bucket_location");
    a_store_that_the_chart_brings_along = rewrites(TOOLBOX, &(toolbox("azure") + &store("minio-0.4.3"))).finds(&["warning[chart-minio-in-use]"]).says("global.minio.enabled=false");
    a_store_of_another_chart = rewrites(TOOLBOX, &(toolbox("azure") + &store("other-1.0.0")));
    a_role_of_another_that_is_none = refuses(KUBE2IAM, &(input("{name: X, value: y}") + &crate::case::pair(&with_role("/leading")).0), &["error[role-invalid]"]);
    a_role_of_another = rewrites(KUBE2IAM, &(marked("{name: X, value: y}") + &with_role("path/name")));
    a_toolbox_that_backs_up_to_azure = rewrites(TOOLBOX, &toolbox("azure"));
}

const KIAM: &str = "via: kiam\ncomponents: {web: web-role}\n";

const TOOLBOX: &str = "preset: gitlab\nvia: kube2iam\ncomponents: {toolbox: web-role}\n";

/// A Deployment of the component with one environment variable, and what becomes of it.
fn marked(variable: &str) -> String {
    format!(
        " apiVersion: apps/v1
 kind: Deployment
 metadata: {{name: a, labels: {{app: web}}}}
 spec:
   template:
+    metadata:
+      annotations:
+        iam.amazonaws.com/role: \"web-role\"
     spec:
       containers:
       - name: c
         env: [{variable}]
"
    )
}

fn input(variable: &str) -> String {
    crate::case::pair(&marked(variable)).0
}

fn passes(variable: &str) -> Case {
    rewrites(KUBE2IAM, &marked(variable))
}

fn refused(variable: &str, error: &'static str) -> Case {
    refuses(KUBE2IAM, &input(variable), &[error]).says("Deployment a")
}

fn in_namespace(annotation: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n\n  annotations: {{{annotation}}}\n---\n")
}

fn namespaced() -> String {
    input("{name: X, value: y}").replace("{name: a,", "{name: a, namespace: n,")
}

fn kept(text: &str) -> String {
    crate::case::behind(" ", text)
}

/// The store of a chart.
fn store(chart: &str) -> String {
    format!(
        " ---\n apiVersion: apps/v1\n kind: Deployment\n metadata: {{name: m, labels: {{app: minio, chart: {chart}}}}}\n spec: {{}}\n"
    )
}

/// A Deployment of no component whose pods have this role already.
fn with_role(role: &str) -> String {
    format!(
        " ---\n apiVersion: apps/v1\n kind: Deployment\n metadata: {{name: o}}\n spec: {{template: {{metadata: {{annotations: {{iam.amazonaws.com/role: {role}}}}}}}}}\n"
    )
}

fn toolbox(backend: &str) -> String {
    let variable = format!("{{name: BACKUP_BACKEND, value: {backend}}}");
    marked(&variable).replace("{app: web}", "{app: toolbox, chart: toolbox-8.3.0}")
}
