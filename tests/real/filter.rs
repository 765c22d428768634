//! The plain filter over the stream that Helm 3 renders; needs no client.

use assert_cmd::assert::Assert;
use std::{fs, path::Path};

use crate::{
    expected::{Case, unmatched_policy},
    sandbox::{PROGRAM, Sandbox, testdata, text},
};

/// Every change that the policy asks for, and no other.
pub(crate) fn gives_the_expected_objects() {
    let stream = fs::read_to_string(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    let done = filter(&testdata("policy.yaml"), stream.as_bytes()).success();
    Case::service_accounts().check(&stream, text(&done.get_output().stdout));
}

/// The same input gives the same bytes, and so does the result when it is the input.
pub(crate) fn gives_the_same_bytes_again() {
    let stream = fs::read(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    let policy = testdata("policy.yaml");
    let once = filter(&policy, &stream).success().get_output().stdout.clone();
    assert_ne!(
        once.escape_ascii().to_string(),
        stream.escape_ascii().to_string(),
        "the policy changes something"
    );
    for input in [&stream, &once] {
        let again = filter(&policy, input).success().get_output().stdout.clone();
        assert_eq!(once.escape_ascii().to_string(), again.escape_ascii().to_string());
    }
}

/// A refusal leaves standard output empty.
pub(crate) fn writes_nothing_when_refused() {
    let sandbox = Sandbox::new();
    let policy = sandbox.write("policy.yaml", &unmatched_policy());
    let stream = fs::read(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    filter(&policy, &stream).code(1).stdout("");
}

/// The program, run as a filter.
pub(crate) fn filter(policy: &Path, stream: &[u8]) -> Assert {
    Sandbox::new()
        .command(Path::new(PROGRAM))
        .arg("--policy")
        .arg(policy)
        .write_stdin(stream)
        .assert()
}
