//! What a container's environment and arguments say, as far as the stream tells.
//!
//! Deliberately absent: `fieldRef` and the like, and what an image sets by itself.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::manifest::object::Object;
use crate::payload::host::is_aws;
use crate::yaml::tree::{Node, NodeId};
use crate::yaml::veil::Veiled;

use super::namespaces::Join;
use super::value::values;
use super::world::World;

/// One environment variable of a container.
#[derive(Clone, Debug)]
pub struct Variable<'d> {
    /// Its name.
    pub name: String,
    /// Its value, where the stream has it in plain text: written out, or in a `ConfigMap`.
    pub plain: Option<Veiled<&'d str>>,
    /// Where the container says so.
    pub node: Node<'d>,
}

/// The variables that are written out or come from a `ConfigMap`, and those whose value is not in plain text.
#[must_use]
pub fn variables<'d>(world: &World<'d>, owner: &Object<'d>, container: Node<'d>) -> Vec<Variable<'d>> {
    let mut found = Vec::new();
    for entry in container.get("env").into_iter().flat_map(Node::items) {
        let Some(name) = entry.text_of("name") else { continue };
        let referred = || {
            let reference = entry.at(&["valueFrom", "configMapKeyRef"])?;
            let map = config_map(world, owner, reference.text_of("name")?)?;
            world.setting(map, reference.text_of("key")?)?.text()
        };
        found.push(Variable {
            name: name.to_owned(),
            plain: entry.get("value").and_then(Node::text).or_else(referred).map(Veiled),
            node: entry,
        });
    }
    for source in container.get("envFrom").into_iter().flat_map(Node::items) {
        let map = source.at(&["configMapRef", "name"]).and_then(Node::text);
        let Some(map) = map.and_then(|name| config_map(world, owner, name)) else {
            continue;
        };
        let prefix = source.text_of("prefix").unwrap_or_default();
        for (key, value) in world.config_maps[map]
            .node
            .get("data")
            .into_iter()
            .flat_map(Node::entries)
        {
            found.push(Variable {
                name: format!("{prefix}{}", key.text().unwrap_or_default()),
                plain: value.text().map(Veiled),
                node: source,
            });
        }
    }
    found
}

/// Which containers are pointed at another store; each is looked at once.
#[derive(Default)]
pub struct Stores {
    of_container: RefCell<HashMap<(usize, NodeId), Option<String>>>,
}

impl Stores {
    /// The name of a variable or argument by which a container is pointed at a store that is not AWS.
    pub fn of<'d>(&self, world: &World<'d>, owner: &Object<'d>, container: Node<'d>) -> Option<String> {
        let place = (owner.slot.sheet(), container.id());
        let mut known = self.of_container.borrow_mut();
        let look = || other_store(world, owner, container);
        known.entry(place).or_insert_with(look).clone()
    }
}

fn other_store<'d>(world: &World<'d>, owner: &Object<'d>, container: Node<'d>) -> Option<String> {
    let set = variables(world, owner, container);
    let by_variable = set
        .iter()
        .find(|variable| points_elsewhere(&variable.name, &variable.plain.unwrap_or_default()));
    by_variable
        .map(|variable| variable.name.clone())
        .or_else(|| by_argument(container))
}

/// The key of a Secret that names an endpoint which is not AWS's.
#[must_use]
pub fn other_store_in(secret: &Object<'_>) -> Option<String> {
    let values = values(secret);
    let found = values
        .iter()
        .find(|value| value.text().is_ok_and(|text| points_elsewhere(value.key, text.trim())));
    found.map(|value| value.key.to_owned())
}

/// Whether something of this name and value is an endpoint, and not one of AWS. `AWS_STS_REGIONAL_ENDPOINTS` is a mode.
fn points_elsewhere(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is_store = has(&["s3", "aws", "minio", "storage", "bucket", "object"]);
    let is_host = has(&["endpoint", "host", "url", "server"]);
    let is_endpoint = matches!(name.as_str(), "endpoint" | "endpoint_url" | "endpoint-url") || (is_store && is_host);
    let is_switch = matches!(value, "true" | "false") || value.bytes().all(|byte| byte.is_ascii_digit());
    is_endpoint
        && !name.contains("regional")
        && !value.is_empty()
        && !is_switch
        && !value.contains(char::is_whitespace)
        && !is_aws(value)
}

/// `--s3-endpoint=http://…`, or the same in two arguments, or in the text of a shell.
fn by_argument(container: Node<'_>) -> Option<String> {
    let lists = ["command", "args"]
        .into_iter()
        .filter_map(|key| container.get(key))
        .flat_map(Node::items);
    let words: Vec<&str> = lists
        .filter_map(Node::text)
        .flat_map(|text| text.split([' ', '=', '\n', '\t']))
        .collect();
    let pairs = words.windows(2).find(|pair| {
        pair[0].starts_with('-')
            && pair[0].to_ascii_lowercase().contains("endpoint")
            && points_elsewhere("endpoint", pair[1])
    });
    pairs.map(|pair| pair[0].to_owned())
}

fn config_map(world: &World<'_>, owner: &Object<'_>, name: &str) -> Option<usize> {
    match world.config_map(world.namespace(owner), name) {
        Join::Found(index) => Some(index),
        Join::Absent | Join::Ambiguous => None,
    }
}
