//! What a policy means: rules that cannot be wrong.
//!
//! Invariant: every value here has been checked; no selector is empty, no glob is broken, no two rules contradict.
//! Invariant: where irsa is among the mechanisms, every named role has its full ARN.

use crate::payload::format::Format;
use crate::policy::catalogue::Id;
use crate::policy::glob::Glob;
use crate::policy::preset::{Preset, PresetComponent, PresetRule};
use crate::policy::role::Role;
use crate::yaml::source::Place;

/// A policy, understood.
#[derive(Debug)]
pub struct Policy {
    /// How roles reach pods; never empty.
    pub via: Vec<Mechanism>,
    /// Who gets a role, in the policy's order.
    pub components: Vec<Component>,
    /// Secrets beside those that are found by themselves.
    pub secrets: Vec<SecretRule>,
    /// Whether consumers are made to roll when a role or a value changes.
    pub restart: bool,
    /// Whether warnings refuse, too.
    pub strict: bool,
    /// The findings that are accepted.
    pub allow: Vec<Allowance>,
    /// The presets that the policy names, each once.
    pub presets: Vec<&'static Preset>,
}

impl Policy {
    /// The policy of a run without one: nobody is given a role, and every chart's mounts are known.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            via: vec![Mechanism::Irsa, Mechanism::Kube2iam, Mechanism::Kiam],
            components: Vec::new(),
            secrets: Vec::new(),
            restart: false,
            strict: false,
            allow: Vec::new(),
            presets: Preset::all().iter().collect(),
        }
    }
}

/// How a role reaches a pod.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Mechanism {
    /// An annotation on the `ServiceAccount`, and a web identity token.
    Irsa,
    /// An annotation on the pod, and intercepted instance metadata.
    Kube2iam,
    /// The same, with kiam's own rules for namespaces.
    Kiam,
}

/// A part of a release that gets a role of its own.
#[derive(Debug)]
pub struct Component {
    /// As written: `registry` or `preset/registry`.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// Its role.
    pub role: Role,
    /// Which workloads it is.
    pub selector: Selector,
    /// What becomes of its pods' `ServiceAccount`.
    pub service_account: ServiceAccount,
    /// Annotations beside the role's own.
    pub annotations: Vec<Annotation>,
    /// Whether it may match nothing.
    pub optional: bool,
    /// The preset's knowledge of it.
    pub from: Option<&'static PresetComponent>,
}

/// The `ServiceAccount` of a component's pods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ServiceAccount {
    /// The one they have.
    AsIs,
    /// One that is written into the stream.
    Create(String),
    /// One that is in the cluster already.
    Use(String),
}

/// An annotation that an injector reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Annotation {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Where its reader looks.
    pub on: Carrier,
}

/// What carries an annotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carrier {
    /// The `ServiceAccount` of the pods.
    ServiceAccount,
    /// The pods' template.
    PodTemplate,
}

/// Which workloads are a component; every part must hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selector {
    /// What tells the workload.
    pub identity: Identity,
    /// The kinds it may be of; without them the usual ones.
    pub kinds: Option<Vec<Kind>>,
    /// The namespaces it may be in.
    pub namespace: Option<Glob>,
}

/// What tells a component's workloads from others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Identity {
    /// The default rule: the first of the well-known labels is this word.
    Default(String),
    /// The rule of a preset.
    Preset(&'static PresetRule),
    /// What the policy gives; at least one part.
    Given {
        /// Labels and their exact values.
        labels: Vec<(String, String)>,
        /// The object's name.
        name: Option<Glob>,
        /// The template that the object came from.
        source: Option<Glob>,
    },
}

/// The kinds of objects that can be a component.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// apps/v1
    Deployment,
    /// apps/v1
    StatefulSet,
    /// apps/v1
    DaemonSet,
    /// apps/v1
    ReplicaSet,
    /// v1
    ReplicationController,
    /// batch/v1
    CronJob,
    /// batch/v1; taken in only when named.
    Job,
    /// v1; taken in only when named.
    Pod,
    /// v1: one that no workload uses; taken in only when named.
    ServiceAccount,
}

/// What becomes of some Secrets' keys.
#[derive(Clone, Debug)]
pub struct SecretRule {
    /// Where the rule stands.
    pub place: Place,
    /// The Secrets' names.
    pub name: Glob,
    /// Their namespaces; without it any.
    pub namespace: Option<Glob>,
    /// Their data keys; without it all.
    pub key: Option<Glob>,
    /// What is done.
    pub action: SecretAction,
}

/// What is done with a Secret's value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SecretAction {
    /// Nothing, and nothing is said.
    Keep,
    /// Its keys are taken out.
    Edit {
        /// What it is written in; without it, as recognised.
        format: Option<Format>,
        /// Dotted paths (yaml) or keys (ini); never empty with those formats, always with others.
        remove: Vec<String>,
        /// Paths or keys and their new values; only with yaml and ini.
        set: Vec<(String, Scalar)>,
    },
}

/// A value to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scalar {
    /// A string.
    Text(String),
    /// A boolean or a number, as written.
    Plain(String),
}

/// A finding that the policy accepts.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Allowance {
    /// Which.
    pub id: Id,
    /// Of which object, as kind and name; without it of any.
    pub object: Option<(String, String)>,
}
