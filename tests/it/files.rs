//! Files and folders: one stream, all or nothing, and nothing touched that does not change.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use tempfile::TempDir;

use crate::support::{Run, command, policy};

const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n";
const ANNOTATED: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/web\"\n  name: web\n";
const PODS: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: web}}\nspec: {template: {spec: {serviceAccountName: web, volumes: [{name: v, secret: {secretName: s}}]}}}\n";
const SECRET: &str = "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"stringData\": {\"config\": \"s3:\\n  bucket: b\\n  region: r\\n  accesskey: AKIAIOSFODNN7EXAMPLE\\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\\n\"}}\n";
const STRIPPED: &str = "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"s\"}, \"stringData\": {\"config\": \"s3:\\n  bucket: b\\n  region: r\\n\"}}\n";

/// A folder with an account, its Deployment and the Secret it reads, each in a file of its own.
fn release() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    put(
        &folder,
        "policy.yaml",
        &policy("components: {web: \"arn:aws:iam::111122223333:role/web\"}\n"),
    );
    put(&folder, "m/account.yaml", ACCOUNT);
    put(&folder, "m/deep/pods.yml", PODS);
    put(&folder, "m/secret.json", SECRET);
    folder
}

fn put(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder");
    fs::write(path, text).expect("a file");
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

#[track_caller]
fn rewrite(folder: &TempDir, arguments: &[&str]) -> Run {
    let arguments = [&["rewrite", "-p", "policy.yaml"], arguments].concat();
    command(folder.path(), &arguments, b"")
}

#[test]
fn what_a_folder_holds_is_one_stream() {
    let folder = release();
    let run = rewrite(&folder, &["--in-place", "m"]);
    assert_eq!((run.code, run.text()), (0, ""), "{}", run.stderr);
    assert_eq!(read(&folder, "m/account.yaml"), ANNOTATED);
    assert_eq!(read(&folder, "m/deep/pods.yml"), PODS);
    assert_eq!(read(&folder, "m/secret.json"), STRIPPED);
    let again = rewrite(&folder, &["--in-place", "m"]);
    assert!(again.stderr.contains("iam-roles: 0 changes"), "{}", again.stderr);
}

#[test]
fn without_in_place_the_result_goes_to_standard_output() {
    let folder = release();
    let run = rewrite(&folder, &["m/account.yaml", "m/deep/pods.yml"]);
    assert_eq!(run.text(), [ANNOTATED, "---\n", PODS].concat());
    assert_eq!(read(&folder, "m/account.yaml"), ACCOUNT);
}

#[test]
fn a_check_names_what_would_change() {
    let folder = release();
    let run = rewrite(&folder, &["--check", "m"]);
    assert_eq!(
        (run.code, run.text()),
        (1, "m/account.yaml\nm/secret.json\n"),
        "{}",
        run.stderr
    );
    assert_eq!(read(&folder, "m/account.yaml"), ACCOUNT);
    assert_eq!(rewrite(&folder, &["--in-place", "m"]).code, 0);
    let run = rewrite(&folder, &["--check", "m"]);
    assert_eq!((run.code, run.text()), (0, ""));
}

#[test]
fn a_refusal_writes_nothing_anywhere() {
    let folder = release();
    put(
        &folder,
        "m/other.yaml",
        &PODS
            .replace("serviceAccountName: web, ", "")
            .replace("name: a", "name: b"),
    );
    let run = rewrite(&folder, &["--in-place", "m"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("m/other.yaml:1:1: Deployment b"), "{}", run.stderr);
    assert_eq!(
        (read(&folder, "m/account.yaml"), read(&folder, "m/secret.json")),
        (ACCOUNT.into(), SECRET.into())
    );
}

#[test]
fn a_mode_stays_and_a_link_stays_a_link() {
    let folder = release();
    let account = folder.path().join("m/account.yaml");
    fs::set_permissions(&account, fs::Permissions::from_mode(0o640)).expect("a mode");
    symlink("m/account.yaml", folder.path().join("link.yaml")).expect("a link");
    let pods = folder.path().join("m/deep/pods.yml");
    let touched = fs::metadata(&pods).expect("a file").modified().expect("a time");
    let run = rewrite(&folder, &["--in-place", "link.yaml", "m"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(folder.path().join("link.yaml").is_symlink());
    assert_eq!(read(&folder, "m/account.yaml"), ANNOTATED);
    assert_eq!(
        fs::metadata(&account).expect("a file").permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(
        fs::metadata(&pods).expect("a file").modified().expect("a time"),
        touched
    );
}

#[test]
fn what_is_no_manifest_is_left_alone() {
    let folder = release();
    put(&folder, "m/Chart.yaml", "name: x\nversion: 1\n");
    put(
        &folder,
        "m/templates/a.yaml",
        "kind: {{ .Values.kind }}\n{{- if }}: :\n",
    );
    put(&folder, "m/list.json", "[1, 2]\n");
    put(&folder, "m/.gitignore", "ignored/\n");
    put(&folder, "m/ignored/account.yaml", ACCOUNT);
    let run = rewrite(&folder, &["--in-place", "m"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(read(&folder, "m/ignored/account.yaml"), ACCOUNT);
    assert_eq!(read(&folder, "m/Chart.yaml"), "name: x\nversion: 1\n");
}

#[test]
fn a_manifest_that_cannot_be_read_is_an_error() {
    let folder = release();
    put(&folder, "m/broken.yaml", "apiVersion: v1\nkind: Secret\na: b: c\n");
    let run = rewrite(&folder, &["--in-place", "m"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("m/broken.yaml:3:"), "{}", run.stderr);
    assert_eq!(read(&folder, "m/account.yaml"), ACCOUNT);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let folder = release();
    let run = rewrite(&folder, &["--in-place", "m", "n"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.starts_with("error: n: "), "{}", run.stderr);
    assert_eq!(rewrite(&folder, &[]).code, 2);
    assert_eq!(rewrite(&folder, &["--in-place", "-"]).code, 2);
}

#[test]
fn a_folder_can_be_checked() {
    let folder = release();
    let run = command(folder.path(), &["check", "-p", "policy.yaml", "m"], b"");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(run.text().contains("s: keys go"), "{}", run.text());
}
