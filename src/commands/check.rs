//! `check`: will each component really use its role?

use std::io::Write as _;
use std::process::ExitCode;

use anstream::AutoStream;
use anyhow::{Context as _, anyhow};
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::policy::rules::Policy;
use iam_roles::report::text::Verdict;
use iam_roles::report::{catalogue, table};

use super::failure::Failure;
use super::run::Run;
use super::say::{choice, say};
use super::{input, policy};
use crate::cli::{Check, Format};

/// Looks, says what it sees on standard output, and gives the exit status.
pub(crate) fn run(mut arguments: Check) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| check(&arguments));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(line) = failure.line() {
                say(arguments.settings.color, &[line]);
            }
            failure.status()
        }
    }
}

fn check(arguments: &Check) -> Result<(), Failure> {
    if arguments.list {
        return output(arguments, &catalogue::list());
    }
    let settings = &arguments.settings;
    let inputs = input::all(&arguments.paths)?;
    let stream = Stream::read(&inputs).map_err(|error| Failure::Unreadable(anyhow!("{error}")))?;
    let found = policy::find_any(settings.policy.as_deref(), settings, &stream).map_err(Failure::Usage)?;
    let circumstances = Circumstances {
        namespace: settings.namespace.clone(),
        as_rendered: found.is_none(),
    };
    let policy = found.unwrap_or_else(Policy::absent);
    let run = Run::of(&stream, &policy, &circumstances, settings.strict);
    let text = match arguments.output {
        Format::Human => table::text(&run.roster, run.ledger.findings(), run.verdict()),
    };
    output(arguments, &text)?;
    match run.verdict() {
        Verdict::Written => Ok(()),
        Verdict::Refused => Err(Failure::Refused),
    }
}

fn output(arguments: &Check, text: &str) -> Result<(), Failure> {
    let mut stdout = AutoStream::new(std::io::stdout().lock(), choice(arguments.settings.color));
    let result = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    result.context("stdout").map_err(Failure::Unreadable)
}
