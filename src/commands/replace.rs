//! Files' contents, replaced at once or not at all.
//!
//! Everything that can fail for long comes first: each new text is written beside its file, and every file is looked at
//! again. Only then do the new files take the old ones' places, one rename each.
//!
//! Invariant: whoever reads a file sees the old text or the new one, whole; its mode and owner stay, and a link stays a
//! link.
//! Invariant: an end that is asked for by a signal comes before the first rename or behind the last, and leaves no
//! temporary file. Only an end that cannot be put off (SIGKILL), or a folder that is moved away meanwhile, can leave
//! `.iam-roles-*` files beside the old ones.

use std::fs::{self, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use tempfile::{NamedTempFile, TempPath};

/// A file with the text it has and the text it is to have.
pub(crate) struct Replacement<'t> {
    /// The file, or a link to it.
    pub(crate) path: &'t Path,
    /// What was read from it.
    pub(crate) old: &'t str,
    /// What it is to hold.
    pub(crate) new: &'t str,
}

/// Puts every new text in the place of the old one; refuses files that have changed since they were read.
///
/// # Errors
/// A file that is no longer what was read, or that cannot be replaced without changing more than its text; the error says
/// which files are replaced, and none is unless a rename failed.
pub(crate) fn replace(replacements: &[Replacement<'_>]) -> anyhow::Result<()> {
    let staged = stage(replacements, &*end_asked_for()?).context("no file is replaced")?;
    for (done, file) in staged.into_iter().enumerate() {
        file.take_place().with_context(|| {
            let names = replacements[..done].iter().map(|done| done.path.display().to_string());
            match names.collect::<Vec<_>>().join(", ").as_str() {
                "" => "no file is replaced".to_owned(),
                names => format!("already replaced: {names}"),
            }
        })?;
    }
    Ok(())
}

/// Set when a signal asks for an end, which no longer comes by itself.
fn end_asked_for() -> anyhow::Result<Arc<AtomicBool>> {
    let is_asked_for = Arc::new(AtomicBool::new(false));
    for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&is_asked_for)).context("signals")?;
    }
    Ok(is_asked_for)
}

fn stage<'t>(replacements: &[Replacement<'t>], is_end_asked_for: &AtomicBool) -> anyhow::Result<Vec<Staged<'t>>> {
    let mut staged = Vec::with_capacity(replacements.len());
    for replacement in replacements {
        staged.push(Staged::of(replacement).with_context(|| replacement.path.display().to_string())?);
        if is_end_asked_for.load(Ordering::Relaxed) {
            bail!("an end was asked for by a signal");
        }
    }
    staged.iter().try_for_each(Staged::check)?;
    Ok(staged)
}

/// A new text, written beside the file it is to replace; removed unless it takes its place.
struct Staged<'t> {
    path: &'t Path,
    target: PathBuf,
    old: &'t str,
    beside: TempPath,
}

impl<'t> Staged<'t> {
    fn of(replacement: &Replacement<'t>) -> anyhow::Result<Self> {
        let target = replacement.path.canonicalize()?;
        let metadata = fs::metadata(&target)?;
        if !metadata.is_file() {
            bail!("it is no regular file, and only those can be replaced");
        }
        if metadata.permissions().readonly() {
            bail!("it is read-only; make it writable, or leave it out");
        }
        if names(&metadata) > 1 {
            bail!("it has another name (a hard link) that would keep the old text; give it a file of its own");
        }
        let folder = target.parent().unwrap_or(Path::new("."));
        let mut beside = tempfile::Builder::new().prefix(".iam-roles-").tempfile_in(folder)?;
        beside.write_all(replacement.new.as_bytes())?;
        own(&beside, &metadata).context("its owner cannot be kept")?;
        beside.as_file().set_permissions(metadata.permissions())?;
        beside.as_file().sync_all()?;
        Ok(Self {
            path: replacement.path,
            target,
            old: replacement.old,
            // Closed, since there may be more of them than files may be open.
            beside: beside.into_temp_path(),
        })
    }

    /// Whether the file still holds what was read.
    fn check(&self) -> anyhow::Result<()> {
        if fs::read(&self.target).with_context(|| self.path.display().to_string())? != self.old.as_bytes() {
            bail!(
                "{}: the file was changed by something else while it was rewritten; run again",
                self.path.display()
            );
        }
        Ok(())
    }

    fn take_place(self) -> anyhow::Result<()> {
        self.check()?;
        self.beside
            .persist(&self.target)
            .with_context(|| self.path.display().to_string())
    }
}

/// How many names a file has.
#[cfg(unix)]
fn names(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

/// Other systems do not tell.
#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

/// Gives a file to whom another belongs.
#[cfg(unix)]
fn own(file: &NamedTempFile, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};

    let is = file.as_file().metadata()?;
    if (is.uid(), is.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    fchown(file.as_file(), Some(like.uid()), Some(like.gid()))
}

/// Other systems give a file to whom its folder belongs.
#[cfg(not(unix))]
fn own(_: &NamedTempFile, _: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder with two files, and how they are to be replaced.
    fn two_files() -> (TempDir, [PathBuf; 2]) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let paths = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, "old").expect("a file");
        }
        (folder, paths)
    }

    fn both(paths: &[PathBuf; 2]) -> Vec<Replacement<'_>> {
        let replacement = |path| Replacement {
            path,
            old: "old",
            new: "new",
        };
        paths.iter().map(|path| replacement(path.as_path())).collect()
    }

    #[track_caller]
    fn check(folder: &TempDir, paths: &[PathBuf; 2], expected: [&str; 2]) {
        let texts = paths.each_ref().map(|path| fs::read_to_string(path).expect("the file"));
        assert_eq!(texts, expected);
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2);
    }

    #[test]
    fn a_file_that_has_changed_keeps_every_file_as_it_is() {
        let (folder, paths) = two_files();
        fs::write(&paths[1], "theirs").expect("a file");
        let error = format!("{:#}", replace(&both(&paths)).expect_err("changed"));
        assert!(error.starts_with("no file is replaced: "), "{error}");
        assert!(
            error.contains("b.yaml: the file was changed by something else"),
            "{error}"
        );
        check(&folder, &paths, ["old", "theirs"]);
        fs::write(&paths[1], "old").expect("a file");
        replace(&both(&paths)).expect("replaced");
        check(&folder, &paths, ["new", "new"]);
    }

    #[test]
    fn a_file_that_changes_at_the_last_moment_stays() {
        let (folder, paths) = two_files();
        let staged = stage(&both(&paths), &AtomicBool::new(false)).expect("staged");
        fs::write(&paths[1], "theirs").expect("a file");
        let ended: Vec<bool> = staged.into_iter().map(|file| file.take_place().is_ok()).collect();
        assert_eq!(ended, [true, false]);
        check(&folder, &paths, ["new", "theirs"]);
    }

    #[test]
    fn an_end_that_is_asked_for_comes_before_the_first_file() {
        let (folder, paths) = two_files();
        let error = stage(&both(&paths), &AtomicBool::new(true))
            .map(drop)
            .expect_err("an end");
        assert_eq!(error.to_string(), "an end was asked for by a signal");
        check(&folder, &paths, ["old", "old"]);
    }
}
