//! What the GitLab documentation tells people to do by hand, row by row.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::case::{Case, pair, refuses, rewrites};
use crate::shapes::GITLAB;

cases! {
    kube2iam = rewrites(&format!("via: kube2iam\n{ALL}"), &[pods("kube2iam"), cron_job("kube2iam")].concat());
    kiam = rewrites(&format!("via: kiam\n{ALL}"), &[pods("kiam"), cron_job("kiam")].concat());
    irsa_with_chart_owned_service_accounts_one_role_for_all = rewrites(
        "preset: gitlab\naccount: \"111122223333\"\ncomponents: {registry: gitlab, webservice: gitlab, sidekiq: gitlab, toolbox: gitlab}\n",
        &[accounts(&["gitlab", "gitlab", "gitlab", "gitlab"]), pods("account"), cron_job("account")].concat(),
    );
    irsa_with_chart_owned_service_accounts_one_role_each = rewrites(
        ALL_IRSA, &[accounts(&["r-registry", "r-webservice", "r-sidekiq", "r-toolbox"]), pods("account"), cron_job("account")].concat(),
    );
    irsa_with_pre_created_service_accounts_one_for_all = rewrites(
        "preset: gitlab
account: \"111122223333\"
components:
  registry: {role: gitlab, serviceAccount: {use: all}}
  webservice: {role: gitlab, serviceAccount: {use: all}}
  sidekiq: {role: gitlab, serviceAccount: {use: all}}
  toolbox: {role: gitlab, serviceAccount: {use: all}}
",
        &[pods("use all"), cron_job("use all")].concat(),
    ).says("note[service-account-pre-created]").says("system:serviceaccount:gitlab:all");
    irsa_with_pre_created_service_accounts_one_each = rewrites(
        "preset: gitlab
account: \"111122223333\"
components:
  registry: {role: r-registry, serviceAccount: {use: aws-registry}}
  webservice: {role: r-webservice, serviceAccount: {use: aws-webservice}}
  sidekiq: {role: r-sidekiq, serviceAccount: {use: aws-sidekiq}}
  toolbox: {role: r-toolbox, serviceAccount: {use: aws-toolbox}}
",
        &[pods("use each"), cron_job("use each")].concat(),
    ).says("note[service-account-pre-created]").says("system:serviceaccount:gitlab:aws-toolbox");
    registry_secret = rewrites(GITLAB, &[reader("registry", "storage/config"), STRING_DATA.to_owned(), "     s3:
       bucket: gitlab-registry
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
       # regionendpoint: \"https://storage.example.com\"
       v4auth: true
".to_owned()].concat());
    rails_secret = rewrites(GITLAB, &[reader("webservice", "objectstorage/object_store"), STRING_DATA.to_owned(), "     provider: AWS
     region: us-east-1
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    use_iam_profile: true
     # aws_signature_version: 4
     # endpoint: \"https://storage.example.com\"
".to_owned()].concat());
    s3cmd_secret = rewrites(GITLAB, &[reader("toolbox", "objectstorage/.s3cfg"), STRING_DATA.to_owned(), "     [default]
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
     bucket_location = us-east-1
     multipart_chunk_size_mb = 128 # default is 15 (MB)
".to_owned()].concat());
    backups_include_the_cronjob = rewrites("preset: gitlab\nvia: kube2iam\ncomponents: {toolbox: r-toolbox}\n", &cron_job("kube2iam"))
        .finds(&["warning[secret-not-in-stream]"]).says("CronJob gitlab/gitlab-toolbox-backup: pods annotated");
    backups_need_a_config_of_their_own = rewrites("preset: gitlab\nvia: kube2iam\ncomponents: {toolbox: r-toolbox}\n", &cron_job("kube2iam").replace(".s3cfg", "other"))
        .finds(&["warning[backup-config-missing]"]).says("bucket_location = REGION");
    rails_secret_without_keys_gets_a_profile = rewrites(GITLAB, &[reader("sidekiq", "objectstorage/object_store"), STRING_DATA.to_owned(), "     provider: AWS
     region: us-east-1
+    use_iam_profile: true
".to_owned()].concat());
    rails_secret_of_google_is_left_alone = rewrites(GITLAB, &[reader("sidekiq", "objectstorage/object_store"), STRING_DATA.to_owned(), "     provider: Google
     google_project: p
     google_storage_access_key_id: GOOG1EXAMPLEEXAMPLE
     google_storage_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
".to_owned()].concat()).says("note[provider-not-aws]");
    registry_secret_that_is_sealed_is_left_alone = rewrites(GITLAB, &[reader("registry", "storage/config"), STRING_DATA.to_owned(), "     s3:
       accesskey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]
       secretkey: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]
     sops: {mac: x}
".to_owned()].concat()).says("note[sealed-content]");
    backups_caution_s3cmd_older_than_2_2_0 = toolbox("v14.3.0").finds(&["warning[s3cmd-too-old]"]).says("2.2.0").says("14.4");
    backups_caution_s3cmd_older_than_2_2_0_in_the_task_runner = toolbox_of("gitlab-task-runner-ee:v13.12.15").finds(&["warning[s3cmd-too-old]"]);
    backups_need_no_caution_from_2_2_0_on = toolbox("v14.4.0");
    backups_need_no_caution_today = toolbox("v17.3.0");
    web_identity_err_cause = rewrites(GITLAB, &[reader("webservice", "objectstorage/object_store"), STRING_DATA.to_owned(), "     provider: AWS
     region: us-east-1
     use_iam_profile: true
-    endpoint: https://s3.us-east-1.amazonaws.com
".to_owned()].concat());
    web_identity_err_cause_in_the_registry = refuses(GITLAB, &pair(&[reader("registry", "storage/config"), STRING_DATA.to_owned(), "     s3:
       bucket: gitlab-registry
       region: us-east-1
       regionendpoint: https://s3.us-east-1.amazonaws.com
".to_owned()].concat()).0, &["error[endpoint-with-irsa]"]).says("regionendpoint");
    key_pair_present_so_role_ignored = refuses(GITLAB, &(pair(&[reader("registry", "storage/config"), STRING_DATA.to_owned(), "     s3:
       accesskey: AKIAIOSFODNN7EXAMPLE
       secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
".to_owned()].concat()).0 + STRANGER), &["error[keys-beside-role]"]).says("defeat the role").says("Deployment gitlab/stranger");
    key_pair_in_base64_with_comments = rewrites(GITLAB, &[reader("registry", "storage/config"), format!(" data:\n-  config: {}\n+  config: {}\n",
        STANDARD.encode("# kept\ns3:\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n  region: us-east-1 # kept, too"),
        STANDARD.encode("# kept\ns3:\n  region: us-east-1 # kept, too"),
    )].concat());
}

const ALL: &str = "preset: gitlab\ncomponents: {registry: r-registry, webservice: r-webservice, sidekiq: r-sidekiq, toolbox: r-toolbox}\n";
const ALL_IRSA: &str = "preset: gitlab\naccount: \"111122223333\"\ncomponents: {registry: r-registry, webservice: r-webservice, sidekiq: r-sidekiq, toolbox: r-toolbox}\n";
const STRING_DATA: &str = " stringData:\n   config: |\n";
const STRANGER: &str = "---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stranger, namespace: gitlab}
spec:
  template:
    spec:
      volumes:
      - name: v
        secret: {secretName: storage}
";

/// The workloads of the chart but the `CronJob`, and others; each gets what `how` says.
fn pods(how: &str) -> String {
    let secret = " ---\n apiVersion: v1\n kind: Secret\n metadata: {name: s3cmd}\n stringData:\n   config: |\n     [default]\n     bucket_location = us-east-1\n";
    let workloads = [
        ("registry", "registry"),
        ("webservice-default", "webservice"),
        ("webservice-git", "webservice"),
        ("sidekiq-all-in-1-v2", "sidekiq"),
        ("toolbox", "toolbox"),
        ("kas", "kas"),
        ("gitlab-shell", "gitlab-shell"),
    ];
    workloads
        .iter()
        .map(|(name, app)| pod(name, app, how))
        .chain([secret.to_owned()])
        .collect()
}

fn pod(name: &str, app: &str, how: &str) -> String {
    let (role, account) = marks(app, how, "       ");
    let volumes = volumes(app, "       ");
    format!(
        " ---
 apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: gitlab-{name}
   namespace: gitlab
   labels:
     app: {app}
     chart: {app}-8.3.0
     release: gitlab
     
 spec:
   template:
     metadata:
       labels:
         app: {app}
       annotations:
{role}         checksum/config: 0123
     spec:
{account}       containers: []
{volumes}"
    )
}

fn cron_job(how: &str) -> String {
    let (role, account) = marks("toolbox", how, "           ");
    let volumes = volumes("toolbox", "           ");
    format!(
        " ---
 apiVersion: batch/v1
 kind: CronJob
 metadata:
   name: gitlab-toolbox-backup
   namespace: gitlab
   labels: {{app: toolbox, chart: toolbox-8.3.0}}
 spec:
   jobTemplate:
     spec:
       template:
         metadata:
           labels: {{app: toolbox}}
           annotations:
{role}             a: b
         spec:
{account}           restartPolicy: OnFailure
{volumes}"
    )
}

/// What a toolbox mounts; without it, backups go to a store in the cluster.
fn volumes(app: &str, indent: &str) -> String {
    match app {
        "toolbox" => format!(
            "{indent}volumes:\n{indent}- name: v\n{indent}  projected: {{sources: [{{secret: {{name: s3cmd, items: [{{key: config, path: objectstorage/.s3cfg}}]}}}}]}}\n"
        ),
        _ => String::new(),
    }
}

/// The marked lines of a component's annotation and account.
fn marks(app: &str, how: &str, indent: &str) -> (String, String) {
    let (role, account) = (String::new(), String::new());
    let is_ours = ["registry", "webservice", "sidekiq", "toolbox"].contains(&app);
    let name = |name: &str| format!("+{}serviceAccountName: {name}\n", &indent[1..]);
    match how {
        "kube2iam" | "kiam" if is_ours => (format!("+{indent} iam.amazonaws.com/role: \"r-{app}\"\n"), account),
        "use all" if is_ours => (role, name("all")),
        "use each" if is_ours => (role, name(&format!("aws-{app}"))),
        "account" => (role, format!("{indent}serviceAccountName: gitlab-{app}\n")),
        _ => (role, account),
    }
}

/// The chart's accounts, which get these roles.
fn accounts(roles: &[&str; 4]) -> String {
    let apps = ["registry", "webservice", "sidekiq", "toolbox"];
    let ours = apps.iter().zip(roles).map(|(app, role)| {
        format!(
            " ---
 apiVersion: v1
 kind: ServiceAccount
 metadata:
+  annotations:
+    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/{role}\"
   name: gitlab-{app}
   namespace: gitlab
   labels:
     app: {app}
"
        )
    });
    let other =
        " ---\n apiVersion: v1\n kind: ServiceAccount\n metadata: {name: gitlab-kas, namespace: gitlab}\n".to_owned();
    ours.chain([other]).collect()
}

/// A component with its account and its role, that mounts `config` of the Secret `storage`; then that Secret's head.
fn reader(app: &str, path: &str) -> String {
    let role = match app {
        "registry" => "gitlab-registry",
        "toolbox" => "gitlab-backup",
        _ => "gitlab-rails",
    };
    format!(" apiVersion: v1
 kind: ServiceAccount
 metadata: {{name: a, namespace: gitlab, annotations: {{eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/{role}\"}}}}
 ---
 apiVersion: apps/v1
 kind: Deployment
 metadata: {{name: w, namespace: gitlab, labels: {{app: {app}, chart: {app}-8.3.0}}}}
 spec:
   template:
     spec:
       serviceAccountName: a
       volumes:
       - name: v
         projected:
           sources:
           - secret: {{name: storage, items: [{{key: config, path: {path}}}]}}
 ---
 apiVersion: v1
 kind: Secret
 metadata: {{name: storage}}
")
}

fn toolbox(tag: &str) -> Case {
    toolbox_of(&format!("gitlab-toolbox-ee:{tag}"))
}

/// A toolbox of this image, whose account has its role already.
fn toolbox_of(image: &str) -> Case {
    let secret = "[default]\nbucket_location = us-east-1\n"
        .split_inclusive('\n')
        .map(|line| format!("     {line}"));
    let secret: String = secret.collect();
    let marked = reader("toolbox", "objectstorage/.s3cfg")
        .replace("       volumes:\n", &format!("       containers:\n       - {{name: t, image: 'registry.gitlab.com/gitlab-org/build/cng/{image}'}}\n       volumes:\n"));
    rewrites(GITLAB, &[marked, STRING_DATA.to_owned(), secret].concat())
}
