//! What happens to a run from outside: a disk that is full, a reader that goes away, a file that cannot be read or
//! replaced, an end by a signal, a second run.
//!
//! Held after each: no file is half a file, no temporary file is left, and the status says how it ended.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

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

/// How many files of the folder hold the new text; every other holds the old one, whole, and nothing else is left there.
#[track_caller]
fn rewritten(folder: &TempDir) -> usize {
    let count = whole(folder);
    assert_eq!(left_over(&folder.path().join("m")), 0, "temporary files");
    count
}

/// How many files of the folder hold the new text; every other holds the old one, whole.
#[track_caller]
fn whole(folder: &TempDir) -> usize {
    let texts = (0..FILES).map(|number| fs::read_to_string(folder.path().join(format!("m/{number}.yaml"))));
    let texts: Vec<String> = texts.map(|text| text.expect("a file")).collect();
    for text in &texts {
        assert!(text == POD || text == ANNOTATED, "half a file:\n{text}");
    }
    texts.iter().filter(|text| *text == ANNOTATED).count()
}

/// How many temporary files of the program lie in a folder.
fn left_over(folder: &Path) -> usize {
    let names = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    names
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(".iam-roles-"))
        .count()
}

/// Waits until a run has begun to write.
fn until_it_writes(folder: &TempDir) {
    let start = Instant::now();
    while left_over(&folder.path().join("m")) == 0 && start.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_micros(200));
    }
}

/// Rewrites the folder of Pods, which must be refused with these words, and leaves every file as it is.
#[track_caller]
fn refused(folder: &TempDir, words: &str) {
    let run = command(folder.path(), &["rewrite", "--in-place", "m"], b"");
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains(words), "{}", run.stderr);
    assert_eq!(rewritten(folder), 0);
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
fn an_end_by_a_signal_comes_before_all_files_or_behind_them() {
    let mut counts = Vec::new();
    for signal in ["-TERM", "-INT", "-HUP"].repeat(2) {
        let folder = pods();
        let mut run = start(&folder);
        until_it_writes(&folder);
        let id = run.id().to_string();
        Command::new("kill").args([signal, &id]).status().expect("kill");
        let code = run.wait().expect("the end").code();
        let count = rewritten(&folder);
        match code {
            Some(0) => assert_eq!(count, FILES),
            _ => assert_eq!((code, count), (Some(1), 0), "{signal}"),
        }
        counts.push(count);
        // What was left undone is done by the next run.
        assert!(start(&folder).wait().expect("the end").success());
        assert_eq!(rewritten(&folder), FILES);
    }
    assert!(counts.contains(&0), "every run was done before its end: {counts:?}");
}

/// An end that cannot be put off may leave new files beside the old ones; nothing takes them for manifests.
#[test]
fn what_a_killed_run_leaves_is_in_nobodys_way() {
    let folder = pods();
    let mut run = start(&folder);
    until_it_writes(&folder);
    run.kill().expect("a run");
    run.wait().expect("the end");
    let (count, left) = (whole(&folder), left_over(&folder.path().join("m")));
    assert!(start(&folder).wait().expect("the end").success());
    assert_eq!(whole(&folder), FILES);
    assert_eq!(left_over(&folder.path().join("m")), left, "{count} were rewritten");
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

/// A disk with room for the files and not for the new ones beside them; needs root.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_for_all_new_files_keeps_the_old_ones() {
    let disk = tempfile::tempdir().expect("a temporary folder");
    let mount = |arguments: &[&str]| {
        let tried = Command::new(arguments[0])
            .args(&arguments[1..])
            .arg(disk.path())
            .output();
        tried.is_ok_and(|tried| tried.status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs"]) {
        eprintln!("skipped: no tmpfs may be mounted here");
        return;
    }
    let folder = disk.path();
    let body = "via: kube2iam\ncomponents: {web: {role: web, match: {labels: {app: web}, kind: [Pod]}}}\n";
    fs::write(folder.join("iam-roles.yaml"), policy(body)).expect("a policy");
    for number in 0..FILES {
        fs::write(folder.join(format!("{number}.yaml")), POD).expect("a file");
    }
    let run = command(folder, &["rewrite", "--in-place", "."], b"");
    let texts: Vec<String> = (0..FILES)
        .map(|number| fs::read_to_string(folder.join(format!("{number}.yaml"))).expect("a file"))
        .collect();
    let left = left_over(folder);
    assert!(mount(&["umount"]));
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("no file is replaced: "), "{}", run.stderr);
    assert!(run.stderr.contains("No space left"), "{}", run.stderr);
    assert!(texts.iter().all(|text| text == POD));
    assert_eq!(left, 0);
}

