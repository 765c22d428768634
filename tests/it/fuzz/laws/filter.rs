//! What becomes of an input, as the filter does it, up to standard output.

use iam_roles::manifest::envelope::resource_list;
use iam_roles::manifest::stream::{Input, NotAStream, Stream};
use iam_roles::plan::finding::Finding;
use iam_roles::plan::{Circumstances, plan};
use iam_roles::policy::catalogue::Severity;
use iam_roles::policy::rules::Policy;
use iam_roles::report::results;
use iam_roles::rewrite::{Rewritten, rewrite};

/// What an input is read with.
pub(super) struct Filter<'p> {
    pub(super) policy: &'p Policy,
    pub(super) circumstances: Circumstances,
}

/// What became of an input.
#[derive(PartialEq, Debug)]
pub(super) struct Outcome {
    /// Everything that was found.
    pub(super) findings: Vec<Finding>,
    /// How many changes there are to be.
    pub(super) changes: usize,
    /// The result; none where the input is refused.
    pub(super) written: Option<String>,
    /// What a refused `ResourceList` becomes.
    pub(super) returned: Option<String>,
}

impl Filter<'_> {
    pub(super) fn run(&self, input: &str) -> Outcome {
        self.run_reading(input, |inputs| Stream::read(inputs))
    }

    /// The same, with every document read by yaml-rust2 and none only skimmed.
    pub(super) fn run_in_full(&self, input: &str) -> Outcome {
        self.run_reading(input, |inputs| Stream::read_in_full(inputs))
    }

    fn run_reading(&self, input: &str, read: impl Fn(&[Input]) -> Result<Stream<'_>, NotAStream>) -> Outcome {
        let inputs = match Input::new("stdin", input.as_bytes().to_vec()) {
            Ok(input) => [input],
            Err(error) => return unreadable(error),
        };
        match read(&inputs) {
            Ok(stream) => self.filtered(&stream),
            Err(error) => unreadable(error),
        }
    }

    /// From which severity on a finding refuses.
    pub(super) fn bound(&self) -> Severity {
        if self.policy.strict {
            Severity::Warning
        } else {
            Severity::Error
        }
    }

    fn filtered(&self, stream: &Stream<'_>) -> Outcome {
        let mut ledger = plan(stream, self.policy, &self.circumstances).ledger;
        let mut written = None;
        if !ledger.refuses(self.bound()) {
            let findings = ledger.findings().to_vec();
            if let Some(list) = resource_list(stream) {
                ledger.report(list, |draft, list| results::report(draft, list, &findings));
            }
            match rewrite(stream, &ledger) {
                Ok(texts) => written = Some(texts.iter().map(Rewritten::text).collect()),
                Err(refusals) => refusals
                    .into_iter()
                    .for_each(|(sheet, refusal)| ledger.refuse_document(sheet, refusal)),
            }
        }
        let findings = ledger.findings().to_vec();
        let returned = match written {
            Some(_) => None,
            None => results::refused(stream, &findings),
        };
        Outcome {
            changes: ledger.changes().len(),
            findings,
            written,
            returned,
        }
    }
}

fn unreadable(error: NotAStream) -> Outcome {
    Outcome {
        findings: vec![Finding::from(error)],
        changes: 0,
        written: None,
        returned: None,
    }
}
