//! What the fields of a policy take, as JSON Schema: the words of the closed vocabularies and the shapes of free text.
//!
//! Invariant: every list of words is the one that the policy is read with, so a new word is in the schema by itself.
//!
//! Each type is a name for a schema and has no values.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::payload::format::Format;
use crate::policy::annotation::KNOWN;
use crate::policy::catalogue::Id;
use crate::policy::preset::Preset;
use crate::policy::role::PARTITIONS;
use crate::policy::rules::{Carrier, Kind, Mechanism};
use crate::policy::wire::{FullComponent, Secret};

/// `${NAME}`, which may stand for anything.
const VARIABLE: &str = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}";
/// The value of a label that has one.
const LABEL_VALUE: &str = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
/// A DNS-1123 subdomain.
const SUBDOMAIN: &str = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*";
/// A role's name, with its path.
const BARE_ROLE: &str = "(?:[A-Za-z0-9_.@+=,-]+/)*[A-Za-z0-9_.@+=,-]{1,64}";

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident $inline:literal $schema:expr;)*) => {
        $(
            $(#[$doc])*
            pub(super) enum $name {}

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    $inline
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    let schema: fn(&mut SchemaGenerator) -> Schema = $schema;
                    schema(generator)
                }
            }
        )*
    };
}

vocabulary! {
    /// The only version.
    ApiVersion true |_| json_schema!({"const": "iam-roles/v1alpha1"});
    /// The only kind.
    PolicyKind true |_| json_schema!({"const": "RolePolicy"});
    /// What other programs need.
    Metadata true |_| json_schema!({"title": "a mapping", "type": "object"});
    /// The presets there are.
    PresetName true |_| one_of(Preset::all().iter().map(|preset| preset.name.as_str()));
    /// Mechanisms.
    Via true |_| one_or_many(&one_of(Mechanism::ALL.iter().map(|mechanism| mechanism.as_str())));
    /// An account's number. YAML reads it as a number where it stands without quotes.
    Account true |_| json_schema!({
        "title": "12 digits",
        "type": ["string", "integer"],
        "pattern": or_variable("[0-9]{12}"),
        "minimum": 0,
        "maximum": 999_999_999_999_u64,
    });
    /// The partitions there are.
    Partition true |_| one_of(PARTITIONS);
    /// Components by name.
    Components true components;
    /// Rules for Secrets.
    Secrets true |generator| json_schema!({
        "type": "array",
        "items": generator.subschema_for::<Secret>(),
        "uniqueItems": true,
    });
    /// Accepted findings.
    Allowances true |_| json_schema!({"type": "array", "items": allowance(), "uniqueItems": true});
    /// A role, or none of ours.
    Role true |_| text("a role's ARN or name, or `external`", &format!(
        "{BARE_ROLE}|arn:(?:{}):iam::[0-9]{{12}}:role/{BARE_ROLE}",
        PARTITIONS.join("|")
    ));
    /// The annotations that the injectors read.
    Annotations false |_| annotations();
    /// Labels and their exact values.
    Labels true |_| json_schema!({
        "title": "a mapping of labels",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": format!("^(?:{SUBDOMAIN}/)?{LABEL_VALUE}$")},
        "additionalProperties": {
            "type": ["string", "number", "boolean"],
            "pattern": or_variable(&format!("(?:{LABEL_VALUE})?")),
        },
    });
    /// Kinds of workloads.
    Kinds true |_| one_or_many(&one_of(Kind::ALL.iter().map(|kind| kind.as_str())));
    /// A pattern over names, keys or paths.
    Pattern true |_| json_schema!({
        "title": "a pattern: `*` is any text, `?` one character, `[a-z]` a class, `{a,b}` either",
        "type": "string",
        "minLength": 1,
    });
    /// The name of a `ServiceAccount` that is not every pod's.
    AccountName true |_| {
        let mut schema = text("a name", SUBDOMAIN);
        schema.insert("not".to_owned(), json!({"const": "default"}));
        schema
    };
    /// The formats there are.
    FormatName true |_| one_of(Format::ALL.into_iter().map(Format::as_str));
    /// Paths or keys.
    Removals true |_| json_schema!({
        "type": "array",
        "items": {"title": "paths or keys", "type": "string", "pattern": r"\S"},
        "minItems": 1,
        "uniqueItems": true,
    });
    /// Paths or keys and their values.
    Settings true |_| json_schema!({
        "title": "a mapping of paths or keys to values",
        "type": "object",
        "propertyNames": {"pattern": r"\S"},
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    });
}

fn components(generator: &mut SchemaGenerator) -> Schema {
    let presets: Vec<&str> = Preset::all().iter().map(|preset| preset.name.as_str()).collect();
    json_schema!({
        "type": "object",
        "propertyNames": {"pattern": format!("^(?:(?:{})/)?{LABEL_VALUE}$", presets.join("|"))},
        "additionalProperties": {
            "anyOf": [generator.subschema_for::<Role>(), generator.subschema_for::<FullComponent>()],
        },
    })
}

fn annotations() -> Schema {
    let keys = KNOWN.iter().map(|known| {
        let readers: Vec<&str> = known.readers.iter().map(|reader| reader.as_str()).collect();
        let on = match known.on {
            Carrier::ServiceAccount => "the ServiceAccount",
            Carrier::PodTemplate => "the pods' template",
        };
        let schema = json!({
            "title": known.expected,
            "description": format!("Written on {on}; read by {}.", readers.join(" and ")),
            "type": ["string", "number", "boolean"],
        });
        (known.key.to_owned(), schema)
    });
    json_schema!({
        "description": "The annotations that an injector reads beside the role; it has to be one of `via`.",
        "type": "object",
        "properties": keys.collect::<Map<String, Value>>(),
        "additionalProperties": false,
    })
}

fn allowance() -> Schema {
    let ids = || Id::ALL.iter().filter(|id| id.can_be_allowed()).map(|id| id.as_str());
    let of_one_object = format!(r"(?:{})@[A-Z][A-Za-z0-9]*/[^/\s]+", ids().collect::<Vec<_>>().join("|"));
    json_schema!({
        "title": "`ID` or `ID@Kind/name`",
        "type": "string",
        "anyOf": [{"enum": ids().collect::<Vec<_>>()}, {"pattern": or_variable(&of_one_object)}],
    })
}

/// A word of a vocabulary, or a variable.
fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Schema {
    let words: Vec<&str> = words.into_iter().collect();
    json_schema!({"type": "string", "anyOf": [{"enum": words}, {"pattern": VARIABLE}]})
}

/// One, or a list of different ones.
fn one_or_many(one: &Schema) -> Schema {
    json_schema!({"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": true}]})
}

/// Text that is wholly of this shape, or has a variable in it.
fn text(title: &str, pattern: &str) -> Schema {
    json_schema!({"title": title, "type": "string", "pattern": or_variable(pattern)})
}

fn or_variable(pattern: &str) -> String {
    format!("^(?:{pattern})$|{VARIABLE}")
}
