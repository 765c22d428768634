//! An answer where Helm 4 gives none: it drops what a post-renderer plugin says on standard error, even on failure, and
//! shows only `plugin "iam-roles" exited with error` (seen with 4.2.4).
//!
//! Invariant: a regular file is never written to; Helm writes there at an offset of its own, and text would be lost.

use std::fs::{File, OpenOptions};
use std::io::Write as _;

/// The plugin's name, which Helm 4 puts into the environment of what it starts.
const PLUGIN: &str = "iam-roles";

/// Writes lines to Helm's own standard error, or to the terminal, when Helm 4 started this program.
pub(crate) fn tell(lines: &[String]) {
    let by_helm_4 = std::env::var("HELM_PLUGIN_NAME").is_ok_and(|name| name == PLUGIN);
    if !by_helm_4 || lines.is_empty() {
        return;
    }
    if let Some(mut stderr) = stderr_of_parent().or_else(terminal) {
        for line in lines {
            // There is nobody left to tell that this could not be told.
            let _ = writeln!(stderr, "{PLUGIN}: {}", anstream::adapter::strip_str(line));
        }
    }
}

/// The parent's standard error, if it is a pipe or a terminal.
#[cfg(target_os = "linux")]
fn stderr_of_parent() -> Option<File> {
    use std::os::unix::fs::FileTypeExt as _;

    let path = format!("/proc/{}/fd/2", std::os::unix::process::parent_id());
    let kind = std::fs::metadata(&path).ok()?.file_type();
    let is_safe = kind.is_fifo() || kind.is_char_device();
    is_safe.then(|| OpenOptions::new().write(true).open(path).ok())?
}

/// Other systems have no path to it.
#[cfg(not(target_os = "linux"))]
fn stderr_of_parent() -> Option<File> {
    None
}

fn terminal() -> Option<File> {
    OpenOptions::new().write(true).open("/dev/tty").ok()
}
