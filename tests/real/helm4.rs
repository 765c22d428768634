//! Helm 4: `--post-renderer` is an installed plugin, and hooks go through it, too.

use assert_cmd::{Command, assert::Assert};
use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use crate::{
    expected::{Case, unmatched_policy},
    filter::filter,
    objects,
    sandbox::{PROGRAM, Sandbox, search_path, testdata, text},
};

pub(crate) fn gives_roles_through_service_accounts(helm: &Path) {
    check(helm, &Case::service_accounts());
}

pub(crate) fn creates_service_accounts(helm: &Path) {
    check(helm, &Case::created_accounts());
}

pub(crate) fn gives_roles_through_kube2iam(helm: &Path) {
    check(helm, &Case::kube2iam());
}

/// A test Pod with a component's label, and what runs before an installation: here, and as the chart has them.
pub(crate) fn leaves_hooks_alone(helm: &Path) {
    let case = Case::kube2iam();
    let installed = Installed::from_checkout(helm);
    let policy = installed.sandbox.write("policy.yaml", &case.policy);
    let plain = installed.template(&case, &[]).success();
    let rendered = installed.post_rendered(&case, &policy).success();
    let hooks = objects::hooks(text(&rendered.get_output().stdout));
    assert_eq!(
        hooks.keys().collect::<Vec<_>>(),
        [
            "Job/gitlab-shared-secrets",
            "Pod/gitlab-webservice-test-runner",
            "ServiceAccount/gitlab-shared-secrets",
        ]
    );
    assert_eq!(hooks, objects::hooks(text(&plain.get_output().stdout)));
}

/// Helm fails and writes nothing. It throws away what a plugin says, so we reach for its standard error ourselves.
pub(crate) fn fails_when_refused(helm: &Path) {
    let installed = Installed::from_checkout(helm);
    let policy = installed.sandbox.write("policy.yaml", &unmatched_policy());
    let refused = installed
        .post_rendered(&Case::service_accounts(), &policy)
        .failure()
        .stdout("");
    let shown = text(&refused.get_output().stderr);
    assert!(shown.contains(r#"plugin "iam-roles" exited with error"#), "{shown}");
    if cfg!(target_os = "linux") {
        let stream = fs::read(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
        let alone = filter(&policy, &stream).code(1);
        let error = text(&alone.get_output().stderr)
            .lines()
            .find(|line| line.contains("error"))
            .expect("an error");
        assert!(
            shown.contains(error),
            "Helm shows\n{shown}\nand the program says\n{error}"
        );
    }
}

/// Accounts that are in the cluster only: Helm is done, and the person sees what is left to do; the report says it, too.
pub(crate) fn warns_when_done(helm: &Path) {
    let installed = Installed::from_checkout(helm);
    let mut case = Case::service_accounts();
    case.values = &["--set=serviceAccount.enabled=true,serviceAccount.create=false"];
    let policy = installed.sandbox.write("policy.yaml", &case.policy);
    let report = installed.sandbox.path("report.json");
    let argument = format!("--post-renderer-args=--report={}", report.display());
    let policy = format!("--post-renderer-args=--policy={}", policy.display());
    let done = installed
        .template(&case, &["--post-renderer", "iam-roles", &policy, &argument])
        .success();
    let report = fs::read_to_string(report).expect("the report");
    assert!(report.contains("\"id\": \"service-account-not-in-stream\""), "{report}");
    if cfg!(target_os = "linux") {
        let shown = text(&done.get_output().stderr);
        assert!(shown.contains("warning[service-account-not-in-stream]"), "{shown}");
        assert!(shown.contains("kubectl annotate serviceaccount"), "{shown}");
    }
}

/// A checkout without a built program, and none on `PATH`: installing the plugin builds it, and the plugin runs it.
pub(crate) fn plugin_builds_what_is_not_there(helm: &Path) {
    let sandbox = Sandbox::new();
    sandbox.write(
        "checkout/plugin.yaml",
        &fs::read_to_string(checkout().join("plugin.yaml")).expect("plugin.yaml"),
    );
    // Stands in for Cargo: puts the program where a build would, and keeps what it was asked for.
    let cargo = sandbox.write(
        "bin/cargo",
        &format!(
            "#!/bin/sh\necho \"$@\" > asked\nmkdir -p target/release\nln -s '{PROGRAM}' target/release/iam-roles\n"
        ),
    );
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("a program in the sandbox");
    let path = search_path(&sandbox.path("bin"));
    let installed = Installed::new(helm, sandbox, path, "checkout".as_ref());
    let asked = fs::read_to_string(installed.sandbox.path("checkout/asked")).expect("Cargo was called");
    assert_eq!(asked, "build --release --locked --target-dir target\n");
    installed.check(&Case::service_accounts());
}

/// `plugin.yaml` is released with the crate.
pub(crate) fn plugin_has_the_version_of_the_crate() {
    let manifest = fs::read_to_string(checkout().join("plugin.yaml")).expect("plugin.yaml");
    let manifest: serde_yaml::Value = serde_yaml::from_str(&manifest).expect("YAML in plugin.yaml");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
}

#[track_caller]
fn check(helm: &Path, case: &Case) {
    Installed::from_checkout(helm).check(case);
}

/// A Helm with the plugin.
struct Installed<'h> {
    helm: &'h Path,
    sandbox: Sandbox,
    path: OsString,
}

impl<'h> Installed<'h> {
    /// The plugin of this checkout, with the program on `PATH`.
    #[track_caller]
    fn from_checkout(helm: &'h Path) -> Self {
        let sandbox = Sandbox::new();
        sandbox.link_program("bin/iam-roles");
        let path = search_path(&sandbox.path("bin"));
        Self::new(helm, sandbox, path, checkout().as_os_str())
    }

    #[track_caller]
    fn new(helm: &'h Path, sandbox: Sandbox, path: OsString, folder: &OsStr) -> Self {
        let installed = Self { helm, sandbox, path };
        installed
            .command()
            .args(["plugin", "install"])
            .arg(folder)
            .assert()
            .success();
        installed
    }

    #[track_caller]
    fn check(&self, case: &Case) {
        let policy = self.sandbox.write("policy.yaml", &case.policy);
        let plain = self.template(case, &[]).success();
        let rendered = self.post_rendered(case, &policy).success();
        case.check(text(&plain.get_output().stdout), text(&rendered.get_output().stdout));
    }

    fn post_rendered(&self, case: &Case, policy: &Path) -> Assert {
        let policy = format!("--post-renderer-args=--policy={}", policy.display());
        self.template(case, &["--post-renderer", "iam-roles", &policy])
    }

    /// `helm template` of the chart.
    fn template(&self, case: &Case, more: &[&str]) -> Assert {
        self.command()
            .args(["template", "gitlab"])
            .arg(testdata("chart"))
            .args(["--namespace", "gitlab"])
            .args(case.values)
            .args(more)
            .assert()
    }

    fn command(&self) -> Command {
        let mut command = self.sandbox.command(self.helm);
        command.env("PATH", &self.path);
        command
    }
}

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
