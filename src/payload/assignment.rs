//! One line of an INI or env file, above all one that gives a key a value.

/// Whose rules a text is read by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// s3cmd's: `word = value`, and every line for itself.
    S3cmd,
    /// Python's, Go's and shells' alike: `=` or `:`, `export`, values that go on in deeper lines or inside quotes.
    Any,
}

/// `key = value`.
#[derive(Clone, Copy)]
pub(super) struct Assignment<'t> {
    /// Which line of the text it is.
    pub(super) line: usize,
    /// The section it stands in; empty before the first.
    pub(super) section: &'t str,
    pub(super) key: &'t str,
    /// Without the blanks around it; quotes are part of it.
    pub(super) value: &'t str,
    /// Blanks and `export` before the key.
    pub(super) before: &'t str,
    /// From behind the key to the value.
    pub(super) between: &'t str,
    /// Whether quotes that an earlier value opened are still open.
    pub(super) is_in_quotes: bool,
}

impl<'t> Assignment<'t> {
    /// The value without quotes around it.
    pub(super) fn unquoted(&self) -> &'t str {
        let inner = |quote: char| self.value.strip_prefix(quote)?.strip_suffix(quote);
        inner('"').or_else(|| inner('\'')).unwrap_or(self.value)
    }

    /// A line for another key and value, without a line break, written as this one is.
    pub(super) fn like(&self, key: &str, value: &str) -> String {
        format!("{}{key}{}{value}", self.before, self.between)
    }

    /// The quote the value begins with and does not close.
    pub(super) fn open_quote(&self) -> Option<char> {
        let quote = self.value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let inner = self.value.get(1..).unwrap_or_default();
        (!inner.contains(quote)).then_some(quote)
    }

    /// Whether the value ends with its line, and is not a part of another.
    pub(super) fn is_on_one_line(&self) -> bool {
        !self.is_in_quotes && self.open_quote().is_none() && !self.value.ends_with('\\')
    }
}

/// Reads a line, for itself: which one it is and what it stands in are not known yet.
pub(super) fn assignment(line: &str, dialect: Dialect) -> Option<Assignment<'_>> {
    let (left, right) = match dialect {
        Dialect::S3cmd => line.split_once('='),
        Dialect::Any => line.split_once(['=', ':']),
    }?;
    let key = left.trim();
    let key = match dialect {
        Dialect::S3cmd => key,
        Dialect::Any => without_export(key),
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if key.is_empty() || (dialect == Dialect::S3cmd && !key.chars().all(is_word)) {
        return None;
    }
    let key_end = left.trim_end().len();
    let value = right.trim();
    let value_start = line.len() - right.trim_start().len();
    Some(Assignment {
        line: 0,
        section: "",
        key,
        value,
        before: line.get(..key_end - key.len())?,
        between: line.get(key_end..value_start)?,
        is_in_quotes: false,
    })
}

fn without_export(key: &str) -> &str {
    match key.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => key,
    }
}

/// The name in a section's header.
pub(super) fn section_name(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('[')?;
    rest.split_once(']').map(|(name, _)| name.trim())
}

/// How many bytes of blanks a line begins with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
