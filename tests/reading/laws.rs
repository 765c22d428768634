//! What is held of every text, whoever the other reader is.
//!
//! Where both read a text, they see the same, or what they see otherwise is of a known class. After an edit that is not
//! refused, the other reader sees what it saw before, and the change, and nothing else.

use std::collections::BTreeMap;

use super::changes::{Change, additions, expected, others};
use super::classes::{Class, Handling, classes};
use super::meaning::{Difference, Meaning, difference, ours};
use super::samples::Random;

/// What the documents of a text mean to a reader; nothing where it refuses the text.
pub(crate) type Reading = Option<Vec<Meaning>>;

/// How many texts there were, and what came of them.
#[derive(Default, Debug)]
pub(crate) struct Count {
    pub(crate) texts: usize,
    pub(crate) read_by_both: usize,
    pub(crate) refused_by_us_alone: usize,
    pub(crate) refused_by_them_alone: usize,
    pub(crate) edits: usize,
    pub(crate) edits_refused: usize,
    /// Texts that mean something else to each, by the class of it.
    pub(crate) classes: BTreeMap<&'static str, usize>,
}

/// Holds a reader against our tree, on all of these texts.
///
/// # Errors
/// The first text that breaks the law, and how.
pub(crate) fn hold(
    texts: &[String],
    read: impl Fn(&[String]) -> Vec<Reading>,
    random: &mut Random,
) -> Result<Count, String> {
    let mut count = Count {
        texts: texts.len(),
        ..Count::default()
    };
    let mut made: Vec<(&str, Vec<Meaning>, Change)> = Vec::new();
    for (text, theirs) in texts.iter().zip(read(texts)) {
        match (ours(text), theirs) {
            (None, None) => {}
            (None, Some(_)) => count.refused_by_us_alone += 1,
            (Some(_), None) => count.refused_by_them_alone += 1,
            (Some(ours), Some(theirs)) => {
                count.read_by_both += 1;
                let additions = additions(text);
                if let Some(class) = held(text, &ours, &theirs, &additions)? {
                    *count.classes.entry(class.name).or_default() += 1;
                }
                let changes = additions.into_iter().chain(others(text, random));
                made.extend(changes.map(|change| (text.as_str(), theirs.clone(), change)));
            }
        }
    }
    after_edits(made, read, &mut count)?;
    Ok(count)
}

/// The class of what two readers see otherwise in a text, if they do.
fn held(
    text: &str,
    ours: &[Meaning],
    theirs: &[Meaning],
    additions: &[Change],
) -> Result<Option<&'static Class>, String> {
    // Where we see comments alone there is nothing to edit.
    if ours.is_empty() {
        return Ok(None);
    }
    if ours.len() != theirs.len() {
        let refused = additions.iter().find_map(refusing);
        let known = refused.or_else(|| classes().iter().find(|class| class.shows_in(text, None)));
        let (ours, theirs) = (ours.len(), theirs.len());
        return known
            .map(Some)
            .ok_or_else(|| format!("{ours} documents are {theirs}, in {text:?}"));
    }
    let mut pairs = ours.iter().zip(theirs).enumerate();
    let Some((at, found)) = pairs.find_map(|(at, (ours, theirs))| Some((at, difference(ours, theirs)?))) else {
        return Ok(None);
    };
    class_of(text, &found, additions.iter().find(|change| change.document == at))
        .map(Some)
        .ok_or_else(|| format!("document {at}, {found}, in {text:?}"))
}

/// The class of a difference: the one whose reason keeps the document from being edited, or the one it looks like.
pub(crate) fn class_of(text: &str, found: &Difference, addition: Option<&Change>) -> Option<&'static Class> {
    let refused = addition.and_then(refusing);
    refused.or_else(|| classes().iter().find(|class| class.shows_in(text, Some(found))))
}

/// The class whose reason keeps a change from being made.
fn refusing(change: &Change) -> Option<&'static Class> {
    let reason = change.after.as_ref().err()?;
    let mut known = classes().iter();
    known.find(|class| matches!(&class.handling, Handling::Refused(own) if own == reason))
}

fn after_edits(
    made: Vec<(&str, Vec<Meaning>, Change)>,
    read: impl Fn(&[String]) -> Vec<Reading>,
    count: &mut Count,
) -> Result<(), String> {
    let tried = made.len();
    let done: Vec<_> = made.into_iter().filter(|(_, _, change)| change.after.is_ok()).collect();
    count.edits = done.len();
    count.edits_refused = tried - done.len();
    let texts: Vec<String> = done
        .iter()
        .filter_map(|(_, _, change)| change.after.clone().ok())
        .collect();
    for ((before, theirs, change), (after, found)) in done.iter().zip(texts.iter().zip(read(&texts))) {
        let expected = expected(change, theirs);
        // A place that the other reader has not is behind what it reads.
        if (expected.is_some() || theirs.len() > change.document) && found != expected {
            return Err(format!(
                "{change}: {before:?}\nbecomes {after:?}\nwhich means {found:?}\nand not {expected:?}"
            ));
        }
    }
    Ok(())
}
