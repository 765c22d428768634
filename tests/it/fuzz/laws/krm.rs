//! A `ResourceList` that brings its policy along: `RESOURCELIST`.

use iam_roles::manifest::envelope::{alone, function_config};
use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::Circumstances;
use iam_roles::plan::finding::Finding;
use iam_roles::policy::read;
use iam_roles::policy::rules::Policy;
use serde_yaml::Value;

use super::filter::{Filter, Outcome};
use super::{Fate, Held, lines, meaning, same, stream, vars};

/// The laws, on one case.
pub(crate) fn hold(case: &str) -> Held {
    let Some(text) = own_policy(case) else {
        return Ok(Fate::Refused);
    };
    let policy = match read(&text, "stdin", &vars()) {
        Ok(policy) => policy,
        Err(error) => {
            return match error.place {
                Some(place) if place.line > lines(case) => Err(format!("no such place: {error}")),
                _ => Ok(Fate::Refused),
            };
        }
    };
    let filter = Filter {
        policy: &policy,
        circumstances: Circumstances::default(),
    };
    reads_as_a_file(&policy, case)?;
    let fate = stream::hold_with(&filter, &text, case)?;
    goes_out_in_any_case(&filter.run(case), case)?;
    is_an_envelope(&filter, case)?;
    Ok(fate)
}

fn own_policy(case: &str) -> Option<String> {
    let inputs = [Input::new("stdin", case.as_bytes().to_vec()).ok()?];
    let stream = Stream::read(&inputs).ok()?;
    alone(&stream, function_config(&stream)?)
}

/// The policy means what it would mean in a file of its own, written by `serde_yaml`.
fn reads_as_a_file(policy: &Policy, case: &str) -> Result<(), String> {
    let Some(config) = list(case).and_then(|mut list| list.as_mapping_mut()?.remove("functionConfig")) else {
        return Ok(());
    };
    // Some tags can be read by serde_yaml and not written.
    let Ok(file) = serde_yaml::to_string(&config) else {
        return Ok(());
    };
    match read(&file, "stdin", &vars()) {
        Ok(found) => same(
            "in a file the policy is",
            &without_places(policy),
            &without_places(&found),
        ),
        Err(error) => Err(format!("in a file the policy is wrong: {error}")),
    }
}

fn without_places(policy: &Policy) -> String {
    let told = format!("{policy:?}");
    let mut parts = told.split("Place {");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |all, part| {
        all + part.split_once('}').map_or(part, |(_, rest)| rest)
    })
}

/// Standard output gets the list either way; refused, its items are as they were.
fn goes_out_in_any_case(outcome: &Outcome, case: &str) -> Result<(), String> {
    // What Kubernetes' readers see otherwise is not edited anywhere, `results` among it.
    let is_read_alike = !case.contains(['\u{85}', '\u{2028}', '\u{2029}']);
    let is_editable = is_read_alike && outcome.findings.iter().all(|finding| finding.object.is_some());
    let Some(returned) = &outcome.returned else {
        return same(
            "something goes out",
            &true,
            &(outcome.written.is_some() || !is_editable),
        );
    };
    let without_results = |text: &str| {
        let mut list = list(text)?;
        list.as_mapping_mut()?.remove("results");
        Some(list)
    };
    match without_results(case) {
        Some(before) => same("refused, the list is", &Some(before), &without_results(returned)),
        None => Ok(()),
    }
}

/// A list is nothing but an envelope: its items as documents are found the same, and become the same.
fn is_an_envelope(filter: &Filter<'_>, case: &str) -> Result<(), String> {
    let Some(Value::Mapping(mut list)) = list(case) else {
        return Ok(());
    };
    list.remove("results");
    let Some(items) = list
        .get("items")
        .and_then(Value::as_sequence)
        .filter(|items| !items.is_empty())
    else {
        return Ok(());
    };
    // Some tags can be read by serde_yaml and not written.
    let write = |value: &Value| serde_yaml::to_string(value).ok();
    let documents: Option<Vec<String>> = items.iter().map(write).collect();
    let whole = write(&Value::Mapping(list.clone()));
    let (Some(documents), Some(whole)) = (documents, whole) else {
        return Ok(());
    };
    let packed = filter.run(&whole);
    let loose = filter.run(&documents.join("---\n"));
    let said = |findings: &[Finding]| -> Vec<_> {
        let parts = |finding: &Finding| {
            (
                finding.id,
                finding.severity,
                finding.object.clone(),
                without_numbers(&finding.message),
            )
        };
        findings.iter().map(parts).collect()
    };
    same("in a list is found", &said(&loose.findings), &said(&packed.findings))?;
    let items = |text: &String| self::list(text)?.get("items").cloned()?.as_sequence().cloned();
    let packed = packed.written.as_ref().and_then(items);
    let loose = loose.written.as_deref().and_then(meaning::documents);
    same("in a list the items become", &loose, &packed)
}

/// A message without the places that it names.
fn without_numbers(message: &str) -> String {
    message.replace(|c: char| c.is_ascii_digit(), "")
}

/// The one document of a case.
fn list(text: &str) -> Option<Value> {
    let mut documents = meaning::documents(text)?
        .into_iter()
        .filter(|document| !document.is_null());
    documents.next().filter(|_| documents.next().is_none())
}
