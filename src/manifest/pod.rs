//! The pod a workload makes: where its template stands, and what it says.

use crate::yaml::tree::Node;

use super::object::Object;

/// A kind that makes pods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkloadKind {
    /// `apps/v1` and its predecessors in `extensions`.
    Deployment,
    /// `apps/v1`.
    StatefulSet,
    /// `apps/v1` and `extensions`.
    DaemonSet,
    /// `apps/v1` and `extensions`.
    ReplicaSet,
    /// Core `v1`.
    ReplicationController,
    /// `batch/v1`; its pod template is immutable.
    Job,
    /// `batch/v1` and `batch/v1beta1`.
    CronJob,
    /// Core `v1`.
    Pod,
}

impl WorkloadKind {
    /// The kind of an object, if it makes pods. The API group counts: other groups have kinds of the same names.
    #[must_use]
    pub fn of(object: &Object<'_>) -> Option<Self> {
        Some(match (object.group(), object.kind) {
            ("apps" | "extensions", "Deployment") => Self::Deployment,
            ("apps", "StatefulSet") => Self::StatefulSet,
            ("apps" | "extensions", "DaemonSet") => Self::DaemonSet,
            ("apps" | "extensions", "ReplicaSet") => Self::ReplicaSet,
            ("", "ReplicationController") => Self::ReplicationController,
            ("batch", "Job") => Self::Job,
            ("batch", "CronJob") => Self::CronJob,
            ("", "Pod") => Self::Pod,
            _ => return None,
        })
    }

    /// Whether it is taken in only when the policy names its kind: a Job's pod template is immutable, and bare Pods of
    /// charts are tests.
    #[must_use]
    pub fn is_on_demand(self) -> bool {
        matches!(self, Self::Job | Self::Pod)
    }

    /// Whether changing its pod template makes new pods, and `kubectl rollout restart` knows it.
    #[must_use]
    pub fn rolls(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::DaemonSet)
    }

    /// The path from the object to its pod template.
    #[must_use]
    pub fn template_path(self) -> &'static [&'static str] {
        match self {
            Self::Pod => &[],
            Self::CronJob => &["spec", "jobTemplate", "spec", "template"],
            _ => &["spec", "template"],
        }
    }

    /// The path from the object to an annotation of its pods.
    #[must_use]
    pub fn pod_annotation_path(self, key: &str) -> Vec<&str> {
        [self.template_path(), &["metadata", "annotations", key]].concat()
    }
}

/// A workload, and the pod it makes.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'d> {
    /// The object.
    pub object: Object<'d>,
    /// Its kind.
    pub kind: WorkloadKind,
    template: Option<Node<'d>>,
    spec: Option<Node<'d>>,
}

impl<'d> Workload<'d> {
    /// The object as a workload, if it makes pods.
    #[must_use]
    pub fn of(object: Object<'d>) -> Option<Self> {
        let kind = WorkloadKind::of(&object)?;
        let template = object.node.at(kind.template_path());
        Some(Self {
            object,
            kind,
            template,
            spec: template.and_then(|template| template.get("spec")),
        })
    }

    /// The pod template; for a Pod the object itself.
    #[must_use]
    pub fn template(&self) -> Option<Node<'d>> {
        self.template
    }

    /// The pod's spec.
    #[must_use]
    pub fn spec(&self) -> Option<Node<'d>> {
        self.spec
    }

    /// A label of the workload, else of its pods.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&'d str> {
        let of_pods = || self.template()?.at(&["metadata", "labels", key])?.text();
        self.object.label(key).or_else(of_pods)
    }

    /// The `ServiceAccount` its pods name: `serviceAccountName`, else the deprecated `serviceAccount`; none stands for
    /// `default`.
    #[must_use]
    pub fn service_account(&self) -> Option<&'d str> {
        let named = |key: &str| self.spec()?.get(key)?.text().filter(|name| !name.is_empty());
        named("serviceAccountName").or_else(|| named("serviceAccount"))
    }

    /// Every container, init containers first.
    pub fn containers(&self) -> impl Iterator<Item = Node<'d>> {
        let spec = self.spec();
        ["initContainers", "containers"]
            .into_iter()
            .filter_map(move |key| spec?.get(key))
            .flat_map(Node::items)
    }

    /// Whether its pods share the node's network.
    #[must_use]
    pub fn is_on_host_network(&self) -> bool {
        let written = self.spec().and_then(|spec| spec.get("hostNetwork"));
        written.and_then(Node::text) == Some("true")
    }
}
