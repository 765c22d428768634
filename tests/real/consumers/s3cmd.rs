//! s3cmd, whose configuration is the Secret's `config`: what GitLab's backups are made with.

use std::path::Path;

use super::{Loopback, Outcome, Signer, WEB_IDENTITY, before_and_after};

const UPLOAD: &str = "put backup s3://gitlab-registry/backup";
const LISTING: &str = "ls s3://gitlab-registry";

/// 2.2.0 and later.
pub(crate) fn web_identity_is_used(python: &Path) {
    let [_, after] = before_and_after("s3cmd-config", "config");
    let done = run(&Loopback::new(), python, &after, &[UPLOAD, LISTING]);
    assert!(done.said.contains("8  s3://gitlab-registry/backup"), "{}", done.said);
    done.used_the_role();
}

/// Before 2.2.0: `s3cmd-too-old`. It asks the metadata, and where that has no role says something else than the reason.
pub(crate) fn web_identity_is_not_known(python: &Path) {
    let [_, after] = before_and_after("s3cmd-config", "config");
    let done = run(&Loopback::without_metadata(), python, &after, &[UPLOAD]);
    assert_ne!(done.code, Some(0), "{}", done.said);
    assert!(done.said.contains("Configuration file not available"), "{}", done.said);
    assert!(!done.asked_for_the_role(), "{}", done.said);
}

/// Why they must go.
pub(crate) fn keys_left_in_come_first(python: &Path) {
    let [before, _] = before_and_after("s3cmd-config", "config");
    // The listing of 2.1.0 needs a Python before 3.9.
    run(&Loopback::new(), python, &before, &[UPLOAD]).used(Signer::StaticKeys);
}

#[track_caller]
fn run(loopback: &Loopback, python: &Path, configuration: &str, commands: &[&str]) -> Outcome {
    loopback.sandbox.write("s3cfg", configuration);
    loopback.sandbox.write("backup", "a backup");
    let (python, s3cmd) = (python.display(), python.with_file_name("s3cmd"));
    let lines = commands
        .iter()
        .map(|command| format!("'{python}' '{}' --config s3cfg {command}\n", s3cmd.display()));
    loopback.run(&WEB_IDENTITY, &lines.collect::<Vec<_>>().concat())
}
