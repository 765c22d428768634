use super::*;

#[track_caller]
fn check(source: &str, expected: &str, change: impl for<'d> Fn(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>) {
    for (source, expected) in [
        (source.to_owned(), expected.to_owned()),
        (source.replace('\n', "\r\n"), expected.replace('\n', "\r\n")),
        (source.replace('\n', "\r"), expected.replace('\n', "\r")),
    ] {
        assert_eq!(drafted(&source, &change), Ok(expected));
    }
}

fn drafted(
    source: &str,
    change: impl for<'d> Fn(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>,
) -> Result<String, Reason> {
    let document = Document::parse(source).expect("YAML");
    let mut draft = Draft::new(&document);
    change(&mut draft, document.root().expect("root"))
        .and_then(|()| draft.finish())
        .map(|edits| edits.apply(source))
        .map_err(|refusal| refusal.reason)
}

fn quoted(text: &str) -> Value {
    Value::quoted(text)
}

#[track_caller]
fn sets(source: &str, expected: &str) {
    check(source, expected, |draft, root| {
        draft.set(root, &["m", "a", "k"], quoted("v")).map(drop)
    });
    check(expected, expected, |draft, root| {
        assert_eq!(draft.set(root, &["m", "a", "k"], quoted("v")), Ok(false));
        Ok(())
    });
}

#[test]
fn an_entry_is_put_behind_its_header() {
    sets("m:\n  a:\n    x: y\n", "m:\n  a:\n    k: \"v\"\n    x: y\n");
    sets(
        "m:\n  a: # c\n    # x\n    x: y",
        "m:\n  a: # c\n    k: \"v\"\n    # x\n    x: y",
    );
    sets(
        "m:\n  a:\n\n      x: y\nz: 1\n",
        "m:\n  a:\n      k: \"v\"\n\n      x: y\nz: 1\n",
    );
}

#[test]
fn what_is_missing_on_the_way_is_made() {
    sets("m:\n  x: y\n", "m:\n  a:\n    k: \"v\"\n  x: y\n");
    sets("x: y\n", "m:\n  a:\n    k: \"v\"\nx: y\n");
    sets("m:\nz: 1\n", "m:\n  a:\n    k: \"v\"\nz: 1\n");
    sets("m:\n  a:\n    \nz: 1\n", "m:\n  a:\n    k: \"v\"\n    \nz: 1\n");
    sets("m:\n  a:", "m:\n  a:\n    k: \"v\"");
    sets("m:\n  a: null # c\n  x: y\n", "m:\n  a: # c\n    k: \"v\"\n  x: y\n");
    sets("m:\n  a: ~\n", "m:\n  a:\n    k: \"v\"\n");
}

#[test]
fn flow_style_stays_flow() {
    sets("m:\n  a: {}\n", "m:\n  a: {\"k\": \"v\"}\n");
    sets("m:\n  a:\n    \n    {}\n", "m:\n  a:\n    \n    {\"k\": \"v\"}\n");
    sets("m: {a: {x: y}}\n", "m: {a: {\"k\": \"v\", x: y}}\n");
    sets("m: {a: null, x: y}\n", "m: {a: {\"k\": \"v\"}, x: y}\n");
    sets("m: { x: y }\n", "m: { \"a\": {\"k\": \"v\"}, x: y }\n");
    sets(
        "{\n  \"m\": {\n    \"a\": {\n      \"x\": \"y\"\n    }\n  }\n}",
        "{\n  \"m\": {\n    \"a\": {\n      \"k\": \"v\",\n      \"x\": \"y\"\n    }\n  }\n}",
    );
    sets("{\"m\":{\"x\":1}}", "{\"m\":{\"a\": {\"k\": \"v\"}, \"x\":1}}");
}

#[test]
fn a_last_comma_is_no_matter() {
    sets("m:\n  a: {x: y,}\n", "m:\n  a: {\"k\": \"v\", x: y,}\n");
    sets(
        "m:\n  a: {\n    x: y, # c\n  }\n",
        "m:\n  a: {\n    \"k\": \"v\",\n    x: y, # c\n  }\n",
    );
    removes("m: {a: 1, b: 2,}\n", &["b"], "m: {a: 1,}\n");
    removes("m: {a: 1,}\n", &["a"], "m: {}\n");
}

