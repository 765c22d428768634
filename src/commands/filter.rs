//! The filter: manifests in, manifests out.
//!
//! Invariant: standard output gets the whole proved result in one go, or nothing; for a refused `ResourceList`, as its
//! protocol asks, its items unchanged and the reasons in `results`.

use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;
use std::process::ExitCode;

use anyhow::Context as _;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::Circumstances;
use iam_roles::policy::catalogue::Severity;
use iam_roles::report::results;
use iam_roles::report::text::{self, Verdict};

use super::failure::Failure;
use super::run::Run;
use super::say::say;
use super::{helm, input, policy, report};
use crate::cli::Filter;

/// How many bytes are written at once.
const CHUNK: usize = 1 << 18;

/// Runs the filter and gives the exit status.
pub(crate) fn run(mut arguments: Filter) -> ExitCode {
    let result = arguments
        .settings
        .complete()
        .map_err(Failure::Usage)
        .and_then(|()| filter(&arguments))
        .map_err(|failure| report::told(&arguments.settings, failure));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(line) = failure.line() {
                say(arguments.settings.color, std::slice::from_ref(&line));
                helm::tell(&[line]);
            }
            failure.status()
        }
    }
}

fn filter(arguments: &Filter) -> Result<(), Failure> {
    let settings = &arguments.settings;
    let inputs = [input::stdin()?];
    // The process ends right after; the system takes so many small pieces back faster than they are freed one by one.
    let stream = ManuallyDrop::new(Stream::read(&inputs)?);
    let named = settings.policy.as_deref().or(arguments.config.as_deref());
    let found = policy::find(named, settings, &stream).map_err(Failure::Usage)?;
    let circumstances = Circumstances {
        namespace: settings.namespace.clone(),
        as_rendered: false,
    };
    let run = ManuallyDrop::new(Run::of(&stream, &found.policy, &circumstances, settings.strict));
    report::write(settings, &report::shown(&run, Some(&found.file)))?;
    if let Some(texts) = &run.texts {
        output(|out| texts.iter().try_for_each(|text| text.write_to(out)))?;
    } else if let Some(list) = results::refused(&stream, run.ledger.findings()) {
        output(|out| out.write_all(list.as_bytes()))?;
    }
    let verdict = run.verdict();
    let lines = match (settings.quiet, verdict) {
        (false, _) => text::lines(&run.ledger, verdict),
        (true, Verdict::Refused) => text::findings(&run.ledger, run.bound),
        (true, Verdict::Written) => Vec::new(),
    };
    say(settings.color, &lines);
    helm::tell(&text::findings(&run.ledger, Severity::Warning));
    match verdict {
        Verdict::Written => Ok(()),
        Verdict::Refused => Err(Failure::Refused),
    }
}

/// Everything or an error; a reader that went away is one, since half a manifest must never look applied.
fn output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut stdout = BufWriter::with_capacity(CHUNK, io::stdout().lock());
    let result = write(&mut stdout).and_then(|()| stdout.flush());
    result.context("stdout").map_err(Failure::System)
}