/// `| head -c 1`: half a manifest must never look applied.
#[test]
fn a_reader_that_goes_away_is_an_error() {
    let folder = pods();
    let stream = format!("{POD}spec: {{}}\n");
    for arguments in [
        &[][..],
        &["check"],
        &["diff"],
        &["init"],
        &["rewrite", "m"],
        &["schema"],
    ] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_iam-roles"))
            .args(arguments)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        drop(run.stdout.take());
        // Those that read no standard input may be gone by now.
        let _ = run.stdin.take().expect("standard input").write_all(stream.as_bytes());
        let ended = run.wait_with_output().expect("the end");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("stdout: Broken pipe"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_folder_as_standard_input_is_an_error() {
    let folder = pods();
    for arguments in [&[][..], &["check"], &["diff"], &["init"]] {
        let run = Command::new(env!("CARGO_BIN_EXE_iam-roles"))
            .args(arguments)
            .current_dir(folder.path())
            .stdin(File::open(folder.path()).expect("a folder"))
            .output()
            .expect("the program");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains("stdin: Is a directory"), "{arguments:?}: {said}");
        assert_eq!(run.stdout, b"", "{arguments:?}");
    }
}

/// No standard input at all is an empty one.
#[test]
fn a_closed_standard_input_is_empty() {
    let folder = pods();
    let run = Command::new("sh")
        .args(["-c", "exec \"$0\" <&-", env!("CARGO_BIN_EXE_iam-roles")])
        .current_dir(folder.path())
        .output()
        .expect("a shell");
    assert_eq!((run.status.code(), run.stdout), (Some(0), Vec::new()));
}

#[test]
fn a_read_only_file_stays() {
    let folder = pods();
    let file = folder.path().join("m/7.yaml");
    fs::set_permissions(&file, Permissions::from_mode(0o444)).expect("a mode");
    refused(&folder, "m/7.yaml: it is read-only");
}

/// The other name would keep the old text, keys included.
#[test]
fn a_file_with_another_name_stays() {
    let folder = pods();
    fs::hard_link(folder.path().join("m/7.yaml"), folder.path().join("other")).expect("a hard link");
    refused(&folder, "m/7.yaml: it has another name (a hard link)");
}

/// Nobody else's file becomes ours; needs root, which may give files away.
#[test]
fn the_owner_and_the_mode_stay() {
    let folder = pods();
    let file = folder.path().join("m/7.yaml");
    fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("a mode");
    if chown(&file, Some(12345), Some(54321)).is_err() {
        eprintln!("skipped: files may not be given away here");
        return;
    }
    assert!(start(&folder).wait().expect("the end").success());
    let metadata = fs::metadata(&file).expect("a file");
    assert_eq!(
        (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777),
        (12345, 54321, 0o640)
    );
    assert_eq!(rewritten(&folder), FILES);
}

/// Whoever may not write to a folder replaces nothing in any; root may write everywhere.
#[test]
fn a_folder_that_takes_no_file_keeps_all() {
    let folder = pods();
    let closed = folder.path().join("m/closed");
    fs::create_dir(&closed).expect("a folder");
    fs::write(closed.join("a.yaml"), POD).expect("a file");
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).expect("a mode");
    if File::create(closed.join("try")).is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    refused(&folder, "m/closed/a.yaml");
    fs::set_permissions(&closed, Permissions::from_mode(0o755)).expect("a mode");
}

