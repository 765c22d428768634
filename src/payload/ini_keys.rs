//! Credential keys of an INI text, taken out together or not at all.

use std::collections::HashSet;

use super::assignment::Assignment;
use super::guard;
use super::host::is_aws;
use super::ini::Ini;
use super::verdict::{KeptReason, Outcome, Step};

/// Takes these keys out, unless a template, a placeholder or an endpoint that is not AWS's says that they stay.
pub(super) fn strip(
    text: &str,
    ini: &Ini<'_>,
    keys: &[Assignment<'_>],
    is_endpoint: impl Fn(&str) -> bool,
) -> Step<Outcome> {
    ini.vet_shape(keys)?;
    if keys.is_empty() {
        return Ok(Outcome::default());
    }
    if let Some(pos) = guard::control(text) {
        return Err(KeptReason::Template.at(pos, ""));
    }
    let endpoints: Vec<Assignment<'_>> = ini.assignments().filter(|own| is_endpoint(own.key)).collect();
    vet_endpoints(ini, &endpoints)?;
    vet_values(ini, keys)?;
    removed(ini, keys)
}

/// Refuses hosts that are not AWS's.
fn vet_endpoints(ini: &Ini<'_>, endpoints: &[Assignment<'_>]) -> Step<()> {
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
fn vet_values(ini: &Ini<'_>, keys: &[Assignment<'_>]) -> Step<()> {
    for key in keys {
        if let Some(reason) = guard::placeholder(key.unquoted()) {
            return Err(ini.halt(key, reason));
        }
    }
    Ok(())
}

/// What taking these keys away comes to.
fn removed(ini: &Ini<'_>, keys: &[Assignment<'_>]) -> Step<Outcome> {
    // Each once; of one name there may be very many spellings.
    let mut known = HashSet::new();
    let removed = keys.iter().map(|key| key.key).filter(|name| known.insert(*name));
    Ok(Outcome {
        edits: ini.without(keys)?,
        removed: removed.map(str::to_owned).collect(),
        added: Vec::new(),
    })
}
