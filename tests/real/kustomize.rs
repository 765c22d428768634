//! kustomize: an entry under `transformers:`, as a KRM function or as a legacy exec plugin.

use assert_cmd::assert::Assert;
use std::{fs, path::Path};

use crate::{
    expected::{Case, unmatched_policy},
    sandbox::{PROGRAM, Sandbox, testdata, text},
};

pub(crate) fn gives_roles_as_a_function(kustomize: &Path) {
    let case = Case::service_accounts();
    let sandbox = Sandbox::new();
    let rendered = as_function(kustomize, &sandbox, &case.policy).success();
    check(kustomize, &case, text(&rendered.get_output().stdout));
}

pub(crate) fn gives_roles_as_a_plugin(kustomize: &Path) {
    let case = Case::service_accounts();
    let sandbox = Sandbox::new();
    let rendered = as_plugin(kustomize, &sandbox, &case.policy).success();
    check(kustomize, &case, text(&rendered.get_output().stdout));
}

pub(crate) fn function_fails_when_refused(kustomize: &Path) {
    refused(&as_function(kustomize, &Sandbox::new(), &unmatched_policy()).failure());
}

pub(crate) fn plugin_fails_when_refused(kustomize: &Path) {
    refused(&as_plugin(kustomize, &Sandbox::new(), &unmatched_policy()).failure());
}

/// Nothing is written, and the component is named where a person sees it.
#[track_caller]
fn refused(done: &Assert) {
    let output = done.get_output();
    assert_eq!(text(&output.stdout), "");
    let shown = text(&output.stderr);
    assert!(shown.contains("registry"), "{shown}");
}

/// Holds a result against what kustomize makes of the same resources without us.
#[track_caller]
fn check(kustomize: &Path, case: &Case, rendered: &str) {
    let sandbox = Sandbox::new();
    let plain = build(kustomize, &sandbox, "", &["--enable-alpha-plugins"]).success();
    case.check(text(&plain.get_output().stdout), rendered);
    assert!(
        !rendered.contains("config.kubernetes.io/"),
        "annotations for the way between programs are gone"
    );
}

fn as_function(kustomize: &Path, sandbox: &Sandbox, policy: &str) -> Assert {
    let function = format!(
        "metadata:\n  name: gitlab\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: {PROGRAM}\n"
    );
    sandbox.write("build/policy.yaml", &format!("{policy}{function}"));
    build(
        kustomize,
        sandbox,
        "transformers: [policy.yaml]\n",
        &["--enable-alpha-plugins", "--enable-exec"],
    )
}

fn as_plugin(kustomize: &Path, sandbox: &Sandbox, policy: &str) -> Assert {
    sandbox.write("build/policy.yaml", &format!("{policy}metadata: {{name: gitlab}}\n"));
    sandbox.link_program("plugins/iam-roles/v1alpha1/rolepolicy/RolePolicy");
    build(
        kustomize,
        sandbox,
        "transformers: [policy.yaml]\n",
        &["--enable-alpha-plugins"],
    )
}

/// `kustomize build` over the stream, with more lines in its kustomization.
fn build(kustomize: &Path, sandbox: &Sandbox, more: &str, flags: &[&str]) -> Assert {
    let stream = fs::read_to_string(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    sandbox.write("build/stream.yaml", &stream);
    sandbox.write("build/kustomization.yaml", &format!("resources: [stream.yaml]\n{more}"));
    sandbox
        .command(kustomize)
        .env("KUSTOMIZE_PLUGIN_HOME", sandbox.path("plugins"))
        .args(["build", "build"])
        .args(flags)
        .assert()
}
