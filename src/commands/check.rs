//! `check`: will each component really use its role?

use std::process::ExitCode;

use anyhow::anyhow;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::policy::rules::Policy;
use iam_roles::report::text::Verdict;
use iam_roles::report::{catalogue, table};

use super::failure::{Failure, ended};
use super::run::Run;
use super::say::answer;
use super::{input, policy};
use crate::cli::{Check, Format};

/// Looks, says what it sees on standard output, and gives the exit status.
pub(crate) fn run(mut arguments: Check) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| check(&arguments));
    ended(arguments.settings.color, result)
}

fn check(arguments: &Check) -> Result<(), Failure> {
    if arguments.list {
        return answer(arguments.settings.color, catalogue::list().as_bytes());
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
    answer(settings.color, text.as_bytes())?;
    match run.verdict() {
        Verdict::Written => Ok(()),
        Verdict::Refused => Err(Failure::Refused),
    }
}
