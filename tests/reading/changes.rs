//! Edits of a text's documents, and what a reader must see after one.

use iam_roles::yaml::draft::Draft;
use iam_roles::yaml::edit::{Edit, Edits};
use iam_roles::yaml::refusal::{Reason, Refusal};
use iam_roles::yaml::source::Span;
use iam_roles::yaml::spell::{Value, is_key_as_written};
use iam_roles::yaml::split;
use iam_roles::yaml::tree::{Document, Node};

use super::meaning::Meaning;
use super::samples::Random;

/// What is written into a text.
const NEW: &str = "nEw";

/// An edit of one document.
pub(crate) struct Change {
    /// The document, among those that hold something.
    pub(crate) document: usize,
    what: What,
    /// The mapping or scalar, by keys and indexes from the top.
    path: Vec<String>,
    /// The text after it, or why there is none.
    pub(crate) after: Result<String, Reason>,
}

#[derive(Debug)]
enum What {
    /// New mappings and an entry in them.
    Add,
    /// Every entry of this name.
    Remove(String),
    /// Another text.
    Set,
    /// A character less, at this byte.
    Shorten(usize),
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {:?} of document {}", self.what, self.path, self.document)
    }
}

/// An entry added to each document, which is refused where anything in the document stands in the way.
pub(crate) fn additions(text: &str) -> Vec<Change> {
    let add = |at: usize, span: Span, document: &Document<'_>| {
        let root = document.root()?;
        let path = ["added", "below"];
        let after = drafted(text, span, document, |draft| {
            draft.set(root, &path, Value::Quoted(NEW.into())).map(drop)
        });
        Some(Change {
            document: at,
            what: What::Add,
            path: Vec::new(),
            after,
        })
    };
    each(text, add)
}

/// One random edit of each other kind in each document.
pub(crate) fn others(text: &str, random: &mut Random) -> Vec<Change> {
    let mut changes = Vec::new();
    for kind in [removed, set, shortened] {
        changes.extend(each(text, |at, span, document| {
            let mut places = places(document.root()?);
            let (path, node) = places.swap_remove(random.below(places.len()));
            let (what, after) = kind(text, span, node, random)?;
            Some(Change {
                document: at,
                what,
                path,
                after,
            })
        }));
    }
    changes
}

type Tried = Option<(What, Result<String, Reason>)>;

fn removed(text: &str, span: Span, node: Node<'_>, random: &mut Random) -> Tried {
    // The top stays what it is: `{}` would make JSON of the stream.
    let spare = usize::from(node.parent().is_none());
    if node.entries().count() <= spare {
        return None;
    }
    let name = node.entries().nth(random.below(node.entries().count()))?.0.text()?;
    let same: Vec<usize> = (0..)
        .zip(node.entries())
        .filter(|(_, (key, _))| key.text() == Some(name))
        .map(|(index, _)| index)
        .collect();
    if name == "<<" || node.entries().count() - same.len() < spare {
        return None;
    }
    let after = drafted(text, span, node.document(), |draft| {
        same.iter().try_for_each(|index| draft.remove_entry(node, *index))
    });
    Some((What::Remove(name.to_owned()), after))
}

fn set(text: &str, span: Span, node: Node<'_>, _: &mut Random) -> Tried {
    node.text()?;
    let after = drafted(text, span, node.document(), |draft| {
        draft.set_scalar(node, Value::Quoted(NEW.into())).map(drop)
    });
    Some((What::Set, after))
}

fn shortened(text: &str, span: Span, node: Node<'_>, random: &mut Random) -> Tried {
    // A plain scalar could become another type, and it is for those who edit to see that it does not.
    let old = node.text().filter(|old| !node.is_plain() && old.trim().len() > 1)?;
    let at = old.floor_char_boundary(random.below(old.len()));
    let shorter = old[at..].chars().next().filter(char::is_ascii_alphanumeric)?;
    let edit = Edit::delete(at, at + shorter.len_utf8());
    let edits = Edits::new(vec![edit]).ok()?;
    let after = drafted(text, span, node.document(), |draft| draft.edit_text(node, edits));
    Some((What::Shorten(at), after))
}

/// What a reader sees after a change, from what it saw before; nothing if it did not see the place.
pub(crate) fn expected(change: &Change, before: &[Meaning]) -> Option<Vec<Meaning>> {
    let mut after = before.to_vec();
    let top = after.get_mut(change.document)?;
    let place = change.path.iter().try_fold(top, |place, step| match place {
        Meaning::Map(entries) => entries.named.get_mut(step).or(entries.other.get_mut(step)),
        Meaning::List(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })?;
    let new = Meaning::Text(NEW.to_owned());
    match (&change.what, place) {
        (What::Add, Meaning::Map(entries)) => {
            let below = Meaning::map([("below".to_owned(), new)]);
            entries.named.insert("added".to_owned(), below);
        }
        (What::Remove(name), Meaning::Map(entries)) => {
            entries.named.remove(name)?;
        }
        (What::Shorten(at), Meaning::Text(text)) if *at < text.len() => {
            text.remove(*at);
        }
        (What::Set, place) => *place = new,
        _ => return None,
    }
    Some(after)
}

/// Every mapping and scalar that each reader finds under the same keys.
fn places(root: Node<'_>) -> Vec<(Vec<String>, Node<'_>)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), root)];
    while let Some((path, node)) = open.pop() {
        if node.is_alias() {
            continue;
        }
        let below = |step: String| path.iter().cloned().chain([step]).collect::<Vec<String>>();
        for (index, (key, value)) in node.entries().enumerate() {
            let is_plain_key = |text: &str| key.is_plain() && !is_key_as_written(text);
            if let Some(text) = key.text().filter(|text| !is_plain_key(text)) {
                let counts = node.own(text).is_some_and(|(last, _, _)| last == index);
                open.extend(counts.then(|| (below(text.to_owned()), value)));
            }
        }
        open.extend(
            (0..)
                .zip(node.items())
                .map(|(index, item): (usize, _)| (below(index.to_string()), item)),
        );
        found.push((path, node));
    }
    found
}

/// What becomes of each document that holds something.
fn each<T>(text: &str, mut found: impl FnMut(usize, Span, &Document<'_>) -> Option<T>) -> Vec<T> {
    let mut made = Vec::new();
    let mut at = 0;
    for span in split::documents(text).unwrap_or_default() {
        let Ok(document) = Document::parse(span.slice(text)) else {
            continue;
        };
        if document.root().is_some_and(|root| !root.is_null()) {
            made.extend(found(at, span, &document));
            at += 1;
        }
    }
    made
}

fn drafted<'d>(
    text: &str,
    span: Span,
    document: &'d Document<'d>,
    draw: impl FnOnce(&mut Draft<'d>) -> Result<(), Refusal>,
) -> Result<String, Reason> {
    let mut draft = Draft::new(document);
    let edits = draw(&mut draft)
        .and_then(|()| draft.finish())
        .map_err(|refusal| refusal.reason)?;
    let (before, behind) = (&text[..span.start().offset()], &text[span.end().offset()..]);
    Ok(before.to_owned() + &edits.apply(document.text()) + behind)
}
