//! Where every byte is: the text of an input, and positions in it.
//!
//! Invariant: a [`Source`] is valid UTF-8 without NUL; its byte order mark, if it has one, is kept apart from the text.
//! Invariant: a [`Pos`] counts bytes, never characters.
//! Invariant: line breaks are exactly CRLF, LF and CR, as YAML 1.2 (5.4) and yaml-rust2 count them.

use std::cell::{Cell, OnceCell};
use std::fmt;

use memchr::{memchr, memchr2, memrchr2};

const BOM: &str = "\u{feff}";

/// The text of one input, unchanged, and its line table.
pub struct Source {
    whole: String,
    /// Bytes of the leading byte order mark: 0 or 3.
    mark: usize,
    breaks: OnceCell<Breaks>,
    /// The last place that was asked for, as bytes of its line and of itself, and its column: lines may be very long.
    last: Cell<(usize, usize, usize)>,
}

/// The text may be secret, so only its size is shown.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source of {} bytes", self.whole.len())
    }
}

impl Source {
    /// Takes the bytes of an input.
    ///
    /// # Errors
    /// Bytes that are not UTF-8 text without NUL; yaml-rust2 ends its input at a NUL, so the rest would be lost unseen.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Unreadable::at(Place::START, Encoding::Utf16));
        }
        let mark = if bytes.starts_with(BOM.as_bytes()) {
            BOM.len()
        } else {
            0
        };
        let place = |bytes: &[u8], at: usize| place_in(bytes.get(mark..).unwrap_or_default(), at - mark);
        if let Some(at) = memchr(0, &bytes) {
            return Err(Unreadable::at(place(&bytes, at), Encoding::Nul));
        }
        let whole = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Unreadable::at(place(error.as_bytes(), at), Encoding::NotUtf8)
        })?;
        let source = Self {
            whole,
            mark,
            breaks: OnceCell::new(),
            last: Cell::new((0, 0, 1)),
        };
        match source.inner_mark() {
            Some(pos) => Err(Unreadable::at(source.place(pos), Encoding::InnerMark)),
            None => Ok(source),
        }
    }

    /// The text without its byte order mark; positions count from its start.
    #[must_use]
    pub fn text(&self) -> &str {
        self.whole.get(self.mark..).unwrap_or_default()
    }

    /// The text with its byte order mark: what was read.
    #[must_use]
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// The byte order mark, or nothing.
    #[must_use]
    pub fn mark(&self) -> &str {
        self.whole.get(..self.mark).unwrap_or_default()
    }

    /// The line and column of a position.
    #[must_use]
    pub fn place(&self, pos: Pos) -> Place {
        let breaks = self.breaks.get_or_init(|| Breaks::of(self.text()));
        let start = self.line_start(pos.0);
        let column = self.column(start, pos.0);
        self.last.set((start, pos.0, column));
        Place {
            line: breaks.before(pos.0, self.text()) + 1,
            column,
        }
    }

    /// Where the line of a byte begins; near the last place that was asked for, without a look at all of the line.
    fn line_start(&self, at: usize) -> usize {
        let (line, last, _) = self.last.get();
        if line <= at && (at <= last || !has_break(self.text(), last, at)) {
            return line;
        }
        let bytes = self.text().as_bytes();
        let mut end = at.min(bytes.len());
        while let Some(found) = bytes.get(..end).and_then(|before| memrchr2(b'\n', b'\r', before)) {
            if is_break(bytes, found) {
                return found + 1;
            }
            end = found;
        }
        0
    }

    fn column(&self, line_start: usize, at: usize) -> usize {
        let (last_line, last_at, last_column) = self.last.get();
        let between = |start: usize, end: usize| self.text().get(start..end).unwrap_or_default().chars().count();
        match (last_line == line_start, last_at <= at) {
            (true, true) => last_column + between(last_at, at),
            (true, false) if last_at - at < at - line_start => last_column - between(at, last_at),
            _ => 1 + between(line_start, at),
        }
    }

    /// A byte order mark that begins a later line: two files glued together, whose `---` YAML would then not see.
    fn inner_mark(&self) -> Option<Pos> {
        let text = self.text();
        memchr::memmem::find_iter(text.as_bytes(), BOM.as_bytes())
            .find(|at| *at == 0 || matches!(text.as_bytes().get(at - 1), Some(b'\n' | b'\r')))
            .map(Pos)
    }
}

