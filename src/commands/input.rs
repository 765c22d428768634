//! Where manifests are read from.

use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use iam_roles::manifest::stream::Input;
use indicatif::ProgressBar;

use super::failure::Failure;
use super::files::{self, File};

/// From how many files on their progress is shown.
const MANY: usize = 20;

/// What standard input is called in places.
pub(crate) const STDIN: &str = "stdin";

/// Standard input, whole.
pub(crate) fn stdin() -> Result<Input, Failure> {
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        let error = anyhow!("no manifests on standard input; pipe them in: helm template … | iam-roles --policy FILE");
        return Err(Failure::Usage(error));
    }
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes).context(STDIN).map_err(Failure::System)?;
    read(STDIN, bytes)
}

/// The manifests of files and folders, as one stream; standard input without any path.
pub(crate) fn all(paths: &[PathBuf], is_quiet: bool) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        return Ok(vec![stdin()?]);
    }
    let files = files::find(paths)?;
    let progress = progress(files.len(), is_quiet);
    let mut inputs = Vec::with_capacity(files.len());
    for file in progress.wrap_iter(files.into_iter()) {
        inputs.extend(one(&file)?);
    }
    progress.finish_and_clear();
    Ok(inputs)
}

fn one(file: &File) -> Result<Option<Input>, Failure> {
    if file.path.as_os_str() == "-" {
        return stdin().map(Some);
    }
    let name = file.path.display().to_string();
    let bytes = fs::read(&file.path)
        .with_context(|| name.clone())
        .map_err(Failure::System)?;
    if file.is_named || files::holds_manifests(&bytes) {
        read(&name, bytes).map(Some)
    } else {
        Ok(None)
    }
}

/// Shown on a terminal only, and only where there is something to wait for.
fn progress(files: usize, is_quiet: bool) -> ProgressBar {
    if is_quiet || files < MANY {
        return ProgressBar::hidden();
    }
    ProgressBar::new(u64::try_from(files).unwrap_or(u64::MAX))
}

/// The text of an input.
pub(crate) fn read(name: &str, bytes: Vec<u8>) -> Result<Input, Failure> {
    Ok(Input::new(name, bytes)?)
}
