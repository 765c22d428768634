//! `rewrite`: files and folders, as one stream.
//!
//! Invariant: everything is planned, proved and written beside the files before the first of them is replaced.

use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::ColorChoice;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::report::text::{self, Verdict};
use iam_roles::rewrite::Rewritten;

use super::failure::{Failure, ended};
use super::replace::{Replacement, replace};
use super::run::Run;
use super::say::{answer, say};
use super::{input, policy, report};
use crate::cli::Rewrite;

/// Rewrites what was named, and gives the exit status.
pub(crate) fn run(mut arguments: Rewrite) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| rewrite(&arguments))
        .map_err(|failure| report::told(&arguments.settings, failure));
    ended(arguments.settings.color, result)
}

fn rewrite(arguments: &Rewrite) -> Result<(), Failure> {
    let settings = &arguments.settings;
    if arguments.in_place && arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::Usage(anyhow!(
            "--in-place: standard input is no file; name files or folders"
        )));
    }
    let inputs = input::all(&arguments.paths, settings.quiet)?;
    let stream = Stream::read(&inputs)?;
    let found = policy::find(settings.policy.as_deref(), settings, &stream).map_err(Failure::Usage)?;
    let circumstances = Circumstances {
        namespace: settings.namespace.clone(),
        as_rendered: false,
    };
    let run = Run::of(&stream, &found.policy, &circumstances, settings.strict);
    report::write(settings, &report::shown(&run, Some(&found.file)))?;
    let Some(texts) = &run.texts else {
        say(settings.color, &text::findings(&run.ledger, run.bound));
        return Err(Failure::Refused);
    };
    let changed: Vec<&Rewritten<'_>> = texts.iter().filter(|text| text.is_changed()).collect();
    if !settings.quiet {
        say(settings.color, &text::lines(&run.ledger, Verdict::Written));
    }
    if arguments.check {
        return would_change(&changed);
    }
    if arguments.in_place {
        return write(&changed);
    }
    answer(Some(ColorChoice::Never), joined(texts).as_bytes())
}

fn would_change(changed: &[&Rewritten<'_>]) -> Result<(), Failure> {
    let names: Vec<&str> = changed.iter().flat_map(|text| [text.input().name(), "\n"]).collect();
    answer(Some(ColorChoice::Never), names.concat().as_bytes())?;
    if changed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused)
    }
}

fn write(changed: &[&Rewritten<'_>]) -> Result<(), Failure> {
    let news: Vec<String> = changed.iter().map(|text| text.text()).collect();
    let replacements = changed.iter().zip(&news).map(|(text, new)| Replacement {
        path: Path::new(text.input().name()),
        old: text.input().source().whole(),
        new,
    });
    replace(&replacements.collect::<Vec<_>>()).map_err(Failure::System)
}

/// The texts as one stream, with a marker between two that have none there.
fn joined(texts: &[Rewritten<'_>]) -> String {
    let mut joined = String::new();
    for text in texts.iter().map(Rewritten::text) {
        if joined.is_empty() {
            joined += &text;
            continue;
        }
        // A byte order mark belongs to the beginning of a stream; inside it hides the marker behind it.
        let text = text.trim_start_matches('\u{feff}');
        if !joined.ends_with(['\n', '\r']) {
            joined.push('\n');
        }
        if !text.starts_with("---") {
            joined += "---\n";
        }
        joined += text;
    }
    joined
}