/// How many line breaks stand before every so many bytes of a text: a list of all lines would be a quarter of it.
struct Breaks(Vec<usize>);

impl Breaks {
    /// How many bytes are counted each time a place is asked for.
    const BLOCK: usize = 4096;

    fn of(text: &str) -> Self {
        let mut before = vec![0];
        for start in (0..text.len()).step_by(Self::BLOCK) {
            let end = (start + Self::BLOCK).min(text.len());
            before.push(before.last().copied().unwrap_or(0) + count_breaks(text, start, end));
        }
        Self(before)
    }

    fn before(&self, at: usize, text: &str) -> usize {
        let block = (at / Self::BLOCK).min(self.0.len() - 1);
        self.0[block] + count_breaks(text, block * Self::BLOCK, at)
    }
}

/// The line breaks that end between two bytes.
fn count_breaks(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let part = bytes.get(start..end).unwrap_or_default();
    let lone = memchr::memchr_iter(b'\r', part).filter(|at| is_break(bytes, start + at));
    memchr::memchr_iter(b'\n', part).count() + lone.count()
}

fn has_break(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let part = bytes.get(start..end).unwrap_or_default();
    memchr::memchr2_iter(b'\n', b'\r', part).any(|at| is_break(bytes, start + at))
}

/// Whether a line break ends with this byte.
fn is_break(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    }
}

/// A byte offset.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Pos(usize);

impl Pos {
    /// The first byte.
    pub const START: Self = Self(0);

    /// The position `offset` bytes from the start.
    #[must_use]
    pub const fn new(offset: usize) -> Self {
        Self(offset)
    }

    /// Bytes from the start.
    #[must_use]
    pub const fn offset(self) -> usize {
        self.0
    }

    /// This position, `bytes` further on.
    #[must_use]
    pub const fn plus(self, bytes: usize) -> Self {
        Self(self.0 + bytes)
    }
}

/// A half-open range of bytes that cannot run backwards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span {
    start: Pos,
    end: Pos,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    ///
    /// # Panics
    /// When `end` lies before `start`.
    #[must_use]
    pub fn new(start: Pos, end: Pos) -> Self {
        assert!(start <= end, "span runs backwards: {start:?}..{end:?}");
        Self { start, end }
    }

    /// The empty span at `pos`: a place to insert.
    #[must_use]
    pub fn at(pos: Pos) -> Self {
        Self { start: pos, end: pos }
    }

    /// The span of two byte offsets.
    #[must_use]
    pub fn of(start: usize, end: usize) -> Self {
        Self::new(Pos(start), Pos(end))
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> Pos {
        self.start
    }

    /// The byte after the last.
    #[must_use]
    pub fn end(self) -> Pos {
        self.end
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn len(self) -> usize {
        self.end.0 - self.start.0
    }

    /// Whether it holds no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same bytes, counted from `origin` bytes earlier.
    #[must_use]
    pub fn shifted(self, origin: Pos) -> Self {
        Self {
            start: self.start.plus(origin.0),
            end: self.end.plus(origin.0),
        }
    }

    /// The text of these bytes; empty when they are not in `text`.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start.0..self.end.0).unwrap_or_default()
    }
}

/// A line and a column, both from 1; columns count characters, as editors do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Place {
    /// The first character.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Bytes that cannot be read as text, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The first offending character.
    pub place: Place,
    /// What is wrong there.
    pub reason: Encoding,
}

impl Unreadable {
    fn at(place: Place, reason: Encoding) -> Self {
        Self { place, reason }
    }
}

