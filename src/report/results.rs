//! Findings as the `results` of a KRM function (the KRM functions specification, v1).
//!
//! Invariant: only what is so after this run, too, is a result; what was done in it is not, so that a second run gives
//! the same results.

use crate::manifest::envelope::resource_list;
use crate::manifest::stream::Stream;
use crate::plan::finding::Finding;
use crate::policy::catalogue::{Id, Severity};
use crate::yaml::draft::Draft;
use crate::yaml::proof::is_value;
use crate::yaml::refusal::Refusal;
use crate::yaml::spell::Value;
use crate::yaml::tree::Node;

/// The tag by which our own results are known again.
const TAG: &str = "iam-roles";

/// Drafts the findings into the results of a `ResourceList`, in the place of those of an earlier run.
///
/// # Errors
/// Results that cannot be edited.
pub fn report<'d>(draft: &mut Draft<'d>, list: Node<'d>, findings: &[Finding]) -> Result<(), Refusal> {
    let new: Vec<Value> = findings
        .iter()
        .filter(|finding| stays_so(finding))
        .map(result)
        .collect();
    let Some((index, _, results)) = list.own("results").filter(|(_, _, results)| results.is_sequence()) else {
        return if new.is_empty() {
            Ok(())
        } else {
            draft.append_entry(list, "results", Value::Seq(new))
        };
    };
    let ours: Vec<(usize, Node<'d>)> = results.items().enumerate().filter(|(_, item)| is_ours(*item)).collect();
    let is_same = ours.len() == new.len() && ours.iter().zip(&new).all(|((_, old), new)| is_value(new, *old));
    if is_same {
        return Ok(());
    }
    if new.is_empty() && ours.len() == results.items().count() {
        return draft.remove_entry(list, index);
    }
    ours.iter().try_for_each(|(at, _)| draft.remove_item(results, *at))?;
    new.into_iter()
        .try_for_each(|new| draft.insert_item(results, usize::MAX, new))
}

/// A refused `ResourceList` as its protocol wants it back, its items unchanged and the reasons in `results`; nothing for any
/// other stream, and for a list whose results cannot be edited.
#[must_use]
pub fn refused(stream: &Stream<'_>, findings: &[Finding]) -> Option<String> {
    let list = resource_list(stream)?;
    let sheet = &stream.sheets()[stream.sheet_of(list)?];
    let source = stream.input_of(sheet).source();
    let mut draft = Draft::new(&sheet.document);
    report(&mut draft, list, findings).ok()?;
    let text = draft.finish().ok()?.apply(sheet.document.text());
    let before = source.text().get(..sheet.span.start().offset())?;
    let after = source.text().get(sheet.span.end().offset()..)?;
    Some([source.mark(), before, &text, after].concat())
}

fn stays_so(finding: &Finding) -> bool {
    let is_about_this_run = matches!(
        finding.id,
        Id::RestartNeeded | Id::StringDataMayStay | Id::HookConsumer | Id::LastAppliedStays | Id::CredentialsFileLeft
    );
    !is_about_this_run
}

fn is_ours(item: Node<'_>) -> bool {
    item.at(&["tags", "tool"]).and_then(Node::text) == Some(TAG)
}

fn result(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    let mut entries = vec![
        (
            "message".to_owned(),
            Value::quoted(format!("{}; {}", finding.message, finding.remedy)),
        ),
        ("severity".to_owned(), Value::word(severity)),
    ];
    if let Some(object) = &finding.object {
        let mut reference = vec![
            ("apiVersion".to_owned(), Value::word(object.api_version.as_str())),
            ("kind".to_owned(), Value::word(object.kind.as_str())),
            ("name".to_owned(), Value::word(object.name.as_str())),
        ];
        reference.extend(
            object
                .namespace
                .as_deref()
                .map(|namespace| ("namespace".to_owned(), Value::word(namespace))),
        );
        entries.push(("resourceRef".to_owned(), Value::Map(reference)));
    }
    let tags = [("tool", Value::word(TAG)), ("id", Value::word(finding.id.as_str()))];
    entries.push(("tags".to_owned(), Value::map(tags)));
    Value::Map(entries)
}
