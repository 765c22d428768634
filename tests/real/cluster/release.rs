//! A release of the project's chart in a namespace of its own, with `iam-roles` as Helm's post-renderer or without.

use assert_cmd::Command;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use serde_yaml::Value;
use std::{ffi::OsString, path::Path};

use super::Cluster;
use crate::{
    path,
    program::HELM_4,
    sandbox::{PROGRAM, Sandbox, search_path, testdata, text},
};

/// Each component has its own account.
pub(crate) const ACCOUNTS: &str = "--set=serviceAccount.enabled=true";

/// A release called `gitlab`.
pub(crate) struct Release<'c> {
    pub(crate) cluster: &'c Cluster,
    pub(crate) namespace: String,
    pub(crate) sandbox: Sandbox,
    helm: &'c Path,
    path: OsString,
}

impl<'c> Release<'c> {
    /// Nothing is installed yet.
    #[track_caller]
    pub(crate) fn new(helm: &'c Path, cluster: &'c Cluster, name: &str) -> Self {
        let sandbox = Sandbox::new();
        sandbox.link_program("bin/iam-roles");
        sandbox.copy(&testdata("chart"), "chart");
        let version = if helm == path(&HELM_4) { 4 } else { 3 };
        let namespace = format!("{name}-helm{version}");
        cluster.ask(&["create", "namespace", &namespace]);
        let path = search_path(&sandbox.path("bin"));
        let release = Self {
            cluster,
            namespace,
            sandbox,
            helm,
            path,
        };
        if release.is_helm_4() {
            let checkout = env!("CARGO_MANIFEST_DIR");
            release.command(&["plugin", "install", checkout]).assert().success();
        }
        release
    }

    pub(crate) fn is_helm_4(&self) -> bool {
        self.helm == path(&HELM_4)
    }

    /// Installs or upgrades it with a policy.
    #[track_caller]
    pub(crate) fn upgrade(&self, policy: &str, values: &[&str]) {
        let policy = self.sandbox.write("policy.yaml", policy);
        let policy = format!("--post-renderer-args=--policy={}", policy.display());
        let renderer = if self.is_helm_4() { "iam-roles" } else { PROGRAM };
        self.upgrade_without(&[&["--post-renderer", renderer, &policy], values].concat());
    }

    /// Installs or upgrades it without us.
    #[track_caller]
    pub(crate) fn upgrade_without(&self, more: &[&str]) {
        // No kubelet runs the Jobs that hooks would wait for.
        self.helm(&[&["upgrade", "--install", "gitlab", "chart", "--no-hooks"], more].concat());
    }

    /// Runs Helm in the release's namespace, and gives what it wrote.
    #[track_caller]
    pub(crate) fn helm(&self, arguments: &[&str]) -> String {
        let done = self.command(arguments).assert().success();
        text(&done.get_output().stdout).to_owned()
    }

    /// What Helm wrote down of the last revision: `manifest`, `hooks`, and the `chart` and `config` it was made of.
    #[track_caller]
    pub(crate) fn record(&self) -> Value {
        let label = "owner=helm,status=deployed";
        let list = [
            "get",
            "secrets",
            "--namespace",
            &self.namespace,
            "--selector",
            label,
            "-ojson",
        ];
        let list: Value = serde_yaml::from_str(&self.cluster.ask(&list)).expect("JSON from kubectl");
        let record = list["items"][0]["data"]["release"]
            .as_str()
            .expect("the record of the release");
        // Once by Helm, once by the API server.
        let inner = STANDARD.decode(record).expect("base64 of the API server");
        let packed = STANDARD.decode(inner).expect("base64 of Helm");
        serde_yaml::from_reader(GzDecoder::new(packed.as_slice())).expect("JSON of Helm")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.command(self.helm);
        command.env("PATH", &self.path);
        command.args(arguments).args(["--namespace", &self.namespace]);
        command.arg("--kubeconfig").arg(self.cluster.kubeconfig());
        command
    }
}