/// What keeps bytes from being text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// A UTF-16 byte order mark.
    Utf16,
    /// A byte sequence that is not UTF-8.
    NotUtf8,
    /// A NUL byte.
    Nul,
    /// A byte order mark in the middle.
    InnerMark,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "the input is UTF-16",
            Self::NotUtf8 => "the input is not UTF-8 here",
            Self::Nul => "a NUL byte, which YAML forbids",
            Self::InnerMark => "a byte order mark in the middle of the input, where two files were joined",
        })
    }
}

impl Encoding {
    /// What to do about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Utf16 | Self::NotUtf8 => "write it as UTF-8",
            Self::Nul | Self::InnerMark => "remove it",
        }
    }
}

/// The line and column of a position in a short text; counts from the start each time.
#[must_use]
pub fn place(text: &str, pos: Pos) -> Place {
    place_in(text.as_bytes(), pos.0)
}

/// The byte offset at which each line begins.
#[must_use]
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    let mut from = 0;
    while let Some(found) = memchr2(b'\n', b'\r', bytes.get(from..).unwrap_or_default()) {
        let at = from + found;
        from = at + break_len(bytes, at);
        starts.push(from);
    }
    starts
}

/// The first line break of a text.
#[must_use]
pub fn first_line_break(text: &str) -> Option<&str> {
    let at = memchr2(b'\n', b'\r', text.as_bytes())?;
    text.get(at..at + break_len(text.as_bytes(), at))
}

/// Bytes of the line break at `at`: 2 for CRLF, 1 for LF or CR, 0 where there is none.
#[must_use]
pub fn break_len(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

fn place_in(bytes: &[u8], at: usize) -> Place {
    let (mut line, mut start) = (1, 0);
    while let Some(found) = memchr2(b'\n', b'\r', bytes.get(start..at).unwrap_or_default()) {
        let next = start + found + break_len(bytes, start + found);
        if next > at {
            break;
        }
        (line, start) = (line + 1, next);
    }
    let before = String::from_utf8_lossy(bytes.get(start..at).unwrap_or_default());
    Place {
        line,
        column: before.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_every_kind_of_line_break() {
        let source = Source::new("a\r\nb\rc\né x".into()).expect("text");
        let at = |needle: &str| source.place(Pos(source.text().find(needle).expect("needle")));
        assert_eq!(at("b"), Place { line: 2, column: 1 });
        assert_eq!(at("c"), Place { line: 3, column: 1 });
        assert_eq!(at("x"), Place { line: 4, column: 3 });
        for (offset, _) in source.text().char_indices() {
            assert_eq!(source.place(Pos(offset)), place(source.text(), Pos(offset)));
        }
    }

    #[test]
    fn a_byte_order_mark_is_kept_apart() {
        let source = Source::new("\u{feff}a: b".into()).expect("text");
        assert_eq!((source.mark(), source.text()), ("\u{feff}", "a: b"));
    }

    #[test]
    fn what_is_not_text_is_named_with_its_place() {
        let reason = |bytes: &[u8]| Source::new(bytes.to_vec()).expect_err("unreadable");
        let at = |line, column| Place { line, column };
        assert_eq!(reason(b"\xff\xfea\0"), Unreadable::at(at(1, 1), Encoding::Utf16));
        assert_eq!(reason(b"a\nb\0c"), Unreadable::at(at(2, 2), Encoding::Nul));
        assert_eq!(reason(b"\xef\xbb\xbfa\0"), Unreadable::at(at(1, 2), Encoding::Nul));
        assert_eq!(
            reason(b"\xef\xbb\xbfa\xff"),
            Unreadable::at(at(1, 2), Encoding::NotUtf8)
        );
        assert_eq!(reason(b"a\n\xc3\xa9\xff"), Unreadable::at(at(2, 2), Encoding::NotUtf8));
        assert_eq!(
            reason("a: b\n\u{feff}c: d".as_bytes()),
            Unreadable::at(at(2, 1), Encoding::InnerMark)
        );
    }
}
