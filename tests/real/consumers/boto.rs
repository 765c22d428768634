//! boto3, with the value of a Secret as its credentials file.

use std::path::Path;

use super::{Loopback, Outcome, STATIC_KEY, Signer, WEB_IDENTITY};
use crate::{
    filter::filter,
    objects::objects,
    sandbox::{Sandbox, text},
};

const SECRET: &str = "apiVersion: v1
kind: Secret
metadata: {name: cloud}
stringData:
  credentials: |
    # of the backups
    [default]
    region = eu-central-1
    aws_access_key_id = AKIAIOSFODNN7EXAMPLE
    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

const POLICY: &str = "apiVersion: iam-roles/v1alpha1
kind: RolePolicy
secrets: [{name: cloud, key: credentials, format: aws-credentials}]
";

/// What is left of the file is one that boto3 reads.
pub(crate) fn web_identity_is_used(python: &Path) {
    list(python, &after(), &WEB_IDENTITY).used_the_role();
}

/// The way of kube2iam and kiam.
pub(crate) fn metadata_is_used(python: &Path) {
    list(python, &after(), &[]).used(Signer::Metadata);
}

/// A file's keys come before the metadata's role: why they must go.
pub(crate) fn keys_left_in_come_before_the_metadata(python: &Path) {
    list(python, &value(SECRET), &[]).used(Signer::StaticKeys);
}

/// boto3 asks for the role before it reads the file. Velero's plugin does not; the file has to go for its sake.
pub(crate) fn keys_left_in_come_after_web_identity(python: &Path) {
    list(python, &value(SECRET), &WEB_IDENTITY).used_the_role();
}

/// The environment's keys come before all: `static-keys-in-env`.
pub(crate) fn keys_of_the_environment_come_first(python: &Path) {
    let keys = [("AWS_ACCESS_KEY_ID", STATIC_KEY), ("AWS_SECRET_ACCESS_KEY", "secret")];
    list(python, &after(), &[&WEB_IDENTITY[..], &keys].concat()).used(Signer::StaticKeys);
}

#[track_caller]
fn list(python: &Path, credentials: &str, variables: &[(&str, &str)]) -> Outcome {
    let loopback = Loopback::new();
    loopback.sandbox.write("credentials", credentials);
    let given = [
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        ("AWS_CA_BUNDLE", "certificate.pem"),
    ];
    let script = format!(
        "'{}' -c 'import boto3; print(boto3.client(\"s3\", \"eu-central-1\").list_objects_v2(Bucket=\"gitlab-registry\")[\"KeyCount\"])'\n",
        python.display()
    );
    loopback.run(&[variables, &given].concat(), &script)
}

/// The file once its keys have gone.
#[track_caller]
fn after() -> String {
    let sandbox = Sandbox::new();
    let policy = sandbox.write("policy.yaml", POLICY);
    let done = filter(&policy, SECRET.as_bytes()).success();
    let after = value(text(&done.get_output().stdout));
    assert!(
        after.contains("region") && !after.contains(STATIC_KEY),
        "the keys have gone"
    );
    after
}

#[track_caller]
fn value(stream: &str) -> String {
    let secret = &objects(stream)["Secret/cloud"];
    secret["stringData"]["credentials"]
        .as_str()
        .expect("a value")
        .to_owned()
}
