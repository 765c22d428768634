//! Texts that use all that YAML has, and some that it has not.

/// Marsaglia's xorshift: the same texts for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }

    pub(crate) fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    /// Once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "metadata",
    "annotations",
    "name",
    "\"a\"",
    "'b'",
    "\"c d\"",
    "e f",
    "g/h.i",
    "k-l",
    ".m",
];

const ODD_KEYS: &[&str] = &[
    "yes",
    "no",
    "on",
    "y",
    "N",
    "true",
    "null",
    "~",
    "",
    "<<",
    "\"<<\"",
    "=",
    "010",
    "0x1f",
    "0o7",
    "1_000",
    "1:30",
    "1.0",
    "1e3",
    ".inf",
    "12",
    "-1",
    "+1",
    "2001-01-01",
    "!!str d",
    "!x d",
    "!!binary YQ==",
    "&k a",
    "*s",
    "? a\n",
    "? ",
    "[a]",
    "{a: b}",
    "\"\\x41\"",
    "\"\\u0061\"",
    "a:b",
    "a#b",
    "@a",
    "`a",
    "%a",
    "-a",
    "- a",
    "é",
    "日本",
    "🔑",
    "\"a\\tb\"",
    "!!int \"3\"",
    "!!null x",
];

const SCALARS: &[&str] = &[
    "x",
    "x y",
    "\"x\"",
    "'x'",
    "1",
    "true",
    "null",
    "~",
    "",
    "{}",
    "[]",
    "x-y",
    "\"\"",
    "''",
    "http://a:80/b",
    "a: b",
];

const ODD_SCALARS: &[&str] = &[
    "yes",
    "No",
    "y",
    "0b1",
    "010",
    "0o10",
    "0x1F",
    "1_000",
    "1:30:00",
    "1e3",
    ".5",
    "-.inf",
    ".NaN",
    "+12",
    "1.",
    "=",
    "<<",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "0.1e+1",
    "NULL",
    "Null",
    "nUll",
    "True",
    "tRUE",
    "-",
    "- -",
    "?",
    ":",
    "::",
    "a:",
    ":a",
    "a :b",
    "a#b",
    "a #b",
    "#b",
    "\"a\"#b",
    "\"a\" #b",
    "\"\\x41\\u00e9\\U0001F511\"",
    "\"\\ud83d\\ude00\"",
    "\"\\/\"",
    "\"\\q\"",
    "\"\\\n   x\"",
    "\"a\n   b\"",
    "'a\n   b'",
    "a\n   b",
    "a\n\n   b",
    "a\n   # c\n   b",
    "'it''s'",
    "\"a\\\"b\"",
    "!!str 1",
    "!!str",
    "!!str null",
    "!!int \"3\"",
    "!!float 1",
    "!!bool \"true\"",
    "!!null \"\"",
    "!!binary YQ==",
    "!!binary '*'",
    "!!set {a}",
    "!x y",
    "! 12",
    "!<tag:yaml.org,2002:str> 1",
    "!e!x y",
    "&a x",
    "&a",
    "&a &b x",
    "*a",
    "*s",
    "{a: 1}",
    "{a:1}",
    "{a}",
    "{a, b: c}",
    "{\"a\":b}",
    "{\"a\": b,}",
    "{a: [b, {c: d}]}",
    "{? a : b}",
    "{: a}",
    "{a: }",
    "{,}",
    "[a, b]",
    "[a: b]",
    "[a: b, c]",
    "[a,]",
    "[,]",
    "[\"a\":b]",
    "[? a]",
    "[a\n   , b]",
    "[a, # c\n   b]",
    "{a: b # c\n   , c: d}",
    "{a: 'b'c}",
    "{a: b}c",
    "{-a: 1}",
    "[-]",
    "[- a]",
    "[a b]",
    "[:x]",
    "{a: :}",
    "{a::b}",
    "[a::b]",
    "{http://x: y}",
    "{a: http://x:80}",
    "[{a: b}: c]",
    "{[a]: b}",
    "[[a]: b]",
    "{'a' : b}",
    "{a :b}",
    "@x",
    "`x",
    "%x",
    "%",
    "|x",
    ">x",
    "&",
    "*",
    "!",
    "a\tb",
    "a\t#b",
    "\ta",
    "a\t",
    "é",
    "日本",
    "🔑",
    "e\u{301}",
    "\u{feff}x",
    "a\u{feff}b",
    "a\u{85}b",
    "a\u{2028}b",
    "\"a\u{2029}b\"",
    "'a\u{85}  b'",
    "a\u{a0}b",
    "a\u{7f}b",
    "\"a\u{1}b\"",
    "a\u{fffe}",
    "a\u{3000}b",
    "\"a\u{2028}\n   b\"",
    "a b: c",
    "\"a\": b",
    "'a': b",
    "- a",
    "? a",
    "--- a",
    "...",
    "a # b: c",
    "a, b",
    "a]b",
    "a}b",
    "[a]b",
    "\"a\"b",
    "'a' 'b'",
    ">- x",
    "| # c",
];

