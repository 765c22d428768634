//! Where a program comes from: `PATH`, a cache folder, or the source that it is got from once.
//!
//! Invariant: a cached program is whole; it is made in a folder of its own, which is then renamed.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

/// A program of others.
pub(crate) struct Program {
    /// What tests call it.
    pub(crate) name: &'static str,
    /// Its version, as its source spells it.
    pub(crate) version: &'static str,
    /// Its file below its folder in the cache.
    file: &'static str,
    source: Source,
    found: OnceLock<Result<PathBuf, String>>,
}

/// How a program is got.
enum Source {
    /// `go install`, unless the one on `PATH` answers these arguments with the wanted major version.
    Go {
        package: &'static str,
        asked: &'static [&'static str],
    },
    /// `go build` in a module of our own: of a module whose `go.mod` replaces others, which `go install` refuses.
    GoModule {
        package: &'static str,
        module: &'static str,
        replaced: Replaced,
    },
    /// `go build` of a file of our own, on these modules. Its version is to change with the file.
    GoFile {
        text: &'static str,
        required: &'static [&'static str],
    },
    /// The one of the system, if it succeeds with these arguments.
    System { tried: &'static [&'static str] },
    /// A Debian package, unpacked and not installed.
    Debian { package: &'static str },
    /// Packages from `PyPI` in a virtual environment; the program is its Python.
    Python { packages: &'static [&'static str] },
}

/// What a module replaces.
enum Replaced {
    /// These lines of its `go.mod`.
    Lines(&'static [&'static str]),
    /// Modules under `k8s.io`, all by this version.
    Kubernetes(&'static [&'static str], &'static str),
}

pub(crate) static HELM_3: Program = Program::new(
    "helm3",
    "v3.21.4",
    "helm",
    Source::Go {
        package: "helm.sh/helm/v3/cmd/helm",
        asked: &["version", "--template", "{{.Version}}"],
    },
);

pub(crate) static HELM_4: Program = Program::new(
    "helm4",
    "v4.2.4",
    "helm",
    Source::Go {
        package: "helm.sh/helm/v4/cmd/helm",
        asked: &["version", "--template", "{{.Version}}"],
    },
);

pub(crate) static KUSTOMIZE: Program = Program::new(
    "kustomize",
    "v5.8.1",
    "kustomize",
    Source::Go {
        package: "sigs.k8s.io/kustomize/kustomize/v5",
        asked: &["version"],
    },
);

pub(crate) static HELMFILE: Program = Program::new(
    "helmfile",
    "v1.8.0",
    "helmfile",
    Source::GoModule {
        package: "github.com/helmfile/helmfile",
        module: "github.com/helmfile/helmfile",
        replaced: Replaced::Lines(&[
            "k8s.io/api => k8s.io/api v0.35.4",
            "k8s.io/apimachinery => k8s.io/apimachinery v0.36.0",
            "k8s.io/client-go => k8s.io/client-go v0.35.4",
        ]),
    },
);

pub(crate) static ETCD: Program = Program::new(
    "etcd",
    "v3.6.7",
    "etcd",
    Source::GoModule {
        package: "go.etcd.io/etcd/server/v3",
        module: "go.etcd.io/etcd/server/v3",
        replaced: Replaced::Lines(&[]),
    },
);

pub(crate) static API_SERVER: Program = Program::new(
    "kube-apiserver",
    "v1.34.4",
    "kube-apiserver",
    Source::GoModule {
        package: "k8s.io/kubernetes/cmd/kube-apiserver",
        module: "k8s.io/kubernetes",
        replaced: Replaced::Kubernetes(STAGED, "v0.34.4"),
    },
);

pub(crate) static KUBECTL: Program = Program::new(
    "kubectl",
    "v1.34.4",
    "kubectl",
    Source::GoModule {
        package: "k8s.io/kubernetes/cmd/kubectl",
        module: "k8s.io/kubernetes",
        replaced: Replaced::Kubernetes(STAGED, "v0.34.4"),
    },
);

