//! Our tree against `serde_yaml`, which is libyaml: on every input there is, on texts that use all of YAML, and on both,
//! damaged.

#[path = "../reading/mod.rs"]
mod shared;

use std::env;

use serde::Deserialize as _;
use serde_yaml::Value;

use crate::given::given;
use iam_roles::yaml::source::Source;
use iam_roles::yaml::split;
use shared::changes::{additions, others};
use shared::classes::{Handling, classes};
use shared::laws::{Reading, hold};
use shared::meaning::Meaning;
use shared::samples::{Random, damaged, sample};

/// How many texts are made by chance; `IAM_ROLES_SAMPLES` says otherwise.
const SAMPLES: usize = 800;

/// Every document of every input, once.
fn documents() -> Vec<String> {
    let mut inputs: Vec<String> = given().into_iter().map(|given| given.input).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let mut found: Vec<String> = Vec::new();
    for input in &inputs {
        let Ok(source) = Source::new(input.clone().into_bytes()) else {
            continue;
        };
        let spans = split::documents(source.text()).unwrap_or_default();
        found.extend(spans.iter().map(|span| span.slice(source.text()).to_owned()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn samples() -> (usize, Random) {
    let number = |name: &str| env::var(name).ok()?.parse().ok();
    let count = number("IAM_ROLES_SAMPLES").unwrap_or(SAMPLES);
    let seed = env::var("IAM_ROLES_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    (count, Random(seed.unwrap_or(0x9e37_79b9_7f4a_7c15_u64) | 1))
}

#[test]
fn every_document_means_the_same_to_libyaml() {
    let (documents, mut random) = (documents(), Random(1));
    let count = hold(&documents, serde, &mut random).unwrap_or_else(|broken| panic!("{broken}"));
    tell(&count);
    assert!(count.texts / 10 * 9 < count.read_by_both, "{count:?}");
    assert!(count.texts < count.edits, "{count:?}");
}

#[test]
fn every_damaged_document_means_the_same_to_libyaml() {
    let (count, mut random) = samples();
    let documents: Vec<String> = documents().into_iter().filter(|text| text.len() < 1_500).collect();
    let damage = |random: &mut Random| {
        let mut text = documents[random.below(documents.len())].clone();
        for _ in 0..=random.below(3) {
            text = damaged(&text, random);
        }
        text
    };
    let texts: Vec<String> = (0..count).map(|_| damage(&mut random)).collect();
    let held = hold(&readable(texts), serde, &mut random).unwrap_or_else(|broken| panic!("{broken}"));
    tell(&held);
    assert!(count / 4 < held.read_by_both && count / 2 < held.edits, "{held:?}");
}

#[test]
fn every_way_to_write_means_the_same_to_libyaml() {
    let (count, mut random) = samples();
    let texts: Vec<String> = (0..count).map(|_| sample(&mut random)).collect();
    let held = hold(&readable(texts), serde, &mut random).unwrap_or_else(|broken| panic!("{broken}"));
    tell(&held);
    assert!(count / 5 < held.read_by_both && count / 5 < held.edits, "{held:?}");
}

/// A known class is known because of its example: what is refused there is refused for the reason that is given.
#[test]
fn every_known_class_is_handled_as_listed() {
    for class in classes() {
        let additions = additions(class.example);
        let refusals: Vec<_> = additions.iter().map(|change| change.after.as_ref().err()).collect();
        match &class.handling {
            Handling::Refused(reason) => assert_eq!(refusals, [Some(reason)], "{}", class.name),
            Handling::EntryRefused(reason) => {
                assert_eq!(refusals, [None], "{}", class.name);
                let tried = (1..100).flat_map(|seed| others(class.example, &mut Random(seed)));
                let found: Vec<_> = tried.filter_map(|change| change.after.err()).collect();
                assert!(found.contains(reason), "{}: {found:?}", class.name);
            }
            Handling::Unread => assert!(refusals.is_empty(), "{}", class.name),
            Handling::Same(why) | Handling::Harmless { why, .. } => {
                assert!(!refusals.is_empty() && !why.is_empty(), "{}", class.name);
                assert!(refusals.iter().all(Option::is_none), "{}: {refusals:?}", class.name);
            }
            Handling::Untyped | Handling::UnreadByKubernetes => assert!(refusals.len() == 1, "{}", class.name),
        }
    }
}

/// The texts that are read at all, without their byte order marks.
fn readable(texts: Vec<String>) -> Vec<String> {
    let sources = texts.into_iter().filter_map(|text| Source::new(text.into_bytes()).ok());
    sources.map(|source| source.text().to_owned()).collect()
}

#[expect(clippy::print_stderr, reason = "a long run says what it did")]
fn tell(count: &shared::laws::Count) {
    eprintln!("{count:?}");
}

/// What `serde_yaml` reads.
fn serde(texts: &[String]) -> Vec<Reading> {
    texts.iter().map(|text| one(text)).collect()
}

fn one(text: &str) -> Reading {
    // In a value it cannot be told any more that `<<` was quoted.
    let is_quoted = ["\"<<\"", "'<<'"].iter().any(|quoted| text.contains(quoted));
    if is_quoted || has_anchor_twice(text) {
        return None;
    }
    let mut found = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let mut value = Value::deserialize(document).ok()?;
        // What is merged in may itself merge.
        for _ in 0..8 {
            value.apply_merge().ok()?;
        }
        found.push(meaning(&value));
    }
    found.retain(|meaning| *meaning != Meaning::Null);
    Some(found)
}

/// Whether a name is given twice; `serde_yaml` then takes one node for another.
fn has_anchor_twice(text: &str) -> bool {
    let is_end = |c: char| c.is_whitespace() || ",[]{}".contains(c);
    let mut names: Vec<&str> = text
        .split('&')
        .skip(1)
        .map(|rest| rest.split(is_end).next().unwrap_or_default())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    names.len() < all
}

fn meaning(value: &Value) -> Meaning {
    match value {
        Value::Null => Meaning::Null,
        Value::Bool(is) => Meaning::Plain(is.to_string()),
        Value::Number(number) => Meaning::Plain(number.to_string()),
        Value::String(text) => Meaning::Text(text.clone()),
        Value::Sequence(items) => Meaning::List(items.iter().map(meaning).collect()),
        Value::Mapping(entries) => Meaning::map(entries.iter().map(|(key, value)| (name(key), meaning(value)))),
        // A foreign tag makes a text of nothing to others.
        Value::Tagged(tagged) if tagged.value.is_null() => Meaning::Plain(String::new()),
        Value::Tagged(tagged) => meaning(&tagged.value),
    }
}

fn name(key: &Value) -> String {
    match meaning(key) {
        Meaning::Text(text) | Meaning::Plain(text) => text,
        other => format!("{other:?}"),
    }
}
