//! Streams that nobody wrote: Kubernetes objects as data with a policy for them, written down in one of the many ways YAML has.
//!
//! [`object`] makes the objects, before and after what the policy asks for, [`text`] what their Secrets hold, and
//! [`document`], [`spell`] and [`scalar`] write them down. [`choices`] decides.
//!
//! Invariant: the data are known, so a parser is not needed to say what a stream means, nor the program what it should.

mod choices;
mod document;
mod object;
mod scalar;
mod spell;
mod text;

use iam_roles::plan::Circumstances;
use iam_roles::policy::rules::Policy;
use proptest::collection;
use proptest::prelude::{Strategy, any};
use serde_json::{Map, Value, json};

use self::choices::Choices;
use self::document::{Document, Written, written};
use self::object::{Group, Leaves, Scene, bystander, component};
use crate::given::{read, render};

pub(crate) use self::object::{DIGEST, ROLE_ARN};

/// What a stream is made from: the seeds of its parts, each with the number of choices that are made before all is simple.
pub(crate) type Seeds = Vec<(u64, usize)>;

/// Seeds for streams of up to five parts. Fewer parts and fewer choices are smaller.
pub(crate) fn seeds() -> impl Strategy<Value = Seeds> {
    let seed = any::<u64>().no_shrink();
    collection::vec((seed, 0..20_000_usize), 2..7)
}

/// A stream, what it means, and what is to become of it.
pub(crate) struct Generated {
    pub(crate) policy: String,
    pub(crate) rules: Policy,
    pub(crate) circumstances: Circumstances,
    pub(crate) input: String,
    /// The documents' data, empty documents left out.
    pub(crate) before: Vec<Value>,
    pub(crate) after: Vec<Value>,
    /// The `ServiceAccount`s that are to be written: name and role.
    pub(crate) created: Vec<(String, Value)>,
    pub(crate) pieces: Vec<String>,
    pub(crate) unjudged: bool,
}

impl Generated {
    /// The stream of these seeds; all line breaks are `\n`.
    pub(crate) fn of(seeds: &[(u64, usize)]) -> Self {
        let Some(((seed, draws), parts)) = seeds.split_first() else {
            return Self::of(&[(0, 0)]);
        };
        let mut choices = Choices::new(*seed, *draws);
        let scene = scene("web", &mut choices);
        let (group, written) = stream(&scene, parts, &mut choices);
        let policy = policy(&scene, &group, &[]);
        Self {
            rules: read(&policy),
            policy,
            circumstances: Circumstances {
                namespace: scene.namespace.map(str::to_owned),
                as_rendered: false,
            },
            input: written.text,
            before: group.documents.iter().map(|document| document.before.clone()).collect(),
            after: group.documents.iter().map(|document| document.after.clone()).collect(),
            created: group.created,
            pieces: written.pieces,
            unjudged: written.unjudged,
        }
    }

    /// What becomes of an input under its policy; nothing if it is refused.
    pub(crate) fn rewrite(&self, input: &str) -> Option<String> {
        render(input.as_bytes(), &self.rules, &self.circumstances)
    }
}

/// Two streams that know nothing of each other, with one policy for both, that can stand one behind the other.
pub(crate) fn two(seeds: &[(u64, usize)]) -> (Policy, Circumstances, [String; 2]) {
    let Some(((seed, draws), parts)) = seeds.split_first() else {
        return two(&[(0, 0)]);
    };
    let mut choices = Choices::new(*seed, *draws);
    let first = scene("web", &mut choices);
    let second = Scene {
        prefix: "api",
        ..first.clone()
    };
    let (left, right) = parts.split_at(parts.len() / 2);
    let (first_group, first_text) = stream(&first, left, &mut choices);
    let (second_group, second_text) = stream(&second, right, &mut choices);
    let rules = read(&policy(&first, &first_group, &[&second_group]));
    let circumstances = Circumstances {
        namespace: Some("prod".to_owned()),
        as_rendered: false,
    };
    (rules, circumstances, [first_text.text, second_text.text])
}

fn scene(prefix: &'static str, choices: &mut Choices) -> Scene {
    let all: &[&[&str]] = &[
        &["irsa"],
        &["irsa"],
        &["kube2iam"],
        &["kiam"],
        &["irsa", "kube2iam"],
        &["kiam", "irsa"],
    ];
    let leaves_out = choices.of(&[Leaves::All, Leaves::None, Leaves::Some]);
    let must_be_given = leaves_out == Leaves::Some || choices.one_in(3);
    Scene {
        via: choices.of(all),
        restart: choices.one_in(4),
        namespace: must_be_given.then_some("prod"),
        leaves_out,
        prefix,
    }
}

/// The objects of all parts in any order, some of them in lists, written down.
fn stream(scene: &Scene, parts: &[(u64, usize)], choices: &mut Choices) -> (Group, Written) {
    let mut all = Group::default();
    for (index, (seed, draws)) in parts.iter().enumerate() {
        let mut choices = Choices::new(*seed, *draws);
        let group = if index == 0 || choices.one_in(3) {
            component(scene, index, &mut choices)
        } else {
            bystander(scene, index, &mut choices)
        };
        all.documents.extend(group.documents);
        all.components.extend(group.components);
        all.secrets.extend(group.secrets);
        all.created.extend(group.created);
    }
    all.documents = listed(choices.shuffled(all.documents), choices);
    let written = written(&all.documents, choices);
    (all, written)
}

/// Some documents put into a list, or all of them into a `ResourceList`.
fn listed(mut documents: Vec<Document>, choices: &mut Choices) -> Vec<Document> {
    let wrapped = |documents: Vec<Document>, shell: Value| {
        let (before, after): (Vec<Value>, Vec<Value>) = documents
            .into_iter()
            .map(|document| (document.before, document.after))
            .unzip();
        let with = |items: Vec<Value>| {
            let mut list = shell.clone();
            list["items"] = Value::Array(items);
            list
        };
        Document {
            before: with(before),
            after: with(after),
        }
    };
    match choices.below(12) {
        10 => {
            let rest = documents.split_off(documents.len() / 2);
            let list = wrapped(
                documents,
                json!({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}}),
            );
            [list].into_iter().chain(rest).collect()
        }
        11 => vec![wrapped(
            documents,
            json!({"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "functionConfig": {"kind": "RolePolicy", "metadata": {"name": "p"}}}),
        )],
        _ => documents,
    }
}

/// The policy for these objects, as JSON.
fn policy(scene: &Scene, group: &Group, others: &[&Group]) -> String {
    let all = || [group].into_iter().chain(others.iter().copied());
    let components: Map<String, Value> = all().flat_map(|group| group.components.clone()).collect();
    let secrets: Vec<Value> = all().flat_map(|group| group.secrets.clone()).collect();
    json!({
        "apiVersion": "iam-roles/v1alpha1",
        "kind": "RolePolicy",
        "via": scene.via,
        "account": "111122223333",
        "restart": scene.restart,
        "components": components,
        "secrets": secrets,
    })
    .to_string()
}
