//! Lines of block-style manifests, found by indentation: what an expectation is anchored to.
//!
//! Invariant: nothing of the program is used here, so that it does not judge itself.

use std::ops::Range;

/// A text as lines, with what is to become of them.
pub(crate) struct Lines<'t> {
    all: Vec<&'t str>,
    /// What each line becomes; itself if there is nothing.
    becomes: Vec<Option<String>>,
    /// What is put behind each line.
    behind: Vec<String>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (becomes, behind) = (vec![None; lines.len()], vec![String::new(); lines.len()]);
        Self {
            all: lines,
            becomes,
            behind,
        }
    }

    /// The text with everything done.
    pub(crate) fn text(&self) -> String {
        let lines = self.all.iter().zip(&self.becomes).zip(&self.behind);
        lines
            .map(|((line, becomes), behind)| becomes.as_deref().unwrap_or(line).to_owned() + behind)
            .collect()
    }

    /// The lines of an object, by kind and name, from its first key on.
    #[track_caller]
    pub(crate) fn object(&self, kind: &str, name: &str) -> Range<usize> {
        let is_start = |line: &str| {
            line == "---\n"
                || line.starts_with("- ")
                || !line.starts_with([' ', '-', '#', '\n']) && line.starts_with("functionConfig")
        };
        let mut starts: Vec<usize> = (0..self.all.len()).filter(|at| is_start(self.all[*at])).collect();
        starts.insert(0, 0);
        starts.push(self.all.len());
        let found = starts.windows(2).map(|pair| pair[0]..pair[1]).find(|range| {
            let all = &self.all[range.clone()];
            let is = |line: &str, key: &str, value: &str| {
                let line = line.trim_end();
                line.trim_start_matches("- ").trim_start() == format!("{key}: {value}")
                    && line.len() - line.trim_start_matches([' ', '-']).len() <= 4
            };
            let metadata = all.iter().skip_while(|line| line.trim() != "metadata:");
            let mut metadata = metadata.filter(|line| line.len() - line.trim_start().len() <= 4);
            all.iter()
                .any(|line| is(line, "kind", kind) && line.len() - line.trim_start_matches([' ', '-']).len() <= 2)
                && metadata.any(|line| is(line, "name", name))
        });
        found.unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// The line of a key below keys of an object.
    #[track_caller]
    pub(crate) fn key(&self, object: &Range<usize>, path: &[&str]) -> usize {
        self.find(object, path)
            .unwrap_or_else(|| panic!("no {path:?} in the object at line {}", object.start + 1))
    }

    /// The last line with content below a key.
    pub(crate) fn last_below(&self, key: usize) -> usize {
        self.block(key).rfind(|at| self.is_content(*at)).unwrap_or(key)
    }

    /// How far a line is indented; a `- ` counts.
    pub(crate) fn indent(&self, at: usize) -> usize {
        self.all[at].len() - self.all[at].trim_start_matches([' ', '-']).len()
    }

    /// The lines of a range that contain a text.
    pub(crate) fn containing(&self, range: Range<usize>, text: &str) -> Vec<usize> {
        range.filter(|at| self.all[*at].contains(text)).collect()
    }

    pub(crate) fn line(&self, at: usize) -> &'t str {
        self.all[at]
    }

    pub(crate) fn remove(&mut self, at: usize) {
        self.becomes[at] = Some(String::new());
    }

    pub(crate) fn replace(&mut self, at: usize, text: String) {
        self.becomes[at] = Some(text);
    }

    /// Puts a text behind a line, and behind what is behind it.
    pub(crate) fn put_behind(&mut self, at: usize, text: &str) {
        self.behind[at] += text;
    }

    fn find(&self, object: &Range<usize>, path: &[&str]) -> Option<usize> {
        let mut range = object.clone();
        let mut found = None;
        for key in path {
            let first = range
                .clone()
                .find(|at| self.is_content(*at) && !self.all[*at].starts_with("---"))?;
            let indent = self.indent(first);
            let at = range.clone().find(|at| {
                let rest = self.all[*at].trim_start_matches([' ', '-']);
                self.indent(*at) == indent && self.is_content(*at) && (rest.starts_with(&format!("{key}:")))
            })?;
            range = self.block(at).start..self.block(at).end.min(object.end);
            found = Some(at);
        }
        found
    }

    /// The lines below a key: those that are indented more, and sequences at its own column.
    fn block(&self, key: usize) -> Range<usize> {
        let indent = self.indent(key);
        let is_outside = |at: &usize| {
            let line = self.all[*at];
            let at_column = line.len() - line.trim_start_matches(' ').len();
            line == "---\n"
                || self.is_content(*at)
                    && (at_column < indent || at_column == indent && !line.trim_start().starts_with("- "))
        };
        let end = (key + 1..self.all.len()).find(is_outside).unwrap_or(self.all.len());
        key + 1..end
    }

    fn is_content(&self, at: usize) -> bool {
        let line = self.all[at].trim();
        !line.is_empty() && !line.starts_with('#')
    }
}
