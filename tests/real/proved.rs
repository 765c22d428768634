//! `docs/proved.md`: which program, in which version, was seen to do what.

use std::{env, fs, path::Path};

const HEAD: &str = "\
# What is proved on the real things

Every row is a test that runs with `cargo test --test real`; the table is made from their list. It is renewed with
`UPDATE_DOCS=1 cargo test --test real proved`. A Helm, kustomize or helmfile on `PATH` is taken for its major version.

- **cluster**: Helm or kustomize against etcd and kube-apiserver 1.34.4 on loopback; what is asserted is what the API server
  stored. There is no kubelet, so no pod runs. Whether a pod would get its role is asked of a stand-in, written from the EKS
  pod identity webhook's documentation.
- **consumers**: the program reads the Secret as `iam-roles` left it, or as it was, in a network that has nothing but loopback.
  AWS's own host names are moto there, as S3 and STS; the instance metadata is a stand-in for kube2iam, kiam and the node.
- Not run: fog (Ruby), GitLab's fork of the registry, kube2iam, kiam and the real webhook. Their rules are tested from what
  their sources and documents say.

| Program | Version | Where | What was seen |
|---|---|---|---|
";

/// Holds the page against the names of the tests; with `UPDATE_DOCS` set it is made of them.
#[track_caller]
pub(crate) fn check(names: &[String]) {
    let rows: Vec<String> = names.iter().filter_map(|name| row(name)).collect();
    let page = HEAD.to_owned() + &rows.concat();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/proved.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).expect("docs/proved.md");
    }
    let found = fs::read_to_string(file).unwrap_or_default();
    assert!(
        found == page,
        "docs/proved.md is not the list of these tests; see its head for how to renew it"
    );
}

/// A test that a program is named in: `module::test (program version)`.
fn row(name: &str) -> Option<String> {
    let (test, program) = name.strip_suffix(')')?.split_once(" (")?;
    let (program, version) = program.split_once(' ')?;
    let (place, what) = test.rsplit_once("::")?;
    let place = match place.split_once("::") {
        Some((place, _)) => place,
        None if place == "cluster" => place,
        None if place == "recipes" => "recipe",
        None => "client",
    };
    Some(format!(
        "| {program} | {version} | {place} | {} |\n",
        what.replace('_', " ")
    ))
}
