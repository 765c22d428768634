//! `check`: will each component really use its role?

use std::process::ExitCode;

use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::policy::rules::Policy;
use iam_roles::report::json::Shown;
use iam_roles::report::text::Verdict;
use iam_roles::report::{catalogue, github, json, sarif, table};

use super::failure::{Failure, ended};
use super::policy::Found;
use super::run::Run;
use super::say::answer;
use super::{input, policy, report};
use crate::cli::{Check, Format};

/// Looks, says what it sees on standard output, and gives the exit status.
pub(crate) fn run(mut arguments: Check) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| check(&arguments))
        .map_err(|failure| report::told(&arguments.settings, failure))
        .map_err(|failure| unplanned(&arguments, failure));
    ended(arguments.settings.color, result)
}

fn check(arguments: &Check) -> Result<(), Failure> {
    if arguments.list {
        return answer(arguments.settings.color, catalogue::list().as_bytes());
    }
    let settings = &arguments.settings;
    let inputs = input::all(&arguments.paths, settings.quiet)?;
    let stream = Stream::read(&inputs)?;
    let found = policy::find_any(settings.policy.as_deref(), settings, &stream).map_err(Failure::Usage)?;
    let circumstances = Circumstances {
        namespace: settings.namespace.clone(),
        as_rendered: found.is_none(),
    };
    let (policy, file) = match found {
        Some(Found { policy, file }) => (policy, Some(file)),
        None => (Policy::absent(), None),
    };
    let run = Run::of(&stream, &policy, &circumstances, settings.strict);
    let shown = report::shown(&run, file.as_deref());
    report::write(settings, &shown)?;
    let text = for_programs(arguments.output, &shown)
        .unwrap_or_else(|| table::text(&run.roster, run.ledger.findings(), run.verdict()));
    answer(settings.color, text.as_bytes())?;
    match run.verdict() {
        Verdict::Written => Ok(()),
        Verdict::Refused => Err(Failure::Refused),
    }
}

/// An input that is no stream, told in the format that was asked for; a person reads it on standard error.
fn unplanned(arguments: &Check, failure: Failure) -> Failure {
    let text = for_programs(arguments.output, &report::unplanned(&failure));
    match (&failure, text) {
        (Failure::NotAStream(_), Some(text)) => answer(arguments.settings.color, text.as_bytes())
            .err()
            .unwrap_or(Failure::Refused),
        _ => failure,
    }
}

/// The answer in a format that programs read.
fn for_programs(format: Format, shown: &Shown<'_>) -> Option<String> {
    match format {
        Format::Human => None,
        Format::Json => Some(json::report(shown)),
        Format::Sarif => Some(sarif::log(shown.findings)),
        Format::Github => Some(github::commands(shown.findings)),
    }
}
