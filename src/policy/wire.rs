//! The policy as it is written: shapes only, no meaning.
//!
//! Invariant: what a person wrote in a fixed vocabulary is checked for its words here (unknown fields are errors), and
//! nothing is filled in; an absent field and a null one are the same.
//! Invariant: maps keep the order they were written in.
//!
//! The shorthands are read by visitors of their own: an untagged enum would lose the line and the column.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A policy file.
#[derive(serde::Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "a policy: a mapping")]
pub(super) struct Policy {
    // The first two are checked before the fields are read; kustomize puts what it likes into the third.
    #[serde(rename = "apiVersion")]
    pub(super) _api_version: Option<IgnoredAny>,
    #[serde(rename = "kind")]
    pub(super) _kind: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    pub(super) _metadata: Option<IgnoredAny>,
    pub(super) preset: Option<String>,
    pub(super) via: Option<Words>,
    pub(super) account: Option<String>,
    pub(super) partition: Option<String>,
    pub(super) components: Option<Entries<Component>>,
    pub(super) secrets: Option<Vec<Secret>>,
    pub(super) restart: Option<bool>,
    pub(super) strict: Option<bool>,
    pub(super) allow: Option<Vec<String>>,
}

/// A component: its role alone, or in full.
#[derive(serde::Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase", expecting = "a mapping with `role`")]
pub(super) struct FullComponent {
    pub(super) role: Option<String>,
    #[serde(rename = "match")]
    pub(super) selector: Option<Selector>,
    pub(super) service_account: Option<ServiceAccount>,
    pub(super) annotations: Option<Entries<Scalar>>,
    pub(super) optional: Option<bool>,
}

/// What makes a workload a component's.
#[derive(serde::Deserialize, Debug, Default)]
#[serde(
    deny_unknown_fields,
    expecting = "a mapping with `labels`, `kind`, `name`, `namespace` or `source`"
)]
pub(super) struct Selector {
    pub(super) labels: Option<Entries<Scalar>>,
    pub(super) kind: Option<Words>,
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) source: Option<String>,
}

/// The `ServiceAccount` of a component's pods.
#[derive(serde::Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, expecting = "a mapping with `create` or `use`")]
pub(super) struct ServiceAccount {
    pub(super) create: Option<String>,
    #[serde(rename = "use")]
    pub(super) existing: Option<String>,
}

/// A rule for Secrets.
#[derive(serde::Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, expecting = "a mapping with `name`")]
pub(super) struct Secret {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) key: Option<String>,
    pub(super) format: Option<String>,
    pub(super) remove: Option<Vec<String>>,
    pub(super) set: Option<Entries<Scalar>>,
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