/// What Kubernetes reads YAML with.
pub(crate) static READER: Program = Program::new(
    "apimachinery",
    "v0.34.4",
    "reader",
    Source::GoFile {
        text: include_str!("readers/reader.go"),
        required: &["k8s.io/apimachinery v0.34.4", "sigs.k8s.io/yaml v1.6.0"],
    },
);

pub(crate) static YQ: Program = Program::new(
    "yq",
    "v4.54.2",
    "yq",
    Source::Go {
        package: "github.com/mikefarah/yq/v4",
        asked: &["--version"],
    },
);

/// Knows web identity.
pub(crate) static REGISTRY_3: Program = Program::new(
    "registry",
    "v3.1.2",
    "registry",
    Source::GoModule {
        package: "github.com/distribution/distribution/v3/cmd/registry",
        module: "github.com/distribution/distribution/v3",
        replaced: Replaced::Lines(&[]),
    },
);

/// Knows none. Its modules are not all to be had any more.
pub(crate) static REGISTRY_2: Program = Program::new(
    "registry",
    "2.8",
    "usr/bin/docker-registry",
    Source::Debian {
        package: "docker-registry",
    },
);

/// Gives a program a network of its own, which is not allowed everywhere.
pub(crate) static UNSHARE: Program = Program::new(
    "unshare",
    "",
    "unshare",
    Source::System {
        tried: &[
            "--user",
            "--map-root-user",
            "--mount",
            "--net",
            "ip",
            "link",
            "set",
            "lo",
            "up",
        ],
    },
);

/// AWS on loopback.
pub(crate) static MOTO: Program = python("moto", "5.2.5", &["moto[server,s3,sts,proxy]==5.2.5"]);

pub(crate) static BOTO3: Program = python("boto3", "1.44.5", &["boto3==1.44.5"]);

pub(crate) static S3CMD: Program = python("s3cmd", "2.4.0", &["s3cmd==2.4.0"]);

/// The last that knows no web identity.
pub(crate) static OLD_S3CMD: Program = python("s3cmd", "2.1.0", &["s3cmd==2.1.0"]);

const fn python(name: &'static str, version: &'static str, packages: &'static [&'static str]) -> Program {
    Program::new(name, version, "bin/python", Source::Python { packages })
}

/// What Kubernetes publishes from its `staging` folder.
const STAGED: &[&str] = &[
    "api",
    "apiextensions-apiserver",
    "apimachinery",
    "apiserver",
    "cli-runtime",
    "client-go",
    "cloud-provider",
    "cluster-bootstrap",
    "code-generator",
    "component-base",
    "component-helpers",
    "controller-manager",
    "cri-api",
    "cri-client",
    "csi-translation-lib",
    "dynamic-resource-allocation",
    "endpointslice",
    "externaljwt",
    "kms",
    "kube-aggregator",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "kubectl",
    "kubelet",
    "metrics",
    "mount-utils",
    "pod-security-admission",
    "sample-apiserver",
    "sample-cli-plugin",
    "sample-controller",
];

impl Program {
    const fn new(name: &'static str, version: &'static str, file: &'static str, source: Source) -> Self {
        Self {
            name,
            version,
            file,
            source,
            found: OnceLock::new(),
        }
    }

    /// Its file, looked for or made once, or why there is none.
    pub(crate) fn path(&self) -> Result<&Path, String> {
        let found = self.found.get_or_init(|| self.find());
        found.as_deref().map_err(Clone::clone)
    }

    fn find(&self) -> Result<PathBuf, String> {
        if let Source::System { tried } = self.source {
            let mut step = command(self.file, tried);
            let made = step.output().map_err(|error| format!("{}: {error}", self.name))?;
            return check(&step, &made).map(|()| self.file.into());
        }
        if let Some(program) = self.on_path() {
            return Ok(program);
        }
        let cache = cache().ok_or("no folder to cache programs in: neither IAM_ROLES_TEST_CLIENTS nor HOME is set")?;
        let home = cache.join(format!("{}-{}", self.name, self.version));
        if !home.join(self.file).is_file() {
            self.make(&home)?;
        }
        Ok(home.join(self.file))
    }

