//! `secrets:` in a policy: what it names, what it removes and sets, and what it keeps.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::case::{Case, rewrites};

cases! {
    a_secret_that_is_kept_is_not_mentioned = secret("secrets: [{name: s, keep: true}]\n", " stringData:
   config: |
     s3:
       region: us-east-1
       accesskey: AKIAIOSFODNN7EXAMPLE
       secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
").never_says("Secret s");
    a_key_that_is_kept_is_not_mentioned = secret("secrets: [{name: s, key: config, keep: true}]\n", " stringData:
   config: |
     s3:
       region: us-east-1
       accesskey: AKIAIOSFODNN7EXAMPLE
       secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
").never_says("Secret s");
    a_registry_by_name = secret("secrets: [{name: s, key: config, format: registry}]\n", " stringData:
   config: |
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    a_secret_without_a_format_is_recognised = secret("secrets: [{name: s}]\n", " stringData:
   connection: |
     provider: AWS
     region: us-east-1
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    use_iam_profile: true
");
    yaml_by_path = secret(YAML, " stringData:
   objstore.yml: |
     type: S3
     config:
+      aws_sdk_auth: true
       bucket: b
       # the pair
-      access_key: AKIAIOSFODNN7EXAMPLE
-      secret_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    yaml_that_is_set_already = secret(YAML, " stringData:
   objstore.yml: |
     config:
-      access_key: AKIAIOSFODNN7EXAMPLE
-      secret_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
-      aws_sdk_auth: false   # with keys
+      aws_sdk_auth: true   # with keys
");
    yaml_that_is_done_is_no_change = secret(YAML, " stringData:\n   objstore.yml: |\n     config:\n       aws_sdk_auth: true\n");
    ini_by_key = secret("secrets: [{name: s, key: env, format: ini, remove: [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY]}]\n", " stringData:
   env: |
     # settings
-    AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
     AWS_REGION=us-east-1
-    AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    yaml_in_base64 = secret(YAML, &format!(
        " data:\n-  objstore.yml: {}\n+  objstore.yml: {}\n",
        STANDARD.encode("config:\n  access_key: AKIAIOSFODNN7EXAMPLE\n  secret_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n  bucket: b\n"),
        STANDARD.encode("config:\n  aws_sdk_auth: true\n  bucket: b\n"),
    )).finds(&[]);
    secrets_by_glob = rewrites("secrets: [{name: \"*-store\", key: \"*.yml\", format: registry}]\n", "
 apiVersion: v1
 kind: Secret
 metadata: {name: a-store}
 stringData:
   a.yml: |
     s3:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
 ---
 apiVersion: v1
 kind: Secret
 metadata: {name: other}
 stringData: {a.yml: 'b: c'}
");
    a_secret_of_a_namespace = rewrites("secrets: [{name: s, namespace: n, format: registry}]\n", "
 apiVersion: v1
 kind: Secret
 metadata: {name: s, namespace: n}
 stringData:
   config: |
     s3:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
 ---
 apiVersion: v1
 kind: Secret
 metadata: {name: s, namespace: m}
 stringData: {config: 's3: {region: us-east-1}'}
");
}

const YAML: &str = "secrets: [{name: s, key: objstore.yml, format: yaml, remove: [config.access_key, config.secret_key], set: {config.aws_sdk_auth: true}}]\n";

/// A Secret alone, as `kubectl get secret -o yaml` gives it.
fn secret(policy: &str, marked: &str) -> Case {
    rewrites(
        policy,
        &format!(" apiVersion: v1\n kind: Secret\n metadata: {{name: s}}\n{marked}"),
    )
}
