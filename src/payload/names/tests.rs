use super::*;
use crate::payload::format::Format;
use crate::payload::samples::{edit_kept, edits};
use crate::payload::verdict::KeptReason;

const ENV: &str = "# env\nexport AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY='b'\nBUCKET=x:y=z\n";

fn value(text: &str) -> Value {
    Value::plain(text)
}

#[test]
fn named_keys_go_with_their_lines() {
    let remove = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ABSENT"];
    edits(Format::Ini, ENV, &remove, &[], "# env\nBUCKET=x:y=z\n");
    edits(
        Format::Ini,
        "a=1\nexporta=2\nA=3\n#a=4\n",
        &["a"],
        &[],
        "exporta=2\nA=3\n#a=4\n",
    );
    edits(Format::Ini, "[s]\na = 1\n[t]\na = 2", &["t.a"], &[], "[s]\na = 1\n[t]");
    edits(Format::Ini, "[s]\na = 1\n[t]\na = 2\n", &["a"], &[], "[s]\n[t]\n");
    edits(Format::Ini, "s3.key: 1\n s3.id : 2\n", &["s3.key", "s3.id"], &[], "");
    edits(Format::Ini, "", &["a"], &[], "");
}

#[test]
fn new_values_take_the_place_of_old_ones() {
    let set = [("env_auth", value("true"))];
    let remove = ["access_key_id", "secret_access_key"];
    edits(
        Format::Ini,
        "[r]\ntype = s3\naccess_key_id = a\nsecret_access_key = b\nregion = x\n[q]\n",
        &remove,
        &set,
        "[r]\ntype = s3\nenv_auth = true\nregion = x\n[q]\n",
    );
    edits(
        Format::Ini,
        "env_auth: false\naccess_key_id: a",
        &remove,
        &set,
        "env_auth: true",
    );
    edits(
        Format::Ini,
        "env_auth=\naccess_key_id=a",
        &remove,
        &set,
        "env_auth=true",
    );
    edits(
        Format::Ini,
        "env_auth = \"true\"\n",
        &remove,
        &set,
        "env_auth = \"true\"\n",
    );
}

#[test]
fn what_is_missing_is_added_where_its_section_is() {
    let set = [("r.env_auth", value("true")), ("r.x", value("y"))];
    edits(
        Format::Ini,
        "[r]\ntype = s3\naccess_key_id = a\n\n# q\n[q]\nz = 1\n",
        &["r.access_key_id"],
        &set,
        "[r]\ntype = s3\nenv_auth = true\nx = y\n\n# q\n[q]\nz = 1\n",
    );
    edits(Format::Ini, "# c\n[r]", &[], &set, "# c\n[r]\nenv_auth = true\nx = y");
    edits(Format::Ini, "[q]\na=1\n[p]\n", &[], &set, "[q]\na=1\n[p]\n");
    let bare = [("B", value("2"))];
    edits(Format::Ini, "export A=1\n\n", &[], &bare, "export A=1\nexport B=2\n\n");
    edits(Format::Ini, "export A=1", &["A"], &bare, "export B=2");
    edits(Format::Ini, "", &[], &bare, "B = 2");
    edits(Format::Ini, "[a]\n[b]\n", &[], &bare, "[a]\n[b]\n");
    edits(
        Format::Ini,
        "A=1\nC=3",
        &["A", "C"],
        &[("A", value("2")), ("B", value("4"))],
        "A=2\nB=4",
    );
}

#[test]
fn known_formats_are_edited_by_their_own_rules() {
    edits(
        Format::S3cmd,
        "[default]\na: b\nc = d\n",
        &["a", "c"],
        &[],
        "[default]\na: b\n",
    );
    edits(Format::AwsCredentials, "[a]\nregion = x\n", &["a.region"], &[], "[a]\n");
}

#[test]
fn what_is_not_one_line_stays() {
    let opaque = KeptReason::Uneditable(Reason::OpaqueValue);
    assert_eq!(edit_kept(Format::Ini, "A=\"x\ny\"\n", &["A"], &[]), opaque);
    assert_eq!(
        edit_kept(Format::Ini, "A=\"x\ny\"\n", &[], &[("A", value("b"))]),
        opaque
    );
    assert_eq!(edit_kept(Format::Ini, "a =\n  x\n", &[], &[("a", value("b"))]), opaque);
    assert_eq!(edit_kept(Format::Ini, "A=1\n", &[], &[("A", value("b\nc"))]), opaque);
    assert_eq!(
        edit_kept(Format::Ini, "A=1\n", &[], &[("A", Value::Map(vec![]))]),
        opaque
    );
    assert_eq!(
        edit_kept(Format::Ini, "A=ENC[AES256_GCM,x]\n", &["A"], &[]),
        KeptReason::Sealed
    );
    assert_eq!(
        edit_kept(Format::Ini, "A=1\n#AKIAIOSFODNN7EXAMPLE\n", &["A"], &[]),
        KeptReason::KeyInComment
    );
    edits(Format::Ini, "A=\"x\ny\"\nB=1\n", &["B"], &[], "A=\"x\ny\"\n");
}

#[test]
fn names_and_values_that_would_not_read_back_are_not_written() {
    for (name, new) in [
        ("a:", "1"),
        ("a=b", "1"),
        ("#a", "1"),
        (";a", "1"),
        ("[a]", "1"),
        ("a", "1 "),
    ] {
        assert_eq!(
            edit_kept(Format::Ini, "b = 2\n", &["b"], &[(name, value(new))]),
            KeptReason::Uneditable(Reason::NotProved),
            "{name} {new}"
        );
    }
}

#[test]
fn a_line_is_taken_with_what_its_value_goes_on_in_and_no_other() {
    let removes = |text: &str, remove: &[&str], expected: &str| edits(Format::Ini, text, remove, &[], expected);
    removes("A=1", &["A"], "");
    removes("a = 1\nword\nb = 2\n", &["a"], "word\nb = 2\n");
    removes("a = 1\n  x\n  y\nb = 2\n", &["a"], "b = 2\n");
    removes("a = 1\n  b = 2\nc = 3\n", &["a", "b"], "c = 3\n");
    removes("export\tA=1\nB=2\n", &["A"], "B=2\n");
    removes("a=1\n", &[".a"], "a=1\n");
    let opaque = KeptReason::Uneditable(Reason::OpaqueValue);
    assert_eq!(edit_kept(Format::Ini, "a = 1\n  b = 2\nc = 3\n", &["a"], &[]), opaque);
    assert_eq!(edit_kept(Format::Ini, "A=x\\\nB=1\n", &["A"], &[]), opaque);
}

#[test]
fn what_looks_like_a_key_inside_quotes_is_none() {
    let quoted = "A=\"x\ny\nB=1\nz\"\nC=2\n";
    let opaque = KeptReason::Uneditable(Reason::OpaqueValue);
    assert_eq!(edit_kept(Format::Ini, quoted, &["B"], &[]), opaque);
    edits(Format::Ini, quoted, &["C"], &[], "A=\"x\ny\nB=1\nz\"\n");
}

#[test]
fn a_new_line_is_written_as_the_others_are() {
    let bare = [("B", value("2"))];
    edits(Format::Ini, "A: 1\n", &[], &bare, "A: 1\nB: 2\n");
    edits(Format::Ini, "A=1\nC=3", &["C"], &bare, "A=1\nB=2");
    edits(Format::Ini, "[r]\nA=1\n", &[], &bare, "[r]\nA=1\nB=2\n");
}
