//! How a run can fail, and the exit status each way has.

use std::process::ExitCode;

use clap::ColorChoice;
use iam_roles::manifest::stream::NotAStream;
use iam_roles::plan::finding::Finding;
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
    /// Files and streams that the system does not let be read or written: status 1.
    System(anyhow::Error),
    /// An input that is no stream of manifests, so that nothing could be planned: status 1.
    NotAStream(Box<Finding>),
    /// The findings forbid a result, and have been shown: status 1.
    Refused,
}

impl Failure {
    /// The exit status.
    pub(crate) fn status(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::System(_) | Self::NotAStream(_) | Self::Refused => ExitCode::from(1),
        }
    }

    /// The line that says why, styled; none where the findings said it.
    pub(crate) fn line(&self) -> Option<String> {
        match self {
            Self::Usage(error) | Self::System(error) => Some(format!("{}: {error:#}", text::label(Severity::Error))),
            Self::NotAStream(finding) => Some(text::found(finding)),
            Self::Refused => None,
        }
    }
}

impl From<NotAStream> for Failure {
    fn from(error: NotAStream) -> Self {
        Self::NotAStream(Box::new(error.into()))
    }
}
