//! The filter: manifests in, manifests out.
//!
//! Invariant: standard output gets the whole proved result in one go, or nothing; for a refused `ResourceList`, as its
//! protocol asks, its items unchanged and the reasons in `results`.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;

use anstream::AutoStream;
use anyhow::{Context as _, anyhow};
use clap::ColorChoice;
use iam_roles::manifest::envelope::resource_list;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::finding::Finding;
use iam_roles::plan::ledger::Ledger;
use iam_roles::plan::{Circumstances, plan};
use iam_roles::policy::catalogue::Severity;
use iam_roles::report::results;
use iam_roles::report::text::{self, Verdict};
use iam_roles::rewrite::rewrite;
use iam_roles::yaml::draft::Draft;
use iam_roles::yaml::source::Source;

use super::failure::Failure;
use super::{helm, policy};
use crate::cli::Arguments;

/// What the input is called in places.
const INPUT: &str = "stdin";

/// Runs the filter and gives the exit status.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let color = arguments.color;
    let result = arguments
        .completed()
        .map_err(Failure::Usage)
        .and_then(|arguments| filter(&arguments));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                let line = [format!("{}: {message}", text::label(Severity::Error))];
                say(color, &line);
                helm::tell(&line);
            }
            failure.status()
        }
    }
}

fn filter(arguments: &Arguments) -> Result<(), Failure> {
    let source = Source::new(input()?).map_err(|error| unreadable(&format!("{}: {}", error.place, error.reason)))?;
    let stream = Stream::read(&source).map_err(|error| unreadable(&error.to_string()))?;
    let policy = policy::find(arguments, &stream).map_err(Failure::Usage)?;
    let circumstances = Circumstances {
        namespace: arguments.namespace.clone(),
    };
    let mut ledger = plan(&stream, &policy, &circumstances);
    let bound = if policy.strict || arguments.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    let rewritten = if ledger.refuses(bound) {
        None
    } else {
        written(&stream, &mut ledger)
    };
    let verdict = if rewritten.is_some() {
        Verdict::Written
    } else {
        Verdict::Refused
    };
    if let Some(text) = rewritten.or_else(|| unchanged_with_results(&stream, ledger.findings())) {
        output(&text)?;
    }
    let lines = match (arguments.quiet, verdict) {
        (false, _) => text::lines(INPUT, &ledger, verdict),
        (true, Verdict::Refused) => text::findings(INPUT, &ledger, bound),
        (true, Verdict::Written) => Vec::new(),
    };
    say(arguments.color, &lines);
    helm::tell(&text::findings(INPUT, &ledger, Severity::Warning));
    match verdict {
        Verdict::Written => Ok(()),
        Verdict::Refused => Err(Failure::Refused),
    }
}

fn input() -> Result<Vec<u8>, Failure> {
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        let error = anyhow!("no manifests on standard input; pipe them in: helm template … | iam-roles --policy FILE");
        return Err(Failure::Usage(error));
    }
    let mut bytes = Vec::new();
    stdin
        .read_to_end(&mut bytes)
        .context(INPUT)
        .map_err(Failure::Unreadable)?;
    Ok(bytes)
}

/// The rewritten stream; a place that turns out not to be editable becomes a finding.
fn written<'d>(stream: &'d Stream<'d>, ledger: &mut Ledger<'d>) -> Option<String> {
    let findings = ledger.findings().to_vec();
    if let Some(list) = resource_list(stream) {
        ledger.report(list, |draft, list| results::report(draft, list, &findings));
    }
    match rewrite(stream, ledger) {
        Ok(text) => Some(text),
        Err(refusals) => {
            for (sheet, refusal) in refusals {
                ledger.refuse_document(sheet, refusal);
            }
            None
        }
    }
}

/// A refused `ResourceList` as its protocol wants it back; nothing for any other stream.
fn unchanged_with_results(stream: &Stream<'_>, findings: &[Finding]) -> Option<String> {
    let list = resource_list(stream)?;
    let sheet = &stream.sheets()[stream.sheet_of(list)?];
    let mut draft = Draft::new(&sheet.document);
    results::report(&mut draft, list, findings).ok()?;
    let text = draft.finish().ok()?.apply(sheet.document.text());
    let before = stream.source().text().get(..sheet.span.start().offset())?;
    let after = stream.source().text().get(sheet.span.end().offset()..)?;
    Some([stream.source().mark(), before, &text, after].concat())
}

/// One write; a reader that went away is an error, since half a manifest must never look applied.
fn output(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let result = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    result.context("stdout").map_err(Failure::Unreadable)
}

fn say(color: Option<ColorChoice>, lines: &[String]) {
    let choice = match color {
        None | Some(ColorChoice::Auto) => anstream::ColorChoice::Auto,
        Some(ColorChoice::Always) => anstream::ColorChoice::Always,
        Some(ColorChoice::Never) => anstream::ColorChoice::Never,
    };
    let mut stderr = AutoStream::new(std::io::stderr(), choice);
    for line in lines {
        // Nobody is left to tell if standard error is gone; the exit status still says how it ended.
        let _ = writeln!(stderr, "{line}");
    }
}

fn unreadable(message: &str) -> Failure {
    Failure::Unreadable(anyhow!("{INPUT}:{message}"))
}
