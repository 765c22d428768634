//! The pages are what the program says of itself, and lead where they say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use iam_roles::policy::catalogue::Id;
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

/// The crates with their reasons, as the comments in `Cargo.toml` give them.
#[test]
fn the_table_of_what_it_is_built_of() {
    let manifest = page("Cargo.toml");
    let (_, rest) = manifest.split_once("[dependencies]\n").expect("dependencies");
    let (dependencies, _) = rest.split_once("\n\n").expect("an end of them");
    let (mut rows, mut reason) = (String::new(), "");
    for line in dependencies.lines() {
        match (line.strip_prefix("# "), line.split_once(" = ")) {
            (Some(said), _) => reason = said,
            (None, Some((name, _))) => rows.extend(["| `", name, "` | ", reason, " |\n"]),
            (None, None) => panic!("`{line}` is neither a reason nor a dependency"),
        }
    }
    let found = page("docs/built.md");
    let others = found.split_inclusive('\n').filter(|line| !line.starts_with("| `"));
    let renewed = others
        .collect::<String>()
        .replace("|---|---|\n", &format!("|---|---|\n{rows}"));
    check("built.md", &renewed);
}

#[test]
fn every_finding_has_an_answer_in_troubleshooting() {
    let named = in_backquotes(&page("docs/troubleshooting.md"));
    let unanswered: Vec<&str> = Id::ALL
        .iter()
        .map(|id| id.as_str())
        .filter(|id| !named.contains(*id))
        .collect();
    assert!(
        unanswered.is_empty(),
        "docs/troubleshooting.md leaves out {unanswered:?}"
    );
}

/// In the tables of the pages that people write, a last cell of kebab-case words is a list of findings.
#[test]
fn every_finding_that_a_page_names_exists() {
    let known: BTreeSet<&str> = Id::ALL.iter().map(|id| id.as_str()).collect();
    let troubleshooting = page("docs/troubleshooting.md");
    let cells: Vec<String> = troubleshooting
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('|').map(str::to_owned).collect::<Vec<_>>())
        .filter(|cell| !cell.trim().is_empty() && cell.split(',').all(|word| is_finding_like(word.trim())))
        .collect();
    assert!(
        cells.len() > 30,
        "only {} cells with findings: is the page still a page of tables?",
        cells.len()
    );
    for cell in cells {
        for word in in_backquotes(&cell) {
            assert!(
                known.contains(word.as_str()),
                "docs/troubleshooting.md names `{word}`, which is no finding"
            );
        }
    }
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let mut followed = 0;
    for from in pages() {
        let text = page(&from);
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'))
            .map(|(target, _)| target)
        {
            if target.starts_with("https://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let here = Path::new(&from);
            let to = if file.is_empty() {
                here.to_owned()
            } else {
                here.with_file_name("").join(file)
            };
            assert!(
                root().join(&to).exists(),
                "{from} links to {target}, which is not there"
            );
            assert!(
                anchor.is_empty() || anchors(&page(&to)).contains(anchor),
                "{from} links to {target}, and no heading there is that"
            );
            followed += 1;
        }
    }
    assert!(
        followed > 20,
        "only {followed} links found: is this how links are written?"
    );
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a page, by its path from the root of the project.
#[track_caller]
fn page(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).expect("a page that is there")
}

/// The pages for people, by their paths from the root of the project.
fn pages() -> Vec<String> {
    let docs = fs::read_dir(root().join("docs")).expect("a folder of pages");
    let names = docs.map(|entry| PathBuf::from("docs").join(entry.expect("an entry").file_name()));
    let pages = names.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages
        .map(|path| path.to_str().expect("a plain name").to_owned())
        .chain(["README.md".to_owned()])
        .collect()
}

/// The anchors that GitHub gives the headings of a page.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let headings = text.lines().filter(|line| {
        fenced ^= line.starts_with("```");
        !fenced && line.starts_with('#')
    });
    let word = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    headings
        .map(|line| line.trim_start_matches('#').trim().chars().filter_map(word).collect())
        .collect()
}

/// The texts between backquotes.
fn in_backquotes(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a word of a cell is written as a finding is: a backquoted word of small letters with a hyphen in it.
fn is_finding_like(word: &str) -> bool {
    let inner = word.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    inner.is_some_and(|word| {
        word.contains('-')
            && word.split('-').all(|part| {
                part.starts_with(|c: char| c.is_ascii_lowercase())
                    && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            })
    })
}
