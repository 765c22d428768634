//! An `.s3cfg` of s3cmd: lines of `word = value`; section names mean nothing to s3cmd.

use super::host::is_aws;
use super::ini::{Assignment, Dialect, Ini};
use super::verdict::{KeptReason, Outcome, Setting, Step, note};
use super::{Row, guard, names};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: names::edit_s3cmd,
};

const CREDENTIALS: [&str; 3] = ["access_key", "secret_key", "access_token"];
const HOSTS: [&str; 2] = ["host_base", "host_bucket"];

/// Settings that no other INI file has.
const OWN: [&str; 3] = ["bucket_location", "host_base", "host_bucket"];

fn is_surely(text: &str) -> bool {
    let ini = Ini::read(text, Dialect::S3cmd);
    let has = |key: &str| ini.assignments().any(|assignment| assignment.key == key);
    let is_default_pair = || ini.sections().any(|name| name == "default") && has(CREDENTIALS[0]) && has(CREDENTIALS[1]);
    ini.is_regular() && (OWN.into_iter().any(has) || is_default_pair())
}

fn holds_keys(text: &str) -> bool {
    !credentials(&Ini::read(text, Dialect::S3cmd)).is_empty()
}

fn strip(text: &str, _: Setting) -> Step<Outcome> {
    let ini = Ini::read(text, Dialect::S3cmd);
    ini.vet()?;
    let keys = credentials(&ini);
    if keys.is_empty() {
        return Ok(Outcome::default());
    }
    if let Some(pos) = guard::control(text) {
        return Err(KeptReason::Template.at(pos, ""));
    }
    let hosts: Vec<Assignment<'_>> = ini.assignments().filter(|own| HOSTS.contains(&own.key)).collect();
    vet_endpoints(&ini, &hosts)?;
    vet_values(&ini, &keys)?;
    removed(&ini, &keys)
}

fn credentials<'t>(ini: &Ini<'t>) -> Vec<Assignment<'t>> {
    ini.assignments().filter(|own| CREDENTIALS.contains(&own.key)).collect()
}

/// Refuses hosts that are not AWS's.
pub(super) fn vet_endpoints(ini: &Ini<'_>, endpoints: &[Assignment<'_>]) -> Step<()> {
    for endpoint in endpoints {
        let host = endpoint.unquoted();
        if host.is_empty() || is_aws(host) {
            continue;
        }
        let reason = match guard::placeholder(host) {
            Some(_) => KeptReason::Template,
            None => KeptReason::EndpointNotAws,
        };
        return Err(ini.halt(endpoint, reason));
    }
    Ok(())
}

/// Refuses values that are not the keys themselves.
pub(super) fn vet_values(ini: &Ini<'_>, keys: &[Assignment<'_>]) -> Step<()> {
    fn standing_for<'t>(key: &Assignment<'t>) -> Option<(Assignment<'t>, KeptReason)> {
        Some((*key, guard::placeholder(key.unquoted())?))
    }
    match keys.iter().find_map(standing_for) {
        Some((key, reason)) => Err(ini.halt(&key, reason)),
        None => Ok(()),
    }
}

/// What taking these keys away comes to.
pub(super) fn removed(ini: &Ini<'_>, keys: &[Assignment<'_>]) -> Step<Outcome> {
    let mut removed = Vec::new();
    keys.iter().for_each(|key| note(&mut removed, key.key));
    Ok(Outcome {
        edits: ini.without(keys)?,
        removed,
        added: Vec::new(),
    })
}
