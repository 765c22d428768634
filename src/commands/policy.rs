//! Where the policy is found.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::CommandFactory as _;
use iam_roles::manifest::envelope::{alone, function_config};
use iam_roles::manifest::stream::Stream;
use iam_roles::policy::rules::Policy;
use iam_roles::policy::suggest::nearest;
use iam_roles::policy::vars::Vars;
use iam_roles::policy::{self};

use super::input::STDIN;
use crate::cli::{Arguments, Settings, environment, twin};

/// The file that is looked for when no other is named.
const DEFAULT: &str = "iam-roles.yaml";

/// A policy, and where it was found.
pub(crate) struct Found {
    /// The rules.
    pub(crate) policy: Policy,
    /// The file, as it was named.
    pub(crate) file: String,
}

/// Reads the policy of a run: the one that is named, else the stream's own, else the one found.
///
/// # Errors
/// No policy in any of the places, one that cannot be read, or one that is wrong.
pub(crate) fn find(named: Option<&Path>, settings: &Settings, stream: &Stream<'_>) -> anyhow::Result<Found> {
    find_any(named, settings, stream)?.map_or_else(|| Err(nowhere(&places()?)), Ok)
}

/// The same, where a run makes sense without a policy.
///
/// # Errors
/// One that cannot be read, or one that is wrong.
pub(crate) fn find_any(
    named: Option<&Path>,
    settings: &Settings,
    stream: &Stream<'_>,
) -> anyhow::Result<Option<Found>> {
    let vars = Vars::new(settings.vars()?, environment);
    if let Some(named) = named {
        return read(named, &vars).map(Some);
    }
    if let Some(config) = function_config(stream) {
        let text = alone(stream, config).context("stdin: the functionConfig cannot be told from what surrounds it")?;
        return Ok(Some(Found {
            policy: policy::read(&text, STDIN, &vars)?,
            file: STDIN.to_owned(),
        }));
    }
    if let Some(named) = twin("POLICY") {
        return read(Path::new(&named), &vars).map(Some);
    }
    let found = places()?.into_iter().find(|place| place.is_file());
    found.map(|found| read(&found, &vars)).transpose()
}

/// Where a policy is looked for that nothing names.
fn places() -> anyhow::Result<Vec<PathBuf>> {
    let here = std::env::current_dir().context("the working folder")?;
    Ok(here.ancestors().map(|folder| folder.join(DEFAULT)).collect())
}

/// What a person meant who wrote `iam-roles chek`.
fn meant(path: &Path) -> String {
    let program = Arguments::command();
    let names = program.get_subcommands().map(clap::Command::get_name);
    let meant = path.to_str().and_then(|word| nearest(word, names));
    meant.map_or_else(String::new, |name| format!(" (did you mean the subcommand `{name}`?)"))
}

fn read(path: &Path, vars: &Vars) -> anyhow::Result<Found> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name}: the policy{}", meant(path)))?;
    Ok(Found {
        policy: policy::read(&text, &name, vars)?,
        file: name,
    })
}

fn nowhere(places: &[PathBuf]) -> anyhow::Error {
    let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
    anyhow!(
        "no policy; looked at --policy, the first argument, IAM_ROLES_POLICY, and {}; name one with --policy FILE",
        places.join(", ")
    )
}
