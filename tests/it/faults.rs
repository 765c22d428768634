//! What happens to a run from outside: a disk that is full, a file that cannot be read, an end by a signal, a second run.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::{command, policy};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: web}}\n";
const ANNOTATED: &str = "apiVersion: v1\nkind: Pod\nmetadata: {\"annotations\": {\"iam.amazonaws.com/role\": \"web\"}, name: a, labels: {app: web}}\n";
const FILES: usize = 300;

/// A folder with a policy and many Pods that it gives a role.
fn pods() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = policy("via: kube2iam\ncomponents: {web: {role: web, match: {labels: {app: web}, kind: [Pod]}}}\n");
    fs::write(folder.path().join("iam-roles.yaml"), text).expect("a policy");
    fs::create_dir(folder.path().join("m")).expect("a folder");
    for number in 0..FILES {
        fs::write(folder.path().join(format!("m/{number}.yaml")), POD).expect("a file");
    }
    folder
}

/// How many files of the folder hold the new text; every other holds the old one, whole.
#[track_caller]
fn rewritten(folder: &TempDir) -> usize {
    let texts = (0..FILES).map(|number| fs::read_to_string(folder.path().join(format!("m/{number}.yaml"))));
    let texts: Vec<String> = texts.map(|text| text.expect("a file")).collect();
    for text in &texts {
        assert!(text == POD || text == ANNOTATED, "half a file:\n{text}");
    }
    texts.iter().filter(|text| *text == ANNOTATED).count()
}

fn start(folder: &TempDir) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_iam-roles"));
    program
        .args(["rewrite", "--in-place", "--quiet", "m"])
        .current_dir(folder.path());
    program
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program")
}

#[test]
fn an_end_by_a_signal_leaves_every_file_whole() {
    let mut counts = Vec::new();
    for patience in [4, 8, 12, 16, 24, 32, 48] {
        let folder = pods();
        let mut run = start(&folder);
        sleep(Duration::from_millis(patience));
        let id = run.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill");
        run.wait().expect("the end");
        counts.push(rewritten(&folder));
        // What was left undone is done by the next run.
        assert!(start(&folder).wait().expect("the end").success());
        assert_eq!(rewritten(&folder), FILES);
    }
    assert!(
        counts.iter().any(|count| *count < FILES),
        "every run was done before its end: {counts:?}"
    );
}

#[test]
fn two_runs_at_once_leave_every_file_whole() {
    let folder = pods();
    let mut runs = [start(&folder), start(&folder)];
    let ended = runs.each_mut().map(|run| run.wait().expect("the end").code());
    assert!(ended.iter().all(|code| matches!(code, Some(0 | 1))), "{ended:?}");
    rewritten(&folder);
    assert!(start(&folder).wait().expect("the end").success());
    assert_eq!(rewritten(&folder), FILES);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = pods();
    let full = || OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    for arguments in [
        &["rewrite", "m"][..],
        &["check", "m"],
        &["diff", "m"],
        &["init", "m"],
        &["schema"],
        &["man"],
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_iam-roles"))
            .args(arguments)
            .current_dir(folder.path())
            .stdout(full())
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("stdout: No space left"), "{arguments:?}: {said}");
    }
    let run = command(
        folder.path(),
        &["rewrite", "--in-place", "--report", "/dev/full", "m"],
        b"",
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(rewritten(&folder), 0, "no report, no result");
}

/// A link in a circle stands for whatever cannot be opened: root may read everything else.
#[test]
fn a_file_that_cannot_be_read_stops_before_anything_is_written() {
    let folder = pods();
    symlink("circle.yaml", folder.path().join("m/circle.yaml")).expect("a link");
    let run = command(folder.path(), &["rewrite", "--in-place", "m/circle.yaml", "m"], b"");
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("circle.yaml"), "{}", run.stderr);
    assert_eq!(rewritten(&folder), 0);
}
