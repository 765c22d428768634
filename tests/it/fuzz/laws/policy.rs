//! A policy: `POLICY`.

use iam_roles::policy::rules::Policy;
use iam_roles::policy::{PolicyError, read};
use serde_yaml::Value;

use super::{Fate, Held, lines, same, vars, windows};
use crate::leak::leaked;

/// The laws, on one case.
pub(crate) fn hold(case: &str) -> Held {
    let found = read(case, "policy.yaml", &vars());
    is_spelled_alike(case, &found)?;
    match &found {
        Ok(policy) => {
            says_what_is_written(policy, case)?;
            Ok(Fate::Changed)
        }
        Err(error) => {
            names_a_place(error, case)?;
            Ok(Fate::Refused)
        }
    }
}

/// Other line breaks, a byte order mark and a comment behind make no difference.
fn is_spelled_alike(case: &str, found: &Result<Policy, PolicyError>) -> Result<(), String> {
    let told = |found: &Result<Policy, PolicyError>| format!("{found:?}");
    let spelled = |what: &str, text: &str| same(what, &told(found), &told(&read(text, "policy.yaml", &vars())));
    spelled("a second time", case)?;
    if !case.contains('\r') {
        spelled("with line breaks of Windows", &windows(case))?;
    }
    if !case.starts_with('\u{feff}') {
        spelled("behind a byte order mark", &["\u{feff}", case].concat())?;
    }
    if found.is_ok() && case.ends_with('\n') {
        spelled("with a comment behind", &[case, "# comment\n"].concat())?;
    }
    Ok(())
}

/// Every component and setting, in order, as `serde_yaml` reads them.
fn says_what_is_written(policy: &Policy, case: &str) -> Result<(), String> {
    // A tag on a key makes another key of it for a value, and none for a field.
    if case.contains('!') {
        return Ok(());
    }
    let written: Value = serde_yaml::from_str(case.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("accepted, and no YAML: {error}"))?;
    let keys = |field: &str| -> Vec<String> {
        let mapping = written.get(field).and_then(Value::as_mapping).into_iter().flatten();
        mapping.filter_map(|(key, _)| key.as_str().map(str::to_owned)).collect()
    };
    let flag = |field: &str| written.get(field).and_then(Value::as_bool).unwrap_or_default();
    let rules = written.get("secrets").and_then(Value::as_sequence).map_or(0, Vec::len);
    let allowed = written.get("allow").and_then(Value::as_sequence).map_or(0, Vec::len);
    let names: Vec<String> = policy
        .components
        .iter()
        .map(|component| component.name.clone())
        .collect();
    same("the components are", &keys("components"), &names)?;
    same("strict is", &flag("strict"), &policy.strict)?;
    same("restart is", &flag("restart"), &policy.restart)?;
    same("the rules for Secrets are", &rules, &policy.secrets.len())?;
    same("the accepted findings are", &allowed, &policy.allow.len())
}

/// An error is a place in the text and a reason, and tells no variable.
fn names_a_place(error: &PolicyError, case: &str) -> Result<(), String> {
    let said = error.to_string();
    if let Some(secret) = leaked(&said).filter(|secret| !case.contains(secret)) {
        return Err(format!("`{secret}` is told by: {said}"));
    }
    same("a reason is given", &false, &error.message.is_empty())?;
    same("the message is one line", &false, &error.message.contains(['\n', '\r']))?;
    match error.place {
        Some(place) if place.line == 0 || place.column == 0 || place.line > lines(case) => {
            Err(format!("no such place: {said}"))
        }
        _ => Ok(()),
    }
}
