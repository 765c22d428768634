//! One Kubernetes object: what it is called, where it lives, and where it stands in the stream.

use std::fmt;

use crate::yaml::tree::{Node, NodeId, Top};

/// A Kubernetes object in a stream.
#[derive(Clone, Copy, Debug)]
pub struct Object<'d> {
    /// Its mapping.
    pub node: Node<'d>,
    /// Where it stands.
    pub slot: Slot,
    /// `apps/v1`; of its list, where it has none itself.
    pub api_version: &'d str,
    /// `Deployment`; of its list, where it has none itself.
    pub kind: &'d str,
    name: &'d str,
    namespace: Option<&'d str>,
}

/// Where an object stands: a document of its own, or an item of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    sheet: usize,
    list: Option<(NodeId, usize)>,
    depth: usize,
}

impl Slot {
    /// The document with this index.
    #[must_use]
    pub fn document(sheet: usize) -> Self {
        Self {
            sheet,
            list: None,
            depth: 0,
        }
    }

    /// An item of a list that stands here.
    #[must_use]
    pub fn item(self, items: Node<'_>, index: usize) -> Self {
        Self {
            list: Some((items.id(), index)),
            depth: self.depth + 1,
            ..self
        }
    }

    /// The index of the document.
    #[must_use]
    pub fn sheet(self) -> usize {
        self.sheet
    }

    /// The list's sequence and the index in it, for an item.
    #[must_use]
    pub fn list(self) -> Option<(NodeId, usize)> {
        self.list
    }

    /// How many lists it stands in.
    #[must_use]
    pub fn depth(self) -> usize {
        self.depth
    }
}

impl<'d> Object<'d> {
    /// The object that this mapping is.
    #[must_use]
    pub fn new(node: Node<'d>, slot: Slot, api_version: &'d str, kind: &'d str) -> Self {
        let said = |key: &str| node.at(&["metadata", key]).and_then(Node::text);
        let top = Top {
            api_version: Some(api_version),
            kind: Some(kind),
            name: said("name"),
            generate_name: said("generateName"),
            namespace: said("namespace"),
        };
        Self::called(node, slot, &top, (api_version, kind))
    }

    /// The object that a whole document is, by what it says at its top; none where that names no kind or version. Its
    /// nodes are left for whoever looks into it.
    #[must_use]
    pub fn at_top(node: Node<'d>, slot: Slot, top: &Top<'d>) -> Option<Self> {
        Some(Self::called(node, slot, top, (top.api_version?, top.kind?)))
    }

    fn called(node: Node<'d>, slot: Slot, top: &Top<'d>, (api_version, kind): (&'d str, &'d str)) -> Self {
        let some = |text: &&str| !text.is_empty();
        Self {
            node,
            slot,
            api_version,
            kind,
            name: top.name.filter(some).or(top.generate_name).unwrap_or_default(),
            namespace: top.namespace.filter(some),
        }
    }

    /// Its API group: `apps`, or nothing for the core.
    #[must_use]
    pub fn group(&self) -> &'d str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// Whether it is of a core kind: `Secret`, `ServiceAccount`, …
    #[must_use]
    pub fn is_core(&self, kind: &str) -> bool {
        self.kind == kind && self.group().is_empty()
    }

    /// `metadata.name`, else `metadata.generateName`, else nothing.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// `metadata.namespace`, if it is written and not empty.
    #[must_use]
    pub fn namespace(&self) -> Option<&'d str> {
        self.namespace
    }

    /// A label of the object itself.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&'d str> {
        self.node.at(&["metadata", "labels", key])?.text()
    }

    /// An annotation of the object itself.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&'d str> {
        self.node.at(&["metadata", "annotations", key])?.text()
    }

    /// Whether Helm runs it as a hook. Helm 3 hands no hooks to a post-renderer, Helm 4 all of them.
    #[must_use]
    pub fn is_hook(&self) -> bool {
        self.annotation("helm.sh/hook").is_some_and(|hook| !hook.is_empty())
    }

    /// The template it was rendered from: Helm 4's annotation, else the `# Source:` line Helm 3 writes.
    #[must_use]
    pub fn source(&self) -> Option<&'d str> {
        self.annotation("postrenderer.helm.sh/postrender-filename").or_else(|| {
            let lines = self.node.document().text().split(['\n', '\r']);
            let head =
                lines.take_while(|line| line.starts_with("---") || line.starts_with('#') || line.trim().is_empty());
            head.filter_map(|line| line.strip_prefix("# Source: "))
                .last()
                .map(str::trim)
        })
    }

    /// The chart it comes from, with its version: `helm.sh/chart`, else `chart`.
    #[must_use]
    pub fn chart(&self) -> Option<&'d str> {
        self.label("helm.sh/chart").or_else(|| self.label("chart"))
    }

    /// How it is called in what people read.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference {
            api_version: self.api_version.to_owned(),
            kind: self.kind.to_owned(),
            namespace: self.namespace().map(str::to_owned),
            name: self.name().to_owned(),
        }
    }
}

/// An object's name in full: `Deployment gitlab/gitlab-registry`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reference {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
    /// The namespace, where it is written.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::envelope::objects;
    use crate::manifest::stream::{Input, Stream};

    fn with_first<T>(text: &str, look: impl FnOnce(&Object<'_>) -> T) -> T {
        let inputs = [Input::new("in", text.into()).expect("text")];
        let stream = Stream::read(&inputs).expect("a stream");
        look(&objects(&stream)[0])
    }

    #[test]
    fn the_source_is_a_comment_or_an_annotation() {
        let object = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n";
        with_first(&format!("---\n# Source: a/b.yaml\n{object}"), |pod| {
            assert_eq!(pod.source(), Some("a/b.yaml"));
        });
        with_first(
            &format!("{object}  annotations: {{postrenderer.helm.sh/postrender-filename: c/d.yaml}}\n"),
            |pod| {
                assert_eq!(pod.source(), Some("c/d.yaml"));
            },
        );
        with_first(object, |pod| assert_eq!(pod.source(), None));
    }
}
