//! Whole policies: what reads, and what is refused with which words.

use crate::policy::read;
use crate::policy::rules::Policy;
use crate::policy::vars::Vars;

mod accepted;
mod allowances;
mod annotations;
mod documents;
mod fields;
mod headers;
mod names;
mod roles;
mod schema;
mod secrets;
mod selectors;
mod service_accounts;
mod settings;
mod variables;

fn vars() -> Vars {
    let given = vec![("ACCOUNT".to_owned(), "111122223333".to_owned())];
    Vars::new(given, |name| match name {
        "SECRET" => Some("hunter-two!".to_owned()),
        "ROLE" => Some("gitlab-registry".to_owned()),
        _ => None,
    })
}

#[track_caller]
fn accepted(text: &str) -> Policy {
    assert_eq!(schema::objections(text), Vec::<String>::new(), "{text}");
    read(text, "policy.yaml", &vars()).unwrap_or_else(|error| panic!("{error}"))
}

/// `text` is refused, and with exactly these words.
#[track_caller]
fn check(text: &str, expected: &str) {
    let error = read(text, "p.yaml", &vars()).expect_err("an error").to_string();
    assert_eq!(error, expected);
    assert!(!error.contains("hunter") && !error.contains('\n'), "{error}");
}
