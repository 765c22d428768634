//! An AWS shared credentials file: a profile a section.
//!
//! Deliberately absent: `source_profile`. Whoever names a profile whose keys go is told by the client.

use super::ini::{Assignment, Dialect, Ini};
use super::s3cmd::{removed, vet_endpoints, vet_values};
use super::verdict::{KeptReason, Outcome, Setting, Step};
use super::{Row, guard, names};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: names::edit,
};

/// Read in any case by the clients.
const CREDENTIALS: [&str; 4] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];
const ENDPOINT: &str = "endpoint_url";

fn is_surely(text: &str) -> bool {
    let ini = Ini::read(text, Dialect::Any);
    let is_in_profile = |key: &Assignment<'_>| !key.section.is_empty();
    ini.is_regular() && credentials(&ini).iter().any(is_in_profile)
}

fn holds_keys(text: &str) -> bool {
    !credentials(&Ini::read(text, Dialect::Any)).is_empty()
}

fn strip(text: &str, _: Setting) -> Step<Outcome> {
    let ini = Ini::read(text, Dialect::Any);
    ini.vet()?;
    let keys = credentials(&ini);
    if keys.is_empty() {
        return Ok(Outcome::default());
    }
    if let Some(pos) = guard::control(text) {
        return Err(KeptReason::Template.at(pos, ""));
    }
    let endpoints: Vec<Assignment<'_>> = ini.assignments().filter(|own| own.key == ENDPOINT).collect();
    vet_endpoints(&ini, &endpoints)?;
    vet_values(&ini, &keys)?;
    removed(&ini, &keys)
}

fn credentials<'t>(ini: &Ini<'t>) -> Vec<Assignment<'t>> {
    let is_credential = |key: &str| CREDENTIALS.iter().any(|known| known.eq_ignore_ascii_case(key));
    ini.assignments().filter(|own| is_credential(own.key)).collect()
}
