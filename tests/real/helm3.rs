//! Helm 3: `--post-renderer` is a program.

use assert_cmd::assert::Assert;
use std::{env, fs, path::Path};

use crate::{
    expected::{Case, unmatched_policy},
    filter::filter,
    sandbox::{PROGRAM, Sandbox, testdata, text},
};

/// `testdata/gitlab/stream.yaml` is the chart as Helm 3 renders it; `UPDATE=1` writes it anew.
pub(crate) fn stream_is_what_the_chart_renders(helm: &Path) {
    let rendered = template(helm, &Sandbox::new(), &Case::service_accounts(), &[]).success();
    let rendered = &rendered.get_output().stdout;
    let stream = testdata("stream.yaml");
    if env::var_os("UPDATE").is_some() {
        fs::write(&stream, rendered).expect("testdata/gitlab/stream.yaml");
    }
    let kept = fs::read(&stream).expect("testdata/gitlab/stream.yaml");
    assert_eq!(
        text(&kept),
        text(rendered),
        "run the test with UPDATE=1 to write the file anew"
    );
}

pub(crate) fn gives_roles_through_service_accounts(helm: &Path) {
    check(helm, &Case::service_accounts());
}

pub(crate) fn creates_service_accounts(helm: &Path) {
    check(helm, &Case::created_accounts());
}

pub(crate) fn gives_roles_through_kube2iam(helm: &Path) {
    check(helm, &Case::kube2iam());
}

/// Helm fails, writes nothing, and its error holds every line of ours.
pub(crate) fn shows_why_it_refused(helm: &Path) {
    let sandbox = Sandbox::new();
    let case = Case::service_accounts();
    let policy = sandbox.write("policy.yaml", &unmatched_policy());
    let refused = post_rendered(helm, &sandbox, &case, &policy).failure().stdout("");
    let shown = text(&refused.get_output().stderr);

    let handed_over = template(helm, &sandbox, &case, &["--no-hooks"]).success();
    let alone = filter(&policy, &handed_over.get_output().stdout).code(1);
    let said = text(&alone.get_output().stderr).trim();
    assert!(said.contains("registry"), "the component is named: {said}");
    assert!(
        shown.contains(said),
        "Helm shows\n{shown}\nand the program says\n{said}"
    );
}

/// No policy, no release: an empty one would take everything down.
pub(crate) fn fails_without_its_policy(helm: &Path) {
    let sandbox = Sandbox::new();
    let missing = sandbox.path("missing.yaml");
    let refused = post_rendered(helm, &sandbox, &Case::service_accounts(), &missing)
        .failure()
        .stdout("");
    let shown = text(&refused.get_output().stderr);
    assert!(shown.contains("missing.yaml"), "the policy is named: {shown}");
}

#[track_caller]
fn check(helm: &Path, case: &Case) {
    let sandbox = Sandbox::new();
    let policy = sandbox.write("policy.yaml", &case.policy);
    let plain = template(helm, &sandbox, case, &[]).success();
    let rendered = post_rendered(helm, &sandbox, case, &policy).success();
    case.check(text(&plain.get_output().stdout), text(&rendered.get_output().stdout));
}

fn post_rendered(helm: &Path, sandbox: &Sandbox, case: &Case, policy: &Path) -> Assert {
    let policy = format!("--post-renderer-args=--policy={}", policy.display());
    template(helm, sandbox, case, &["--post-renderer", PROGRAM, &policy])
}

/// `helm template` of the chart.
fn template(helm: &Path, sandbox: &Sandbox, case: &Case, more: &[&str]) -> Assert {
    sandbox
        .command(helm)
        .args(["template", "gitlab"])
        .arg(testdata("chart"))
        .args(["--namespace", "gitlab"])
        .args(case.values)
        .args(more)
        .assert()
}
