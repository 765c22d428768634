//! What the program says when it panics, and how it ends: its own guard, around panics of every kind.
//!
//! The program has no way to be made to panic, so this test is a program with the same guard: without a word it starts
//! itself once for each kind, by name.

#![expect(clippy::disallowed_types, reason = "a test starts programs")]
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "what panics is the subject"
)]

#[path = "../../src/commands/bug.rs"]
mod bug;

use std::process::{Command, ExitCode, Output};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY—";

/// What goes wrong, with the secret in what the panic carries.
const KINDS: [(&str, fn()); 6] = [
    ("a message", || panic!("cannot read {SECRET}")),
    ("a slice", || drop(SECRET[..SECRET.len() - 1].to_owned())),
    ("an error", || {
        SECRET.parse::<Words>().unwrap();
    }),
    ("a comparison", || assert_eq!(SECRET, "")),
    ("a thread", || {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| panic!("cannot read {SECRET}"));
            }
        });
    }),
    ("any value", || std::panic::panic_any(SECRET.to_owned())),
];

/// What every text is wrong for, and says so.
struct Words;

impl std::str::FromStr for Words {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Err(text.to_owned())
    }
}

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    if let Some((_, kind)) = KINDS.into_iter().find(|(name, _)| *name == wanted) {
        return bug::guarded(move || {
            kind();
            ExitCode::SUCCESS
        });
    }
    for (name, _) in KINDS {
        check(name);
    }
    eprintln!(
        "test every_panic_is_told_without_its_words ... ok ({} kinds)",
        KINDS.len()
    );
    ExitCode::SUCCESS
}

fn check(kind: &str) {
    let Output { status, stdout, stderr } = Command::new(std::env::current_exe().unwrap())
        .arg(kind)
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{kind}: {said}");
    assert_eq!(stdout, b"", "{kind}");
    let parts = SECRET
        .as_bytes()
        .windows(8)
        .filter_map(|part| std::str::from_utf8(part).ok());
    for part in parts {
        assert!(!said.contains(part), "{kind}: {said}");
    }
    assert_eq!(said.lines().count(), 1, "{kind}: {said}");
    assert!(
        said.starts_with("error: this is a bug of iam-roles, at tests/bug/main.rs:"),
        "{kind}: {said}"
    );
}
