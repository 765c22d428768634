//! Inputs that nobody wrote: every input that there is, damaged and crossed with others, and what must be true of them all.
//!
//! It needs no nightly compiler: what leads is the inputs, not coverage. `IAM_ROLES_FUZZ=SECONDS` says how long, 2 if not
//! set, and `IAM_ROLES_FUZZ_SEED` where to begin. Long runs want `cargo test --release --test it fuzz`.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::plan;
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::given::{Given, decoded, given};
use crate::support::leaked;

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

/// Longer inputs are cut to whole documents of about this many bytes.
const LONGEST: usize = 6_000;

#[test]
fn nothing_that_comes_in_breaks_a_law() {
    let seconds = number("IAM_ROLES_FUZZ").unwrap_or(2);
    let seed = number("IAM_ROLES_FUZZ_SEED").unwrap_or(0x2545_f491_4f6c_dd1d);
    let (mut random, inputs) = (Random(seed | 1), given());
    let seeds: Vec<&Given> = inputs.iter().filter(|given| given.input.len() < LONGEST).collect();
    // A piece of a secret in a name would be told, and rightly.
    let others: Vec<String> = seeds.iter().map(|given| without_secrets(&given.input)).collect();
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut count = Count::default();
    while Instant::now() < until {
        let given = seeds[random.below(seeds.len())];
        let other = &others[random.below(others.len())];
        let input = damaged(&given.input, other, &mut random);
        let held = catch_unwind(AssertUnwindSafe(|| holds(given, &input, &mut count)));
        let broken = match held {
            Ok(Ok(())) => continue,
            Ok(Err(how)) => how,
            Err(_) => "a panic".to_owned(),
        };
        panic!("{broken}\nwith the policy of {}, on the input\n{input:?}", given.name);
    }
    eprintln_count(&count);
    // A driver whose inputs are all refused has seen nothing.
    assert!(
        count.all / 50 <= count.changed,
        "only {} of {} changed",
        count.changed,
        count.all
    );
}

/// How many inputs there were.
#[derive(Default)]
struct Count {
    all: usize,
    written: usize,
    changed: usize,
}

#[expect(clippy::print_stderr, reason = "a long run says what it did")]
fn eprintln_count(count: &Count) {
    eprintln!(
        "{} inputs, {} written, {} changed",
        count.all, count.written, count.changed
    );
}

/// The laws, on one input.
fn holds(given: &Given, input: &str, count: &mut Count) -> Result<(), String> {
    count.all += 1;
    secret_findings(given, input)?;
    let Some(output) = given.rewrite(input.as_bytes()) else {
        return Ok(());
    };
    count.written += 1;
    count.changed += usize::from(output != input);
    match given.rewrite(output.as_bytes()) {
        Some(again) if again == output => {}
        Some(again) => return Err(format!("a second run changes\n{output:?}\nto\n{again:?}")),
        None => return Err(format!("a second run refuses\n{output:?}")),
    }
    if !input.contains('\r') {
        let windows = |text: &str| text.replace('\n', "\r\n");
        let found = given.rewrite(windows(input).as_bytes());
        if found.as_deref() != Some(&windows(&output)) {
            return Err(format!("with line breaks of Windows\n{output:?}\nis\n{found:?}"));
        }
    }
    if !input.starts_with('\u{feff}') {
        let found = given.rewrite(format!("\u{feff}{input}").as_bytes());
        if found.as_deref().map(|found| found.trim_start_matches('\u{feff}')) != Some(&output) {
            return Err(format!("behind a byte order mark\n{output:?}\nis\n{found:?}"));
        }
    }
    Ok(())
}

/// No finding tells a secret of an input, whether it refuses or not.
fn secret_findings(given: &Given, input: &str) -> Result<(), String> {
    let said = findings(given, input);
    let secret = said.iter().find_map(|said| Some((leaked(said)?, said)));
    match secret {
        // A damage can make a name of a secret, and names are told.
        Some((secret, said)) if !names(input).contains(&secret) => Err(format!("`{secret}` is told by: {said}")),
        _ => Ok(()),
    }
}

fn findings(given: &Given, input: &str) -> Vec<String> {
    let inputs = match Input::new("stdin", input.as_bytes().to_vec()) {
        Ok(input) => [input],
        Err(error) => return vec![error.to_string()],
    };
    match Stream::read(&inputs) {
        Err(error) => vec![error.to_string()],
        Ok(stream) => {
            let ledger = plan(&stream, &given.policy, &given.circumstances).ledger;
            let findings = ledger.findings().iter();
            findings
                .map(|finding| format!("{} {}", finding.message, finding.remedy))
                .collect()
        }
    }
}

/// Every key of a stream, and every text that is no value of a Secret, a variable or a command line.
fn names(input: &str) -> String {
    fn collect(value: &Value, names: &mut String) {
        match value {
            Value::Mapping(mapping) => {
                for (key, value) in mapping {
                    collect(key, names);
                    match key.as_str() {
                        Some("data" | "stringData") => value
                            .as_mapping()
                            .into_iter()
                            .flat_map(|data| data.keys())
                            .for_each(|key| collect(key, names)),
                        Some("value" | "args" | "command") => {}
                        _ => collect(value, names),
                    }
                }
            }
            Value::Sequence(items) => items.iter().for_each(|item| collect(item, names)),
            Value::Tagged(tagged) => collect(&tagged.value, names),
            Value::String(text) => {
                names.push_str(text);
                names.push('\n');
            }
            _ => {}
        }
    }
    let mut names = String::new();
    for document in serde_yaml::Deserializer::from_str(input) {
        match Value::deserialize(document) {
            Ok(value) => collect(&value, &mut names),
            Err(_) => break,
        }
    }
    names
}

/// A text with one to four damages.
pub(crate) fn damaged(text: &str, other: &str, random: &mut Random) -> String {
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

/// A text in which no word is one of the secrets, as it is or in base64.
fn without_secrets(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
    words
        .map(|word| {
            if leaked(word).is_some() || leaked(&decoded(word)).is_some() {
                "x\n"
            } else {
                word
            }
        })
        .collect()
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
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }
}

pub(crate) fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