    /// The one on `PATH`, if it speaks the wanted major version.
    fn on_path(&self) -> Option<PathBuf> {
        let Source::Go { asked, .. } = self.source else {
            return None;
        };
        let (major, _) = self.version.split_once('.')?;
        env::split_paths(&env::var_os("PATH")?)
            .map(|folder| folder.join(self.file))
            .find(|program| {
                Command::new(program).args(asked).output().is_ok_and(|answer| {
                    String::from_utf8_lossy(&answer.stdout)
                        .trim()
                        .starts_with(&format!("{major}."))
                })
            })
    }

    /// Makes the program beside its home and moves it there.
    fn make(&self, home: &Path) -> Result<(), String> {
        let said = |error: io::Error| format!("{} is not there and cannot be made: {error}", self.name);
        let parent = home.parent().unwrap_or(home);
        fs::create_dir_all(parent).map_err(said)?;
        let bench = tempfile::tempdir_in(parent).map_err(said)?;
        for mut step in self.steps(bench.path()).map_err(said)? {
            let made = step.env_remove("GOFLAGS").current_dir(bench.path()).output();
            check(&step, &made.map_err(said)?)?;
        }
        match fs::rename(bench.path(), home) {
            // Another run was first, and what it made is as good.
            Err(_) if home.join(self.file).is_file() => Ok(()),
            moved => moved.map_err(said),
        }
    }

    /// The commands that make the program in a folder.
    fn steps(&self, bench: &Path) -> io::Result<Vec<Command>> {
        let version = self.version;
        Ok(match &self.source {
            Source::System { .. } => Vec::new(),
            Source::Go { package, .. } => {
                let mut install = command("go", &["install", &format!("{package}@{version}")]);
                install.env("GOBIN", bench);
                vec![install]
            }
            Source::GoModule {
                package,
                module,
                replaced,
            } => {
                let replaced = replaced.lines().join("\n");
                let text = format!("module real\ngo 1.26.6\nrequire {module} {version}\nreplace (\n{replaced}\n)\n");
                fs::write(bench.join("go.mod"), text)?;
                vec![command("go", &["build", "-mod=mod", "-o", self.file, package])]
            }
            Source::GoFile { text, required } => {
                let required = required.join("\n");
                fs::write(
                    bench.join("go.mod"),
                    format!("module real\ngo 1.26.6\nrequire (\n{required}\n)\n"),
                )?;
                fs::write(bench.join("main.go"), text)?;
                vec![command("go", &["build", "-mod=mod", "-o", self.file, "."])]
            }
            Source::Debian { package } => {
                let script =
                    format!("apt-get download {package} || {{ apt-get update && apt-get download {package}; }}");
                vec![
                    command("sh", &["-c", &script]),
                    command("sh", &["-c", "dpkg-deb --extract ./*.deb ."]),
                ]
            }
            Source::Python { packages } => {
                let mut install = Command::new(bench.join("bin/python"));
                install.args(["-m", "pip", "install", "--quiet"]).args(*packages);
                vec![command("python3", &["-m", "venv", "."]), install]
            }
        })
    }
}

impl Replaced {
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Lines(lines) => lines.iter().map(|line| (*line).to_owned()).collect(),
            Self::Kubernetes(names, version) => names
                .iter()
                .map(|name| format!("k8s.io/{name} => k8s.io/{name} {version}"))
                .collect(),
        }
    }
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

fn check(step: &Command, made: &Output) -> Result<(), String> {
    if made.status.success() {
        return Ok(());
    }
    Err(format!("{step:?}:\n{}", String::from_utf8_lossy(&made.stderr)))
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
