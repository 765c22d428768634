//! A case, damaged: what happens to texts on their way, and what never happens and must not matter.
//!
//! Deliberately absent: the other tests, as in [`super::laws`].

/// What is put into texts: whatever YAML has a use for, and some that it has none for.
const TOKENS: &[&str] = &[
    "- ",
    "? ",
    ": ",
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|",
    ">-",
    "|2\n",
    "\"",
    "'",
    "\\",
    "#",
    " # c",
    "---\n",
    "--- ",
    "...\n",
    "%YAML 1.2\n",
    "<<: *a\n",
    "\t",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{e9}",
    "\u{1f511}",
    "e\u{301}",
    "null",
    "~",
    "true",
    "0x1f",
    "1_000",
    "\"\\u0041\"",
    "\"\\x41\"",
    "annotations:",
    "metadata:\n",
    "kind: Secret\n",
    "data:\n",
    "stringData:\n",
    "serviceAccountName: x\n",
    "QUtJQQ==",
    "\0",
];

/// A case with some damages, most of them in its body.
pub(crate) fn damaged(case: &str, other: &str, random: &mut Random) -> String {
    let body = |case: &str| case.rfind('\0').map_or(0, |at| at + 1);
    let (head, text) = case.split_at(body(case));
    let (other_head, other) = other.split_at(body(other));
    if random.below(8) == 0 && !head.is_empty() {
        return with_damages(head, other_head, random) + text;
    }
    head.to_owned() + &with_damages(text, other, random)
}

/// A text with one to four damages.
fn with_damages(text: &str, other: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(4) {
        text = match random.below(8) {
            0 => {
                let at = place(&text, random);
                text[..at].to_owned() + TOKENS[random.below(TOKENS.len())] + &text[at..]
            }
            1 => {
                let (start, end) = span(&text, random);
                text[..start].to_owned() + TOKENS[random.below(TOKENS.len())] + &text[end..]
            }
            2 => {
                let (start, end) = span(&text, random);
                text[..start].to_owned() + &text[end..]
            }
            3 => {
                let (start, end) = span(other, random);
                let at = place(&text, random);
                text[..at].to_owned() + &other[start..end] + &text[at..]
            }
            _ => with_lines(&text, other, random),
        };
    }
    text
}

/// A text with a line taken out, doubled, moved, indented or taken from another.
fn with_lines(text: &str, other: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let others: Vec<&str> = other.split_inclusive('\n').collect();
    if lines.is_empty() || others.is_empty() {
        return text.to_owned();
    }
    let (at, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at].clone()),
        2 => lines.swap(at, to),
        3 => lines[at].insert_str(0, "  "),
        4 if lines[at].starts_with("  ") => drop(lines[at].drain(..2)),
        _ => lines.insert(to, others[random.below(others.len())].to_owned()),
    }
    lines.concat()
}

fn place(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

fn span(text: &str, random: &mut Random) -> (usize, usize) {
    let start = place(text, random);
    let end = text.floor_char_boundary((start + random.below(20)).min(text.len()));
    (start, end.max(start))
}

/// Marsaglia's xorshift: the same inputs for the same seed.
pub(crate) struct Random(u64);

impl Random {
    /// Begins at a number.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }
}
