//! The program, run on an input with a policy.
//!
//! Invariant: every run's standard error is searched for the known secrets; no test has to think of it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::leak::leaked;

/// The subcommands whose standard output is for people.
const SAYING: [&str; 3] = ["check", "diff", "init"];

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Runs the filter with a policy and more arguments.
#[track_caller]
pub(crate) fn run(policy: &str, arguments: &[&str], input: &[u8]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("policy.yaml");
    fs::write(&path, policy).expect("a policy file");
    let path = path.to_str().expect("a path of text");
    command(folder.path(), &[&["--policy", path], arguments].concat(), input)
}

/// Runs the program in a folder, without the environment's own settings.
#[track_caller]
pub(crate) fn command(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let output = program(folder).args(arguments).write_stdin(input).output();
    let output = output.expect("the program");
    let run = Run {
        code: output.status.code().expect("the program ended by itself"),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).expect("standard error in UTF-8"),
    };
    assert_eq!(leaked(&run.stderr), None, "standard error tells a secret");
    let is_filter = !arguments.first().is_some_and(|first| SAYING.contains(first));
    if !is_filter {
        assert_eq!(leaked(run.text()), None, "standard output tells a secret");
    }
    assert!(
        run.code == 0
            || run.stdout.is_empty()
            || is_resource_list(input)
            || !is_filter
            || arguments.contains(&"--check"),
        "status {} with something on standard output",
        run.code
    );
    run
}

/// The program, without any setting of the user's.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iam-roles"));
    let ours = |name: &str| name.contains("IAM_ROLES_") || name.starts_with("HELM_") || name == "NO_COLOR";
    for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

impl Run {
    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output in UTF-8")
    }

    /// The errors and warnings that were found: `error[id]`, sorted.
    pub(crate) fn findings(&self) -> Vec<&str> {
        let heads = self.stderr.lines().filter_map(|line| Some(&line[..=line.find("]: ")?]));
        let mut found: Vec<&str> = heads
            .filter(|head| head.starts_with("error[") || head.starts_with("warning["))
            .collect();
        found.sort_unstable();
        found
    }
}

/// A policy with this body.
pub(crate) fn policy(body: &str) -> String {
    format!("apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\n{body}")
}

/// A path from the project's root.
pub(crate) fn path(from_root: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(from_root)
}

/// Holds a text against a file of the project's, or writes the file anew where `UPDATE_GOLDEN` is set.
#[track_caller]
pub(crate) fn golden(from_root: &str, text: &str) {
    let file = path(from_root);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, text).expect("the golden file");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        expected == text,
        "{from_root} (-) is not what is said (+); look at it, and renew it with UPDATE_GOLDEN=1 cargo test\n{}",
        difference(&expected, text)
    );
}

/// The lines in which two texts differ, as a unified diff without context.
pub(crate) fn difference(old: &str, new: &str) -> String {
    let lines = similar::TextDiff::from_lines(old, new);
    lines.unified_diff().context_radius(2).to_string()
}

fn is_resource_list(input: &[u8]) -> bool {
    input.windows(12).any(|part| part == b"ResourceList")
}
