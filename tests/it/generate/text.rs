//! Texts that Secrets hold, with and without their keys, and texts that are hard to write down in YAML.

use serde_json::Value;

use super::choices::Choices;
use crate::leak::{KEY_ID, SECRET_KEY, TOKEN};

/// A value of a Secret.
pub(crate) struct Text {
    pub(crate) key: &'static str,
    pub(crate) before: String,
    pub(crate) after: String,
    /// What the policy must say about it, beside the name and the key.
    pub(crate) rule: Option<Value>,
}

/// What becomes of a line.
#[derive(Clone, Copy)]
enum Fate {
    Stays,
    Goes,
    Becomes(&'static str),
}
use Fate::{Becomes, Goes, Stays};

/// A text of any format whose keys go.
pub(crate) fn with_keys(choices: &mut Choices) -> Text {
    match choices.below(8) {
        0 => registry(choices),
        1 => fog(choices),
        2 => s3cmd(choices),
        3 => aws_credentials(choices),
        4 => generic_yaml(choices),
        5 => generic_ini(choices),
        6 => json(choices),
        _ => kept(choices),
    }
}

fn registry(choices: &mut Choices) -> Text {
    let head = choices.of(&["s3:", "# the storage\ns3:", "s3_v2:", "s3aws:"]);
    let lines = vec![
        ("region: us-east-1".to_owned(), Stays),
        (format!("accesskey: {KEY_ID}{}", behind(choices)), Goes),
        (format!("secretkey: {SECRET_KEY}{}", behind(choices)), Goes),
        ("bucket: b".to_owned(), Stays),
        ("# a remark".to_owned(), Stays),
        ("v4auth: true".to_owned(), Stays),
    ];
    let lines = some(choices, lines, 3);
    let indent = choices.of(&["  ", "    ", " "]);
    text(choices, "config", Some(head), indent, &lines, None)
}

fn fog(choices: &mut Choices) -> Text {
    let lines = vec![
        ("provider: AWS".to_owned(), Stays),
        ("region: us-east-1".to_owned(), Stays),
        (format!("aws_access_key_id: {KEY_ID}"), Goes),
        (format!("aws_secret_access_key: {SECRET_KEY}{}", behind(choices)), Goes),
        ("path_style: false".to_owned(), Stays),
        (format!("aws_session_token: {TOKEN}"), Goes),
    ];
    let mut lines = some(choices, lines, 4);
    if let Some(first) = lines.iter_mut().find(|(_, fate)| matches!(fate, Goes)) {
        first.1 = Becomes("use_iam_profile: true");
    }
    text(choices, "connection", None, "", &lines, None)
}

fn s3cmd(choices: &mut Choices) -> Text {
    let is = choices.of(&[" = ", "="]);
    let lines = vec![
        (format!("bucket_location{is}us-east-1"), Stays),
        (format!("access_key{is}{KEY_ID}"), Goes),
        (format!("secret_key{is}{SECRET_KEY}"), Goes),
        (String::new(), Stays),
        ("# a remark".to_owned(), Stays),
    ];
    let lines = some(choices, lines, 3);
    text(choices, ".s3cfg", Some("[default]"), "", &lines, None)
}

fn aws_credentials(choices: &mut Choices) -> Text {
    let lines = vec![
        ("region = us-east-1".to_owned(), Stays),
        (format!("aws_access_key_id = {KEY_ID}"), Goes),
        (format!("aws_secret_access_key = {SECRET_KEY}"), Goes),
        (format!("aws_session_token={TOKEN}"), Goes),
        ("; a remark".to_owned(), Stays),
    ];
    let lines = some(choices, lines, 3);
    text(choices, "credentials", Some("[default]"), "", &lines, None)
}

fn generic_yaml(choices: &mut Choices) -> Text {
    let lines = vec![
        ("bucket: b".to_owned(), Stays),
        (format!("access_key: {KEY_ID}{}", behind(choices)), Goes),
        (format!("secret_key: '{SECRET_KEY}'"), Goes),
        ("# a remark".to_owned(), Stays),
        ("deep: {a: [b, c]}".to_owned(), Stays),
    ];
    let lines = some(choices, lines, 3);
    let rule = serde_json::json!({"format": "yaml", "remove": ["config.access_key", "config.secret_key"]});
    text(
        choices,
        "objstore.yml",
        Some("type: S3\nconfig:"),
        "  ",
        &lines,
        Some(rule),
    )
}

fn generic_ini(choices: &mut Choices) -> Text {
    let lines = vec![
        ("S3_REGION=us-east-1".to_owned(), Stays),
        (format!("S3_KEY={KEY_ID}"), Goes),
        (format!("S3_SECRET={SECRET_KEY}"), Goes),
        ("# a remark".to_owned(), Stays),
    ];
    let lines = some(choices, lines, 3);
    let rule = serde_json::json!({"format": "ini", "remove": ["S3_KEY", "S3_SECRET"]});
    text(choices, "backup.env", None, "", &lines, Some(rule))
}

fn json(choices: &mut Choices) -> Text {
    let entries = vec![
        ("\"region\": \"us-east-1\"".to_owned(), Stays),
        (format!("\"accesskey\": \"{KEY_ID}\""), Goes),
        (format!("\"secretkey\": \"{SECRET_KEY}\""), Goes),
        ("\"bucket\": \"b\"".to_owned(), Stays),
    ];
    let entries = some(choices, entries, 3);
    let joined = |all: &[(String, Fate)], also: bool| {
        let stay = all.iter().filter(|(_, fate)| also || matches!(fate, Stays));
        let entries: Vec<&str> = stay.map(|(entry, _)| entry.as_str()).collect();
        format!("{{\"s3\": {{{}}}}}", entries.join(", "))
    };
    Text {
        key: "config.json",
        before: joined(&entries, true),
        after: joined(&entries, false),
        rule: None,
    }
}

/// Keys of a store that is not AWS stay.
fn kept(choices: &mut Choices) -> Text {
    let lines = vec![
        ("provider: AWS".to_owned(), Stays),
        ("region: us-east-1".to_owned(), Stays),
        ("endpoint: http://minio.example.com:9000".to_owned(), Stays),
        (format!("aws_access_key_id: {}", "minio-user"), Stays),
        (format!("aws_secret_access_key: {SECRET_KEY}"), Stays),
    ];
    text(choices, "minio", None, "", &lines, None)
}

fn behind(choices: &mut Choices) -> &'static str {
    choices.of(&["", "", "   # rotate me", " "])
}

