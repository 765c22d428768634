//! Data → one of the many ways to write it in YAML.
//!
//! Invariant: what is written says the data, to any parser of YAML 1.1 or 1.2.
//! Invariant: the pieces are texts that stand in the document in this order, and that a change to `after` leaves alone.

use serde_json::{Map, Value};

use super::choices::Choices;
use super::scalar::{Place, Style, scalar};

/// How wild a document is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wild {
    /// Comments and blank lines, one in so many places; 0 for none.
    pub(crate) comments: usize,
    /// Braces and brackets.
    pub(crate) flow: usize,
    /// Tabs and blanks where they mean nothing.
    pub(crate) blanks: usize,
    /// Anchors and aliases.
    pub(crate) anchors: usize,
    /// Merge keys.
    pub(crate) merges: usize,
    /// Tags.
    pub(crate) tags: usize,
    /// `? key`.
    pub(crate) explicit: usize,
    /// Keys that are written twice.
    pub(crate) doubles: usize,
}

/// A document being written.
pub(crate) struct Speller<'c> {
    pub(crate) choices: &'c mut Choices,
    pub(crate) wild: Wild,
    pub(crate) out: String,
    pub(crate) pieces: Vec<String>,
    /// Whether the last thing written is a block scalar, whose end the next lines decide.
    pub(crate) open: bool,
    /// Whether a key is written twice.
    pub(crate) doubled: bool,
    anchors: Vec<(String, Value)>,
    anchored: usize,
    /// How many nodes around are wholly kept, or wholly gone: nothing in them is a piece of its own.
    quiet: usize,
    comments: usize,
    step: usize,
}

/// What becomes of a node: its data after the change, if it stays.
type After<'v> = Option<&'v Value>;

impl<'c> Speller<'c> {
    pub(crate) fn new(choices: &'c mut Choices, wild: Wild) -> Self {
        let step = choices.of(&[2, 2, 2, 4, 1, 3, 8]);
        Self {
            choices,
            wild,
            out: String::new(),
            pieces: Vec::new(),
            open: false,
            doubled: false,
            anchors: Vec::new(),
            anchored: 0,
            quiet: 0,
            comments: 0,
            step,
        }
    }

    /// A whole object, from the first column.
    pub(crate) fn document(&mut self, before: &Value, after: &Value) {
        let Value::Object(map) = before else { return };
        if self.may(self.wild.flow * 4) {
            self.flow(before, Some(after), 0);
            self.end_of_line(true);
        } else {
            self.mapping(map, Some(after), 0);
        }
    }

    fn may(&mut self, one_in: usize) -> bool {
        one_in > 0 && self.choices.one_in(one_in)
    }

    fn piece(&mut self, start: usize) {
        if self.quiet == 0 {
            self.pieces.push(self.out[start..].trim_end_matches('\n').to_owned());
        }
    }

    /// Writes something whose text is one piece if it stays as it is, and no piece where it goes.
    fn whole(&mut self, before: &Value, after: After<'_>, write: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        let is_kept = after == Some(before);
        let is_gone = after.is_none();
        self.quiet += usize::from(is_kept || is_gone);
        write(self);
        self.quiet -= usize::from(is_kept || is_gone);
        if is_kept {
            self.piece(start);
        }
    }

    /// The entries of a block mapping, each on lines of its own that begin at `column`; the first may stand here.
    fn mapping(&mut self, map: &Map<String, Value>, after: After<'_>, column: usize) {
        let mut entries: Vec<(&String, &Value)> = map.iter().collect();
        if self.choices.one_in(4) {
            entries = self.choices.shuffled(entries);
        }
        let merged = self.merge(&entries, after, column);
        for (key, value) in entries.into_iter().filter(|(key, _)| !merged.contains(*key)) {
            self.before_entry(column);
            let after = after.and_then(|after| after.get(key));
            if self.may(self.wild.doubles) {
                self.double(key, column);
            }
            self.whole(value, after, |speller| {
                speller.start(column);
                speller.entry(key, value, after, column);
            });
        }
    }

