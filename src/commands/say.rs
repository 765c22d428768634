//! What is said: lines on standard error, answers on standard output, both coloured where a person reads them.

use std::io::Write as _;

use anstream::{AutoStream, ColorChoice as Choice};
use anyhow::Context as _;
use clap::ColorChoice;

use super::failure::Failure;

/// Writes lines to standard error.
pub(crate) fn say(color: Option<ColorChoice>, lines: &[String]) {
    let mut stderr = AutoStream::new(std::io::stderr(), choice(color));
    for line in lines {
        // Nobody is left to tell if standard error is gone; the exit status still says how it ended.
        let _ = writeln!(stderr, "{line}");
    }
}

/// Writes an answer to standard output, whole.
///
/// # Errors
/// Standard output that takes no more; half an answer must not look like one.
pub(crate) fn answer(color: Option<ColorChoice>, text: &[u8]) -> Result<(), Failure> {
    let mut stdout = AutoStream::new(std::io::stdout().lock(), choice(color));
    let result = stdout.write_all(text).and_then(|()| stdout.flush());
    result.context("stdout").map_err(Failure::System)
}

/// When to colour, as the library that does it says it.
fn choice(color: Option<ColorChoice>) -> Choice {
    match color {
        None | Some(ColorChoice::Auto) => Choice::Auto,
        Some(ColorChoice::Always) => Choice::Always,
        Some(ColorChoice::Never) => Choice::Never,
    }
}
