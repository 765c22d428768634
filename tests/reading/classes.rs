//! What readers of YAML are known to see otherwise than our tree, and what is done about it.
//!
//! The others are Kubernetes' reader (`k8s.io/apimachinery` with `sigs.k8s.io/yaml`), yq (`go.yaml.in/yaml/v4`, much as
//! kustomize and Helm 4 read) and `serde_yaml` (libyaml in Rust).

use iam_roles::yaml::refusal::Reason;

use super::meaning::{Difference, Meaning};

/// A way in which readers differ.
pub(crate) struct Class {
    /// What it is about.
    pub(crate) name: &'static str,
    /// A text in which they do.
    pub(crate) example: &'static str,
    /// What is done.
    pub(crate) handling: Handling,
}

/// What is done about a class.
pub(crate) enum Handling {
    /// An edit of such a document is refused.
    Refused(Reason),
    /// An edit of such an entry is refused; that of another is not.
    EntryRefused(Reason),
    /// It does not matter to an edit.
    Harmless {
        why: &'static str,
        shows: fn(&str, Option<&Difference>) -> bool,
    },
    /// Our tree leaves open what type it is; others differ in it.
    Untyped,
    /// All read the same.
    Same(&'static str),
    /// The whole input is refused, whatever others make of it.
    Unread,
    /// Kubernetes refuses it, so nothing that is written can be taken for something else.
    UnreadByKubernetes,
}

impl Class {
    /// Whether a text or a difference in it looks like this.
    pub(crate) fn shows_in(&self, text: &str, found: Option<&Difference>) -> bool {
        match self.handling {
            Handling::Harmless { shows, .. } => shows(text, found),
            _ => false,
        }
    }
}

/// Every known class.
pub(crate) fn classes() -> &'static [Class] {
    CLASSES
}

const fn class(name: &'static str, example: &'static str, handling: Handling) -> Class {
    Class {
        name,
        example,
        handling,
    }
}

