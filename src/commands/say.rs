//! Lines for people, coloured where a person reads them.

use std::io::Write as _;

use anstream::{AutoStream, ColorChoice as Choice};
use clap::ColorChoice;

/// Writes lines to standard error.
pub(crate) fn say(color: Option<ColorChoice>, lines: &[String]) {
    let mut stderr = AutoStream::new(std::io::stderr(), choice(color));
    for line in lines {
        // Nobody is left to tell if standard error is gone; the exit status still says how it ended.
        let _ = writeln!(stderr, "{line}");
    }
}

/// When to colour, as the library that does it says it.
pub(crate) fn choice(color: Option<ColorChoice>) -> Choice {
    match color {
        None | Some(ColorChoice::Auto) => Choice::Auto,
        Some(ColorChoice::Always) => Choice::Always,
        Some(ColorChoice::Never) => Choice::Never,
    }
}
