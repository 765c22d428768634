//! Keys that stay, and the finding that says why.

use crate::case::{Case, behind, pair, refuses, rewrites};
use crate::keys::READER;
use crate::shapes::EXTERNAL;

cases! {
    registry_with_another_endpoint = stays("s3:\n  regionendpoint: https://minio.example.com:9000\n", &["warning[endpoint-not-aws]"]);
    fog_with_another_endpoint = stays_fog("provider: AWS\nendpoint: https://minio.example.com:9000\n", &["warning[endpoint-not-aws]"]);
    fog_with_another_host = stays_fog("provider: AWS\nhost: storage.example.com\n", &["warning[endpoint-not-aws]"]);
    fog_of_google = kept("provider: Google\ngoogle_project: p\ngoogle_storage_access_key_id: GOOG1EXAMPLEEXAMPLE\ngoogle_storage_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &[]);
    fog_of_azure = kept("provider: AzureRM\nazure_storage_account_name: a\nazure_storage_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &[]);
    s3cmd_with_another_host = kept("[default]\nhost_base = https://x.azurewebsites.net\naccess_key = AKIAIOSFODNN7EXAMPLE\nsecret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &["warning[endpoint-not-aws]"]);
    registry_of_minio = kept("s3:\n  regionendpoint: http://minio.default.svc:9000\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &["warning[endpoint-not-aws]"]);
    registry_filled_in_by_a_template = kept("s3:\n  region: us-east-1\n  accesskey: <%= ENV['KEY'] %>\n  secretkey: <%= ENV['SECRET'] %>\n", &["warning[template-kept]"]);
    registry_filled_in_by_envsubst = kept("s3:\n  region: us-east-1\n  accesskey: ${KEY}\n  secretkey: ${SECRET}\n", &["warning[template-kept]"]);
    registry_with_sentinels = kept("s3:\n  region: us-east-1\n  accesskey: ACCESS_KEY\n  secretkey: SECRET_KEY\n", &["warning[template-kept]"]);
    registry_sealed_by_sops = kept("s3:\n  region: us-east-1\n  accesskey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n  secretkey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops:\n  mac: x\n", &[]).says("note[sealed-content]");
    registry_sealed_in_part = kept("s3:\n  region: us-east-1\n  accesskey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n  secretkey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n", &[]).says("note[sealed-content]");
    registry_of_another_driver = kept("gcs:\n  bucket: b\n  keyfile: /etc/key\n", &[]);
    registry_with_the_endpoint_of_aws = refused("s3:\n  region: us-east-1\n  regionendpoint: https://s3.us-east-1.amazonaws.com\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &["error[endpoint-with-irsa]"]).says("regionendpoint");
    a_key_id_in_a_comment_that_stays = refused("# was AKIAIOSFODNN7EXAMPLE\ns3:\n  region: us-east-1\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", &["error[key-in-comment]"]);
    an_immutable_secret = refuses(EXTERNAL, &(with_secret(KEYS) + "immutable: true\n"), &["error[immutable-secret]"]).says("Secret s").says("new name");
    an_immutable_secret_without_keys = untouched(&(with_secret("s3:\n  region: us-east-1\n") + "immutable: true\n"));
    base64_that_is_none = refuses(EXTERNAL, &(pair(READER).0 + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  config: AKIAIOSFODNN7EXAMPLE!\n"), &["error[unreadable-secret]"]).says("`config`").says("base64");

    a_value_that_is_no_text = refuses(EXTERNAL, &(pair(READER).0 + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  config: {s3: {accesskey: AKIAIOSFODNN7EXAMPLE}}\n"), &["error[unreadable-secret]"]).never_says("base64");
    a_value_that_is_an_alias = refuses(EXTERNAL, &(pair(READER).0 + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  a: &a |\n    [default]\n    access_key = AKIAIOSFODNN7EXAMPLE\n    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n  b: *a\n"), &["error[cannot-edit]", "error[cannot-edit]"]).says("alias");

    docker_distribution_two_cannot_use_irsa = refuses(IRSA_EXTRA, &client("registry:2.8.3"), &["error[unsupported-client]"]).says("registry:2.8.3").says("3.0.0");
    docker_distribution_two_of_a_mirror_cannot_use_irsa = refuses(IRSA_EXTRA, &client("mirror.example.com:5000/library/registry:2"), &["error[unsupported-client]"]);
    harbors_registry_cannot_use_irsa = refuses(IRSA_EXTRA, &client("goharbor/registry-photon:v2.11.0"), &["error[unsupported-client]"]);
    docker_distribution_three_can = untouched_with(IRSA_EXTRA, &client("registry:3.0.0"));
    gitlabs_registry_can = untouched_with(IRSA_EXTRA, &client("registry.gitlab.com/gitlab-org/build/cng/gitlab-container-registry:v4.9.0-gitlab"));

    a_reader_without_a_role = refuses(EXTERNAL, &(with_secret(KEYS) + "---\n" + &reader("apps/v1", "Deployment", "")), &["error[keys-beside-role]"]).says("Deployment b");
    a_job_that_reads_is_named_with_its_remedy = refuses(EXTERNAL, &(with_secret(KEYS) + "---\n" + &reader("batch/v1", "Job", "")), &["error[keys-beside-role]"]).says("Job b").says("match.kind");
    a_hook_that_reads_does_not_block = rewrites(EXTERNAL, &(marked(&with_secret(KEYS)) + " ---\n" + &marked(&reader("batch/v1", "Job", "  annotations: {helm.sh/hook: post-install}\n")))).finds(&["warning[hook-consumer]"]).says("Job b");
    a_secret_that_nobody_reads = rewrites(EXTERNAL, &[&kept_lines(&with_secret(KEYS).replace("secretName: s", "secretName: t"))[..]].concat()).finds(&["warning[keys-by-content-only]"]).says("no workload");
    a_secret_that_only_a_stranger_reads = rewrites(EXTERNAL, &(kept_lines(&with_secret(KEYS).replace("secretName: s", "secretName: t")) + " ---\n" + &kept_lines(&reader("apps/v1", "Deployment", "")))).finds(&["warning[keys-by-content-only]"]).says("Deployment b");
    a_mounted_secret_that_is_not_there = rewrites(
        "preset: gitlab\ncomponents: {registry: {role: external}}\n",
        "
 apiVersion: apps/v1
 kind: Deployment
 metadata: {name: r, labels: {app: registry, chart: registry-0.7.0}}
 spec:
   template:
     spec:
       volumes:
       - name: v
         projected:
           sources:
           - secret: {name: storage, items: [{key: config, path: storage/config}]}
",
    ).finds(&["warning[secret-not-in-stream]"]).says("`storage`").says("`config`").says("registry").says("Deployment r");
    a_mounted_text_that_is_not_the_format = refuses(
        "preset: gitlab\ncomponents: {registry: {role: external}}\n",
        "
apiVersion: apps/v1
kind: Deployment
metadata: {name: r, labels: {app: registry, chart: registry-0.7.0}}
spec:
  template:
    spec:
      volumes:
      - name: v
        projected:
          sources:
          - secret: {name: s, items: [{key: config, path: storage/config}]}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData:
  config: \"s3: [wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"
",
        &["error[unreadable-secret]"],
    );
    a_warning_that_is_allowed = {
        let policy = format!("{EXTERNAL}strict: true\nallow: [endpoint-not-aws]\n");
        rewrites(&policy, &kept_lines(&with_secret("s3:\n  regionendpoint: https://minio.example.com:9000\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"))).says("note[endpoint-not-aws]")
    };
    an_error_that_is_allowed_for_one_object = rewrites(&format!("{EXTERNAL}allow: [immutable-secret@Secret/s]\n"), &kept_lines(&(with_secret(KEYS) + "immutable: true\n"))).says("note[immutable-secret]");
    an_error_that_is_allowed_for_another_object = refuses(&format!("{EXTERNAL}allow: [immutable-secret@Secret/t]\n"), &(with_secret(KEYS) + "immutable: true\n"), &["error[immutable-secret]"]);
}

const KEYS: &str = "s3:\n  region: us-east-1\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
const IRSA_EXTRA: &str = "account: \"111122223333\"\ncomponents: {web: web-role}\n";

/// The Secret `s` with this text, and its reader.
fn with_secret(text: &str) -> String {
    let lines = behind("    ", text);
    pair(READER).0 + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  config: |\n" + &lines
}

fn kept_lines(text: &str) -> String {
    behind(" ", text)
}

/// All lines stay but those of keys.
fn marked(text: &str) -> String {
    let mark = |line: &str| {
        if line.contains("accesskey") || line.contains("secretkey") {
            "-"
        } else {
            " "
        }
    };
    text.split_inclusive('\n')
        .map(|line| mark(line).to_owned() + line)
        .collect()
}

fn untouched(input: &str) -> Case {
    untouched_with(EXTERNAL, input)
}

fn untouched_with(policy: &str, input: &str) -> Case {
    rewrites(policy, &kept_lines(input))
}

/// The text stays, with these warnings.
fn kept(text: &str, found: &[&'static str]) -> Case {
    untouched(&with_secret(text)).finds(found).says("iam-roles: 0 changes")
}

fn stays(text: &str, found: &[&'static str]) -> Case {
    kept(
        &format!("{text}  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"),
        found,
    )
}

fn stays_fog(text: &str, found: &[&'static str]) -> Case {
    kept(
        &format!(
            "{text}aws_access_key_id: AKIAIOSFODNN7EXAMPLE\naws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
        ),
        found,
    )
}

fn refused(text: &str, found: &[&'static str]) -> Case {
    refuses(EXTERNAL, &with_secret(text), found)
}

/// An account with its role, and a Deployment with this image that runs as it.
fn client(image: &str) -> String {
    format!(
        "apiVersion: v1
kind: ServiceAccount
metadata: {{name: a, annotations: {{eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/web-role'}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: a, labels: {{app: web}}}}
spec:
  template:
    spec:
      serviceAccountName: a
      containers:
      - name: c
        image: {image}
"
    )
}

/// A workload `b` of no component that mounts the Secret `s`.
fn reader(api_version: &str, kind: &str, metadata: &str) -> String {
    format!(
        "apiVersion: {api_version}
kind: {kind}
metadata:
  name: b
{metadata}spec:
  template:
    spec:
      volumes:
      - name: v
        secret: {{secretName: s}}
"
    )
}
