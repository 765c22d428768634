//! One run over a stream: planned, and rewritten unless a finding forbids it. Every command that reads manifests is one.

use iam_roles::manifest::envelope::resource_list;
use iam_roles::manifest::stream::Stream;
use iam_roles::plan::ledger::Ledger;
use iam_roles::plan::roster::Entry;
use iam_roles::plan::{Circumstances, Plan, plan};
use iam_roles::policy::catalogue::Severity;
use iam_roles::policy::rules::Policy;
use iam_roles::report::results;
use iam_roles::report::text::Verdict;
use iam_roles::rewrite::{Rewritten, rewrite};

/// How a run ended.
pub(crate) struct Run<'d> {
    /// The changes and findings.
    pub(crate) ledger: Ledger<'d>,
    /// Who has which role.
    pub(crate) roster: Vec<Entry>,
    /// The rewritten inputs, in order; none where the run is refused.
    pub(crate) texts: Option<Vec<Rewritten<'d>>>,
    /// The severity that refuses.
    pub(crate) bound: Severity,
}

impl<'d> Run<'d> {
    /// Plans, rewrites and proves.
    pub(crate) fn of(
        stream: &'d Stream<'d>,
        policy: &Policy,
        circumstances: &'d Circumstances,
        is_strict: bool,
    ) -> Self {
        let Plan { mut ledger, roster } = plan(stream, policy, circumstances);
        let bound = if policy.strict || is_strict {
            Severity::Warning
        } else {
            Severity::Error
        };
        let texts = if ledger.refuses(bound) {
            None
        } else {
            rewritten(stream, &mut ledger)
        };
        Self {
            ledger,
            roster,
            texts,
            bound,
        }
    }

    /// Whether there is a result.
    pub(crate) fn verdict(&self) -> Verdict {
        if self.texts.is_some() {
            Verdict::Written
        } else {
            Verdict::Refused
        }
    }
}

/// The rewritten inputs; a place that turns out not to be editable becomes a finding.
fn rewritten<'d>(stream: &'d Stream<'d>, ledger: &mut Ledger<'d>) -> Option<Vec<Rewritten<'d>>> {
    let findings = ledger.findings().to_vec();
    if let Some(list) = resource_list(stream) {
        ledger.report(list, |draft, list| results::report(draft, list, &findings));
    }
    match rewrite(stream, ledger) {
        Ok(texts) => Some(texts),
        Err(refusals) => {
            for (sheet, refusal) in refusals {
                ledger.refuse_document(sheet, refusal);
            }
            None
        }
    }
}