#[test]
fn pipes_and_sockets_in_a_folder_are_passed_by() {
    let folder = pods();
    let pipe = folder.path().join("m/pipe.yaml");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let _socket = UnixListener::bind(folder.path().join("m/socket.yaml")).expect("a socket");
    assert!(start(&folder).wait().expect("the end").success());
    assert_eq!(rewritten(&folder), FILES);
}

/// A pipe is read as any file; nothing can take its place.
#[test]
fn a_pipe_that_is_named_is_read_and_not_replaced() {
    let folder = pods();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for (arguments, expected) in [(&["rewrite", "pipe"][..], 0), (&["rewrite", "--in-place", "pipe"], 1)] {
        let to = pipe.clone();
        let writer = std::thread::spawn(move || fs::write(to, POD).expect("a reader"));
        let run = command(folder.path(), arguments, b"");
        writer.join().expect("the writer");
        assert_eq!(run.code, expected, "{}", run.stderr);
        let is_said = run.stderr.contains("pipe: it is no regular file");
        assert_eq!(
            (is_said, run.text() == ANNOTATED),
            (expected == 1, expected == 0),
            "{}",
            run.stderr
        );
    }
}

/// As kubectl reads them; one that leads elsewhere is nothing to be written to unasked.
#[test]
fn links_in_a_folder_are_read_and_stay_in_it() {
    let folder = pods();
    fs::rename(folder.path().join("m/7.yaml"), folder.path().join("m/7.txt")).expect("a file");
    symlink("7.txt", folder.path().join("m/7.yaml")).expect("a link");
    fs::write(folder.path().join("elsewhere"), POD).expect("a file");
    symlink("../elsewhere", folder.path().join("m/out.yaml")).expect("a link");
    refused(&folder, "m/out.yaml: the link leads out of the folder");
    fs::write(folder.path().join("m/.ignore"), "out.yaml\n").expect("a file");
    assert!(start(&folder).wait().expect("the end").success());
    assert_eq!(rewritten(&folder), FILES);
    assert!(folder.path().join("m/7.yaml").is_symlink());
    assert_eq!(
        fs::read_to_string(folder.path().join("elsewhere")).expect("a file"),
        POD
    );
}

#[test]
fn a_link_to_nothing_is_an_error() {
    let folder = pods();
    symlink("nothing", folder.path().join("m/gone.yaml")).expect("a link");
    refused(&folder, "m/gone.yaml: No such file");
}

/// Whatever is changed or taken away while a run goes on, each file is the old one, the new one or theirs.
#[test]
fn files_that_are_changed_or_taken_away_under_a_run_stay_so() {
    let mut refusals = 0;
    for _ in 0..6 {
        let folder = pods();
        let mut run = start(&folder);
        until_it_writes(&folder);
        let theirs = folder.path().join("m/150.yaml");
        fs::write(&theirs, "theirs: true\n").expect("a file");
        let code = run.wait().expect("the end").code();
        let text = fs::read_to_string(&theirs).expect("a file");
        fs::write(&theirs, POD).expect("a file");
        let count = rewritten(&folder);
        refusals += usize::from(code == Some(1));
        match code {
            Some(0) => assert_eq!(count, FILES - 1, "{text}"),
            _ => assert_eq!((code, text.as_str()), (Some(1), "theirs: true\n")),
        }
    }
    assert!(0 < refusals, "every run was done before the change");
}

/// The new files that lie in it cannot be found any more to be removed.
#[test]
fn a_folder_that_is_moved_away_under_a_run_holds_whole_files() {
    let mut refusals = 0;
    for _ in 0..4 {
        let folder = pods();
        let mut run = start(&folder);
        until_it_writes(&folder);
        fs::rename(folder.path().join("m"), folder.path().join("moved")).expect("a folder");
        let code = run.wait().expect("the end").code();
        fs::rename(folder.path().join("moved"), folder.path().join("m")).expect("a folder");
        match (code, whole(&folder)) {
            (Some(0), count) => assert_eq!(count, FILES),
            (Some(1), _) => refusals += 1,
            (code, _) => panic!("{code:?}"),
        }
    }
    assert!(0 < refusals, "every run was done before the move");
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
