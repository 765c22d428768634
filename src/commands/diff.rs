//! `diff`: what would change.

use std::process::ExitCode;

use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::Circumstances;
use iam_roles::report::text::{self, Verdict};

use super::failure::{Failure, ended};
use super::run::Run;
use super::say::{answer, say};
use super::{input, policy, report};
use crate::cli::Diff;

/// Shows what would change on standard output, and gives the exit status.
pub(crate) fn run(mut arguments: Diff) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| diff(&arguments))
        .map_err(|failure| report::told(&arguments.settings, failure));
    ended(arguments.settings.color, result)
}

fn diff(arguments: &Diff) -> Result<(), Failure> {
    let settings = &arguments.settings;
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
    let rewritten = texts
        .iter()
        .map(|after| input::read(after.input().name(), after.text().into_bytes()));
    let rewritten = rewritten.collect::<Result<Vec<Input>, Failure>>()?;
    let after = Stream::read(&rewritten)?;
    if !settings.quiet {
        say(settings.color, &text::findings_and_total(&run.ledger, Verdict::Written));
    }
    answer(
        settings.color,
        iam_roles::report::diff::text(&stream, &after, &run.ledger).as_bytes(),
    )
}
