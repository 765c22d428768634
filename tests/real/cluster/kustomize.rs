//! `kustomize build | iam-roles | kubectl apply --server-side`.

use std::{fs, path::Path};

use super::Cluster;
use crate::{
    filter::filter,
    sandbox::{Sandbox, testdata, text},
};

/// Applied once, there is nothing left to apply.
pub(crate) fn a_second_round_changes_nothing(kustomize: &Path, cluster: &Cluster) {
    let namespace = "kustomize";
    cluster.ask(&["create", "namespace", namespace]);
    let rendered = rendered(kustomize, namespace);
    let (code, applied) = cluster.hand(&["apply", "--server-side", "--filename", "-"], &rendered);
    assert_eq!(code, Some(0), "{applied}");
    assert!(
        applied.contains("serviceaccount/gitlab-registry serverside-applied"),
        "{applied}"
    );
    let account = cluster.object(namespace, "serviceaccount/gitlab-registry");
    assert_eq!(
        account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"],
        "arn:aws:iam::111122223333:role/gitlab-registry"
    );
    let (code, difference) = cluster.hand(&["diff", "--server-side", "--filename", "-"], &rendered);
    assert_eq!((code, difference.as_str()), (Some(0), ""));
}

/// The stream in another namespace, rewritten.
#[track_caller]
fn rendered(kustomize: &Path, namespace: &str) -> String {
    let sandbox = Sandbox::new();
    let stream = fs::read_to_string(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    sandbox.write("stream.yaml", &stream);
    sandbox.write(
        "kustomization.yaml",
        &format!("namespace: {namespace}\nresources: [stream.yaml]\n"),
    );
    let built = sandbox.command(kustomize).args(["build", "."]).assert().success();
    let done = filter(&testdata("policy.yaml"), &built.get_output().stdout).success();
    text(&done.get_output().stdout).to_owned()
}