const BLOCKS: &[&str] = &[
    "|", ">", "|-", ">-", "|+", ">+", "|2", ">1", "|-2", "|2-", "| # c", "|  ", ">-  # c", "|1", "|0", "|\t", "|+1",
    "|#c",
];

const LINES: &[&str] = &[
    "x",
    "x: y",
    "- x",
    "# x",
    "",
    " x",
    "  x",
    "\tx",
    "x ",
    "x\t",
    "---x",
    "é",
    "\"x",
    "",
    "\u{2028}x",
    "x\u{85}y",
    "[x",
    "%x",
];

/// Entries that bring others in.
const MERGES: &[&str] = &[
    "<<: *s\n",
    "<<: *s # c\n",
    "<<: {a: 3, name: x}\n",
    "<<: [*s, {c: 1}]\n",
    "<<: [{c: 1}, *s]\n",
    "\"<<\": *s\n",
    "? <<\n: {a: 3}\n",
    "<<: &m {b: 4, <<: {k-l: 5}}\n",
    "!!merge <<: {a: 3}\n",
    "*s : x\n",
];

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
    "%TAG ! x\n",
    "<<: *s\n",
    "\t",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "null",
    "~",
    "---",
    "--- |\n",
    "--- {a: b}\n",
    "--- # c\n",
    "---\t\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n# c\n",
    "x",
    "'a'",
    "\"\\x41\"",
    "a: b",
    ": b\n",
];

/// A stream of one document, or a few.
pub(crate) fn sample(random: &mut Random) -> String {
    let mut text = String::new();
    match random.below(12) {
        0 => {
            text += random.of(&[
                "---\n",
                "--- # c\n",
                "# c\n",
                "%YAML 1.1\n---\n",
                "%YAML 1.2\n---\n",
                "%TAG !e! tag:x,1:\n---\n",
                "\u{feff}",
                "\n",
                "---\n\u{feff}",
                "--- ",
            ]);
        }
        1..=3 => text += "s: &s {a: 1, b: 2}\n",
        _ => {}
    }
    mapping(&mut text, random, 0, 0);
    while random.once_in(12) {
        text += random.of(&[
            "---\n",
            "---  \n",
            "--- # c\n",
            "...\n---\n",
            "...\n",
            "---\n---\n",
            "...\n# c\n---\n",
            "--- ",
            "---\t",
            "\u{feff}---\n",
            "---\n\u{feff}",
        ]);
        mapping(&mut text, random, 0, 1);
    }
    if random.once_in(3) {
        for _ in 0..=random.below(3) {
            text = damaged(&text, random);
        }
    }
    match random.below(24) {
        0 => text = text.replace('\n', "\r\n"),
        1 => text = text.replace('\n', "\r"),
        2 | 3 => text.truncate(text.trim_end_matches('\n').len()),
        _ => {}
    }
    text
}

fn mapping(text: &mut String, random: &mut Random, indent: usize, depth: usize) {
    for _ in 0..=random.below(3) {
        if random.once_in(20) {
            *text += random.of(&["# c\n", "\n", "  # c\n", "\t\n", "      \n", "\t# c\n"]);
        }
        *text += &" ".repeat(indent);
        if random.once_in(12) {
            *text += random.of(MERGES);
        } else {
            entry(text, random, indent, depth);
        }
    }
}

