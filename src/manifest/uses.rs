//! What of Secrets and `ConfigMap`s a pod reads, and where its spec says so.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::yaml::tree::Node;

use super::pod::Workload;

/// One mention of a Secret in a pod's spec.
#[derive(Clone, Copy, Debug)]
pub struct SecretUse<'d> {
    /// The Secret's name.
    pub secret: &'d str,
    /// The data key; none for the whole Secret.
    pub key: Option<&'d str>,
    /// How the pod sees it.
    pub reader: Reader<'d>,
}

/// How a pod sees a Secret's values.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'d> {
    /// One value as an environment variable.
    Env {
        /// The variable.
        variable: &'d str,
        /// The container's `env`, and the entry's index in it.
        entry: (Node<'d>, usize),
        /// The entry itself.
        node: Node<'d>,
        /// The container.
        container: Node<'d>,
    },
    /// Every value as an environment variable named after its key.
    EnvFrom {
        /// Put before each key.
        prefix: &'d str,
        /// The container.
        container: Node<'d>,
    },
    /// One value as a file.
    Item {
        /// The file's path in the volume.
        path: &'d str,
        /// The `items`, and the item's index in it.
        entry: (Node<'d>, usize),
        /// The item itself.
        node: Node<'d>,
        /// The projected volume's `sources`, and the index of this one.
        source: Option<(Node<'d>, usize)>,
    },
    /// Every value as a file named after its key.
    Volume,
    /// A volume's driver reads it, in ways that are not seen here.
    Driver,
}

impl<'d> SecretUse<'d> {
    /// Whether the pod reads this data key.
    #[must_use]
    pub fn reaches(&self, key: &str) -> bool {
        self.key.is_none_or(|own| own == key)
    }

    /// The file's path in its volume, for this data key.
    #[must_use]
    pub fn path(&self, key: &'d str) -> Option<&'d str> {
        match self.reader {
            Reader::Item { path, .. } => Some(path),
            Reader::Volume => Some(key),
            Reader::Env { .. } | Reader::EnvFrom { .. } | Reader::Driver => None,
        }
    }

    /// The environment variable that this data key feeds.
    #[must_use]
    pub fn variable<'k>(&self, key: &'k str) -> Option<Cow<'k, str>>
    where
        'd: 'k,
    {
        match self.reader {
            Reader::Env { variable, .. } => Some(variable.into()),
            Reader::EnvFrom { prefix: "", .. } => Some(key.into()),
            Reader::EnvFrom { prefix, .. } => Some(format!("{prefix}{key}").into()),
            Reader::Item { .. } | Reader::Volume | Reader::Driver => None,
        }
    }
}

/// Every mention of a Secret: volumes, projected volumes, `env` and `envFrom` of every container.
#[must_use]
pub fn secret_uses<'d>(workload: &Workload<'d>) -> Vec<SecretUse<'d>> {
    let mut found = Vec::new();
    let volumes = workload.spec().and_then(|spec| spec.get("volumes"));
    for volume in volumes.into_iter().flat_map(Node::items) {
        if let Some(secret) = volume.get("secret") {
            files(secret, "secretName", None, &mut found);
        }
        let by_driver = [["csi", "nodePublishSecretRef"], ["flexVolume", "secretRef"]];
        for reference in by_driver.iter().filter_map(|path| volume.at(path)) {
            let (Some(secret), reader) = (reference.text_of("name"), Reader::Driver) else {
                continue;
            };
            found.push(SecretUse {
                secret,
                key: None,
                reader,
            });
        }
        let sources = volume.at(&["projected", "sources"]);
        for (index, source) in sources.into_iter().flat_map(Node::items).enumerate() {
            if let Some(secret) = source.get("secret") {
                files(secret, "name", sources.map(|sources| (sources, index)), &mut found);
            }
        }
    }
    for container in workload.containers() {
        variables(container, &mut found);
    }
    found
}

/// Every name of a `ConfigMap` that a pod reads: volumes, projected volumes, `env` and `envFrom` of every container.
#[must_use]
pub fn config_map_uses<'d>(workload: &Workload<'d>) -> BTreeSet<&'d str> {
    let volumes = workload.spec().and_then(|spec| spec.get("volumes"));
    let volumes = volumes.into_iter().flat_map(Node::items);
    let of_volumes = volumes.flat_map(|volume| {
        let sources = volume.at(&["projected", "sources"]);
        let sources = sources.into_iter().flat_map(Node::items);
        std::iter::once(volume)
            .chain(sources)
            .filter_map(|source| source.at(&["configMap", "name"]))
    });
    let of_containers = workload.containers().flat_map(|container| {
        let list = |key: &str| container.get(key).into_iter().flat_map(Node::items);
        let env = list("env").filter_map(|entry| entry.at(&["valueFrom", "configMapKeyRef", "name"]));
        let sources = list("envFrom").filter_map(|source| source.at(&["configMapRef", "name"]));
        env.chain(sources).collect::<Vec<_>>()
    });
    of_volumes.chain(of_containers).filter_map(Node::text).collect()
}

fn files<'d>(projection: Node<'d>, name: &str, source: Option<(Node<'d>, usize)>, found: &mut Vec<SecretUse<'d>>) {
    // Charts leave the name null where an optional Secret is not set.
    let Some(secret) = projection.text_of(name) else { return };
    let items = projection.get("items").filter(|items| items.items().next().is_some());
    let Some(items) = items else {
        let reader = Reader::Volume;
        found.push(SecretUse {
            secret,
            key: None,
            reader,
        });
        return;
    };
    for (index, item) in items.items().enumerate() {
        let (Some(key), Some(path)) = (item.text_of("key"), item.text_of("path")) else {
            continue;
        };
        let reader = Reader::Item {
            path,
            entry: (items, index),
            node: item,
            source,
        };
        found.push(SecretUse {
            secret,
            key: Some(key),
            reader,
        });
    }
}

fn variables<'d>(container: Node<'d>, found: &mut Vec<SecretUse<'d>>) {
    let env = container.get("env");
    for (index, node) in env.into_iter().flat_map(Node::items).enumerate() {
        let Some(reference) = node.at(&["valueFrom", "secretKeyRef"]) else {
            continue;
        };
        let (Some(env), Some(secret), Some(variable)) = (env, reference.text_of("name"), node.text_of("name")) else {
            continue;
        };
        let reader = Reader::Env {
            variable,
            entry: (env, index),
            node,
            container,
        };
        found.push(SecretUse {
            secret,
            key: reference.text_of("key"),
            reader,
        });
    }
    let sources = container.get("envFrom");
    for source in sources.into_iter().flat_map(Node::items) {
        let Some(secret) = source.get("secretRef").and_then(|secret| secret.text_of("name")) else {
            continue;
        };
        let prefix = source.text_of("prefix").unwrap_or_default();
        found.push(SecretUse {
            secret,
            key: None,
            reader: Reader::EnvFrom { prefix, container },
        });
    }
}
