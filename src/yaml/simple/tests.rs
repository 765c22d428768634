use crate::yaml::tree::{Collection, Document, Node};

/// Every node as yaml-rust2 has it and as it is read here: the same texts, styles and places.
#[track_caller]
fn check(text: &str) {
    let simple = Document::parse(text).expect("YAML");
    assert!(simple.is_simple(), "not read here: {text}");
    let full = Document::parse_by_events(text).expect("YAML");
    let (here, there) = (simple.root().expect("a root"), full.root().expect("a root"));
    assert_eq!(described(here), described(there), "{text}");
    let (skimmed, top) = Document::skim(text).map_or((None, None), |(document, top)| (Some(document), Some(top)));
    if let (Some(skimmed), Some(top)) = (skimmed, top) {
        assert_eq!(top.kind, there.get("kind").and_then(Node::text));
        assert_eq!(top.name, there.at(&["metadata", "name"]).and_then(Node::text));
        assert_eq!(described(skimmed.root().expect("a root")), described(there), "{text}");
    }
}

fn described(node: Node<'_>) -> Vec<String> {
    let at = node.pos().offset();
    let mut lines = vec![match (node.collection(), node.text()) {
        (_, Some("")) if node.is_plain() => "nothing".to_owned(),
        (Some(Collection::Block), _) => format!("block at {at}"),
        (collection, text) => format!("{collection:?} {:?} {text:?} at {at}", node.style()),
    }];
    for (key, value) in node.entries() {
        lines.extend(described(key));
        lines.extend(described(value));
    }
    lines.extend(node.items().flat_map(described));
    lines.push("end".to_owned());
    lines
}

/// What yaml-rust2 reads, or refuses, without this reader.
#[track_caller]
fn left(text: &str) {
    assert!(super::nodes(text).is_none(), "read here: {text}");
    assert!(super::top(text).is_none(), "skimmed here: {text}");
}

#[test]
fn mappings_and_sequences_nest() {
    check("a: b\nc:\n  d: e\n  f:\n    g: h\ni: j\n");
    check("a:\n- b\n- c: d\n  e: f\n-\n  g: h\n- - i\n  - j\nk: l\n");
    check("a:\n  - b\n\n  # c\n  - d:\n    - e\n    f:\n  -\n");
    check("---\n# Source: x\na:\n  b:\n# c\nd: # e\n  f: g # h\n");
    check("  a:\n    b: c\n  d: e\n");
    check("- a\n- b: c\n");
    check("a:\nb:\nc:\n  -\n  -\n");
    check("a:\n-\n- b:\n- c");
    check("metadata: {name: x}\nkind: Pod\nmetadata:\n  labels:\n    name: z\n  name: y\n");
}

#[test]
fn scalars_have_five_styles() {
    check("a: b c  # d\ne: http://f:80/#g\nh: -1\ni: --j\n'k': \"l\"\n\"m n\": 'o''p'\nq: \"r\\n\\\"s\\\\\"\n");
    check("a: b\n  c\n\n  - d\n    e  # f\ng: h\n");
    check("a: \"b\n  c  \n\n\n  d \"\ne: 'f\n  g''\n  '\nh: \"\n  i\"\n");
    check("a: |\n  b\n   c\n\n  d  \nd: |-\n  e\n\nf: |+\n  g\n\n\nh: i\n");
    check("a: |\n\n  b\n    \n  c\n  # d\n# e\nf: >\n  g\n  h\n\n  i\n\n\nj: >-\n  k\n  l\n");
    check("a:\n  b\nc:\n  \"d\"\ne:\n  |\n  f\ng:\n- |\n  h\n- >-\n    i\n");
    check("a: |\nb: >-\n\n     \n# c\nc:\n  d: |\n\n  e: |\n# f\ng: h\n");
    check("- |\n- a: |\n  b: c\n- >\nd: e\n".replace("d: e\n", "- x\n").as_str());
    check("a: \u{e9} \u{1f511}\n\u{e9}: |\n  \u{e9}\nb: 'c'\n");
}

#[test]
fn flow_style_may_go_over_lines() {
    check("a: {}\nb: []\nc: [d, \"e\", 'f', {g: h, \"i\":1}, [j]]  # k\n");
    check("a: [\n    b,\n    c\n  ]\nd:\n  {e: f,\n   g: h}\n");
    check("{\n  \"kind\": \"Pod\",\n  \"metadata\": {\"name\": \"a\"},\n  \"b\": [1, true, null]\n}\n");
    check("{\"a\":{\"b\":[{\"c\":\"d\\n\"},[]]}}");
    check("- {a: b}\n- [c]\n");
}

#[test]
fn what_is_not_simple_is_left() {
    for text in [
        "",
        "# a\n",
        "a",
        "a: &b c\n",
        "a: *b\n",
        "a: !c d\n",
        "? a\n: b\n",
        "%YAML 1.2\n---\na: b\n",
        "a: b\n...\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: |2\n   b\n",
        "a: \"\\x41\"\n",
        "a: \"\\u0041\"\n",
        "a: \"b\\\n  c\"\n",
        "a: b: c\n",
        "a: b\n c: d\n",
        "a:\n  b\n c: d\n",
        "a: - b\n",
        "a: [b\n]\n",
        "a: [b: c]\n",
        "a: {b}\n",
        "a: [b,]\n",
        "a: {b: c -}\n",
        "a: 'b\n",
        "a: \"b\n",
        "<<: {a: b}\n",
        "a: {<<: {b: c}}\n",
        "a : b\n",
        "a: `b`\n",
        "a: @b\n",
        "a: %b\n",
        "a: |\n",
        "a: |+\n\nb: c\n",
        "a: |\n    \n  b\n",
        "a: |\n  b",
        "a: >\n  b\n   c\n",
        "a: b\n---\nc: d\n",
        "a: b\n- c\n",
        "- a\nb: c\n",
        "a:\n - b\n- c\n",
        "a: 'b' c\n",
        "a: \"b\"#c\n",
        "a: {b: c} d\n",
        "a: [b]: c\n",
        "a: b\n# c\n  d\n",
    ] {
        left(text);
    }
    left(&("a: ".to_owned() + &"[".repeat(200) + &"]".repeat(200)));
    left(&("- ".repeat(300) + "a"));
    left(&("k".repeat(2000) + ": v\n"));
}
