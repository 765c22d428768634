//! One text in one of the five styles; in another where that one cannot say it.

use super::choices::Choices;

/// The five styles of YAML's scalars.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// Where a scalar stands.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    /// The column that further lines stand deeper than.
    pub(crate) column: usize,
    pub(crate) in_flow: bool,
    pub(crate) is_key: bool,
}

/// A text as it is written: block scalars with their lines, all others without a line break at the end.
pub(crate) fn scalar(text: &str, style: Style, place: Place, choices: &mut Choices) -> String {
    let is_block = !place.in_flow && !place.is_key && is_printable(text) && !text.trim_matches('\n').is_empty();
    let one_line = place.is_key || choices.one_in(2);
    match style {
        Style::Plain if is_plain(text, place) => lines(text, one_line, place, choices, "").unwrap_or_default(),
        Style::Single if is_printable(text) => match lines(&text.replace('\'', "''"), one_line, place, choices, "'") {
            Some(written) => written,
            None => double(text, place, choices),
        },
        Style::Literal if is_block => literal(text, place, choices),
        Style::Folded if is_block && !text.starts_with('\n') => folded(text, place, choices),
        _ => double(text, place, choices),
    }
}

/// Whether the text needs no escapes. Line separators of Unicode are breaks to YAML 1.1 and text to 1.2.
fn is_printable(text: &str) -> bool {
    text.chars()
        .all(|c| (!c.is_control() || c == '\n' || c == '\t') && !"\u{85}\u{2028}\u{2029}\u{feff}".contains(c))
}

/// Whether a text says itself without quotes, under YAML 1.1 and 1.2.
fn is_plain(text: &str, place: Place) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || "_/".contains(c);
    let is_safe =
        |c: char| is_word(c) || "-.@+() \u{301}".contains(c) || (!place.in_flow && ":,#{}[]'\"&*!".contains(c));
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let is_numeric = text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains('/');
    text.starts_with(is_word)
        && !text.ends_with([' ', ':'])
        && text.chars().all(is_safe)
        && ![": ", " #", "  "].iter().any(|part| text.contains(part))
        && !words.contains(&text.to_lowercase().as_str())
        && !is_numeric
}

/// A text between quotes, or none, in which a line break is written as two and some blanks as one.
fn lines(text: &str, one_line: bool, place: Place, choices: &mut Choices, quote: &str) -> Option<String> {
    let must_break = text.contains('\n');
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    if must_break && (place.is_key || near_blank(text)) {
        return None;
    }
    let mut out = quote.to_owned();
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        let indent = " ".repeat(place.column + 1 + choices.of(&[1, 0, 3]));
        match c {
            '\n' if before == Some('\n') => out.push('\n'),
            '\n' => out += "\n\n",
            ' ' if !one_line && !is_blank(before) && !is_blank(after) && choices.one_in(6) && after != Some('#') => {
                out.extend(["\n", &indent]);
            }
            c => {
                if before == Some('\n') {
                    out += &indent;
                }
                out.push(*c);
            }
        }
    }
    if text.ends_with('\n') {
        out += &" ".repeat(place.column + 1);
    }
    Some(out + quote)
}

/// Whether a blank stands beside a line break, where folding would lose it.
fn near_blank(text: &str) -> bool {
    [" \n", "\n ", "\t\n", "\n\t"].iter().any(|part| text.contains(part))
}

fn double(text: &str, place: Place, choices: &mut Choices) -> String {
    let mut out = "\"".to_owned();
    let wild = if choices.one_in(4) { 12 } else { usize::MAX };
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let is_wild = choices.one_in(wild);
        let next = chars.get(at + 1);
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\t' if !is_wild => out += "\\t",
            '\r' => out += "\\r",
            c if c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(*c) => out += &escaped(*c),
            ' ' if is_wild
                && !place.is_key
                && at > 0
                && next.is_some_and(|c| !c.is_whitespace())
                && chars[at - 1] != ' ' =>
            {
                out.extend(["\n", &" ".repeat(place.column + 1)]);
            }
            c if is_wild => out += &escaped(*c),
            c => out.push(*c),
        }
        let can_go_on = next.is_some_and(|c| !c.is_whitespace()) && !place.is_key;
        if can_go_on && (wild < usize::MAX) && choices.one_in(40) {
            out.extend(["\\\n", &" ".repeat(place.column + 2)]);
        }
    }
    out.push('"');
    out
}

fn escaped(c: char) -> String {
    match u32::from(c) {
        code @ ..=0xff => format!("\\x{code:02x}"),
        code @ ..=0xffff => format!("\\u{code:04X}"),
        code => format!("\\U{code:08x}"),
    }
}

/// The header of a block scalar and the blanks before its lines.
fn header(text: &str, style: char, place: Place, choices: &mut Choices) -> (String, String) {
    let deeper = choices.of(&[2, 1, 4, 3]);
    let must_say = text.starts_with([' ', '\n', '\t']);
    let indicator = if must_say || choices.one_in(6) {
        deeper.to_string()
    } else {
        String::new()
    };
    let ends = text.len() - text.trim_end_matches('\n').len();
    let chomping = match ends {
        0 => "-",
        1 => choices.of(&["", "", "", "+"]),
        _ => "+",
    };
    let header = if choices.one_in(2) {
        format!("{style}{indicator}{chomping}\n")
    } else {
        format!("{style}{chomping}{indicator}\n")
    };
    (header, " ".repeat(place.column + deeper))
}

fn literal(text: &str, place: Place, choices: &mut Choices) -> String {
    let (header, indent) = header(text, '|', place, choices);
    let body = text.strip_suffix('\n').unwrap_or(text);
    let lines = body.split('\n').map(|line| {
        if line.is_empty() {
            "\n".to_owned()
        } else {
            format!("{indent}{line}\n")
        }
    });
    header + &lines.collect::<String>()
}

fn folded(text: &str, place: Place, choices: &mut Choices) -> String {
    let (header, indent) = header(text, '>', place, choices);
    let end = text.len() - text.trim_end_matches('\n').len();
    let body: Vec<&str> = text[..text.len() - end].split('\n').collect();
    let mut out = header;
    let mut was_normal = false;
    let mut blank = 0;
    for (at, line) in body.iter().enumerate() {
        if line.is_empty() {
            blank += 1;
            continue;
        }
        let is_normal = !line.starts_with([' ', '\t']);
        // Between two lines of plain text one break is a blank, so another must say it.
        if at > 0 && was_normal && is_normal {
            blank += 1;
        }
        out += &"\n".repeat(std::mem::take(&mut blank));
        out += &indent;
        let breaks = choices.one_in(2);
        let chars: Vec<char> = line.chars().collect();
        for (at, c) in chars.iter().enumerate() {
            let around = [at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1)];
            let is_inner = around.iter().all(|c| c.is_some_and(|c| !c.is_whitespace()));
            if *c == ' ' && is_inner && is_normal && breaks && choices.one_in(6) {
                out.extend(["\n", &indent]);
            } else {
                out.push(*c);
            }
        }
        out.push('\n');
        was_normal = is_normal;
    }
    out + &"\n".repeat(end.saturating_sub(1))
}
