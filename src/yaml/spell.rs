//! How new keys and values are spelled.
//!
//! Invariant: a spelling reads back as the same value under YAML 1.1 and 1.2, in Go's readers as in ours.
//!
//! Deliberately absent: any look at the text around; indentation and line breaks are given.

use std::fmt::Write as _;

use super::veil::Veiled;

/// A value to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A string, always in double quotes: some readers mistake the type of annotations without.
    Quoted(Veiled<String>),
    /// A string, without quotes in block style where every reader takes it for a string.
    Word(Veiled<String>),
    /// A boolean or a number, as it is.
    Plain(Veiled<String>),
    /// A mapping, in this order.
    Map(Vec<(String, Value)>),
    /// A sequence.
    Seq(Vec<Value>),
}

impl Value {
    /// A string in double quotes.
    pub fn quoted(text: impl Into<Veiled<String>>) -> Self {
        Self::Quoted(text.into())
    }

    /// A string, without quotes where that is safe.
    pub fn word(text: impl Into<Veiled<String>>) -> Self {
        Self::Word(text.into())
    }

    /// A boolean or a number.
    pub fn plain(text: impl Into<Veiled<String>>) -> Self {
        Self::Plain(text.into())
    }

    /// `entries` as a mapping.
    #[must_use]
    pub fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// One line in block style: as in flow style, but for a word, which needs no quotes there.
    #[must_use]
    pub fn inline(&self) -> String {
        match self {
            Self::Word(text) => word(text),
            _ => self.flow(),
        }
    }

    /// One line in flow style; quoted keys, so that it stays JSON where it was JSON.
    #[must_use]
    pub fn flow(&self) -> String {
        match self {
            Self::Quoted(text) | Self::Word(text) => quoted(text),
            Self::Plain(text) => text.to_string(),
            Self::Map(entries) => {
                let entries: Vec<String> = entries.iter().map(|(key, value)| flow_entry(key, value)).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Self::Seq(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }
}

/// How lines are laid out around new text.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'b> {
    /// The column of the new entry, in spaces.
    pub indent: usize,
    /// The line break in use.
    pub newline: &'b str,
}

impl Lines<'_> {
    fn deeper(self, by: usize) -> Self {
        Self {
            indent: self.indent + by,
            ..self
        }
    }

    fn next(self) -> String {
        format!("{}{}", self.newline, " ".repeat(self.indent))
    }
}

/// `key: value` in block style, from the key's column on; no final line break.
#[must_use]
pub fn block_entry(key: &str, value: &Value, lines: Lines<'_>) -> String {
    format!("{}:{}", word(key), after_header(value, lines))
}

/// `- value` in block style, from the dash's column on; no final line break.
#[must_use]
pub fn block_item(value: &Value, lines: Lines<'_>) -> String {
    let inner = lines.deeper(2);
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| block_entry(key, value, inner))
                .collect();
            format!("- {}", entries.join(&inner.next()))
        }
        _ => format!("- {}", value.inline()),
    }
}

/// Entries of one mapping, each on a line of its own, from the first one's column on; no final line break.
#[must_use]
pub fn block_entries(entries: &[(String, Value)], lines: Lines<'_>) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, value)| block_entry(key, value, lines))
        .collect();
    entries.join(&lines.next())
}

/// `"key": value` in flow style.
#[must_use]
pub fn flow_entry(key: &str, value: &Value) -> String {
    format!("{}: {}", quoted(key), value.flow())
}

fn after_header(value: &Value, lines: Lines<'_>) -> String {
    let inner = lines.deeper(2);
    match value {
        Value::Map(entries) if !entries.is_empty() => inner.next() + &block_entries(entries, inner),
        Value::Seq(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().map(|item| block_item(item, lines)).collect();
            lines.next() + &items.join(&lines.next())
        }
        _ => format!(" {}", value.inline()),
    }
}