#[test]
fn a_value_that_is_there_is_replaced_in_place() {
    for old in ["w", "'w'", "\"w\"", "12", "|-\n      w", "w\n      x", ""] {
        let source = format!("m:\n  a:\n    k: {old}\n    x: y\n").replace("k: \n", "k:\n");
        sets(&source, "m:\n  a:\n    k: \"v\"\n    x: y\n");
    }
    sets("m:\n  a:\n    k: w  # c\n", "m:\n  a:\n    k: \"v\"  # c\n");
    sets("m:\n  a:\n    k: u\n    k: w\n", "m:\n  a:\n    k: u\n    k: \"v\"\n");
}

#[test]
fn the_same_string_in_another_spelling_is_no_change() {
    for same in ["v", "'v'", "|-\n    v"] {
        let source = format!("m: \n  a: \n   k: {same}\n");
        assert_eq!(
            drafted(&source, |draft, root| draft
                .set(root, &["m", "a", "k"], quoted("v"))
                .map(drop)),
            Ok(source.clone())
        );
    }
}

#[test]
fn what_an_alias_means_is_not_changed() {
    let set = |source| {
        drafted(source, |draft, root| {
            draft.set(root, &["m", "a", "k"], quoted("v")).map(drop)
        })
    };
    assert_eq!(set("x: &x {}\nm:\n  a: *x\n"), Err(Reason::Aliased));
    assert_eq!(set("m:\n  a: &x {}\nz: *x\n"), Err(Reason::Anchored));
    assert_eq!(set("x: &x {a: {}}\nm:\n  <<: *x\n"), Err(Reason::MergeKey));
    assert_eq!(set("m:\n  a: !x {}\n"), Err(Reason::Tagged));
    assert_eq!(set("m:\n  a: 12\n"), Err(Reason::NotAMapping));
    assert_eq!(set("m:\n  a: &x {}\n"), Ok("m:\n  a: &x {\"k\": \"v\"}\n".into()));
    assert_eq!(
        set("m:\n  a:\n    k: !!str w\n"),
        Ok("m:\n  a:\n    k: !!str \"v\"\n".into())
    );
}

#[track_caller]
fn removes(source: &str, keys: &[&str], expected: &str) {
    check(source, expected, |draft, root| {
        let mapping = root.get("m").unwrap_or(root);
        keys.iter()
            .try_for_each(|key| draft.remove_entry(mapping, mapping.own(key).expect("key").0))
    });
}

#[test]
fn an_entry_goes_with_its_lines_and_trailing_comment() {
    removes(
        "m:\n  # a\n  a: 1 # x\n  # b\n  b: 2\n",
        &["a"],
        "m:\n  # a\n  # b\n  b: 2\n",
    );
    removes(
        "m:\n  a: 1\n  b: |\n    x\n    y\n\n  c: 3\n",
        &["b"],
        "m:\n  a: 1\n\n  c: 3\n",
    );
    removes("m:\n  a:\n    - x\n    - y: z\n  c: 3\n", &["a"], "m:\n  c: 3\n");
    removes("m:\n  a: 1\n  b:\nz: 3\n", &["b"], "m:\n  a: 1\nz: 3\n");
    removes("a: 1\nb: 2\nc: 3", &["b", "c"], "a: 1");
    removes("a: 1\nb: 2\nc: 3", &["a", "c"], "b: 2");
}

