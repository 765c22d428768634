//! `rewrite`: files and folders, as one stream.
//!
//! Invariant: everything is planned and proved before the first file is written.

use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;
use clap::ColorChoice;
use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::Circumstances;
use iam_roles::report::text::{self, Verdict};
use iam_roles::rewrite::Rewritten;

use super::failure::{Failure, ended};
use super::replace::replace;
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

fn whole(input: &Input) -> String {
    input.source().mark().to_owned() + input.source().text()
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
    for (index, text) in changed.iter().enumerate() {
        let input = text.input();
        replace(Path::new(input.name()), &whole(input), &text.text()).map_err(|error| {
            let done: Vec<&str> = changed[..index].iter().map(|text| text.input().name()).collect();
            let done = if done.is_empty() {
                "no file is replaced yet".to_owned()
            } else {
                format!("already replaced: {}", done.join(", "))
            };
            Failure::System(error.context(done))
        })?;
    }
    Ok(())
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
