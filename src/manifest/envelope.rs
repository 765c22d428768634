//! Lists of objects: `List`, `*List` and kustomize's `ResourceList`, unwrapped.
//!
//! Invariant: every object of a stream is seen exactly once, in source order.

use crate::yaml::extent;
use crate::yaml::tree::Node;

use super::object::{Object, Slot};
use super::stream::Stream;

/// How deep lists may hold lists; kubectl writes one level.
const MAX_NESTING: usize = 8;

/// Every object of a stream; documents that are none are left out.
#[must_use]
pub fn objects<'d>(stream: &'d Stream<'d>) -> Vec<Object<'d>> {
    let mut found = Vec::new();
    for (sheet, page) in stream.sheets().iter().enumerate() {
        let slot = Slot::document(sheet);
        match (page.document.root(), &page.top) {
            (Some(root), Some(top)) if !top.kind.is_some_and(is_list) => found.extend(Object::at_top(root, slot, top)),
            (Some(root), _) => unwrap(root, slot, None, &mut found),
            (None, _) => {}
        }
    }
    found
}

/// The `ResourceList` that the whole stream is, if it is one (the KRM functions specification, v1).
#[must_use]
pub fn resource_list<'d>(stream: &'d Stream<'d>) -> Option<Node<'d>> {
    let mut sheets = stream.sheets().iter().filter(|sheet| !sheet.is_empty());
    let (only, None) = (sheets.next()?, sheets.next()) else {
        return None;
    };
    let root = only.document.root()?;
    let is_krm = root.get("apiVersion")?.text()?.starts_with("config.kubernetes.io/");
    let is_list = root.get("kind")?.text()? == "ResourceList";
    (is_krm && is_list).then_some(root)
}

/// Whether an object of this kind may hold others.
fn is_list(kind: &str) -> bool {
    kind.ends_with("List")
}

/// The policy that a `ResourceList` brings along.
#[must_use]
pub fn function_config<'d>(stream: &'d Stream<'d>) -> Option<Node<'d>> {
    let config = resource_list(stream)?.get("functionConfig")?;
    (config.get("kind").and_then(Node::text) == Some("RolePolicy")).then_some(config)
}

/// The text of one node of the stream, with everything around it blanked, so that its places stay those of the stream.
#[must_use]
pub fn alone(stream: &Stream<'_>, node: Node<'_>) -> Option<String> {
    let end = extent::end(node).ok()?;
    let start = node.pos().offset();
    let text = node.document().text().get(start..end)?;
    let place = stream.location_of(stream.sheet_of(node)?, node).place;
    Some("\n".repeat(place.line - 1) + &" ".repeat(place.column - 1) + text)
}

/// The kind and version that items of a typed list leave out, as in what `kubectl get --raw` gives.
#[derive(Clone, Copy)]
struct Inherited<'d> {
    api_version: &'d str,
    kind: &'d str,
}

fn unwrap<'d>(node: Node<'d>, slot: Slot, inherited: Option<Inherited<'d>>, found: &mut Vec<Object<'d>>) {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let api_version = text("apiVersion").or(inherited.map(|list| list.api_version));
    let kind = text("kind").or(inherited.map(|list| list.kind));
    let (Some(api_version), Some(kind)) = (api_version, kind) else {
        return;
    };
    let items = node.get("items").filter(|items| items.is_sequence());
    match (kind.strip_suffix("List"), items) {
        (Some(kind), Some(items)) if slot.depth() < MAX_NESTING => {
            let inherited = (!kind.is_empty() && kind != "Resource").then_some(Inherited { api_version, kind });
            for (index, item) in items.items().enumerate() {
                unwrap(item, slot.item(items, index), inherited, found);
            }
        }
        _ => found.push(Object::new(node, slot, api_version, kind)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::stream::Input;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let inputs = [Input::new("in", text.into()).expect("text")];
        let stream = Stream::read(&inputs).expect("a stream");
        let found: Vec<String> = objects(&stream)
            .iter()
            .map(|object| object.reference().to_string())
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lists_are_unwrapped() {
        check(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b, namespace: n}\n",
            &["Pod a", "Secret n/b"],
        );
        check(
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"DeploymentList\",\"items\":[{\"metadata\":{\"name\":\"a\"}}]}",
            &["Deployment a"],
        );
        check(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n",
            &["Pod a"],
        );
    }

    #[test]
    fn what_only_looks_like_a_list_is_an_object() {
        check(
            "apiVersion: x/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\n",
            &["AllowList a"],
        );
        check("a: b\n---\n# nothing\n", &[]);
    }
}