#[test]
fn what_loses_its_last_entry_is_empty() {
    removes("m:\n  a: 1\nz: 2\n", &["a"], "m: {}\nz: 2\n");
    removes("m:\n  # c\n  a: 1\n  b: 2\nz: 2\n", &["a", "b"], "m: {}\n  # c\nz: 2\n");
    removes("a: 1\nb: 2\n", &["a", "b"], "{}\n");
    removes("m: {a: 1}\n", &["a"], "m: {}\n");
    removes("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["a", "b"], "{\n  }\n");
}

#[test]
fn in_flow_style_one_comma_goes_along() {
    removes("m: {a: 1, b: 2, c: 3}\n", &["a"], "m: {b: 2, c: 3}\n");
    removes("m: {a: 1, b: 2, c: 3}\n", &["b"], "m: {a: 1, c: 3}\n");
    removes("m: {a: 1, b: 2, c: 3}\n", &["c"], "m: {a: 1, b: 2}\n");
    removes("m: {a: 1, b: 2, c: 3}\n", &["a", "c"], "m: {b: 2}\n");
    removes("{\n  \"a\": 1,\n  \"b\": 2\n}\n", &["b"], "{\n  \"a\": 1\n}\n");
}

#[test]
fn the_first_entry_of_an_item_leaves_its_dash() {
    let first = |source: &str, expected: &str| {
        check(source, expected, |draft, root| {
            let item = root.get("m").and_then(|m| m.items().next()).expect("item");
            draft.remove_entry(item, 0)
        });
    };
    first("m:\n- a: 1\n  b: 2\n", "m:\n- b: 2\n");
    first("m:\n- a: 1 # x\n  # y\n  b: 2\n", "m:\n- \n  # y\n  b: 2\n");
    first("m:\n- a: 1\n- c: 3\n", "m:\n- {}\n- c: 3\n");
}

#[test]
fn a_replaced_entry_takes_its_trailing_comment_along() {
    check("m:\n  a: 1 # x\n  b: 2\n", "m:\n  c: true\n  b: 2\n", |draft, root| {
        draft.replace_entry(root.get("m").expect("m"), 0, "c", Value::plain("true"))
    });
}

#[test]
fn an_entry_is_appended_behind_the_last() {
    let append = |source: &str, expected: &str| {
        check(source, expected, |draft, root| {
            draft.append_entry(root, "c", Value::plain("true"))
        });
    };
    append("a: 1\nb: 2 # x\n# y\n", "a: 1\nb: 2 # x\nc: true\n# y\n");
    append("a: 1\nb: 2", "a: 1\nb: 2\nc: true");
    append("{a: 1}\n", "{a: 1, \"c\": true}\n");
    check("a: 1\nb: 2", "a: 1\nc: true", |draft, root| {
        draft.append_entry(root, "c", Value::plain("true"))?;
        draft.remove_entry(root, 1)
    });
}

#[test]
fn items_go_and_come() {
    let remove = |source: &str, index: usize, expected: &str| {
        check(source, expected, |draft, root| {
            draft.remove_item(root.get("m").expect("m"), index)
        });
    };
    remove("m:\n- a: 1\n  b: 2\n# x\n- c\n", 0, "m:\n# x\n- c\n");
    remove("m:\n  - a\n  - b", 1, "m:\n  - a");
    remove("m:\n  - a\nz: 1\n", 0, "m: []\nz: 1\n");
    remove("m: [a, b]\n", 1, "m: [a]\n");
    let insert = |source: &str, index: usize, expected: &str| {
        check(source, expected, |draft, root| {
            draft.insert_item(
                root.get("m").expect("m"),
                index,
                Value::map([("k", quoted("v")), ("l", Value::word("w"))]),
            )
        });
    };
    insert("m:\n- a: 1\n- b: 2\n", 1, "m:\n- a: 1\n- k: \"v\"\n  l: w\n- b: 2\n");
    insert("m:\n  - a: 1", 9, "m:\n  - a: 1\n  - k: \"v\"\n    l: w");
    insert(
        "m: [{\"a\": 1}]\n",
        0,
        "m: [{\"k\": \"v\", \"l\": \"w\"}, {\"a\": 1}]\n",
    );
}

#[test]
fn several_changes_are_one_result() {
    check(
        "m:\n  x: 1\nn:\n  - p: q\n",
        "m:\n  k: \"v\"\n  l: \"w\"\n  x: 1\nn:\n  - p: \"r\"\n",
        |draft, root| {
            draft.set(root, &["m", "k"], quoted("v"))?;
            draft.set(root, &["m", "l"], quoted("w"))?;
            let item = root.get("n").and_then(|n| n.items().next()).expect("item");
            draft.set(item, &["p"], quoted("r")).map(drop)
        },
    );
}

#[test]
fn a_folded_text_whose_last_line_becomes_another_is_refused_where_it_stands() {
    let source = "a: b\nm: >+\n  x\n\n  y\n\n";
    let document = Document::parse(source).expect("YAML");
    let text = document.root().and_then(|root| root.get("m")).expect("m");
    assert_eq!(text.text(), Some("x\ny\n\n"));
    let mut draft = Draft::new(&document);
    let edits = Edits::new(vec![Edit::delete(2, 4)]).expect("one edit");
    draft.edit_text(text, edits).expect("a text");
    assert_eq!(draft.finish(), Err(Reason::OpaqueValue.at(text.pos())));
}

#[test]
fn a_collection_with_an_anchor_or_a_tag_is_not_emptied() {
    for (source, of_mapping) in [
        ("m: &a\n  x: y\n", true),
        ("m: !!map\n  x: y\n", true),
        ("m: &a # c\n- x\n", false),
    ] {
        let refused = drafted(source, |draft, root| {
            let m = root.get("m").expect("m");
            if of_mapping {
                draft.remove_entry(m, 0)
            } else {
                draft.remove_item(m, 0)
            }
        });
        assert_eq!(refused, Err(Reason::Tagged), "{source}");
    }
}

#[track_caller]
fn refused(source: &str, reason: Reason) {
    let changed = drafted(source, |draft, root| draft.set(root, &["new"], quoted("v")).map(drop));
    assert_eq!(changed, Err(reason), "{source:?}");
}

#[track_caller]
fn keeps_entry(source: &str, key: &str, reason: Reason) {
    let removed = drafted(source, |draft, root| {
        draft.remove_entry(root, root.own(key).map_or(0, |(index, _, _)| index))
    });
    assert_eq!(removed, Err(reason), "{source:?}");
}

#[test]
fn a_line_break_of_yaml_1_1_is_refused_anywhere() {
    for text in ["a: b\u{85} c\n", "a: |\n  b\u{2028}c\n", "# c\u{2029}kind: d\na: b\n"] {
        refused(text, Reason::OldLineBreak);
    }
}

#[test]
fn a_merge_behind_a_key_it_has_is_refused() {
    refused("x: {a: 1, <<: {a: 2}}\n", Reason::MergeOrder);
    refused("x: &x {a: 1}\ny:\n  a: 2\n  <<: [{b: 1}, *x]\n", Reason::MergeOrder);
    refused("<<: {a: 1}\n<<: {b: 1}\n", Reason::MergeOrder);
    refused("!!str <<: {a: 1}\n", Reason::Tagged);
    let beside = |source: &str| drafted(source, |draft, root| draft.set(root, &["new"], quoted("v")).map(drop));
    assert!(beside("b: 1\n<<: {a: 1}\n").is_ok());
    assert!(beside("<<: {a: 1}\na: 2\n").is_ok());
}

#[test]
fn an_entry_that_is_merged_in_too_is_not_taken_out() {
    keeps_entry("<<: {a: 1}\na: 2\n", "a", Reason::MergeKey);
}

#[test]
fn an_entry_whose_key_is_not_text_to_all_is_not_taken_out() {
    for key in ["yes", "010", "~", "1_0", "1:30", "=", "1.0"] {
        keeps_entry(&format!("{key}: b\nc: d\n"), key, Reason::KeyNotText);
    }
}

#[test]
fn an_unclear_colon_in_braces_is_refused() {
    refused("a: {b:,}\n", Reason::CrowdedColon);
    refused("a: {?b : c}\n", Reason::CrowdedColon);
    refused("a: {b:,}\nx: &x y\nz: *x\n", Reason::CrowdedColon);
}

#[test]
fn binary_by_its_tag_is_refused() {
    refused("a: !!binary eA==\n", Reason::Tagged);
}

#[test]
fn a_tag_that_decides_the_type_is_not_written_behind() {
    for tag in ["int", "bool", "null", "float", "timestamp"] {
        let source = format!("m: !!{tag} \"1\"\n");
        let set = drafted(&source, |draft, root| draft.set(root, &["m"], quoted("v")).map(drop));
        assert_eq!(set, Err(Reason::Tagged), "{source:?}");
    }
}

#[test]
fn a_text_block_does_not_come_to_begin_with_a_tab() {
    let shorter = |source: &str| {
        drafted(source, |draft, root| {
            let first = Edits::new(vec![Edit::delete(0, 1)]).expect("one edit");
            draft.edit_text(root.get("a").expect("a"), first)
        })
    };
    assert_eq!(shorter("a: |\n  x\ty\n"), Err(Reason::OpaqueValue));
    assert_eq!(shorter("a: |\n  xy\tz\n"), Ok("a: |\n  y\tz\n".to_owned()));
}

#[track_caller]
fn refuses(source: &str, reason: Reason, change: impl for<'d> Fn(&mut Draft<'d>, Node<'d>) -> Result<(), Refusal>) {
    assert_eq!(drafted(source, change), Err(reason));
}

fn remove_first<'d>(draft: &mut Draft<'d>, root: Node<'d>) -> Result<(), Refusal> {
    draft.remove_entry(root.get("m").expect("m"), 0)
}