/// A string in block style.
fn word(text: &str) -> String {
    if is_safe_word(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A string in double quotes on one line, as YAML and JSON both read it.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A string as it stands between double quotes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Beyond four digits JSON writes two escapes, which YAML takes for no character; neither forbids it as it is.
            ' '..='~' | '\u{10000}'.. => out.push(c),
            _ => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
    out
}

/// Words that YAML 1.1 takes for booleans or null.
const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

fn is_safe_word(text: &str) -> bool {
    let holds = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/'));
    holds && is_string_when_plain(text)
}

/// Whether every reader takes a plain scalar with this text for a string. Numbers and dates begin with a digit, a sign
/// or a dot in YAML 1.1 and 1.2, so a letter leaves only the reserved words.
#[must_use]
pub fn is_string_when_plain(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    begins && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether every reader takes a plain key with this text for this very text: for a string, or for a number that is
/// written as JSON writes it.
#[must_use]
pub fn is_key_as_written(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_short = digits.len() < 19 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_integer = is_short && (text == "0" || digits.starts_with(|c: char| ('1'..='9').contains(&c)));
    let is_of_numbers = |c: char| c.is_ascii_hexdigit() || "xXoO_.:+-einfNIFAtTzZ ".contains(c);
    let may_be_number =
        text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) && text.chars().all(is_of_numbers);
    let is_word = RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word)) || matches!(text, "" | "~" | "=" | "<<");
    is_integer || !(may_be_number || is_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::tree::{Document, Node};

    const LINES: Lines<'_> = Lines {
        indent: 2,
        newline: "\n",
    };

    fn sample() -> Value {
        Value::map([
            ("apiVersion", Value::word("v1")),
            (
                "metadata",
                Value::map([("name", Value::word("on")), ("labels", Value::Map(Vec::new()))]),
            ),
            (
                "items",
                Value::Seq(vec![Value::map([("a", Value::word("b")), ("c", Value::word("d"))])]),
            ),
        ])
    }

    #[test]
    fn block_style_indents_what_is_inside() {
        let text = block_entry("sample", &sample(), LINES);
        let expected = "sample:\n    apiVersion: v1\n    metadata:\n      name: \"on\"\n      labels: {}\n    items:\n    - a: b\n      c: d";
        assert_eq!(text, expected);
        assert!(serde_yaml::from_str::<serde_yaml::Value>(&format!("  {text}")).is_ok());
    }

    #[test]
    fn flow_style_is_json() {
        let text = sample().flow();
        assert!(text.starts_with(r#"{"apiVersion": "v1", "metadata": {"name": "on", "labels": {}}"#));
        let read: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        assert_eq!(read["metadata"]["name"].as_str(), Some("on"));
        assert!(!text.contains('\n'));
    }

    #[test]
    fn every_character_is_read_back_from_double_quotes() {
        let text: String = ('\u{1}'..'\u{300}')
            .chain(['\u{2028}', '\u{feff}', '\u{ffff}'])
            .collect();
        assert!(quoted(&text).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        for text in [text.as_str(), "a\u{10000}b", "\u{1f511}", "\u{10ffff}"] {
            assert_eq!(serde_yaml::from_str::<String>(&quoted(text)).expect("YAML"), text);
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).expect("JSON"), text);
            assert_eq!(
                Document::parse(&quoted(text))
                    .expect("YAML")
                    .root()
                    .and_then(Node::text),
                Some(text)
            );
        }
    }

    #[test]
    fn a_word_is_plain_only_where_no_reader_takes_it_for_something_else() {
        for plain in ["gitlab-rails", "a.b/c_d", "eks.amazonaws.com/role-arn"] {
            assert_eq!(word(plain), plain);
        }
        for text in ["Yes", "null", "12", "1e3", "", "a b", "a:", "é", "-", ".inf", "~"] {
            assert_eq!(word(text), quoted(text));
        }
    }

    #[test]
    fn a_key_is_as_written_where_no_reader_makes_another_word_of_it() {
        for key in [
            "a",
            "0",
            "8080",
            "-12",
            ".dockerconfigjson",
            "10.0.0.1.pem",
            "_a",
            "/p",
            "é",
            "tls.crt",
        ] {
            assert!(is_key_as_written(key), "{key}");
        }
        for key in [
            "", "~", "null", "Yes", "n", "=", "<<", "010", "0x1f", "0o7", "1_0", "1:30", "1.0", "1e3", "+1", ".inf",
        ] {
            assert!(!is_key_as_written(key), "{key}");
        }
    }
}
