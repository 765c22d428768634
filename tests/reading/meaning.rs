//! What a text means: to our tree, and to others.
//!
//! Our tree gives no types to plain scalars. It says of some that every reader takes them for strings, and of some that they
//! are null; of all others it says nothing, and then only the text is compared, where the other reader has a text.

use std::collections::BTreeMap;

use iam_roles::yaml::spell::{is_key_as_written, is_string_when_plain};
use iam_roles::yaml::split;
use iam_roles::yaml::tree::{Document, Node, NodeId};

/// The meaning of a node.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Meaning {
    Null,
    /// A string.
    Text(String),
    /// A plain scalar with this text, of whatever type.
    Plain(String),
    List(Vec<Meaning>),
    Map(Entries),
}

/// The entries of a mapping.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Entries {
    /// By keys that are strings for sure.
    pub(crate) named: BTreeMap<String, Meaning>,
    /// By keys of which our tree does not say what they are.
    pub(crate) other: BTreeMap<String, Meaning>,
}

/// The documents of a stream that hold something, as our tree sees them; nothing where it refuses one.
pub(crate) fn ours(text: &str) -> Option<Vec<Meaning>> {
    let mut found = Vec::new();
    for span in split::documents(text).ok()? {
        let document = Document::parse(span.slice(text)).ok()?;
        found.extend(document.root().map(|root| of_node(root, &mut Vec::new())));
    }
    found.retain(|meaning| *meaning != Meaning::Null);
    // What is no object is refused with its input.
    let are_objects = found.iter().all(|meaning| matches!(meaning, Meaning::Map(_)));
    are_objects.then_some(found)
}

/// What a node means to our tree, below these nodes; one that holds itself, which others refuse, ends there.
fn of_node(node: Node<'_>, above: &mut Vec<NodeId>) -> Meaning {
    let own = node.resolved().id();
    if node.is_null() || above.contains(&own) {
        return Meaning::Null;
    }
    above.push(own);
    let meaning = if node.is_mapping() {
        let mut entries = Entries::default();
        collect(node, node, above, &mut entries);
        Meaning::Map(entries)
    } else if node.is_sequence() {
        Meaning::List(node.items().map(|item| of_node(item, above)).collect())
    } else {
        of_scalar(node)
    };
    above.pop();
    meaning
}

fn of_scalar(node: Node<'_>) -> Meaning {
    let text = node.text().unwrap_or_default().to_owned();
    let is_open = match node.tag().and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:")) {
        Some("str" | "binary") => false,
        Some(_) => true,
        // Readers differ in whether a foreign tag makes a string of a number.
        None => node.is_plain() && !is_string_when_plain(&text),
    };
    if is_open {
        Meaning::Plain(text)
    } else {
        Meaning::Text(text)
    }
}

/// The entries of a mapping, those that `<<` brings in among them.
fn collect(mapping: Node<'_>, from: Node<'_>, above: &mut Vec<NodeId>, entries: &mut Entries) {
    let is_merge = |key: Node<'_>| key.is_plain() && key.text() == Some("<<");
    for (key, value) in from.entries().filter(|(key, _)| !is_merge(*key)) {
        let unnamed = format!("?{}", entries.other.len());
        let text = key.text().unwrap_or(&unnamed);
        if !is_named(key) || text == "<<" && from.id() != mapping.id() {
            // A quoted `<<` that is merged in is hidden by the `<<` that does it, and nothing looks for one.
            let value = of_node(value, above);
            entries.other.entry(text.to_owned()).or_insert(value);
        } else if let Some(value) = mapping.get(text).filter(|_| !entries.named.contains_key(text)) {
            entries.named.insert(text.to_owned(), of_node(value, above));
        }
    }
    let merged = from.entries().filter(|(key, _)| is_merge(*key)).map(|(_, value)| value);
    for source in merged.flat_map(|value| std::iter::once(value).chain(value.items())) {
        let own = source.resolved().id();
        if !above.contains(&own) {
            above.push(own);
            collect(mapping, source, above, entries);
            above.pop();
        }
    }
}

/// Whether every reader calls a key by its text.
fn is_named(key: Node<'_>) -> bool {
    key.text()
        .is_some_and(|text| !key.is_plain() || is_key_as_written(text))
}

/// Where two meanings differ.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) path: String,
    /// Nothing for an entry that our tree has not.
    pub(crate) ours: Option<Meaning>,
    /// Nothing for an entry that the other reader has not.
    pub(crate) theirs: Option<Meaning>,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at {:?}: {:?} is {:?}", self.path, self.ours, self.theirs)
    }
}

impl Difference {
    fn below(mut self, step: &str) -> Self {
        self.path = format!("{step}/{}", self.path);
        self
    }
}

/// The first place in which two meanings differ.
pub(crate) fn difference(ours: &Meaning, theirs: &Meaning) -> Option<Difference> {
    match (ours, theirs) {
        (Meaning::Null, Meaning::Null) | (Meaning::Plain(_), Meaning::Plain(_)) => None,
        (Meaning::Text(a) | Meaning::Plain(a), Meaning::Text(b)) if a == b => None,
        (Meaning::List(a), Meaning::List(b)) if a.len() == b.len() => {
            let mut pairs = a.iter().zip(b).enumerate();
            pairs.find_map(|(at, (a, b))| Some(difference(a, b)?.below(&at.to_string())))
        }
        (Meaning::Map(a), Meaning::Map(b)) => between(a, b),
        _ => Some(Difference {
            path: String::new(),
            ours: Some(ours.clone()),
            theirs: Some(theirs.clone()),
        }),
    }
}

/// Entries whose keys our tree is not sure of may have any name, and some may have the same.
fn between(ours: &Entries, theirs: &Entries) -> Option<Difference> {
    let mut left: BTreeMap<&String, &Meaning> = theirs.named.iter().chain(&theirs.other).collect();
    for (key, value) in &ours.named {
        let Some(their) = left.remove(key) else {
            return Some(Difference {
                path: key.clone(),
                ours: Some(value.clone()),
                theirs: None,
            });
        };
        if let Some(found) = difference(value, their) {
            return Some(found.below(key));
        }
    }
    let (key, value) = left.into_iter().nth(ours.other.len())?;
    Some(Difference {
        path: key.clone(),
        ours: None,
        theirs: Some(value.clone()),
    })
}

impl Meaning {
    /// A mapping with these entries.
    pub(crate) fn map(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Map(Entries {
            named: entries.into_iter().collect(),
            other: BTreeMap::new(),
        })
    }
}