#[test]
fn a_comment_between_braces_is_never_lost() {
    refuses("m: {a: 1, # x\n  b: 2}\n", Reason::CommentInFlow, remove_first);
    refuses("m: {a: 1 # x\n  }\n", Reason::CommentInFlow, remove_first);
    refuses("m: {a: 1, # x\n  b: 2}\n", Reason::CommentInFlow, |draft, root| {
        draft.remove_entry(root.get("m").expect("m"), 1)
    });
    for source in [
        "m: {a: 1, # x\n  b: 2, c: 3}\n",
        "m: {a: 1, b: 2, # x\n  c: 3}\n",
        "m: {a: 1, # x\n  b: 2}\n",
    ] {
        refuses(source, Reason::CommentInFlow, |draft, root| {
            remove_first(draft, root)?;
            draft.remove_entry(root.get("m").expect("m"), 1)
        });
    }
    refuses("m: [a, # x\n  b]\n", Reason::CommentInFlow, |draft, root| {
        draft.remove_item(root.get("m").expect("m"), 0)
    });
    sets("m: {a: { # x\n    x: y}}\n", "m: {a: { # x\n    \"k\": \"v\", x: y}}\n");
}

#[test]
fn flow_style_takes_what_comes_for_what_goes() {
    let append = |source: &str, removed: &[usize], expected: &str| {
        check(source, expected, |draft, root| {
            draft.append_entry(root, "c", Value::Plain("true".into()))?;
            removed.iter().try_for_each(|index| draft.remove_entry(root, *index))
        });
    };
    append("{a: 1, b: 2}\n", &[1], "{a: 1, \"c\": true}\n");
    append("{a: 1, b: 2}\n", &[0], "{b: 2, \"c\": true}\n");
    append("{a: 1, b: 2}\n", &[0, 1], "{\"c\": true}\n");
    append("{}\n", &[], "{\"c\": true}\n");
    let set = |source: &str, removed: &[usize], expected: &str| {
        check(source, expected, |draft, root| {
            draft.set(root, &["k"], quoted("v"))?;
            removed.iter().try_for_each(|index| draft.remove_entry(root, *index))
        });
    };
    set("{a: 1, b: 2}\n", &[0], "{\"k\": \"v\", b: 2}\n");
    set("{a: 1, b: 2}\n", &[0, 1], "{\"k\": \"v\"}\n");
    check("m: {a: 1, b: 2}\n", "m: {\"c\": true, b: 2}\n", |draft, root| {
        draft.replace_entry(root.get("m").expect("m"), 0, "c", Value::Plain("true".into()))
    });
}

