//! The policy as it is written: shapes only, no meaning.
//!
//! Invariant: what a person wrote in a fixed vocabulary is checked for its words here (unknown fields are errors), and
//! nothing is filled in; an absent field and a null one are the same.
//! Invariant: maps keep the order they were written in.
//!
//! The shorthands are read by visitors of their own: an untagged enum would lose the line and the column.
//!
//! The comments of the fields are what an editor shows and what the reference page says: both come from the schema, which
//! is derived here. What a field takes is in [`vocabulary`].

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::policy::{schema, vocabulary};

/// Which component of a release gets which AWS IAM role, and which static keys go.
///
/// `${NAME}` in any text stands for a value given with `--var`, or for that of the environment.
#[derive(serde::Deserialize, schemars::JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "a policy: a mapping")]
#[schemars(title = "RolePolicy", transform = schema::policy_rules)]
pub(super) struct Policy {
    // The first two are checked before the fields are read; kustomize puts what it likes into the third.
    /// The version of this format.
    #[serde(rename = "apiVersion")]
    #[schemars(with = "vocabulary::ApiVersion")]
    pub(super) _api_version: Option<IgnoredAny>,
    /// The kind of this document.
    #[serde(rename = "kind")]
    #[schemars(with = "vocabulary::PolicyKind")]
    pub(super) _kind: Option<IgnoredAny>,
    /// For kustomize, which wants a `name` and keeps annotations here; nothing of it is read.
    #[serde(rename = "metadata")]
    #[schemars(with = "Option<vocabulary::Metadata>")]
    pub(super) _metadata: Option<IgnoredAny>,
    /// Built-in knowledge of one chart: how its components are recognised, and what its Secrets hold.
    #[schemars(with = "Option<vocabulary::PresetName>")]
    pub(super) preset: Option<String>,
    /// What gives pods their roles; a list while migrating from one to another.
    #[schemars(with = "Option<vocabulary::Via>", extend("default" = "irsa"))]
    pub(super) via: Option<Words>,
    /// The AWS account, in quotes. With it a role may be a bare name or `path/name`.
    #[schemars(with = "Option<vocabulary::Account>")]
    pub(super) account: Option<String>,
    /// The partition of AWS that the account is in.
    #[schemars(with = "Option<vocabulary::Partition>", extend("default" = "aws"))]
    pub(super) partition: Option<String>,
    /// The components and their roles. Without `match` a component is what the preset calls so (`registry`, or
    /// `gitlab/registry` where a stream holds several charts), or, without a preset, every workload whose label
    /// `app.kubernetes.io/component`, else `app`, else `app.kubernetes.io/name` is exactly this word.
    #[schemars(with = "Option<vocabulary::Components>")]
    pub(super) components: Option<Entries<Component>>,
    /// Secrets whose keys go, or stay, beside those that are found by themselves.
    #[schemars(with = "Option<vocabulary::Secrets>")]
    pub(super) secrets: Option<Vec<Secret>>,
    /// Whether pods are made to roll when their role or the keys they consume change, by a digest in their template.
    #[schemars(extend("default" = false))]
    pub(super) restart: Option<bool>,
    /// Whether warnings refuse, too.
    #[schemars(extend("default" = false))]
    pub(super) strict: Option<bool>,
    /// Findings that are accepted, everywhere (`ID`) or of one object (`ID@Kind/name`): each becomes a note. What is
    /// edited stays the same.
    #[schemars(with = "Option<vocabulary::Allowances>")]
    pub(super) allow: Option<Vec<String>>,
}

/// A component in full; `NAME: ROLE` is short for `NAME: {role: ROLE}`.
#[derive(serde::Deserialize, schemars::JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "a mapping with `role`")]
#[schemars(rename = "Component", transform = schema::component_rules)]
pub(super) struct FullComponent {
    /// The role: an ARN, or a name or `path/name` beside `account`. `external` where the role comes from elsewhere (a
    /// pre-created `ServiceAccount`, Pod Identity, the node): nothing is annotated, the keys still go.
    #[schemars(with = "vocabulary::Role")]
    pub(super) role: Option<String>,
    /// Which workloads are meant, where the preset's or the default rule does not tell.
    #[serde(rename = "match")]
    pub(super) selector: Option<Selector>,
    /// The `ServiceAccount` of the pods, where they have none or should use another.
    pub(super) service_account: Option<ServiceAccount>,
    /// More for the injector to read, each written where it looks.
    #[schemars(with = "Option<vocabulary::Annotations>")]
    pub(super) annotations: Option<Entries<Scalar>>,
    /// Whether it may match nothing without a finding.
    #[schemars(extend("default" = false))]
    pub(super) optional: Option<bool>,
}

