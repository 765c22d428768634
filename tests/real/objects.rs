//! The objects of a stream, read by `serde_yaml` and freed of what clients print as they like.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize as _;
use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;

/// Objects by kind and name: `Deployment/gitlab-registry`.
pub(crate) type Objects = BTreeMap<String, Value>;

/// The objects of a stream by kind and name, with the values of Secrets decoded and empty annotations left out.
#[track_caller]
pub(crate) fn objects(stream: &str) -> Objects {
    let mut objects = Objects::new();
    for document in serde_yaml::Deserializer::from_str(stream) {
        let mut object = Value::deserialize(document).expect("YAML from a client");
        if object.is_null() {
            continue;
        }
        let id = format!("{}/{}", as_text(&object["kind"]), as_text(&object["metadata"]["name"]));
        drop_empty_annotations(&mut object);
        if object["kind"] == "Secret" {
            decode(&mut object);
        }
        assert!(objects.insert(id.clone(), object).is_none(), "{id} is there twice");
    }
    objects
}

/// Clients print no annotations as nothing, as null or as `{}`.
fn drop_empty_annotations(value: &mut Value) {
    match value {
        Value::Mapping(mapping) => {
            if mapping
                .get("annotations")
                .is_some_and(|found| found.is_null() || *found == Value::from(Mapping::new()))
            {
                mapping.remove("annotations");
            }
            mapping.values_mut().for_each(drop_empty_annotations);
        }
        Value::Sequence(items) => items.iter_mut().for_each(drop_empty_annotations),
        _ => {}
    }
}

/// Replaces the values under `data` by the text they stand for.
fn decode(secret: &mut Value) {
    let Some(data) = secret.get_mut("data").and_then(Value::as_mapping_mut) else {
        return;
    };
    for value in data.values_mut() {
        let bytes = STANDARD.decode(as_text(value)).expect("base64 in a Secret");
        *value = String::from_utf8(bytes).expect("text in a Secret").into();
    }
}

/// The hooks of a release, each as text.
#[track_caller]
pub(crate) fn hooks(stream: &str) -> BTreeMap<String, String> {
    let is_hook = |object: &Value| !object["metadata"]["annotations"]["helm.sh/hook"].is_null();
    let hooks = objects(stream).into_iter().filter(|(_, object)| is_hook(object));
    hooks.map(|(id, object)| (id, dump(&object))).collect()
}

#[track_caller]
pub(crate) fn find<'o>(objects: &'o mut Objects, id: &str) -> &'o mut Value {
    objects
        .get_mut(id)
        .unwrap_or_else(|| panic!("{id} is not in the release"))
}

#[track_caller]
fn as_text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// An object as text, its keys sorted: order says nothing, and clients change it.
pub(crate) fn dump(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Mapping(mapping) => {
                let entries: BTreeMap<_, _> = mapping
                    .iter()
                    .map(|(key, value)| (as_text(key).to_owned(), sorted(value)))
                    .collect();
                entries
                    .into_iter()
                    .map(|(key, value)| (Value::from(key), value))
                    .collect::<Mapping>()
                    .into()
            }
            Value::Sequence(items) => items.iter().map(sorted).collect::<Vec<_>>().into(),
            scalar => scalar.clone(),
        }
    }
    serde_yaml::to_string(&sorted(value)).expect("a value that was read can be written")
}
