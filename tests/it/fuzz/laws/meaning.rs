//! What two texts mean to `serde_yaml`, and that they differ in nothing but what this program may change at all.
//!
//! What `serde_yaml` cannot read before is not looked at; what it could read before it can read after.

use serde::Deserialize as _;
use serde_yaml::{Mapping, Value};

/// The annotations that are written.
const ANNOTATIONS: [&str; 3] = ["iam.amazonaws.com/", "eks.amazonaws.com/", "iam-roles/digest"];

/// What can lose items, and go: environments, and the items of volumes.
const LOSING: [&str; 3] = ["env", "envFrom", "volumes"];

/// What leads to an annotation or a service account, and comes with it.
const LEADING: [&str; 5] = ["spec", "jobTemplate", "template", "metadata", "annotations"];

/// Every document of a text; none where one of them cannot be read.
pub(super) fn documents(text: &str) -> Option<Vec<Value>> {
    let documents = serde_yaml::Deserializer::from_str(text);
    documents.map(|document| Value::deserialize(document).ok()).collect()
}

/// A stream and what it became differ in annotations, service accounts, Secret values and what reads those.
pub(super) fn only_what_may_change(before: &str, after: &str) -> Result<(), String> {
    let Some(before) = documents(before) else {
        return Ok(());
    };
    let Some(after) = documents(after) else {
        return Err("the result cannot be read by serde_yaml".to_owned());
    };
    let mut path = Vec::new();
    items(&before, &after, &mut path).map_err(|()| format!("the meaning changes at {}", path.join(".")))
}

type Path = Vec<String>;

/// Lists where items can have been added, and lost where the place allows it.
fn items(before: &[Value], after: &[Value], path: &mut Path) -> Result<(), ()> {
    let loses = loses(path);
    let mut left = before.iter();
    let mut next = left.next();
    for (index, item) in after.iter().enumerate() {
        path.push(index.to_string());
        let depth = path.len();
        loop {
            let fits = next.is_some_and(|old| value(old, item, path).is_ok());
            if fits {
                next = left.next();
                break;
            }
            if is_new_account(item) {
                break;
            }
            if !loses || next.is_none() {
                return Err(());
            }
            path.truncate(depth);
            next = left.next();
        }
        path.truncate(depth - 1);
    }
    if next.is_none() || loses { Ok(()) } else { Err(()) }
}

fn value(before: &Value, after: &Value, path: &mut Path) -> Result<(), ()> {
    match (before, after) {
        _ if before == after => Ok(()),
        (Value::Mapping(before), Value::Mapping(after)) => entries(before, after, path),
        (Value::Null, Value::Mapping(after)) => entries(&Mapping::new(), after, path),
        (Value::Sequence(before), Value::Sequence(after)) => items(before, after, path),
        (Value::Tagged(before), Value::Tagged(after)) if before.tag == after.tag => {
            value(&before.value, &after.value, path)
        }
        _ if may_be_set(path) => Ok(()),
        _ => Err(()),
    }
}

fn entries(before: &Mapping, after: &Mapping, path: &mut Path) -> Result<(), ()> {
    let stays = |(key, _): &(&Value, &Value)| before.contains_key(*key);
    let kept = |(key, _): &(&Value, &Value)| after.contains_key(*key);
    if !before
        .iter()
        .filter(kept)
        .map(|(key, _)| key)
        .eq(after.iter().filter(stays).map(|(key, _)| key))
    {
        return Err(());
    }
    for (key, new) in after {
        path.push(key.as_str().unwrap_or("?").to_owned());
        match before.get(key) {
            Some(old) => value(old, new, path)?,
            None if may_come(path, new) => {}
            None => return Err(()),
        }
        path.pop();
    }
    for (key, _) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        path.push(key.as_str().unwrap_or("?").to_owned());
        if !may_go(path) {
            return Err(());
        }
        path.pop();
    }
    Ok(())
}

/// A scalar that can get another value.
fn may_be_set(path: &Path) -> bool {
    let [.., parent, key] = path.as_slice() else {
        return false;
    };
    is_secret_field(parent)
        || is_secret_field(key)
        || (parent == "annotations" && is_ours(key))
        || ["serviceAccountName", "serviceAccount"].contains(&key.as_str())
}

/// An entry that can be new.
fn may_come(path: &Path, value: &Value) -> bool {
    match path.as_slice() {
        [.., key] if key == "serviceAccountName" || key == "results" => true,
        [.., parent, key] if parent == "annotations" => is_ours(key),
        [.., key] => LEADING.contains(&key.as_str()) && leads_to_ours(value),
        [] => false,
    }
}

fn leads_to_ours(value: &Value) -> bool {
    let mut entries = value.as_mapping().into_iter().flatten();
    entries.all(|(key, value)| match key.as_str() {
        Some(key) if LEADING.contains(&key) => leads_to_ours(value),
        Some(key) => is_ours(key) || key == "serviceAccountName",
        None => false,
    })
}

/// An entry that can be gone.
fn may_go(path: &Path) -> bool {
    let [.., parent, key] = path.as_slice() else {
        return false;
    };
    is_secret_field(parent) || is_secret_field(key) || loses(path) || key == "results"
}

fn loses(path: &Path) -> bool {
    path.iter().any(|key| LOSING.contains(&key.as_str()))
}

fn is_secret_field(key: &str) -> bool {
    key == "data" || key == "stringData"
}

fn is_ours(key: &str) -> bool {
    ANNOTATIONS.iter().any(|ours| key.starts_with(ours))
}

fn is_new_account(value: &Value) -> bool {
    let Some(object) = value.as_mapping() else { return false };
    let known = |key: &Value| {
        key.as_str()
            .is_some_and(|key| ["apiVersion", "kind", "metadata"].contains(&key))
    };
    object.keys().all(known) && value.get("kind").and_then(Value::as_str) == Some("ServiceAccount")
}
