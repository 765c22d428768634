//! Where a client comes from: `PATH`, a cache folder, or Go.
//!
//! Invariant: a cached program is whole; it is built in a folder of its own, which is then renamed.

use std::{
    env, fmt, fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A program that runs `iam-roles`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    Helm3,
    Helm4,
    Kustomize,
    Helmfile,
}

impl fmt::Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Helm3 => "helm3",
            Self::Helm4 => "helm4",
            Self::Kustomize => "kustomize",
            Self::Helmfile => "helmfile",
        })
    }
}

impl Client {
    /// The client's program, looked for or built once, or why there is none.
    pub(crate) fn program(self) -> Result<&'static Path, String> {
        static FOUND: [OnceLock<Result<PathBuf, String>>; 4] = [const { OnceLock::new() }; 4];
        FOUND[self as usize]
            .get_or_init(|| self.find())
            .as_deref()
            .map_err(Clone::clone)
    }

    fn find(self) -> Result<PathBuf, String> {
        if let Some(program) = self.on_path() {
            return Ok(program);
        }
        let cache = cache().ok_or("no folder to cache clients in: neither IAM_ROLES_TEST_CLIENTS nor HOME is set")?;
        let home = cache.join(format!("{}-{}", self.binary(), self.version()));
        let program = home.join(self.binary());
        if !program.is_file() {
            self.build(&home)?;
        }
        Ok(program)
    }

    /// The one on `PATH`, if it speaks the wanted major version.
    fn on_path(self) -> Option<PathBuf> {
        let asked: &[&str] = match self {
            Self::Helm3 | Self::Helm4 => &["version", "--template", "{{.Version}}"],
            Self::Kustomize => &["version"],
            Self::Helmfile => &["version", "--output=short"],
        };
        let (major, _) = self.version().split_once('.')?;
        env::split_paths(&env::var_os("PATH")?)
            .map(|folder| folder.join(self.binary()))
            .find(|program| {
                Command::new(program).args(asked).output().is_ok_and(|answer| {
                    String::from_utf8_lossy(&answer.stdout)
                        .trim()
                        .starts_with(&format!("{major}."))
                })
            })
    }

    /// Builds the client beside its home and moves it there.
    fn build(self, home: &Path) -> Result<(), String> {
        let said = |error: io::Error| format!("{self} is not there and cannot be built: {error}");
        let parent = home.parent().unwrap_or(home);
        fs::create_dir_all(parent).map_err(said)?;
        let bench = tempfile::tempdir_in(parent).map_err(said)?;
        let built = self
            .go(bench.path())
            .map_err(said)?
            .env_remove("GOFLAGS")
            .current_dir(bench.path())
            .output()
            .map_err(|error| format!("{self} is not there and Go cannot be run to build it: {error}"))?;
        if !built.status.success() {
            return Err(format!(
                "Go cannot build `{}@{}`:\n{}",
                self.package(),
                self.version(),
                String::from_utf8_lossy(&built.stderr)
            ));
        }
        match fs::rename(bench.path(), home) {
            // Another run was first, and what it built is as good.
            Err(_) if home.join(self.binary()).is_file() => Ok(()),
            moved => moved.map_err(said),
        }
    }

    /// The command that builds the client in a folder.
    fn go(self, bench: &Path) -> io::Result<Command> {
        let mut go = Command::new("go");
        let (package, version) = (self.package(), self.version());
        if self.replaced().is_empty() {
            go.args(["install", &format!("{package}@{version}")])
                .env("GOBIN", bench);
        } else {
            let replaced = self.replaced().join("\n");
            let module = format!("module client\ngo 1.26.6\nrequire {package} {version}\nreplace (\n{replaced}\n)\n");
            fs::write(bench.join("go.mod"), module)?;
            go.args(["build", "-mod=mod", "-o", self.binary(), package]);
        }
        Ok(go)
    }

    fn binary(self) -> &'static str {
        match self {
            Self::Helm3 | Self::Helm4 => "helm",
            Self::Kustomize => "kustomize",
            Self::Helmfile => "helmfile",
        }
    }

    fn version(self) -> &'static str {
        match self {
            Self::Helm3 => "v3.21.4",
            Self::Helm4 => "v4.2.4",
            Self::Kustomize => "v5.8.1",
            Self::Helmfile => "v1.8.0",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Helm3 => "helm.sh/helm/v3/cmd/helm",
            Self::Helm4 => "helm.sh/helm/v4/cmd/helm",
            Self::Kustomize => "sigs.k8s.io/kustomize/kustomize/v5",
            Self::Helmfile => "github.com/helmfile/helmfile",
        }
    }

    /// What the client's own `go.mod` replaces: `go install` refuses such a module, so it is built from one of our own.
    fn replaced(self) -> &'static [&'static str] {
        match self {
            Self::Helm3 | Self::Helm4 | Self::Kustomize => &[],
            Self::Helmfile => &[
                "k8s.io/api => k8s.io/api v0.35.4",
                "k8s.io/apimachinery => k8s.io/apimachinery v0.36.0",
                "k8s.io/client-go => k8s.io/client-go v0.35.4",
            ],
        }
    }
}

/// `IAM_ROLES_TEST_CLIENTS`, or a folder in the user's cache.
fn cache() -> Option<PathBuf> {
    if let Some(given) = env::var_os("IAM_ROLES_TEST_CLIENTS") {
        return Some(given.into());
    }
    let user = match env::var_os("XDG_CACHE_HOME") {
        Some(set) => PathBuf::from(set),
        None => PathBuf::from(env::var_os("HOME")?).join(".cache"),
    };
    Some(user.join("iam-roles/clients"))
}
