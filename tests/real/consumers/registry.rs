//! distribution, whose `storage` is the Secret's `config`.

use std::path::Path;

use super::{Loopback, Outcome, Signer, WEB_IDENTITY, before_and_after};

/// 3.x asks STS once the key pair has gone.
pub(crate) fn web_identity_is_used(registry: &Path) {
    let [_, after] = before_and_after("registry-storage", "config");
    push(registry, &after, &WEB_IDENTITY).used_the_role();
}

/// 2.8 knows no web identity: `unsupported-client`. It takes what the metadata gives, which is the node's role.
pub(crate) fn web_identity_is_not_known(registry: &Path) {
    let [_, after] = before_and_after("registry-storage", "config");
    push(registry, &after, &WEB_IDENTITY).used(Signer::Metadata);
}

/// The way of kube2iam and kiam, for every version.
pub(crate) fn metadata_is_used(registry: &Path) {
    let [_, after] = before_and_after("registry-storage", "config");
    push(registry, &after, &[]).used(Signer::Metadata);
}

/// Why they must go.
pub(crate) fn keys_left_in_come_first(registry: &Path) {
    let [before, _] = before_and_after("registry-storage", "config");
    push(registry, &before, &WEB_IDENTITY).used(Signer::StaticKeys);
}

/// An upload, and a look at what was uploaded.
#[track_caller]
fn push(registry: &Path, storage: &str, variables: &[(&str, &str)]) -> Outcome {
    let loopback = Loopback::new();
    let storage: String = storage.split_inclusive('\n').flat_map(|line| ["  ", line]).collect();
    let configuration = format!("version: 0.1\nhttp: {{addr: '127.0.0.1:5000'}}\nstorage:\n{storage}");
    loopback.sandbox.write("registry.yml", &configuration);
    let script = format!(
        "'{}' serve registry.yml > registry.log 2>&1 &\n$PYTHON push.py http://127.0.0.1:5000 || {{ cat registry.log; exit 1; }}\n",
        registry.display()
    );
    let pushed = loopback.run(variables, &script);
    assert!(
        pushed.said.starts_with("begun 202\ndone 201\nfound "),
        "{}",
        pushed.said
    );
    pushed
}