/// All of the first `least` and some of the others, in any order.
fn some(choices: &mut Choices, mut lines: Vec<(String, Fate)>, least: usize) -> Vec<(String, Fate)> {
    let others = lines.split_off(least);
    lines.extend(others.into_iter().filter(|_| choices.one_in(2)));
    choices.shuffled(lines)
}

fn text(
    choices: &mut Choices,
    key: &'static str,
    head: Option<&str>,
    indent: &str,
    lines: &[(String, Fate)],
    rule: Option<Value>,
) -> Text {
    let mut before: Vec<String> = head.into_iter().map(str::to_owned).collect();
    let mut after = before.clone();
    for (line, fate) in lines {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!("{indent}{line}")
        };
        match fate {
            Stays => after.push(line.clone()),
            Goes => {}
            Becomes(other) => after.push(format!("{indent}{other}")),
        }
        before.push(line);
    }
    let is_last_to_stay = lines
        .last()
        .is_some_and(|(line, fate)| matches!(fate, Stays) && !line.is_empty());
    let end = if is_last_to_stay && choices.one_in(4) { "" } else { "\n" };
    let newline = if choices.one_in(8) { "\r\n" } else { "\n" };
    let joined = |lines: &[String]| (lines.join("\n") + end).replace('\n', newline);
    Text {
        key,
        before: joined(&before),
        after: joined(&after),
        rule,
    }
}

/// Texts that another spelling would make something else of.
pub(crate) const HARD: &[&str] = &[
    "plain",
    "two words",
    "true",
    "123",
    "",
    " leading",
    "trailing ",
    "a: b",
    "a #b",
    "a#b",
    "- x",
    "several\nlines\nof text\n",
    "tab\tin",
    "\u{e9}\u{6f22}\u{5b57} \u{1f511} e\u{301} \u{200b}",
    "x\n\n\ny",
    "  indented\nfirst\n",
    "no line break\nat the end",
    "ends in\n\n\n",
    "\nbegins with one\n",
    "---\nnot a document\n...\n",
    "'single' \"double\" \\back",
    "%YAML 1.2",
    "@at",
    "`tick",
    "{{ template }}",
    "*alias",
    "&anchor",
    "!tag",
    "|",
    ">",
    "null",
    "~",
    "1_000",
    "0x1f",
    "1:30",
    "=",
    "<<",
    "2001-12-14",
    "yes",
    "\u{85}\u{2028}",
    "\u{feff}",
    "bell\u{7}",
    "carriage\r\nreturn\r",
    "a,b",
    "[x]",
    "? y",
    "a long sentence of many words that a person would rather see on several lines than on one",
    "  \n\n  mostly\n   blank  \n\n",
    "*   list\n    * deeper\n\n  back\n",
    "# a comment that is none\n",
    "kind: Secret\ndata:\n  a: b\n",
    "last line is blank\n   ",
    "\t\ttabs\n\tat the start\n",
];

/// A hard text, now and then a very long one.
pub(crate) fn hard(choices: &mut Choices) -> String {
    if choices.one_in(60) {
        return choices.of(&["x", "word ", "\u{6f22} "]).repeat(10_000 / 4);
    }
    let first = choices.of(HARD).to_owned();
    if choices.one_in(5) {
        first + choices.of(HARD)
    } else {
        first
    }
}
