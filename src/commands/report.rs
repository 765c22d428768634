//! The report file of `--report`: written whole, and before standard output, so that a run without it has no result either.

use anyhow::Context as _;
use iam_roles::report::json::{Shown, report};

use super::failure::Failure;
use super::run::Run;
use crate::cli::Settings;

/// What a run has to show.
pub(crate) fn shown<'r>(run: &'r Run<'_>, policy: Option<&'r str>) -> Shown<'r> {
    Shown {
        policy,
        passed: run.texts.is_some(),
        reason: None,
        roster: &run.roster,
        changes: run.ledger.changes(),
        findings: run.ledger.findings(),
    }
}

/// Writes the report where one is wanted.
pub(crate) fn write(settings: &Settings, shown: &Shown<'_>) -> Result<(), Failure> {
    let Some(path) = &settings.report else { return Ok(()) };
    let written = std::fs::write(path, report(shown));
    written
        .with_context(|| format!("{}: the report", path.display()))
        .map_err(Failure::System)
}

/// What there is to show of a failure: the finding that an input is no stream, or else the reason.
pub(crate) fn unplanned(failure: &Failure) -> Shown<'_> {
    match failure {
        Failure::NotAStream(finding) => Shown {
            findings: std::slice::from_ref(finding),
            ..Shown::default()
        },
        Failure::Usage(error) | Failure::System(error) => Shown {
            reason: Some(format!("{error:#}")),
            ..Shown::default()
        },
        Failure::Refused => Shown::default(),
    }
}

/// The same failure, told in the report, too; what was refused for its findings is there already.
pub(crate) fn told(settings: &Settings, failure: Failure) -> Failure {
    if !matches!(failure, Failure::Refused) {
        // Why there is no result is said before why there is no report.
        let _ = write(settings, &unplanned(&failure));
    }
    failure
}
