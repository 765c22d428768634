//! Static keys where they hide, each beside the nearest that is none.

use crate::case::{Case, refuses, rewrites};
use crate::shapes::KUBE2IAM;

cases! {
    a_key_id_in_the_arguments = refused("args: [\"--key=AKIAIOSFODNN7EXAMPLE\"]", "", "error[static-keys-in-args]");
    a_url_with_keys_in_the_arguments = refused("args: [\"s3://id:secret@bucket/path\"]", "", "error[static-keys-in-args]").says("a URL with static keys");
    a_url_without_keys_in_the_arguments = passes("args: [\"s3://bucket/path\"]", "");
    a_configuration_text_with_keys = refused(MOUNTED, "config.yml: |\n    storage:\n      s3:\n        accesskey: a\n        secretkey: b", "error[static-keys-in-config]").says("in its line 4").says("`Deployment a`");
    a_configuration_text_with_placeholders = passes(MOUNTED, "config.yml: |\n    storage:\n      s3:\n        accesskey: \"ACCESS_KEY\"\n        secretkey: \"SECRET_KEY\"");
    a_configuration_of_a_runner = refused(MOUNTED, "config.toml: |\n    [runners.cache.s3]\n      AccessKey = \"a\"\n      SecretKey = \"b\"", "error[static-keys-in-config]").says("SecretKey");
    a_configuration_of_another_store = passes(MOUNTED, "config.yml: |\n    s3: {accesskey: a, secretkey: b, regionendpoint: \"http://minio:9000\"}");
    a_key_id_that_nobody_with_a_role_reads = passes("args: [x]", "notes: was AKIAIOSFODNN7EXAMPLE once").finds(&["warning[access-key-in-output]"]).says("ConfigMap c");
    a_key_id_behind_an_escaped_line_break = passes("args: [x]", r#"notes: "was\nAKIAIOSFODNN7EXAMPLE once""#).finds(&["warning[access-key-in-output]"]);
    a_key_id_with_an_escaped_letter = passes("args: [x]", r#"notes: "was \x41KIAIOSFODNN7EXAMPLE once""#).finds(&["warning[access-key-in-output]"]);
    a_configuration_text_with_keys_behind_escapes = refused(MOUNTED, r#"config.yml: "s3:\n  accesskey: a\n  secret\x6bey: b""#, "error[static-keys-in-config]");
    a_word_that_is_no_key_id = passes("args: [x]", "notes: was AKIAIOSFODNN7EXAMPLEX once");
    a_program_that_must_not_ask_for_its_role = refused("env: [{name: AWS_EC2_METADATA_DISABLED, value: \"true\"}]", "", "error[metadata-disabled]");
    a_program_that_may_ask_for_its_role = passes("env: [{name: AWS_EC2_METADATA_DISABLED, value: \"false\"}]", "");
    a_folder_of_credentials_from_the_node = mounts("volumeMounts: [{name: v, mountPath: /root/.aws}]", "hostPath: {path: /x}").finds(&["warning[credentials-mounted]"]).says("a folder of the node");
    a_folder_of_credentials_of_an_unseen_secret = mounts("volumeMounts: [{name: v, mountPath: /root/.aws/}]", "configMap: {name: unseen}").finds(&["warning[credentials-mounted]"]).says("`unseen`");
    a_folder_of_credentials_that_is_empty = mounts("volumeMounts: [{name: v, mountPath: /root/.aws}]", "emptyDir: {}");
    a_credentials_file_of_no_volume = passes("env: [{name: AWS_SHARED_CREDENTIALS_FILE, value: /vault/secrets/aws}]", "").finds(&["warning[credentials-mounted]"]).says("no volume");
    a_credentials_file_of_the_node = mounts("volumeMounts: [{name: v, mountPath: /keys}]\n         env: [{name: AWS_CONFIG_FILE, value: /keys/aws}]", "hostPath: {path: /x}").finds(&["warning[credentials-mounted]"]).says("a folder of the node");
    a_credentials_file_of_a_map_without_keys = mounts("volumeMounts: [{name: v, mountPath: /keys}]\n         env: [{name: AWS_CONFIG_FILE, value: /keys/aws}]", "configMap: {name: c}");
    a_file_that_is_none_of_credentials = passes("env: [{name: OTHER_FILE, value: /vault/secrets/aws}]", "");
    another_folder_of_the_node = mounts("volumeMounts: [{name: v, mountPath: /data}]", "hostPath: {path: /x}");
    an_environment_that_is_not_in_the_stream = passes("envFrom: [{secretRef: {name: unseen}}]", "").says("note[environment-not-in-stream]");
    an_environment_that_is_in_the_stream = passes(MOUNTED, "").never_says("environment-not-in-stream");
}

const MOUNTED: &str = "envFrom: [{configMapRef: {name: c}}]";

/// A `ConfigMap` with this data, and a Deployment of the component with this in its container.
fn marked(container: &str, data: &str) -> String {
    let data = if data.is_empty() { "x: y" } else { data };
    let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  {data}\n---\n");
    crate::case::behind(" ", &map)
        + &format!(
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
         {container}
"
        )
}

fn passes(container: &str, data: &str) -> Case {
    rewrites(KUBE2IAM, &marked(container, data))
}

/// The same, with a volume `v`.
fn mounts(container: &str, source: &str) -> Case {
    let volumes = format!("       volumes: [{{name: v, {source}}}]\n");
    rewrites(KUBE2IAM, &(marked(container, "") + &volumes))
}

fn refused(container: &str, data: &str, error: &'static str) -> Case {
    refuses(KUBE2IAM, &crate::case::pair(&marked(container, data)).0, &[error])
}
