//! Objects → a stream: markers, directives, comments and JSON between them, and what a whole input can begin and end with.

use serde_json::Value;

use super::choices::Choices;
use super::spell::{Speller, Wild};

/// One document, as data and as it is to be.
pub(crate) struct Document {
    pub(crate) before: Value,
    pub(crate) after: Value,
}

/// A stream as it is written.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    /// Texts that stand in it in this order, and that the changes leave alone.
    pub(crate) pieces: Vec<String>,
    /// Whether the second opinion refuses to read it: a key is written twice, or a document behind `...` has no `---`.
    pub(crate) unjudged: bool,
    /// Whether the end of the last scalar depends on the last line break.
    open: bool,
}

/// Writes documents one behind the other.
pub(crate) fn written(documents: &[Document], choices: &mut Choices) -> Written {
    let mut written = Written::default();
    let mut can_go_on = true;
    for document in documents {
        let is_json = choices.one_in(12);
        written.lead(can_go_on, choices);
        can_go_on = false;
        if is_json {
            written.json(document, choices);
        } else {
            written.yaml(document, choices);
        }
        if choices.one_in(10) {
            written.text += choices.of(&["...\n", "...  # end\n"]);
            can_go_on = true;
        }
        if choices.one_in(20) {
            written.text += choices.of(&[
                "---\n",
                "---\n# only a comment\n",
                "---\n---\n",
                "---\nnull\n",
                "--- ~\n",
            ]);
            can_go_on = false;
        }
    }
    if !written.open && choices.one_in(6) {
        written.text.truncate(written.text.trim_end_matches('\n').len());
    }
    written
}

impl Written {
    /// What stands before a document.
    fn lead(&mut self, can_go_on: bool, choices: &mut Choices) {
        let marked = [
            "---\n",
            "---\n",
            "---\n# Source: a/templates/b.yaml\n",
            "--- # glued\n",
            "---   \n",
            "---\t# c\n\n",
        ];
        let free = [
            "",
            "# a comment\n",
            "---\n",
            "# c\n---\n",
            "%YAML 1.2\n---\n",
            "# c\n%YAML 1.1\n--- # d\n",
            "\n\n---\n",
            "%TAG !e! tag:example.com:\n---\n",
        ];
        let lead = choices.of(if can_go_on { &free } else { &marked });
        self.unjudged |= !self.text.is_empty() && !lead.contains("---");
        self.text += lead;
    }

    fn json(&mut self, document: &Document, choices: &mut Choices) {
        let text = match choices.below(3) {
            0 => document.before.to_string(),
            1 => serde_json::to_string_pretty(&document.before).unwrap_or_default(),
            _ => document.before.to_string().replace(":{", ": {\n "),
        };
        // Line separators of Unicode end lines in YAML 1.1, and so in what reads JSON as YAML.
        let text = text.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028");
        if document.before == document.after {
            self.pieces.push(text.clone());
        }
        self.text += &text;
        self.text.push('\n');
        self.open = false;
    }

    fn yaml(&mut self, document: &Document, choices: &mut Choices) {
        let wild = wild(choices);
        let mut speller = Speller::new(choices, wild);
        speller.document(&document.before, &document.after);
        self.text += &speller.out;
        self.unjudged |= speller.doubled;
        self.open = speller.open;
        if document.before == document.after {
            self.pieces.push(speller.out.trim().to_owned());
        } else {
            self.pieces.append(&mut speller.pieces);
        }
    }
}

/// Most documents are written as people do, some with one strange thing, few with all of them.
fn wild(choices: &mut Choices) -> Wild {
    let comments = choices.of(&[0, 0, 4, 12, 30]);
    let flow = choices.of(&[0, 10, 30, 4]);
    let blanks = choices.of(&[0, 0, 0, 10, 30]);
    let mut wild = Wild {
        comments,
        flow,
        blanks,
        ..Wild::default()
    };
    let rate = choices.of(&[12, 30, 6]);
    match choices.below(16) {
        8 => wild.anchors = rate,
        9 => wild.tags = rate,
        10 => wild.explicit = rate,
        11 => wild.doubles = rate * 2,
        12..=14 => (wild.anchors, wild.merges) = (rate, 2),
        15 => {
            wild = Wild {
                comments: 4,
                flow: 6,
                blanks: 6,
                anchors: 12,
                merges: 2,
                tags: 20,
                explicit: 30,
                doubles: 0,
            }
        }
        _ => {}
    }
    wild
}
