use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::yaml::edit::Edit;
use crate::yaml::source::Span;

/// Whether `after` passes for what a change of the value of `a` makes of `before`.
fn passes(before: &str, change: Option<Change>, after: &str) -> bool {
    let document = Document::parse(before).expect("YAML");
    let mut changes = Changes::default();
    if let Some(change) = change {
        let node = document.root().and_then(|root| root.get("a")).expect("a");
        changes.insert(node.id(), change);
    }
    let edits = Edits::new(vec![Edit::replace(Span::of(0, before.len()), after)]).expect("one");
    reads_back(&document, &changes, &edits)
}

#[track_caller]
fn check(before: &str, change: impl Fn() -> Option<Change>, planned: &[&str], others: &[&str]) {
    for after in planned {
        assert!(passes(before, change(), after), "does not pass: {after}");
    }
    for after in others {
        assert!(!passes(before, change(), after), "passes: {after}");
    }
}

#[track_caller]
fn stays(before: &str, others: &[&str]) {
    check(before, || None, &[before], others);
}

#[track_caller]
fn becomes(value: &Value, planned: &[&str], others: &[&str]) {
    let change = || Some(Change::Value(value.clone()));
    check("a: x\nb: &n v\n", change, planned, others);
}

fn quoted(text: &str) -> Value {
    Value::Quoted(text.into())
}

fn entry(key: &str, value: &str) -> (String, Value) {
    (key.to_owned(), quoted(value))
}

#[test]
fn what_is_not_named_stays_in_text_style_tag_and_kind() {
    check(
        "a: x\nb: y\n",
        || None,
        &["a:  x # c\n\nb: y"],
        &["", "a: [", "- a", "a", "a: x\n\"b\": y"],
    );
    stays(
        "a: x\n",
        &["a: z", "a: 'x'", "a: !t x", "a: &n x", "a: [x]", "a: {x: }", "a:"],
    );
    stays("a: 'x'\n", &["a: x", "a: 'z'"]);
    stays("a: !t x\n", &["a: x", "a: !u x"]);
    stays("a: {}\n", &["a: []", "a: ''", "a:", "a: {x: }"]);
    stays("a: []\n", &["a: {}", "a: ''", "a:", "a: [x]"]);
    stays("# c\n", &["a: b"]);
}

#[test]
fn entries_and_items_keep_their_number_and_order() {
    stays(
        "a: x\nb: y\n",
        &["b: y\na: x", "a: x", "a: x\nb: y\nc: z", "a: x\nc: y", "a: x\nb: z"],
    );
    stays(
        "a: {x: y}\n",
        &["a: {x: z}", "a: {z: y}", "a: {x: y, z: }", "a: !t {x: y}", "a: [x]"],
    );
    stays(
        "a: [x, y]\n",
        &["a: [y, x]", "a: [x]", "a: [x, y, z]", "a: [x, z]", "a: !t [x, y]"],
    );
    stays("a: [x, y]\n", &["a: {x: , y: }", "a: &n [x, y]", "a: xy"]);
}

#[test]
fn an_anchor_and_its_aliases_stay() {
    stays("a: &n x\nb: *n\n", &["a: x\nb: x", "a: &n x\nb: x"]);
    stays(
        "a: &n x\nb: &m x\nc: *n\n",
        &["a: &n x\nb: &m x\nc: *m", "a: &n x\nb: &m x\nc: x"],
    );
}

#[test]
fn a_value_is_the_planned_one_in_the_planned_style() {
    let words = |text: &str| Value::word(text);
    becomes(
        &quoted("v"),
        &["a: \"v\"\nb: &n v", "a: 'v'\nb: &n v"],
        &[
            "a: v\nb: &n v",
            "a: \"w\"\nb: &n v",
            "a: [\"v\"]\nb: &n v",
            "b: &n v\na: *n",
            "a: \"v\"\nb: &n w",
        ],
    );
    becomes(
        &words("v"),
        &["a: v\nb: &n v", "a: \"v\"\nb: &n v"],
        &["a: w\nb: &n v", "b: &n v\na: *n"],
    );
    becomes(&words("on"), &["a: \"on\"\nb: &n v"], &["a: on\nb: &n v"]);
    becomes(
        &Value::Plain("1".into()),
        &["a: 1\nb: &n v"],
        &["a: \"1\"\nb: &n v", "a: 2\nb: &n v"],
    );
}