fn entry(text: &mut String, random: &mut Random, indent: usize, depth: usize) {
    *text += if random.once_in(8) {
        random.of(ODD_KEYS)
    } else {
        random.of(KEYS)
    };
    *text += if random.once_in(30) {
        random.of(&[" : ", ":\t", ":", " :", ":  ", ":\n"])
    } else {
        ":"
    };
    value(text, random, indent, depth);
}

fn value(text: &mut String, random: &mut Random, indent: usize, depth: usize) {
    match random.below(14) {
        0..=2 if depth < 4 => {
            *text += random.of(&[
                "\n",
                "\n",
                "\n",
                " # c\n",
                " &s\n",
                " !!map\n",
                " !x\n",
                " &a # c\n",
                "  \n",
            ]);
            let deeper = indent + 1 + random.below(3);
            mapping(text, random, deeper, depth + 1);
        }
        3 | 4 if depth < 4 => {
            *text += random.of(&["\n", "\n", "\n", " # c\n", " &s\n", " !!seq\n"]);
            let inner = indent + 2 * random.below(2);
            for _ in 0..=random.below(2) {
                *text += &" ".repeat(inner);
                *text += random.of(&["-", "-", "-", "-", "- -", "-  ", "-\t"]);
                if random.once_in(2) {
                    *text += " ";
                    entry(text, random, inner + 2, depth + 1);
                } else {
                    value(text, random, inner, depth + 1);
                }
            }
        }
        5 => block(text, random, indent),
        6 => {
            *text += " ";
            *text += &flow(random, 0);
            *text += "\n";
        }
        7..=9 => {
            *text += " ";
            *text += random.of(ODD_SCALARS);
            *text += random.of(&["\n", "\n", "\n", " # c\n", "\t# c\n", "\n\n", "#c\n"]);
        }
        _ => {
            *text += " ";
            *text += random.of(SCALARS);
            *text += random.of(&["\n", "\n", "\n", "\n", " # c\n"]);
        }
    }
}

fn block(text: &mut String, random: &mut Random, indent: usize) {
    *text += " ";
    *text += random.of(BLOCKS);
    *text += "\n";
    let deeper = indent + 1 + random.below(3);
    for _ in 0..random.below(5) {
        let line = random.of(LINES);
        if !line.is_empty() || random.once_in(3) {
            *text += &" ".repeat(deeper);
        }
        *text += line;
        *text += "\n";
    }
}

fn flow(random: &mut Random, depth: usize) -> String {
    let between = |random: &mut Random| random.of(&[", ", ", ", ",", " , ", ",\n   ", ", # c\n   "]).to_owned();
    let mut text = String::new();
    let count = random.below(3);
    match random.below(6) {
        0 | 1 if depth < 3 => {
            text += "{";
            for at in 0..=count {
                if at > 0 {
                    text += &between(random);
                }
                text += if random.once_in(6) {
                    random.of(ODD_KEYS)
                } else {
                    random.of(KEYS)
                };
                text += random.of(&[": ", ": ", ": ", ":", " : ", "", ":\n   "]);
                text += &flow(random, depth + 1);
            }
            text + random.of(&["}", "}", "}", ",}", "\n   }", "\n}", " # c\n }"])
        }
        2 if depth < 3 => {
            text += "[";
            for at in 0..=count {
                if at > 0 {
                    text += &between(random);
                }
                text += &flow(random, depth + 1);
            }
            text + random.of(&["]", "]", "]", ",]", "\n   ]", "\n]", " # c\n ]"])
        }
        3 => random.of(ODD_SCALARS).to_owned(),
        _ => random.of(SCALARS).to_owned(),
    }
}

/// A text with something put in, taken out, or in another place.
pub(crate) fn damaged(text: &str, random: &mut Random) -> String {
    let at = text.floor_char_boundary(random.below(text.len() + 1));
    let end = text.floor_char_boundary((at + random.below(8)).min(text.len())).max(at);
    let token = random.of(TOKENS);
    match random.below(4) {
        0 | 1 => text[..at].to_owned() + token + &text[at..],
        2 => text[..at].to_owned() + token + &text[end..],
        _ => text[..at].to_owned() + &text[end..],
    }
}
