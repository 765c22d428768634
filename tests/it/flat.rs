//! Secret keys that are credentials themselves, and what goes along with them.

use crate::case::{Case, refuses, rewrites};
use crate::shapes::EXTERNAL;

cases! {
    a_pair_goes_with_its_variables = rewrites(EXTERNAL, &(secret("-  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  AWS_SECRET_ACCESS_KEY: d0phbHI=\n   other: eA==\n") + READER + "
         env:
-        - name: AWS_ACCESS_KEY_ID
-          valueFrom: {secretKeyRef: {name: s, key: AWS_ACCESS_KEY_ID}}
-        - name: AWS_SECRET_ACCESS_KEY
-          valueFrom:
-            secretKeyRef:
-              name: s
-              key: AWS_SECRET_ACCESS_KEY
         - {name: OTHER, valueFrom: {secretKeyRef: {name: s, key: other}}}
"));
    what_is_emptied_is_left_empty = rewrites(EXTERNAL, &(secret_field("-data:\n-  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  AWS_SECRET_ACCESS_KEY: d0phbHI=\n+data: {}\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
"));
    keys_are_known_by_the_variables_they_feed = rewrites(EXTERNAL, &(secret("-  user: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  pass: d0phbHI=\n   x: eA==\n") + READER + "
-        env:
+        env: []
-        - {name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: s, key: user}}}
-        - {name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: s, key: pass}}}
"));
    items_go_and_others_stay = rewrites(EXTERNAL, &(secret("-  accesskey: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  secretkey: d0phbHI=\n   region: dXMtZWFzdC0x\n") + READER + "
       volumes:
       - name: v
         projected:
           sources:
           - secret:
               name: s
               items:
-              - {key: accesskey, path: a}
-              - {key: secretkey, path: b}
               - {key: region, path: c}
"));
    a_source_without_items_goes_whole = rewrites(EXTERNAL, &(secret("-  accesskey: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  secretkey: d0phbHI=\n   x: eA==\n") + READER + "
       volumes:
       - name: v
         projected:
           sources:
-          - secret: {name: s, items: [{key: accesskey, path: a}, {key: secretkey, path: b}]}
           - configMap: {name: c}
"));
    a_volume_is_never_left_without_items = refuses(EXTERNAL, &input(&(secret(PAIR) + READER + "
       volumes:
       - name: v
         secret: {secretName: s, items: [{key: AWS_ACCESS_KEY_ID, path: a}, {key: AWS_SECRET_ACCESS_KEY, path: b}]}
")), &["error[keys-beside-role]"]).says("every key of the Secret");
    what_leaves_string_data_may_stay_in_the_cluster = rewrites(EXTERNAL, &(secret_field("-stringData:\n-  AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE\n-  AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n+stringData: {}\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
")).finds(&["warning[string-data-may-stay]"]).says("kubectl patch secret s --type=json");
    a_variable_in_use_keeps_its_key = refuses(EXTERNAL, &input(&(secret(PAIR) + READER + "
         args: [\"--key=$(AWS_ACCESS_KEY_ID)\"]
         env: [{name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: s, key: AWS_ACCESS_KEY_ID}}}]
")), &["error[variable-in-use]"]);
    a_variable_that_a_shell_uses_keeps_its_key = refuses(EXTERNAL, &input(&(secret(PAIR) + READER + "
         command: [sh, -c, 'run --key $AWS_ACCESS_KEY_ID']
         env: [{name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: s, key: AWS_ACCESS_KEY_ID}}}]
")), &["error[variable-in-use]"]);
    half_a_pair_stays = refuses(EXTERNAL, &input(&(secret("   AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
")), &["error[keys-beside-role]"]).says("other half");
    keys_of_another_store_stay = stays("         env: [{name: AWS_ENDPOINT_URL, value: \"http://minio:9000\"}]\n", &["warning[endpoint-not-aws]"]);
    keys_of_a_store_that_an_argument_names_stay = stays("         args: [--s3-endpoint=http://minio.svc:9000]\n", &["warning[endpoint-not-aws]"]);
    keys_of_a_store_that_a_config_map_names_stay = stays("         env: [{name: S3_HOSTNAME, valueFrom: {configMapKeyRef: {name: c, key: h}}}]\n ---\n apiVersion: v1\n kind: ConfigMap\n metadata: {name: c}\n data: {h: minio.example.com}\n", &["warning[endpoint-not-aws]"]);
    the_root_of_minio_stays = stays("         image: quay.io/minio/minio:latest\n", &[]).says("note[provider-not-aws]");
    keys_of_a_custom_resource_stay = stays(" ---\n apiVersion: example.com/v1\n kind: Backup\n metadata: {name: b}\n spec: {credentials: s}\n", &["warning[secret-named-elsewhere]"]);
    keys_go_where_a_custom_resource_names_another = rewrites(EXTERNAL, &(secret_field("-data:\n-  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  AWS_SECRET_ACCESS_KEY: d0phbHI=\n+data: {}\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
 ---
 apiVersion: example.com/v1
 kind: Backup
 metadata: {name: b}
 spec: {credentials: other}
"));
    templates_stay = rewrites(EXTERNAL, &(secret_field(" stringData:\n   AWS_ACCESS_KEY_ID: ${ID}\n   AWS_SECRET_ACCESS_KEY: ${KEY}\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
")).finds(&["warning[template-kept]"]);
    a_key_id_under_any_name_is_an_error = refuses(EXTERNAL, &input(&(secret("   mine: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n") + READER + "
         envFrom: [{secretRef: {name: s}}]
")), &["error[keys-beside-role]"]).says("`mine`");
    a_job_of_no_component_is_left_alone = refuses(IRSA_SHARED, &input(&(secret(PAIR) + READER + "
         envFrom: [{secretRef: {name: s}}]
       serviceAccountName: a
 ---
 apiVersion: v1
 kind: ServiceAccount
 metadata: {name: a}
 ---
 apiVersion: batch/v1
 kind: Job
 metadata: {name: j}
 spec:
   template:
     spec:
       serviceAccountName: a
       containers:
       - name: c
         env: [{name: AWS_ACCESS_KEY_ID, valueFrom: {secretKeyRef: {name: s, key: AWS_ACCESS_KEY_ID}}}]
")), &["error[keys-beside-role]"]).says("Job j").says("match.kind");
    what_kubectl_wrote_down_is_told = rewrites("secrets: [{name: s}]\n", " apiVersion: v1\n kind: Secret\n metadata: {name: s, annotations: {kubectl.kubernetes.io/last-applied-configuration: x}}\n-data:\n-  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  AWS_SECRET_ACCESS_KEY: d0phbHI=\n+data: {}\n").finds(&["warning[last-applied-stays]"]);
    what_kubectl_did_not_write_down_is_not = rewrites("secrets: [{name: s}]\n", " apiVersion: v1\n kind: Secret\n metadata: {name: s}\n-data:\n-  AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n-  AWS_SECRET_ACCESS_KEY: d0phbHI=\n+data: {}\n");
    a_credentials_file_takes_its_variable_along = rewrites(EXTERNAL, &(secret_field(" stringData:\n   cloud: |\n     [default]\n-    aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n-    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n") + READER + "
         volumeMounts: [{name: v, mountPath: /credentials}]
         env:
-        - {name: AWS_SHARED_CREDENTIALS_FILE, value: /credentials/cloud}
         - {name: X, value: y}
       volumes: [{name: v, secret: {secretName: s}}]
"));
    a_variable_that_goes_along_is_not_judged = rewrites(EXTERNAL, &(secret_field(" stringData:\n   cloud: |\n     [default]\n-    aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n-    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n") + READER + "
         env:
-        - {name: AWS_SHARED_CREDENTIALS_FILE, value: /credentials/cloud}
         - {name: X, value: y}
       volumes: [{name: v, secret: {secretName: s}}]
")).never_says("credentials-mounted");
    a_credentials_file_with_more_in_it_keeps_its_variable = rewrites(EXTERNAL, &(secret_field(" stringData:\n   cloud: |\n     [default]\n     region = us-east-1\n-    aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n-    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n") + READER + "
         volumeMounts: [{name: v, mountPath: /credentials}]
         env:
         - {name: AWS_SHARED_CREDENTIALS_FILE, value: /credentials/cloud}
         - {name: X, value: y}
       volumes: [{name: v, secret: {secretName: s}}]
")).finds(&["warning[credentials-file-left]"]);
}

const IRSA_SHARED: &str = crate::shapes::IRSA;

/// A pair, in both input and output.
const PAIR: &str = "   AWS_ACCESS_KEY_ID: QUtJQUlPU0ZPRE5ON0VYQU1QTEU=\n   AWS_SECRET_ACCESS_KEY: d0phbHI=\n";

/// A Deployment of the component, up to its container's or pod's own lines.
const READER: &str = " ---
 apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a, labels: {app: web}}
 spec:
   template:
     spec:
       containers:
       - name: c";

fn secret(entries: &str) -> String {
    secret_field(&format!(" data:\n{entries}"))
}

fn secret_field(lines: &str) -> String {
    format!(" apiVersion: v1\n kind: Secret\n metadata: {{name: s}}\n{lines}")
}

fn input(marked: &str) -> String {
    crate::case::pair(marked).0
}

/// A pair that a container reads whole, and more lines behind it; nothing is to change.
fn stays(more: &str, found: &[&'static str]) -> Case {
    let reader = format!("{READER}\n         envFrom: [{{secretRef: {{name: s}}}}]\n{more}");
    rewrites(EXTERNAL, &(secret(PAIR) + &reader)).finds(found)
}
