//! The objects of a stream that matter here, and how they are named.

use crate::manifest::envelope::objects;
use crate::manifest::object::Object;
use crate::manifest::pod::Workload;
use crate::manifest::stream::Stream;
use crate::yaml::tree::Node;

use super::bindings::Bindings;
use super::data::Data;
use super::namespaces::{Directory, Join, Release};

/// The objects of a stream, by what they are.
#[derive(Debug)]
pub struct World<'d> {
    /// Everything.
    pub objects: Vec<Object<'d>>,
    /// What makes pods.
    pub workloads: Vec<Workload<'d>>,
    /// Every `ServiceAccount`.
    pub accounts: Vec<Object<'d>>,
    /// Every `Secret`.
    pub secrets: Vec<Object<'d>>,
    /// Every `ConfigMap`.
    pub config_maps: Vec<Object<'d>>,
    /// Every `Namespace`.
    pub namespaces: Vec<Object<'d>>,
    /// Every `RoleBinding` and `ClusterRoleBinding`.
    bindings: Vec<Object<'d>>,
    bound: Bindings<'d>,
    release: Release<'d>,
    account_names: Directory<'d>,
    secret_names: Directory<'d>,
    config_map_names: Directory<'d>,
    data: Data,
}

impl<'d> World<'d> {
    /// The objects of a stream; `namespace` is the release's, if it is given.
    #[must_use]
    pub fn of(stream: &'d Stream<'d>, namespace: Option<&'d str>) -> Self {
        let objects = objects(stream);
        let core = |kind: &str| {
            objects
                .iter()
                .filter(|object| object.is_core(kind))
                .copied()
                .collect::<Vec<_>>()
        };
        let workloads: Vec<Workload<'d>> = objects.iter().copied().filter_map(Workload::of).collect();
        let rights = objects
            .iter()
            .filter(|object| object.group() == "rbac.authorization.k8s.io");
        let bindings: Vec<Object<'d>> = rights
            .filter(|object| object.kind.ends_with("RoleBinding"))
            .copied()
            .collect();
        let (accounts, secrets, config_maps) = (core("ServiceAccount"), core("Secret"), core("ConfigMap"));
        let release = Release::of(
            namespace,
            workloads.iter().filter_map(|workload| workload.object.namespace()),
        );
        Self {
            account_names: Directory::of(&accounts, &release),
            secret_names: Directory::of(&secrets, &release),
            config_map_names: Directory::of(&config_maps, &release),
            bound: Bindings::of(&bindings, |binding| release.resolve(binding)),
            bindings,
            namespaces: core("Namespace"),
            objects,
            workloads,
            accounts,
            secrets,
            config_maps,
            release,
            data: Data::default(),
        }
    }

    /// The namespace an object is in, as far as it is known.
    #[must_use]
    pub fn namespace(&self, object: &Object<'d>) -> Option<&'d str> {
        self.release.resolve(object)
    }

    /// The release namespace, as far as it is known.
    #[must_use]
    pub fn release(&self) -> Option<&'d str> {
        self.release.namespace()
    }

    /// The first binding that grants rights to an account.
    #[must_use]
    pub fn binding_of(&self, account: &str, namespace: Option<&str>) -> Option<&Object<'d>> {
        self.bindings.get(self.bound.to(account, namespace)?)
    }

    /// The `ServiceAccount` that a name means in a namespace.
    #[must_use]
    pub fn account(&self, namespace: Option<&str>, name: &str) -> Join {
        self.account_names.join(namespace, name)
    }

    /// The `Secret` that a name means in a namespace.
    #[must_use]
    pub fn secret(&self, namespace: Option<&str>, name: &str) -> Join {
        self.secret_names.join(namespace, name)
    }

    /// The `ConfigMap` that a name means in a namespace.
    #[must_use]
    pub fn config_map(&self, namespace: Option<&str>, name: &str) -> Join {
        self.config_map_names.join(namespace, name)
    }

    /// The value that a `ConfigMap` of the stream has under a key.
    #[must_use]
    pub fn setting(&self, config_map: usize, key: &str) -> Option<Node<'d>> {
        self.data.value(config_map, &self.config_maps[config_map], key)
    }
}
