//! A folder of its own for each test, and commands that see nothing of the user's settings.

use assert_cmd::Command;
use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_iam-roles");

/// Settings of the user that would reach a client or the program.
const FOREIGN: [&str; 6] = ["HELM", "KUBE", "KUSTOMIZE_", "IAM_ROLES_", "ARGOCD_", "XDG_"];

/// A temporary folder, gone at the end of the test.
pub(crate) struct Sandbox(TempDir);

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A path inside.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A new file inside, its folders made on the way.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder in the sandbox");
        fs::write(&path, text).expect("a file in the sandbox");
        path
    }

    /// A folder inside, with all that another one holds.
    pub(crate) fn copy(&self, from: &Path, name: &str) -> PathBuf {
        let to = self.path(name);
        copy(from, &to);
        to
    }

    /// The program under test, under another name.
    pub(crate) fn link_program(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a link has a folder")).expect("a folder in the sandbox");
        symlink(PROGRAM, &path).expect("a link to the program");
        path
    }

    /// A command that runs inside and keeps its data there.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            if FOREIGN.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        for (name, folder) in [
            ("HELM_DATA_HOME", "helm/data"),
            ("HELM_CACHE_HOME", "helm/cache"),
            ("HELM_CONFIG_HOME", "helm/config"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            command.env(name, self.path(folder));
        }
        command.current_dir(self.0.path());
        command
    }
}

/// `PATH` with a folder before all others, and without those that hold an `iam-roles` of the user's.
pub(crate) fn search_path(first: &Path) -> OsString {
    let user = env::var_os("PATH").unwrap_or_default();
    let others = env::split_paths(&user).filter(|folder| !folder.join("iam-roles").exists());
    env::join_paths([first.to_owned()].into_iter().chain(others)).expect("folders without a separator in their names")
}

/// A path below `testdata/gitlab`.
pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/gitlab").join(name)
}

/// What a command said on one of its streams.
pub(crate) fn text(stream: &[u8]) -> &str {
    std::str::from_utf8(stream).expect("UTF-8 from a client")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder in the sandbox");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("a file");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file in the sandbox");
        }
    }
}