#[test]
fn a_new_mapping_or_sequence_is_the_planned_one() {
    let map = Value::map([("k", quoted("v")), ("l", quoted("w"))]);
    becomes(
        &map,
        &["a: {k: \"v\", l: \"w\"}\nb: &n v"],
        &[
            "a: {k: \"v\"}\nb: &n v",
            "a: {k: \"v\", l: \"w\", m: }\nb: &n v",
            "a: {l: \"w\", k: \"v\"}\nb: &n v",
            "a: {k: \"v\", l: w}\nb: &n v",
            "a: {k: \"v\", m: \"w\"}\nb: &n v",
            "a: [k, l]\nb: &n v",
        ],
    );
    becomes(
        &Value::Map(Vec::new()),
        &["a: {}\nb: &n v"],
        &["a: []\nb: &n v", "a:\nb: &n v"],
    );
    let seq = Value::Seq(vec![quoted("v"), quoted("w")]);
    becomes(
        &seq,
        &["a: [\"v\", \"w\"]\nb: &n v"],
        &[
            "a: [\"v\"]\nb: &n v",
            "a: [\"v\", \"w\", \"x\"]\nb: &n v",
            "a: [\"w\", \"v\"]\nb: &n v",
            "a: \"v\"\nb: &n v",
        ],
    );
    becomes(
        &Value::Seq(Vec::new()),
        &["a: []\nb: &n v"],
        &["a: {}\nb: &n v", "a:\nb: &n v"],
    );
}

#[test]
fn a_text_differs_by_the_planned_edits_and_keeps_its_style() {
    let change = || Some(Change::Text(Edits::new(vec![Edit::delete(0, 1)]).expect("one")));
    check(
        "a: xyz\n",
        change,
        &["a: yz"],
        &["a: xyz", "a: y", "a: 'yz'", "a: [yz]", "a:"],
    );
    check("a: 'xyz'\n", change, &["a: 'yz'", "a: \"yz\""], &["a: yz", "a: 'xyz'"]);
}

#[test]
fn a_mapping_differs_by_the_planned_entries() {
    let change = || {
        Some(Change::Mapping(MappingChange {
            first: vec![entry("f", "1")],
            last: vec![entry("l", "4")],
            entries: BTreeMap::from([
                (0, EntryChange::Removed),
                (1, EntryChange::Replaced("r".to_owned(), quoted("2"))),
            ]),
        }))
    };
    let planned = ["a: {f: \"1\", r: \"2\", z: 3, l: \"4\"}"];
    check(
        "a: {x: 1, y: 2, z: 3}\n",
        change,
        &planned,
        &[
            "a: {x: 1, y: 2, z: 3}",
            "a: {r: \"2\", z: 3, l: \"4\"}",
            "a: {g: \"1\", r: \"2\", z: 3, l: \"4\"}",
            "a: {f: 1, r: \"2\", z: 3, l: \"4\"}",
            "a: {f: \"1\", x: 1, r: \"2\", z: 3, l: \"4\"}",
            "a: {f: \"1\", y: \"2\", z: 3, l: \"4\"}",
            "a: {f: \"1\", r: 2, z: 3, l: \"4\"}",
            "a: {f: \"1\", r: \"2\", w: 3, l: \"4\"}",
            "a: {f: \"1\", r: \"2\", z: 4, l: \"4\"}",
            "a: {f: \"1\", r: \"2\", z: 3}",
            "a: {f: \"1\", r: \"2\", z: 3, m: \"4\"}",
            "a: {f: \"1\", r: \"2\", z: 3, l: 4}",
            "a: {f: \"1\", r: \"2\", z: 3, l: \"4\", m: }",
            "a: !t {f: \"1\", r: \"2\", z: 3, l: \"4\"}",
        ],
    );
    let emptied = || {
        Some(Change::Mapping(MappingChange {
            entries: BTreeMap::from([(0, EntryChange::Removed)]),
            ..MappingChange::default()
        }))
    };
    check("a: {x: 1}\n", emptied, &["a: {}"], &["a: []", "a:", "a: {x: 1}"]);
}

#[test]
fn a_sequence_differs_by_the_planned_items() {
    let change = || {
        Some(Change::Sequence(SequenceChange {
            inserted: vec![(0, quoted("f")), (3, quoted("l"))],
            removed: BTreeSet::from([1]),
        }))
    };
    check(
        "a: [x, y, z]\n",
        change,
        &["a: [\"f\", x, z, \"l\"]"],
        &[
            "a: [x, y, z]",
            "a: [x, z, \"l\"]",
            "a: [f, x, z, \"l\"]",
            "a: [\"f\", w, z, \"l\"]",
            "a: [\"f\", x, y, z, \"l\"]",
            "a: [\"f\", x, y, \"l\"]",
            "a: [\"f\", x, z]",
            "a: [\"f\", x, z, \"m\"]",
            "a: [\"f\", x, z, \"l\", m]",
            "a: !t [\"f\", x, z, \"l\"]",
        ],
    );
    let emptied = || {
        Some(Change::Sequence(SequenceChange {
            removed: BTreeSet::from([0]),
            ..SequenceChange::default()
        }))
    };
    check("a: [x]\n", emptied, &["a: []"], &["a: {}", "a:", "a: [x]"]);
}
