//! Where a role is written: every kind that makes pods, and every way its annotations can stand there.

use crate::case::{Case, behind, rewrites};
use crate::shapes::KUBE2IAM;

cases! {
    a_deployment = of_kind("apps/v1", "Deployment", "");
    a_deployment_of_extensions = of_kind("extensions/v1beta1", "Deployment", "");
    a_stateful_set = of_kind("apps/v1", "StatefulSet", "");
    a_daemon_set = of_kind("apps/v1", "DaemonSet", "");
    a_daemon_set_of_extensions = of_kind("extensions/v1beta1", "DaemonSet", "");
    a_replica_set = of_kind("apps/v1", "ReplicaSet", "");
    a_replica_set_of_extensions = of_kind("extensions/v1beta1", "ReplicaSet", "");
    a_replication_controller = of_kind("v1", "ReplicationController", "");
    a_job_that_the_policy_names = of_kind("batch/v1", "Job", "match: {kind: Job}, ");
    a_cron_job = cron_job("batch/v1");
    a_cron_job_of_v1beta1 = cron_job("batch/v1beta1");
    a_pod_that_the_policy_names = pod();
    a_job_is_left_alone = left_alone("batch/v1", "Job", "spec:\n   template:\n     metadata:\n       labels: {app: web}\n");
    a_bare_pod_is_left_alone = left_alone("v1", "Pod", "spec: {}\n");
    a_hook_is_left_alone = left_alone("apps/v1", "Deployment", "metadata:\n   name: hook\n   labels: {app: web}\n   annotations: {helm.sh/hook: test}\n");
    a_job_of_another_api_group_is_left_alone = left_alone("batch.volcano.sh/v1alpha1", "Job", "metadata: {labels: {app: web}}\n");
    a_deployment_of_another_api_group_is_left_alone = left_alone("example.com/v1", "Deployment", "metadata: {labels: {app: web}}\n");
    a_hook_that_the_policy_names_by_kind = rewrites("via: kube2iam\ncomponents: {web: {role: web-role, match: {kind: Job}}}\n", r#"
 apiVersion: batch/v1
 kind: Job
 metadata:
   name: a
   annotations:
     helm.sh/hook: pre-install
 spec:
   template:
     metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
       labels: {app: web}
     spec: {}
"#);

    annotations_that_are_absent = rewrites(KUBE2IAM, &deployment(ROLE));
    annotations_that_are_null = written(
        "      annotations:\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\"\n",
    );
    annotations_that_are_null_with_blanks_and_a_comment = written(
        "      annotations:   # none yet\n        \n",
        "      annotations:   # none yet\n        iam.amazonaws.com/role: \"web-role\"\n        \n",
    );
    annotations_that_are_a_written_null = written(
        "      annotations: null\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\"\n",
    );
    annotations_that_are_a_tilde = written("      annotations: ~\n", "      annotations:\n        iam.amazonaws.com/role: \"web-role\"\n");
    annotations_that_are_empty = written("      annotations: {}\n", "      annotations: {\"iam.amazonaws.com/role\": \"web-role\"}\n");
    annotations_in_a_flow_mapping = written(
        "      annotations: {a: b}  # kept\n",
        "      annotations: {\"iam.amazonaws.com/role\": \"web-role\", a: b}  # kept\n",
    );
    annotations_in_a_block = rewrites(
        KUBE2IAM,
        &deployment(
            "       annotations:\n+        iam.amazonaws.com/role: \"web-role\"\n         # about a\n         a: b   # kept\n         \"c\": 'd'\n",
        ),
    );
    annotations_in_a_block_with_a_comment_behind_the_key = rewrites(
        KUBE2IAM,
        &deployment(
            "       annotations:   # ours\n+        iam.amazonaws.com/role: \"web-role\"\n\n         a: |\n           one\n\n           two\n\n",
        ),
    );
    another_role_is_replaced_in_place = written(
        "      annotations:\n        iam.amazonaws.com/role: old   # by hand\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\"   # by hand\n        z: y\n",
    );
    another_role_in_a_flow_mapping_is_replaced_in_place = written(
        "      annotations: {'iam.amazonaws.com/role': 'old', z: y}\n",
        "      annotations: {'iam.amazonaws.com/role': \"web-role\", z: y}\n",
    );
    another_role_in_a_block_scalar_leaves_the_comment_behind_its_header = written(
        "      annotations:\n        iam.amazonaws.com/role: |-  # by hand\n          old\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\"  # by hand\n        z: y\n",
    );
    another_role_in_a_block_scalar_below_its_key = written(
        "      annotations:\n        iam.amazonaws.com/role:   # by hand\n          # the old one\n          |\n          old\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role:   # by hand\n          # the old one\n          \"web-role\"\n        z: y\n",
    );
    another_role_in_a_block_scalar_with_an_anchor = written(
        "      annotations:\n        iam.amazonaws.com/role: &a !!str |- # by hand\n          old\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role: &a !!str \"web-role\" # by hand\n        z: y\n",
    );
    another_role_in_a_block_scalar_that_keeps_its_line_breaks = written(
        "      annotations:\n        iam.amazonaws.com/role: >+ # by hand\n          old\n\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\" # by hand\n        z: y\n",
    );
    a_role_that_is_null_is_filled_in = written(
        "      annotations:\n        iam.amazonaws.com/role:\n        z: y\n",
        "      annotations:\n        iam.amazonaws.com/role: \"web-role\"\n        z: y\n",
    );
    the_same_role_is_no_change = same("      annotations:\n        iam.amazonaws.com/role: web-role # as it is\n");
    the_same_role_in_other_quotes_is_no_change = same("      annotations: {iam.amazonaws.com/role: 'web-role'}\n");
    a_path_goes_to_kube2iam_as_written = rewrites("via: kube2iam\ncomponents: {web: team/web}\n", &deployment("+      annotations:\n+        iam.amazonaws.com/role: \"team/web\"\n"));
    an_arn_goes_to_kiam_as_written = rewrites(
        "via: kiam\ncomponents: {web: \"arn:aws-cn:iam::111122223333:role/web\"}\n",
        &deployment("+      annotations:\n+        iam.amazonaws.com/role: \"arn:aws-cn:iam::111122223333:role/web\"\n"),
    );
    the_template_without_metadata_gets_some = rewrites("via: kube2iam\ncomponents: {web: {role: web-role, match: {name: a}}}\n", r#"
 apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a}
 spec:
   template:
+    metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
     spec:
       containers: []
"#);
    nothing_but_the_pod_template_is_annotated = rewrites(KUBE2IAM, r#"
 apiVersion: apps/v1
 kind: StatefulSet
 metadata:
   name: a
   labels: {app: web}
   annotations: {iam.amazonaws.com/role: elsewhere}
 spec:
   selector:
     matchLabels: {app: web}
   volumeClaimTemplates:
   - metadata:
       name: data
       labels: {app: web}
       annotations: {iam.amazonaws.com/role: elsewhere}
   template:
     metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
       labels: {app: web}
     spec: {}
"#).finds(&["warning[annotation-misplaced]"]).says("it is read on the pod template");
    every_workload_of_a_component = rewrites(KUBE2IAM, &[deployment(ROLE), "\x20---\n".to_owned(), deployment(ROLE).replace("name: a", "name: b")].concat());
    a_sequence_at_its_parents_column = rewrites(KUBE2IAM, r#"
 apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a, labels: {app: web}}
 spec:
   template:
     spec:
       containers:
       - name: c
         args:
         - |
           x
     metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
       labels: {app: web}
   replicas: 1
"#);
}

const ROLE: &str = "+      annotations:\n+        iam.amazonaws.com/role: \"web-role\"\n";

/// A Deployment with these marked lines in its pod template's metadata.
fn deployment(marked: &str) -> String {
    format!(
        " apiVersion: apps/v1\n kind: Deployment\n metadata:\n   name: a\n spec:\n   template:\n     metadata:\n{marked}       labels: {{app: web}}\n     spec: {{}}\n"
    )
}

/// Lines become others.
fn written(before: &str, after: &str) -> Case {
    rewrites(KUBE2IAM, &deployment(&(behind("-", before) + &behind("+", after))))
}

fn same(lines: &str) -> Case {
    rewrites(KUBE2IAM, &deployment(&behind(" ", lines)))
}

fn of_kind(api_version: &str, kind: &str, selector: &str) -> Case {
    let policy = format!("via: kube2iam\ncomponents: {{web: {{{selector}role: web-role}}}}\n");
    let text = format!(
        "
 # Source: a/b.yaml
 apiVersion: {api_version}
 kind: {kind}
 metadata:
   name: a   # the name
   labels:
     app: web
 spec:
   template:
     metadata:
+      annotations:
+        iam.amazonaws.com/role: \"web-role\"
       labels:
         app: web
     spec:
       containers: [{{name: c, image: 'i:1'}}]
"
    );
    rewrites(&policy, &text)
}

fn cron_job(api_version: &str) -> Case {
    let text = format!(
        "
 apiVersion: {api_version}
 kind: CronJob
 metadata: {{name: a, labels: {{app: web}}}}
 spec:
   schedule: '@daily'
   jobTemplate:
     metadata: {{annotations: {{}}}}
     spec:
       template:
+        metadata:
+          annotations:
+            iam.amazonaws.com/role: \"web-role\"
         spec: {{restartPolicy: Never}}
"
    );
    rewrites(KUBE2IAM, &text)
}

fn pod() -> Case {
    rewrites(
        "via: kube2iam\ncomponents: {web: {role: web-role, match: {kind: [Pod]}}}\n",
        r#"
 apiVersion: v1
 kind: Pod
 metadata:
+  annotations:
+    iam.amazonaws.com/role: "web-role"
   name: a
   labels: {app: web}
 spec: {}
"#,
    )
}

/// An object beside a Deployment of the component stays as it is.
fn left_alone(api_version: &str, kind: &str, rest: &str) -> Case {
    let rest = if rest.starts_with("metadata") {
        rest.to_owned()
    } else {
        format!("metadata: {{name: x, labels: {{app: web}}}}\n {rest}")
    };
    let other = format!(" ---\n apiVersion: {api_version}\n kind: {kind}\n {rest}");
    rewrites(KUBE2IAM, &(deployment(ROLE) + &other))
}
