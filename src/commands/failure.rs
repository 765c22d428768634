//! How a run can fail, and the exit status each way has.

use std::process::ExitCode;

use clap::ColorChoice;
use iam_roles::policy::catalogue::Severity;
use iam_roles::report::text;

use super::say::say;

/// Says why there is no result, and gives the exit status.
pub(crate) fn ended(color: Option<ColorChoice>, result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(color, failure.line().as_slice());
            failure.status()
        }
    }
}

/// Why there is no result.
pub(crate) enum Failure {
    /// The command line, the policy, or an unset variable: status 2, as clap's own errors have.
    Usage(anyhow::Error),
    /// Input that cannot be read, or a stream that cannot be written: status 1.
    Unreadable(anyhow::Error),
    /// The findings forbid a result, and have been shown: status 1.
    Refused,
}

impl Failure {
    /// The exit status.
    pub(crate) fn status(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Unreadable(_) | Self::Refused => ExitCode::from(1),
        }
    }

    /// The line that says why, styled; none where the findings said it.
    pub(crate) fn line(&self) -> Option<String> {
        self.reason()
            .map(|reason| format!("{}: {reason}", text::label(Severity::Error)))
    }

    /// Why, in plain text; none where the findings said it.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Usage(error) | Self::Unreadable(error) => Some(format!("{error:#}")),
            Self::Refused => None,
        }
    }
}