/// What makes a workload a component's: every part that is given must hold.
#[derive(serde::Deserialize, schemars::JsonSchema, Debug, Default)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `labels`, `kind`, `name`, `namespace` or `source`"
)]
#[schemars(rename = "Match", extend("minProperties" = 1))]
pub(super) struct Selector {
    /// Labels of the workload or of its pod template, compared whole.
    #[schemars(with = "Option<vocabulary::Labels>")]
    pub(super) labels: Option<Entries<Scalar>>,
    /// The kinds it may be of. Jobs and Pods, hooks among them, are taken in only when named here; `ServiceAccount` means
    /// one that no workload uses.
    #[schemars(with = "Option<vocabulary::Kinds>")]
    pub(super) kind: Option<Words>,
    /// The object's name.
    #[schemars(with = "Option<vocabulary::Pattern>")]
    pub(super) name: Option<String>,
    /// The object's namespace.
    #[schemars(with = "Option<vocabulary::Pattern>")]
    pub(super) namespace: Option<String>,
    /// The template that the object came from, as Helm's `# Source:` comment names it.
    #[schemars(with = "Option<vocabulary::Pattern>")]
    pub(super) source: Option<String>,
}

/// The `ServiceAccount` that a component's pods are pointed at: either one.
#[derive(serde::Deserialize, schemars::JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, expecting = "a mapping with `create` or `use`")]
#[schemars(transform = schema::service_account_rules)]
pub(super) struct ServiceAccount {
    /// One that is written into the stream unless it is there.
    #[schemars(with = "Option<vocabulary::AccountName>")]
    pub(super) create: Option<String>,
    /// One that is in the cluster already.
    #[serde(rename = "use")]
    #[schemars(with = "Option<vocabulary::AccountName>")]
    pub(super) existing: Option<String>,
}

/// A rule for Secrets: what is taken out of which of their keys.
#[derive(serde::Deserialize, schemars::JsonSchema, Debug, Default)]
#[serde(deny_unknown_fields, expecting = "a mapping with `name`")]
#[schemars(rename = "SecretRule", transform = schema::secret_rules)]
pub(super) struct Secret {
    /// The Secrets' names.
    #[schemars(with = "vocabulary::Pattern")]
    pub(super) name: Option<String>,
    /// Their namespaces; any, when left out.
    #[schemars(with = "Option<vocabulary::Pattern>")]
    pub(super) namespace: Option<String>,
    /// Their data keys; all, when left out.
    #[schemars(with = "Option<vocabulary::Pattern>")]
    pub(super) key: Option<String>,
    /// What the values are written in; as recognised, when left out. `yaml` (JSON, too) and `ini` (env files, too) need
    /// `remove`; the others know their keys.
    #[schemars(with = "Option<vocabulary::FormatName>")]
    pub(super) format: Option<String>,
    /// What is taken out: with `yaml` paths with dots, with `ini` keys.
    #[schemars(with = "Option<vocabulary::Removals>")]
    pub(super) remove: Option<Vec<String>>,
    /// What is set, at paths or keys like those of `remove`.
    #[schemars(with = "Option<vocabulary::Settings>")]
    pub(super) set: Option<Entries<Scalar>>,
    /// Whether the Secret is left alone, and nothing said about it.
    #[schemars(extend("default" = false))]
    pub(super) keep: Option<bool>,
}

/// A component as written.
#[derive(Debug)]
pub(super) enum Component {
    /// `registry: gitlab-registry`
    Role(String),
    /// `registry: {role: gitlab-registry}`
    Full(Box<FullComponent>),
    /// `registry:` and nothing after it.
    Nothing,
}

/// One word, or a list of words.
#[derive(Debug)]
pub(super) enum Words {
    /// `irsa`
    One(String),
    /// `[irsa, kube2iam]`
    Many(Vec<String>),
}

impl Words {
    /// The words; one alone is a list of one.
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }
}

/// A value that is no collection.
#[derive(Debug)]
pub(super) enum Scalar {
    /// A string, quoted or not.
    Text(String),
    /// A boolean or a number.
    Bare,
}

/// A map in the order it was written in.
#[derive(Debug)]
pub(super) struct Entries<T>(pub(super) Vec<(String, T)>);

impl<'de> Deserialize<'de> for Component {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ComponentVisitor;

        impl<'de> Visitor<'de> for ComponentVisitor {
            type Value = Component;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a role, or a mapping with `role`")
            }

            fn visit_str<E>(self, role: &str) -> Result<Component, E> {
                Ok(Component::Role(role.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Component, E> {
                Ok(Component::Nothing)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Component, A::Error> {
                let full = FullComponent::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Component::Full(Box::new(full)))
            }
        }

        deserializer.deserialize_any(ComponentVisitor)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WordsVisitor;

        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a list of words")
            }

            fn visit_str<E>(self, word: &str) -> Result<Words, E> {
                Ok(Words::One(word.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Words, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Words::Many)
            }
        }

        deserializer.deserialize_any(WordsVisitor)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl Visitor<'_> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a number or a boolean")
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(text.to_owned()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
                Ok(Scalar::Bare)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Scalar, E> {
                Ok(Scalar::Bare)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Scalar, E> {
                Ok(Scalar::Bare)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
                Ok(Scalar::Bare)
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}
