//! The command line, and the environment that stands in for it.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Gives each component of a rendered release its AWS IAM role and takes static keys out of its storage Secrets.
///
/// Reads manifests on standard input and writes them to standard output, every byte that no change names as it came. As a
/// Helm post-renderer, a kustomize function or in a pipe; a `ResourceList` is recognised by itself. Nothing is written
/// unless everything could be done.
#[derive(Parser, Debug)]
#[command(name = "iam-roles", version, after_help = AFTER, max_term_width = 100, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) filter: Filter,
}

/// What else the program does.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Check(Check),
    Completions(Completions),
    Diff(Diff),
    Init(Init),
    Man(Man),
    Rewrite(Rewrite),
    Schema(Schema),
}

/// The filter: manifests in, manifests out.
#[derive(Args, Debug)]
pub(crate) struct Filter {
    /// The policy, as kustomize's exec plugins pass it
    #[arg(value_name = "POLICY", conflicts_with = "policy")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Says, for each component, whether it will really use its role, and what speaks against it.
///
/// Reads what the filter reads and writes no manifest. Works without a policy, too: then it looks at the roles and keys
/// that the chart rendered by itself. Exit status: 1 exactly when the filter would refuse.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// Files and folders of manifests, all of them one stream; standard input without any, or as `-`
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// How to say it
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,

    /// List every finding there is, and do nothing else
    #[arg(long)]
    pub(crate) list: bool,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Shows what would change, as a unified diff.
///
/// Values of Secrets are not shown: a setting inside one stands as its name with (removed), (kept) or (added). Exit status:
/// 0 when the filter would write, 1 when it would refuse.
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// Files and folders of manifests, all of them one stream; standard input without any, or as `-`
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Writes a starter policy for a stream.
///
/// For every component that reads storage keys or has a role: who it is, what it runs as, which Secrets it reads. To be
/// filled in: the account, and the names of the roles. Reads no policy.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Files and folders of manifests, all of them one stream; standard input without any, or as `-`
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The release namespace, for objects that name none [environment: `IAM_ROLES_NAMESPACE`]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,

    /// When to colour what is said [environment: `IAM_ROLES_COLOR`, `NO_COLOR`]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<ColorChoice>,
}

/// Rewrites files and folders of manifests, all of them as one stream.
///
/// Folders are read with all that is in them, but what .gitignore names: every .yaml, .yml and .json file that holds
/// manifests. Everything is planned and proved before the first file is written. Without --in-place the result goes to
/// standard output.
#[derive(Args, Debug)]
pub(crate) struct Rewrite {
    /// Files and folders
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Replace the files that change; each keeps its mode, and a link stays a link
    #[arg(short, long)]
    pub(crate) in_place: bool,

    /// Write nothing; name the files that would change, and end with status 1 if there are any
    #[arg(long, conflicts_with = "in_place")]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// Prints the completions of a shell.
///
/// For bash: iam-roles completions bash > ~/.local/share/bash-completion/completions/iam-roles
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Prints the manual page of the program, or of one of its subcommands, in roff.
///
/// To read it: iam-roles man | man -l -
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// The subcommand
    pub(crate) subcommand: Option<String>,
}

/// Prints the JSON Schema of the policy, which editors complete and check with, or of the report.
#[derive(Args, Debug)]
pub(crate) struct Schema {
    /// Of what
    #[arg(default_value = "policy")]
    pub(crate) of: Described,
}

/// What has a JSON Schema.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Described {
    /// What `--policy` reads
    Policy,
    /// What `--report` writes
    Report,
}

/// What the findings are written in.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// A table and a line each, for people
    Human,
    /// What `--report` writes
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

/// What every run over manifests can be told.
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// The policy: which component gets which role [environment: `IAM_ROLES_POLICY`]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// The release namespace, for objects that name none [environment: `IAM_ROLES_NAMESPACE`]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,

    /// A value for `${NAME}` in the policy, before the environment's; may be repeated [environment: `IAM_ROLES_VAR`, with
    /// commas between]
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) var: Vec<String>,

    /// Refuse for warnings, too [environment: `IAM_ROLES_STRICT`]
    #[arg(long)]
    pub(crate) strict: bool,

    /// Say nothing but why nothing was written [environment: `IAM_ROLES_QUIET`]
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// When to colour what is said [environment: `IAM_ROLES_COLOR`, `NO_COLOR`]
    #[arg(long, value_name = "WHEN")]
    pub(crate) color: Option<ColorChoice>,

    /// Write a report of the run to this file, as JSON, also of one that is refused [environment: `IAM_ROLES_REPORT`]
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

const AFTER: &str = "\
Without --policy: the first argument, a ResourceList's functionConfig, IAM_ROLES_POLICY, then iam-roles.yaml in this folder or one above it.
Every environment variable is read with the prefix ARGOCD_ENV_, too, as Argo CD hands them on.

Exit status: 0 done; 1 refused, unreadable input, or output that could not be written; 2 command line or policy.";

impl Settings {
    /// The settings, completed from the environment.
    ///
    /// # Errors
    /// A variable whose value is no such setting.
    pub(crate) fn complete(&mut self) -> anyhow::Result<()> {
        self.namespace = self.namespace.take().or_else(|| twin("NAMESPACE"));
        self.report = self.report.take().or_else(|| twin("REPORT").map(PathBuf::from));
        if self.var.is_empty() {
            let pairs = twin("VAR").unwrap_or_default();
            self.var = pairs
                .split(',')
                .filter(|pair| !pair.is_empty())
                .map(str::to_owned)
                .collect();
        }
        self.strict = self.strict || switch("STRICT")?;
        self.quiet = self.quiet || switch("QUIET")?;
        if self.color.is_none()
            && let Some(word) = twin("COLOR")
        {
            let choice = word.parse().map_err(anyhow::Error::msg);
            self.color = Some(choice.context("IAM_ROLES_COLOR: expected auto, always or never")?);
        }
        Ok(())
    }

    /// The pairs of `--var`.
    ///
    /// # Errors
    /// One without `=`.
    pub(crate) fn vars(&self) -> anyhow::Result<Vec<(String, String)>> {
        let pair = |written: &String| {
            let (name, value) = written.split_once('=').filter(|(name, _)| !name.is_empty())?;
            Some((name.to_owned(), value.to_owned()))
        };
        let pairs: Option<Vec<_>> = self.var.iter().map(pair).collect();
        pairs.context("--var: expected NAME=VALUE")
    }
}

/// The value of `IAM_ROLES_NAME`, or as Argo CD hands it on.
pub(crate) fn twin(name: &str) -> Option<String> {
    environment(&format!("IAM_ROLES_{name}")).filter(|value| !value.is_empty())
}

/// A variable of the environment, or as Argo CD hands it on.
pub(crate) fn environment(name: &str) -> Option<String> {
    let of = |name: &str| std::env::var(name).ok();
    of(name).or_else(|| of(&format!("ARGOCD_ENV_{name}")))
}

fn switch(name: &str) -> anyhow::Result<bool> {
    match twin(name).as_deref() {
        None | Some("0" | "false") => Ok(false),
        Some("1" | "true") => Ok(true),
        Some(_) => anyhow::bail!("IAM_ROLES_{name}: expected true or false"),
    }
}
