//! A file's contents, replaced at once or not at all.
//!
//! Invariant: whoever reads the file sees the old text or the new one, whole; its mode stays, and a link stays a link.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};

/// Puts `new` in the place of `old`; refuses a file that has changed since it was read.
///
/// # Errors
/// A file that is no longer what was read, or that cannot be written.
pub(crate) fn replace(path: &Path, old: &str, new: &str) -> anyhow::Result<()> {
    let named = || path.display().to_string();
    let target = path.canonicalize().with_context(named)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let mode = fs::metadata(&target).with_context(named)?.permissions();
    let mut beside = tempfile::Builder::new()
        .prefix(".iam-roles-")
        .tempfile_in(folder)
        .with_context(named)?;
    beside.write_all(new.as_bytes()).with_context(named)?;
    beside.as_file().set_permissions(mode).with_context(named)?;
    beside.as_file().sync_all().with_context(named)?;
    if fs::read(&target).with_context(named)? != old.as_bytes() {
        bail!(
            "{}: the file was changed by something else while it was rewritten; run again",
            named()
        );
    }
    beside.persist(&target).with_context(named)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_changed_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "theirs").expect("a file");
        let error = replace(&path, "old", "new").expect_err("changed").to_string();
        assert!(error.contains("changed by something else"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "theirs");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
        replace(&path, "theirs", "new").expect("replaced");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "new");
    }
}
