//! The reference pages are what the program says of itself.

use std::path::Path;
use std::{env, fs};

use iam_roles::policy::reference;

/// The page in `docs` is this text; with `UPDATE_DOCS` set it is made so.
#[track_caller]
fn check(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, expected).expect("a page that can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/{page} is not up to date; renew it with `UPDATE_DOCS=1 cargo test --test it docs`\n{}",
        similar::TextDiff::from_lines(found.as_str(), expected).unified_diff()
    );
}

#[test]
fn the_page_about_the_policy() {
    check("policy.md", &reference::policy());
}

#[test]
fn the_page_about_the_findings() {
    check("findings.md", &reference::findings());
}