#[test]
fn items_come_into_brackets_where_they_are_asked_for() {
    let insert = |source: &str, index: usize, removed: &[usize], expected: &str| {
        check(source, expected, |draft, root| {
            let items = root.get("m").expect("m");
            draft.insert_item(items, index, quoted("v"))?;
            draft.insert_item(items, index, quoted("w"))?;
            removed.iter().try_for_each(|index| draft.remove_item(items, *index))
        });
    };
    insert("m: [a, b]\n", 1, &[], "m: [a, \"v\", \"w\", b]\n");
    insert("m: [a, b]\n", 2, &[], "m: [a, b, \"v\", \"w\"]\n");
    insert("m: [a, b]\n", 2, &[1], "m: [a, \"v\", \"w\"]\n");
    insert("m: [a]\n", 1, &[0], "m: [\"v\", \"w\"]\n");
    insert("m: []\n", 0, &[], "m: [\"v\", \"w\"]\n");
}

#[test]
fn an_empty_value_goes_with_its_key_and_colon() {
    removes("m: {a: , b: 2}\n", &["a"], "m: {b: 2}\n");
    removes("m: {a: 1, b: }\n", &["a"], "m: {b: }\n");
    removes("m: {a: 1, b: , c: 3}\n", &["b"], "m: {a: 1, c: 3}\n");
}

