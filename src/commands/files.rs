//! Which files of the paths that were named are read.
//!
//! Invariant: in the order of their paths, each once; a folder gives the files in it and those that links in it lead to,
//! but not what `.gitignore` names, nor other folders that links lead to, nor pipes and sockets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use iam_roles::manifest::envelope::objects;
use iam_roles::manifest::stream::{Input, Stream};
use ignore::{DirEntry, WalkBuilder};

use super::failure::Failure;

/// The names that manifests have in a folder.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// A file to read.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct File {
    /// Its path, as it was named or found.
    pub(crate) path: PathBuf,
    /// Whether it was named itself; one that a folder holds may be something else than manifests.
    pub(crate) is_named: bool,
}

/// The files that are meant.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<File>, Failure> {
    let mut files = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            folder(path, &mut files)?;
        } else {
            files.insert(File {
                path: path.clone(),
                is_named: true,
            });
        }
    }
    let mut seen = BTreeSet::new();
    let is_new = |file: &File| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone()));
    Ok(files.into_iter().filter(is_new).collect())
}

fn folder(path: &Path, files: &mut BTreeSet<File>) -> Result<(), Failure> {
    for entry in WalkBuilder::new(path).require_git(false).build() {
        let entry = entry.map_err(|error| Failure::System(anyhow!("{error}")))?;
        let extension = entry.path().extension().and_then(|extension| extension.to_str());
        if extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) && is_file(path, &entry)? {
            files.insert(File {
                path: entry.into_path(),
                is_named: false,
            });
        }
    }
    Ok(())
}

/// Whether an entry is a file, or a link to one, which kubectl would read, too.
fn is_file(folder: &Path, entry: &DirEntry) -> Result<bool, Failure> {
    if !entry.path_is_symlink() {
        return Ok(entry.file_type().is_some_and(|kind| kind.is_file()));
    }
    let named = || entry.path().display().to_string();
    let target = entry
        .path()
        .canonicalize()
        .with_context(named)
        .map_err(Failure::System)?;
    let folder = folder.canonicalize().with_context(named).map_err(Failure::System)?;
    if target.is_file() && !target.starts_with(folder) {
        let remedy = "name the file itself, and the link in .ignore";
        return Err(Failure::System(anyhow!(
            "{}: the link leads out of the folder; {remedy}",
            named()
        )));
    }
    Ok(target.is_file())
}

/// Whether a file that nobody named is to be read: it has an object, or says that it has and cannot be read.
///
/// Values, templates, `Chart.yaml` and what else lies in folders is none of ours; a broken manifest is, since a key in it
/// would be missed in silence.
pub(crate) fn holds_manifests(bytes: &[u8]) -> bool {
    let Ok(input) = Input::new("", bytes.to_vec()) else {
        return says_so(bytes);
    };
    let inputs = [input];
    match Stream::read(&inputs) {
        Ok(stream) => !objects(&stream).is_empty(),
        Err(_) => says_so(bytes),
    }
}

/// A line `kind: …` at its beginning, and nothing that a template has.
fn says_so(bytes: &[u8]) -> bool {
    let has = |part: &[u8]| memchr::memmem::find(bytes, part).is_some();
    let is_kind = |line: &[u8]| line.starts_with(b"kind:") || line.starts_with(b"\"kind\"");
    !has(b"{{") && bytes.split(|byte| matches!(byte, b'\n' | b'\r')).any(is_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_folders_and_is_no_manifest_is_left_alone() {
        for text in [
            "a: b\n",
            "- a\n",
            "text",
            "kind: {{ .Kind }}\na: {{ x }}: c\n",
            "{\"name\": \"x\"}",
            "\0",
            "",
        ] {
            assert!(!holds_manifests(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_or_would_be_a_manifest_is_read() {
        for text in [
            "apiVersion: v1\nkind: Pod\n",
            "apiVersion: v1\nkind: Pod\na: b: c\n",
            "kind: Pod\na: \0\n",
        ] {
            assert!(holds_manifests(text.as_bytes()), "{text}");
        }
    }
}
