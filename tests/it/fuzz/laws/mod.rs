//! What must be true of any text that comes in, whoever wrote it: one file for each way in.
//!
//! A case is one text: the body that is damaged, and before it what the body is read with, a NUL behind each part.
//!
//! Invariant: a law compares with something else than what the program says of itself: with a second run, with the same
//! input spelled in another way, or with what `serde_yaml` reads.
//!
//! Deliberately absent: the other tests. The targets under `fuzz/` are made of these files and [`crate::leak`], too.

use iam_roles::policy::vars::Vars;

use crate::leak::SECRET_KEY;

mod filter;
pub(crate) mod krm;
mod meaning;
pub(crate) mod payload;
pub(crate) mod policy;
pub(crate) mod readers;
pub(crate) mod stream;

/// What became of a case that breaks no law.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It cannot be read, or there is a reason not to change it.
    Refused,
    /// It stays as it is.
    Same,
    /// Something in it changes.
    Changed,
}

/// What became of a case, or how it breaks a law.
pub(crate) type Held = Result<Fate, String>;

/// Holds one case against the laws.
pub(crate) type Laws = fn(&str) -> Held;

/// Every way in, by name.
pub(crate) const WAYS_IN: [(&str, Laws); 5] = [
    ("stream", stream::hold),
    ("document", readers::hold),
    ("payload", payload::hold),
    ("policy", policy::hold),
    ("krm", krm::hold),
];

/// The line breaks of Windows in the place of Unix's.
fn windows(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// How many lines an editor shows.
fn lines(text: &str) -> usize {
    text.replace("\r\n", "\n").split(['\n', '\r']).count()
}

/// The variables of every policy here: an account, and one that holds a secret.
fn vars() -> Vars {
    Vars::new(vec![("ACCOUNT".to_owned(), "111122223333".to_owned())], |name| {
        (name == "SECRET").then(|| SECRET_KEY.to_owned())
    })
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("{what}:\n{found:?}\nand not\n{expected:?}"))
    }
}
