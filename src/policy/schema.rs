//! The JSON Schema of the policy, for editors and for checks before a release.
//!
//! Invariant: its fields are those of the types that read a policy, since it is derived from them.
//! Invariant: what the program takes, the schema takes, but for text without quotes that YAML reads as a number or a
//! boolean, and a `metadata` that is no mapping. The reverse does not hold: whether a pattern is one, and whether a bare
//! role has an account, only the program says.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::payload::format::Format;
use crate::policy::preset::Preset;
use crate::policy::wire;

/// What a reader wants to see first.
const HEADING: [&str; 3] = ["$schema", "title", "description"];

/// The schema, draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    derived::<wire::Policy>()
}

/// The schema of a type, its title first.
pub(crate) fn derived<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(unwrap_lines));
    let mut derived = settings.into_generator().into_root_schema_for::<T>();
    let mut entries: Vec<(String, Value)> = derived.ensure_object().clone().into_iter().collect();
    entries.sort_by_key(|(key, _)| HEADING.iter().position(|first| first == key).unwrap_or(HEADING.len()));
    entries.into_iter().collect()
}

/// A description is one line a paragraph, however the comment that it comes from is broken.
fn unwrap_lines(schema: &mut Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        let paragraphs: Vec<String> = description
            .split("\n\n")
            .map(|lines| lines.replace('\n', " "))
            .collect();
        *description = paragraphs.join("\n\n");
    }
}

/// A policy has something to do, and its components are the preset's or say what they are.
pub(super) fn policy_rules(schema: &mut Schema) {
    let given = json!([
        {"required": ["components"], "properties": {"components": {"type": "object", "minProperties": 1}}},
        {"required": ["secrets"], "properties": {"secrets": {"type": "array", "minItems": 1}}},
    ]);
    schema.insert("anyOf".to_owned(), given);
    schema.insert("allOf".to_owned(), Preset::all().iter().map(preset_rule).collect());
}

fn preset_rule(preset: &Preset) -> Value {
    let known: Map<String, Value> = preset.names().map(|name| (name.to_owned(), json!(true))).collect();
    let with_identity = json!({
        "type": "object",
        "required": ["match"],
        "properties": {
            "match": {"anyOf": [{"required": ["labels"]}, {"required": ["name"]}, {"required": ["source"]}]},
        },
    });
    let components = json!({
        "properties": known,
        "patternProperties": {"/": true},
        "additionalProperties": with_identity,
    });
    json!({
        "if": {"properties": {"preset": {"const": preset.name}}, "required": ["preset"]},
        "then": {"properties": {"components": components}},
    })
}

/// Nothing is annotated where the role comes from elsewhere.
pub(super) fn component_rules(schema: &mut Schema) {
    schema.insert(
        "if".to_owned(),
        json!({"properties": {"role": {"const": "external"}}, "required": ["role"]}),
    );
    schema.insert(
        "then".to_owned(),
        json!({"properties": {"annotations": {"maxProperties": 0}}}),
    );
}

/// Exactly one is given.
pub(super) fn service_account_rules(schema: &mut Schema) {
    let given = ["create", "use"].map(|field| json!({"required": [field], "properties": {field: {"type": "string"}}}));
    schema.insert("oneOf".to_owned(), given.into_iter().collect());
}

/// `keep` stands alone; `remove` goes with the formats that know no keys, and those need it.
pub(super) fn secret_rules(schema: &mut Schema) {
    let (generic, knowing): (Vec<Format>, Vec<Format>) = Format::ALL
        .into_iter()
        .partition(|format| matches!(format, Format::Yaml | Format::Ini));
    let generic: Vec<&str> = generic.into_iter().map(Format::as_str).collect();
    let knowing: Vec<Option<&str>> = knowing
        .into_iter()
        .map(|format| Some(format.as_str()))
        .chain([None])
        .collect();
    let edited = json!({
        "if": {"properties": {"format": {"enum": generic}}, "required": ["format"]},
        "then": {"properties": {"remove": {"type": "array"}}, "required": ["remove"]},
        "else": {
            "if": {"properties": {"format": {"enum": knowing}}},
            "then": without(&["remove", "set"]),
        },
    });
    schema.insert(
        "if".to_owned(),
        json!({"properties": {"keep": {"const": true}}, "required": ["keep"]}),
    );
    schema.insert("then".to_owned(), without(&["format", "remove", "set"]));
    schema.insert("else".to_owned(), edited);
}

/// Objects in which these fields are absent or null.
fn without(fields: &[&str]) -> Value {
    let absent = |field: &&str| ((*field).to_owned(), json!({"type": "null"}));
    json!({"properties": fields.iter().map(absent).collect::<Map<String, Value>>()})
}