const CLASSES: &[Class] = &[
    class("a boolean of YAML 1.1", "a: yes", Handling::Untyped),
    class("an octal number", "a: 010", Handling::Untyped),
    class("an octal number of YAML 1.2", "a: 0o10", Handling::Untyped),
    class("a hexadecimal number", "a: 0x1F", Handling::Untyped),
    class("a number in base 60", "a: 1:30", Handling::Untyped),
    class("a number with underscores", "a: 1_000", Handling::Untyped),
    class("a number with an exponent", "a: 1e3", Handling::Untyped),
    class("a timestamp", "a: 2001-01-01", Handling::Untyped),
    class("the default value `=`", "a: =", Handling::Untyped),
    class("a number by its tag", "a: !!int \"3\"", Handling::Untyped),
    class("a string by its tag", "a: !!str null", Handling::Same("a string")),
    class("null by its tag", "a: !!null \"\"", Handling::Same("nothing")),
    class("a duplicate key", "a: x\na: z", Handling::Same("the last counts")),
    class(
        "an anchor used twice",
        "a: &n x\nb: &n z\nc: *n",
        Handling::Same("the last before the alias counts"),
    ),
    class(
        "`<<` before the keys",
        "<<: {a: x}\na: z",
        Handling::Same("the mapping's own key counts"),
    ),
    class(
        "`<<` with several mappings",
        "<<: [{a: x}, {a: z}]",
        Handling::Same("the first counts"),
    ),
    class("`<<` in quotes", "\"<<\": {a: x}", Handling::Same("a key like others")),
    class(
        "`<<` behind a key it has",
        "a: z\n<<: {a: x}",
        Handling::Refused(Reason::MergeOrder),
    ),
    class(
        "`<<` twice",
        "<<: {a: x}\n<<: {b: z}",
        Handling::Refused(Reason::MergeOrder),
    ),
    class(
        "a key that is a boolean",
        "yes: x\nb: z",
        Handling::EntryRefused(Reason::KeyNotText),
    ),
    class(
        "a key that is another number",
        "010: x\nb: z",
        Handling::EntryRefused(Reason::KeyNotText),
    ),
    class(
        "a key that is nothing",
        "~: x\nb: z",
        Handling::EntryRefused(Reason::KeyNotText),
    ),
    class(
        "an entry that `<<` has, too",
        "<<: {a: x}\na: z\nb: z",
        Handling::EntryRefused(Reason::MergeKey),
    ),
    class(
        "a line break of YAML 1.1",
        "a: x\u{85} z",
        Handling::Refused(Reason::OldLineBreak),
    ),
    class(
        "a line separator",
        "a: \"x\u{2028}  z\"",
        Handling::Refused(Reason::OldLineBreak),
    ),
    class(
        "a comment with a line separator",
        "# c\u{2029}a: x\nb: z",
        Handling::Refused(Reason::OldLineBreak),
    ),
    class(
        "binary by its tag",
        "a: !!binary eA==",
        Handling::Refused(Reason::Tagged),
    ),
    class(
        "a colon before a comma",
        "a: {b:,}",
        Handling::Refused(Reason::CrowdedColon),
    ),
    class(
        "a question mark in braces",
        "a: {?b : c}",
        Handling::Refused(Reason::CrowdedColon),
    ),
    class(
        "a colon behind quotes",
        "{\"a\":b}",
        Handling::Same("the end of the key"),
    ),
    class("a pair in brackets", "a: [b: c]", Handling::Same("a mapping of one")),
    class(
        "the last line breaks of a text block",
        "a: |\n",
        Handling::Harmless {
            why: "no edit looks at them, and they stay as they are written",
            shows: is_final_breaks,
        },
    ),
    class(
        "`---` behind a lone carriage return",
        "a: x\r---\rb: z\r",
        Handling::Harmless {
            why: "Kubernetes reads no further, so what is behind has no effect there, edited or not",
            shows: is_behind_returns,
        },
    ),
    class(
        "a document behind `...` without `---`",
        "a: x\n...\nb: z\n",
        Handling::Harmless {
            why: "Kubernetes reads no further, so what is behind has no effect there, edited or not",
            shows: is_behind_dots,
        },
    ),
    class("a directive", "%YAML 1.1\n---\na: x", Handling::UnreadByKubernetes),
    class(
        "a tab before a comment line",
        "\t# c\na: x",
        Handling::UnreadByKubernetes,
    ),
    class("a tab behind a dash", "a:\n-\t b", Handling::UnreadByKubernetes),
    class("a control character", "a: \"\u{1}\"", Handling::UnreadByKubernetes),
    class("a key that is a list", "[a]: b", Handling::UnreadByKubernetes),
    class("a key that is left out", ": b", Handling::UnreadByKubernetes),
    class(
        "half a character as an escape, in JSON",
        "{\"a\": \"\\ud83d\\ude00\"}",
        Handling::Unread,
    ),
    class("a comment right behind quotes", "a: \"b\"#c", Handling::Unread),
    class("a dash alone in brackets", "a: [-]", Handling::Unread),
    class("text behind the object", "  a: x\nb: z", Handling::Unread),
];

/// Whether texts differ in their last line breaks alone.
fn is_final_breaks(_: &str, found: Option<&Difference>) -> bool {
    let texts = found.map(|found| (&found.ours, &found.theirs));
    matches!(texts, Some((Some(Meaning::Text(ours)), Some(Meaning::Text(theirs))))
        if ours.trim_end_matches('\n') == theirs.trim_end_matches('\n'))
}

/// Whether a document begins behind `...`.
fn is_behind_dots(text: &str, found: Option<&Difference>) -> bool {
    found.is_none() && text.split(['\n', '\r']).any(|line| line.starts_with("..."))
}

/// Whether a marker stands on a line that ends, or follows one that ends, in a lone carriage return.
fn is_behind_returns(text: &str, found: Option<&Difference>) -> bool {
    found.is_none() && text.contains("---") && text.replace("\r\n", "").contains('\r')
}