#[test]
fn a_key_with_an_anchor_or_a_tag_is_not_taken_away() {
    for key in ["&k a", "!!str a"] {
        refuses(&format!("m:\n  {key}: 1\n  b: 2\n"), Reason::Tagged, remove_first);
        refuses(&format!("m: {{{key}: 1, b: 2}}\n"), Reason::Tagged, remove_first);
        refuses(&format!("m:\n- {key}: 1\n"), Reason::Tagged, |draft, root| {
            let item = root.get("m").and_then(|m| m.items().next()).expect("item");
            draft.set(item, &["k"], quoted("v")).map(drop)
        });
    }
    refuses("m: &x\nz: 1\n", Reason::Tagged, |draft, root| {
        draft.set(root, &["m", "k"], quoted("v")).map(drop)
    });
}

#[test]
fn what_shares_its_line_is_not_taken_away() {
    refuses("m: [a: 1]\n", Reason::CrowdedLine, |draft, root| {
        let pair = root.get("m").and_then(|m| m.items().next()).expect("item");
        draft.remove_entry(pair, 0)
    });
    refuses("- - a\n  - b\n", Reason::CrowdedLine, |draft, root| {
        draft.remove_item(root.items().next().expect("item"), 0)
    });
    refuses("- a\n", Reason::CrowdedLine, |draft, root| draft.remove_item(root, 0));
    refuses("? m\n: a: 1\n  b: 2\n", Reason::ExplicitKey, |draft, root| {
        draft.set(root, &["m", "k"], quoted("v")).map(drop)
    });
}

#[test]
fn an_entry_before_the_first_of_an_item_takes_its_place_behind_the_dash() {
    check(
        "m:\n- a: 1\n  b: 2\n",
        "m:\n- k: \"v\"\n  a: 1\n  b: 2\n",
        |draft, root| {
            let item = root.get("m").and_then(|m| m.items().next()).expect("item");
            draft.set(item, &["k"], quoted("v")).map(drop)
        },
    );
}

#[test]
fn a_word_has_quotes_in_flow_style_only() {
    let set = |source: &str, expected: &str| {
        check(source, expected, |draft, root| {
            draft.set(root, &["m", "k"], Value::word("w")).map(drop)
        });
    };
    set("m:\n  k: x\n", "m:\n  k: w\n");
    set("m: {k: x}\n", "m: {k: \"w\"}\n");
    set("m:\n  k: |\n    x\n  l: y\n", "m:\n  k: w\n  l: y\n");
}

#[test]
fn what_is_set_twice_is_set_once() {
    let set = |source: &str, expected: &str| {
        check(source, expected, |draft, root| {
            draft.set(root, &["m", "k"], quoted("u"))?;
            draft.set(root, &["m", "l"], quoted("w"))?;
            draft.set(root, &["m", "k"], quoted("v")).map(drop)
        });
    };
    for source in ["m:\nz: 1\n", "z: 1\n"] {
        set(source, "m:\n  k: \"v\"\n  l: \"w\"\nz: 1\n");
    }
}

#[test]
fn a_value_that_only_looks_alike_is_changed() {
    let set =
        |source: &str, value: &Value| drafted(source, |draft, root| draft.set(root, &["k"], value.clone()).map(drop));
    assert_eq!(set("k: on\n", &quoted("on")), Ok("k: \"on\"\n".into()));
    assert_eq!(set("k: 'true'\n", &Value::Plain("true".into())), Ok("k: true\n".into()));
    assert_eq!(set("k: true\n", &Value::Plain("true".into())), Ok("k: true\n".into()));
    assert_eq!(set("k: !!binary dg==\n", &quoted("v")), Err(Reason::Tagged));
    assert_eq!(set("k: [v]\n", &quoted("v")), Err(Reason::OpaqueValue));
}

#[test]
fn a_draft_without_a_change_is_empty() {
    let document = Document::parse("k: v\n").expect("YAML");
    let root = document.root().expect("root");
    let mut draft = Draft::new(&document);
    let text = root.get("k").expect("k");
    draft.edit_text(text, Edits::default()).expect("nothing");
    assert!(draft.is_empty() && draft.finish().expect("nothing").is_empty());
    draft.set(root, &["k"], quoted("w")).expect("a change");
    assert!(!draft.is_empty());
}
