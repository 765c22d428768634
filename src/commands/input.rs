//! Where manifests are read from.

use std::fs;
use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use iam_roles::manifest::stream::Input;

use super::failure::Failure;

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
    stdin
        .read_to_end(&mut bytes)
        .context(STDIN)
        .map_err(Failure::Unreadable)?;
    read(STDIN, bytes)
}

/// The files, as one stream; standard input without any.
pub(crate) fn all(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        return Ok(vec![stdin()?]);
    }
    let one = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return stdin();
        }
        let name = path.display().to_string();
        let bytes = fs::read(path)
            .with_context(|| name.clone())
            .map_err(Failure::Unreadable)?;
        read(&name, bytes)
    };
    paths.iter().map(one).collect()
}

fn read(name: &str, bytes: Vec<u8>) -> Result<Input, Failure> {
    Input::new(name, bytes).map_err(|error| Failure::Unreadable(anyhow!("{error}")))
}