    /// A line with the same key, which the next one takes the place of.
    fn double(&mut self, key: &str, column: usize) {
        self.start(column);
        self.key(key, false);
        let value = self.choices.of(&["old", "{}", "[a, b]", "", "{a: {b: c}}"]);
        self.out += ": ";
        self.out += value;
        self.out.push('\n');
        self.open = false;
        self.doubled = true;
    }

    /// `<<: *name` for entries that an anchor has already; the keys that are covered.
    fn merge(&mut self, entries: &[(&String, &Value)], after: After<'_>, column: usize) -> Vec<String> {
        let is_kept = |key: &str, value: &Value| after.is_none_or(|after| after.get(key) == Some(value));
        let covers = |value: &Value| {
            value.as_object().is_some_and(|map| {
                !map.is_empty()
                    && map.iter().all(|(key, value)| {
                        entries
                            .iter()
                            .any(|(own, own_value)| *own == key && *own_value == value)
                            && is_kept(key, value)
                    })
            })
        };
        let Some((name, value)) = self.anchors.iter().find(|(_, value)| covers(value)).cloned() else {
            return Vec::new();
        };
        if !self.may(self.wild.merges) {
            return Vec::new();
        }
        self.start(column);
        self.out.extend(["<<: *", &name, "\n"]);
        self.open = false;
        value
            .as_object()
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The blanks before an entry, where the line does not begin with something else.
    fn start(&mut self, column: usize) {
        if self.out.is_empty() || self.out.ends_with('\n') {
            self.out += &" ".repeat(column);
        }
    }

    fn before_entry(&mut self, column: usize) {
        if !(self.out.is_empty() || self.out.ends_with('\n')) {
            return;
        }
        if self.may(self.wild.comments) {
            let start = self.out.len();
            let column = self.choices.of(&[column, column, 0]);
            self.out += &" ".repeat(column);
            self.comment();
            self.piece(start);
            self.out.push('\n');
            self.open = false;
        }
        if !self.open && self.may(self.wild.comments * 2) {
            self.out += self.choices.of(&["\n", "\n\n", "  \n"]);
        }
    }

    /// Whether a tab may follow: behind the dash of an item, or the colon of `? key`, it is an error to YAML 1.1.
    fn takes_tabs(&self) -> bool {
        let line = self.out.rsplit('\n').next().unwrap_or_default();
        !line.ends_with('-') && line.trim() != ":"
    }

    fn comment(&mut self) {
        self.comments += 1;
        let text = self.choices.of(&[
            "",
            " about it",
            " a: b",
            " - \u{6f22}\u{5b57}",
            " {[\"'",
            " --- ",
            " &a *b !c",
            "\t|",
        ]);
        self.out.extend(["# ", &self.comments.to_string(), text]);
    }

    /// The rest of a line, with a comment or not.
    fn end_of_line(&mut self, stays: bool) {
        if self.may(self.wild.blanks) {
            let blanks = self.choices.of(&[" ", "   ", "\t", " \t "]);
            self.out += if self.takes_tabs() { blanks } else { " " };
        }
        if self.may(self.wild.comments) {
            let blanks = self.choices.of(&[" ", "   ", "\t"]);
            self.out += if self.takes_tabs() { blanks } else { " " };
            let start = self.out.len();
            self.comment();
            if stays {
                self.piece(start);
            }
        }
        self.out.push('\n');
    }

    /// `key: value` and its line break.
    fn entry(&mut self, key: &str, value: &Value, after: After<'_>, column: usize) {
        self.open = false;
        if self.may(self.wild.explicit) {
            self.out += "? ";
            self.key(key, false);
            self.end_of_line(true);
            self.start(column);
        } else {
            self.key(key, false);
        }
        self.out.push(':');
        self.value(value, after, column, column);
    }

    fn key(&mut self, key: &str, in_flow: bool) {
        let place = Place {
            column: 0,
            in_flow,
            is_key: true,
        };
        let styles = self
            .choices
            .of(&[Style::Plain, Style::Plain, Style::Plain, Style::Double, Style::Single]);
        self.out += &scalar(key, styles, place, self.choices);
    }

    /// A value behind `:` or `-`, and its line break; `parent` is the column that its lines stand deeper than, and `least`
    /// the one at which the items of a sequence may stand.
    fn value(&mut self, value: &Value, after: After<'_>, parent: usize, least: usize) {
        if self.alias(value) {
            return;
        }
        let blanks = self.choices.of(&["  ", "\t", " \t"]);
        let gap = if self.may(self.wild.blanks) && self.takes_tabs() {
            blanks
        } else {
            " "
        };
        let (anchor, properties) = self.properties(value);
        let is_empty = value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
        if (value.is_object() || value.is_array()) && !is_empty && !self.may(self.wild.flow) {
            if !properties.is_empty() {
                self.out.extend([gap, &properties]);
            }
            self.end_of_line(true);
            self.nested(value, after, parent, least);
        } else if value.is_null() && properties.is_empty() && self.choices.one_in(2) {
            self.end_of_line(true);
        } else {
            self.out.extend([gap, &properties]);
            if !properties.is_empty() {
                self.out.push(' ');
            }
            self.inline(value, after, parent);
        }
        // What an anchor stands for is not known before its end.
        self.anchors.extend(anchor.map(|name| (name, value.clone())));
    }

    /// A collection on lines of its own.
    fn nested(&mut self, value: &Value, after: After<'_>, parent: usize, least: usize) {
        let step = if self.choices.one_in(6) {
            self.choices.below(5) + 1
        } else {
            self.step
        };
        match value {
            Value::Object(map) => self.mapping(map, after, parent + step),
            Value::Array(items) if self.choices.one_in(2) => self.sequence(items, after, parent + step),
            Value::Array(items) => self.sequence(items, after, least),
            _ => {}
        }
    }

    /// A value that begins on this line.
    fn inline(&mut self, value: &Value, after: After<'_>, parent: usize) {
        match value {
            Value::Object(_) | Value::Array(_) => {
                self.flow(value, after, parent + 1);
                self.end_of_line(true);
            }
            Value::String(text) => self.text(text, parent),
            _ => {
                self.simple(value);
                self.end_of_line(true);
            }
        }
    }

    fn alias(&mut self, value: &Value) -> bool {
        let found = self.anchors.iter().find(|(_, anchored)| anchored == value);
        let Some(name) = found.map(|(name, _)| name.clone()) else {
            return false;
        };
        if !self.may(self.wild.anchors.min(3)) {
            return false;
        }
        self.out.extend([" *", &name]);
        self.end_of_line(true);
        true
    }

    /// An anchor, a tag, both or, mostly, nothing.
    fn properties(&mut self, value: &Value) -> (Option<String>, String) {
        let mut properties = Vec::new();
        let anchor = self.may(self.wild.anchors).then(|| {
            self.anchored += 1;
            format!("a{}", self.anchored)
        });
        properties.extend(anchor.as_ref().map(|name| format!("&{name}")));
        if self.may(self.wild.tags) {
            properties.push(
                match value {
                    Value::Object(_) => "!!map",
                    Value::Array(_) => "!!seq",
                    Value::String(_) => "!!str",
                    Value::Bool(_) => "!!bool",
                    Value::Number(_) => "!!int",
                    Value::Null => "!!null",
                }
                .to_owned(),
            );
        }
        if self.choices.one_in(2) {
            properties.reverse();
        }
        (anchor, properties.join(" "))
    }

    fn text(&mut self, text: &str, parent: usize) {
        let long = [
            Style::Literal,
            Style::Literal,
            Style::Double,
            Style::Single,
            Style::Folded,
            Style::Plain,
        ];
        let short = [
            Style::Plain,
            Style::Plain,
            Style::Double,
            Style::Single,
            Style::Literal,
            Style::Folded,
        ];
        let style = self.choices.of(if text.contains('\n') { &long } else { &short });
        let place = Place {
            column: parent,
            in_flow: false,
            is_key: false,
        };
        let written = scalar(text, style, place, self.choices);
        let block = written.split_once('\n').filter(|_| written.starts_with(['|', '>']));
        let Some((header, lines)) = block else {
            self.out += &written;
            return self.end_of_line(true);
        };
        self.out += header;
        self.end_of_line(true);
        self.out += lines;
        self.open = true;
    }

    fn simple(&mut self, value: &Value) {
        let null = self.choices.of(&["null", "~", "Null", "NULL"]);
        match value {
            Value::Null => self.out += null,
            other => self.out += &other.to_string(),
        }
    }

    /// The items of a block sequence, whose dashes stand at `column`.
    fn sequence(&mut self, items: &[Value], after: After<'_>, column: usize) {
        let afters = pairs(items, after);
        for (item, after) in items.iter().zip(afters) {
            self.before_entry(column);
            self.whole(item, after, |speller| {
                speller.start(column);
                speller.item(item, after, column);
            });
        }
    }

    fn item(&mut self, item: &Value, after: After<'_>, column: usize) {
        self.open = false;
        self.out.push('-');
        let is_compact = !self.choices.one_in(8) && !self.may(self.wild.flow);
        let blanks = self.choices.of(&[1, 1, 1, 3]);
        match item {
            Value::Object(map) if is_compact && !map.is_empty() => {
                self.out += &" ".repeat(blanks);
                self.mapping(map, after, column + 1 + blanks);
            }
            Value::Array(items) if is_compact && !items.is_empty() => {
                self.out += &" ".repeat(blanks);
                self.sequence(items, after, column + 1 + blanks);
            }
            _ => self.value(item, after, column, column + 1),
        }
    }

    /// Braces, brackets and what they hold; lines inside stand at `column` or deeper.
    fn flow(&mut self, value: &Value, after: After<'_>, column: usize) {
        let is_split = self.choices.one_in(4);
        match value {
            Value::Object(map) => {
                self.out.push('{');
                for (index, (key, value)) in map.iter().enumerate() {
                    let after = after.and_then(|after| after.get(key));
                    self.gap(index, is_split, column);
                    self.whole(value, after, |speller| {
                        speller.key(key, true);
                        let is_quoted = speller.out.ends_with(['"', '\'']);
                        let colon = if is_quoted && speller.choices.one_in(3) {
                            ":"
                        } else {
                            ": "
                        };
                        speller.out += colon;
                        speller.in_flow(value, after, column);
                    });
                }
                self.close(map.len(), is_split, column, '}');
            }
            Value::Array(items) => {
                self.out.push('[');
                for (index, (item, after)) in items.iter().zip(pairs(items, after)).enumerate() {
                    self.gap(index, is_split, column);
                    self.whole(item, after, |speller| speller.in_flow(item, after, column));
                }
                self.close(items.len(), is_split, column, ']');
            }
            _ => {}
        }
    }

    fn in_flow(&mut self, value: &Value, after: After<'_>, column: usize) {
        match value {
            Value::Object(_) | Value::Array(_) => self.flow(value, after, column),
            Value::String(text) => {
                let style = self.choices.of(&[Style::Plain, Style::Double, Style::Single]);
                let place = Place {
                    column,
                    in_flow: true,
                    is_key: false,
                };
                self.out += &scalar(text, style, place, self.choices);
            }
            _ => self.simple(value),
        }
    }

    fn gap(&mut self, index: usize, is_split: bool, column: usize) {
        if index > 0 {
            self.out.push(',');
        }
        if is_split && self.choices.one_in(2) {
            if self.may(self.wild.comments * 6) && index > 0 {
                self.out.push(' ');
                self.comment();
            }
            let deeper = self.choices.below(4);
            self.out.extend(["\n", &" ".repeat(column + deeper)]);
        } else if index > 0 {
            self.out += self.choices.of(&[" ", " ", "  "]);
        }
    }

    fn close(&mut self, len: usize, is_split: bool, column: usize, bracket: char) {
        if len > 0 && self.choices.one_in(8) {
            self.out.push(',');
        }
        if is_split && self.choices.one_in(2) {
            self.out.extend(["\n", &" ".repeat(column)]);
        }
        self.out.push(bracket);
    }
}

/// For each item what becomes of it: where items went, those that are left are the same and in order.
fn pairs<'v>(items: &[Value], after: After<'v>) -> Vec<After<'v>> {
    let Some(after) = after.and_then(Value::as_array) else {
        return vec![None; items.len()];
    };
    if after.len() == items.len() {
        return after.iter().map(Some).collect();
    }
    let mut left = after.iter().peekable();
    items.iter().map(|item| left.next_if(|next| *next == item)).collect()
}
