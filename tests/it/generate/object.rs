//! Kubernetes objects as data, as they are and as they are to be.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::choices::Choices;
use super::document::Document;
use super::text::{HARD, Text, hard, with_keys};
use crate::leak::{KEY_ID, SECRET_KEY};

pub(crate) const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";
pub(crate) const ROLE: &str = "iam.amazonaws.com/role";
pub(crate) const DIGEST: &str = "iam-roles/digest";

/// What holds for a whole stream.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) via: &'static [&'static str],
    pub(crate) restart: bool,
    /// The namespace that is given on the command line.
    pub(crate) namespace: Option<&'static str>,
    /// How often an object of the release leaves its namespace out.
    pub(crate) leaves_out: Leaves,
    /// What the names of its objects begin with.
    pub(crate) prefix: &'static str,
}

/// Which objects leave their namespace out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves {
    All,
    Some,
    None,
}

impl Scene {
    fn uses(&self, via: &str) -> bool {
        self.via.contains(&via)
    }

    fn metadata(&self, name: &str, choices: &mut Choices) -> Value {
        let mut metadata = json!({"name": name});
        let leaves_out = match self.leaves_out {
            Leaves::All => true,
            Leaves::Some => choices.one_in(2),
            Leaves::None => false,
        };
        if !leaves_out {
            metadata["namespace"] = json!("prod");
        }
        metadata
    }
}

/// Objects that belong together, and what the policy says of them.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) documents: Vec<Document>,
    pub(crate) components: Map<String, Value>,
    pub(crate) secrets: Vec<Value>,
    /// The `ServiceAccount`s that are to be written, by name.
    pub(crate) created: Vec<(String, Value)>,
}

impl Group {
    fn unchanged(&mut self, value: Value) {
        self.documents.push(Document {
            before: value.clone(),
            after: value,
        });
    }
}

/// A component with its workloads, its account and its Secrets.
struct Component<'s> {
    scene: &'s Scene,
    name: String,
    role: String,
    is_external: bool,
    account: Account,
}

/// How the pods come to their account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Account {
    AsIs,
    Unseen,
    Create,
    Use,
    None,
}

/// A component of the policy with everything that is its own.
pub(crate) fn component(scene: &Scene, index: usize, choices: &mut Choices) -> Group {
    let name = format!("{}{index}", scene.prefix);
    let irsa = [
        Account::AsIs,
        Account::AsIs,
        Account::AsIs,
        Account::Create,
        Account::Use,
        Account::Unseen,
    ];
    let is_external = choices.one_in(8);
    let account = match choices.of(&irsa) {
        _ if choices.one_in(60) => Account::None,
        _ if is_external || !scene.uses("irsa") => choices.of(&[Account::AsIs, Account::Unseen]),
        account => account,
    };
    let component = Component {
        scene,
        role: choices
            .of(&["web-role", "team/web", "arn:aws:iam::444455556666:role/web"])
            .to_owned(),
        name,
        is_external,
        account,
    };
    let mut group = Group::default();
    let values = component.secrets(&mut group, choices);
    if matches!(component.account, Account::AsIs) {
        component.account(&mut group, choices);
    }
    for index in 0..=choices.below(2) {
        component.workload(&mut group, index, &values, choices);
    }
    component.say(&mut group, choices);
    group
}

impl Component<'_> {
    fn arn(&self) -> String {
        if self.role.starts_with("arn:") {
            self.role.clone()
        } else {
            format!("arn:aws:iam::111122223333:role/{}", self.role)
        }
    }

    /// What the policy says of it.
    fn say(&self, group: &mut Group, choices: &mut Choices) {
        let role = if self.is_external { "external" } else { &self.role };
        let mut said = json!({"role": role, "optional": true});
        let account = format!("{}-new", self.name);
        match self.account {
            Account::Create => {
                said["serviceAccount"] = json!({"create": account});
                group.created.push((account, json!(self.arn())));
            }
            Account::Use => said["serviceAccount"] = json!({"use": account}),
            _ => {}
        }
        if choices.one_in(6) {
            said["match"] = json!({"name": format!("{}-*", self.name)});
        }
        group.components.insert(self.name.clone(), said);
    }

    fn account(&self, group: &mut Group, choices: &mut Choices) {
        let metadata = self.scene.metadata(&format!("{}-account", self.name), choices);
        let mut before = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata});
        annotations(&mut before["metadata"], ROLE_ARN, choices);
        if choices.one_in(3) {
            before["metadata"]["labels"] = json!({"app": self.name, "tier": choices.of(HARD)});
        }
        if choices.one_in(4) {
            before["imagePullSecrets"] = json!([{"name": "pull"}]);
        }
        let mut after = before.clone();
        if self.scene.uses("irsa") && !self.is_external {
            after["metadata"]["annotations"][ROLE_ARN] = json!(self.arn());
        }
        group.documents.push(Document { before, after });
    }

    fn workload(&self, group: &mut Group, index: usize, values: &[Reading], choices: &mut Choices) {
        let kinds = [
            ("apps/v1", "Deployment"),
            ("apps/v1", "StatefulSet"),
            ("batch/v1", "CronJob"),
            ("apps/v1", "DaemonSet"),
            ("apps/v1", "ReplicaSet"),
            ("v1", "ReplicationController"),
            ("extensions/v1beta1", "Deployment"),
            ("batch/v1beta1", "CronJob"),
        ];
        let (api_version, kind) = choices.of(&kinds);
        let label = choices.of(&["app", "app.kubernetes.io/component", "app.kubernetes.io/name"]);
        let labels = json!({label: self.name, "tier": choices.of(&["front", "true", "\u{e9}"])});
        let mut metadata = self.scene.metadata(&format!("{}-{index}", self.name), choices);
        metadata["labels"] = labels.clone();
        let mut template = json!({"metadata": {"labels": labels}, "spec": {}});
        annotations(&mut template["metadata"], ROLE, choices);
        let (spec, spec_after) = self.spec(values, choices);
        template["spec"] = spec;
        let mut template_after = template.clone();
        template_after["spec"] = spec_after;
        if !self.is_external && (self.scene.uses("kube2iam") || self.scene.uses("kiam")) {
            template_after["metadata"]["annotations"][ROLE] = json!(self.role);
        }
        if self.scene.restart {
            template_after["metadata"]["annotations"][DIGEST] = json!("?");
        }
        let wrapped = |template: Value| {
            let spec = match kind {
                "CronJob" => json!({"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}),
                _ => json!({"replicas": 1, "selector": {"matchLabels": labels}, "template": template}),
            };
            json!({"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec})
        };
        group.documents.push(Document {
            before: wrapped(template),
            after: wrapped(template_after),
        });
    }

    /// The spec of a pod that reads these values, and what becomes of it.
    fn spec(&self, values: &[Reading], choices: &mut Choices) -> (Value, Value) {
        let mut spec = json!({"containers": [{"name": "main", "image": "example/app:1.2"}]});
        if choices.one_in(3) {
            spec["initContainers"] =
                json!([{"name": "init", "image": "example/init:1", "args": ["--x", choices.of(HARD)]}]);
        }
        let account = match self.account {
            Account::None => None,
            Account::Create | Account::Use => choices.one_in(2).then(|| format!("{}-old", self.name)),
            Account::AsIs | Account::Unseen => Some(format!("{}-account", self.name)),
        };
        if let Some(account) = &account {
            spec["serviceAccountName"] = json!(account);
            if choices.one_in(5) {
                spec["serviceAccount"] = json!(account);
            }
        }
        let mut env = vec![json!({"name": "HARD", "value": choices.of(HARD)})];
        let mut env_after = env.clone();
        for reading in values {
            reading.by(&mut spec, &mut env, &mut env_after, choices);
        }
        let (with_env, mut after) = (env.len() > 1 || choices.one_in(3), spec.clone());
        if with_env {
            spec["containers"][0]["env"] = json!(env);
            after["containers"][0]["env"] = json!(env_after);
        }
        if matches!(self.account, Account::Create | Account::Use) {
            let new = json!(format!("{}-new", self.name));
            if after.get("serviceAccount").is_some() {
                after["serviceAccount"] = new.clone();
            }
            after["serviceAccountName"] = new;
        }
        (spec, after)
    }

    fn secrets(&self, group: &mut Group, choices: &mut Choices) -> Vec<Reading> {
        let mut readings = Vec::new();
        for index in 0..choices.of(&[1, 0, 2]) {
            let name = format!("{}-secret{index}", self.name);
            let metadata = self.scene.metadata(&name, choices);
            let before = json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata});
            let reading = if choices.one_in(4) {
                pair(name, before, group, choices)
            } else {
                file(name, before, group, choices)
            };
            readings.push(reading);
        }
        readings
    }
}

/// How a Secret is read.
struct Reading {
    name: String,
    keys: Vec<String>,
    is_pair: bool,
}

impl Reading {
    /// Reads it in one of the ways there are; the entries of a pair go from the environment.
    fn by(&self, spec: &mut Value, env: &mut Vec<Value>, env_after: &mut Vec<Value>, choices: &mut Choices) {
        let container = 0;
        let push = |list: &mut Value, value: Value| match list {
            Value::Array(items) => items.push(value),
            other => *other = json!([value]),
        };
        match choices.below(4) {
            0 if !self.is_pair => push(
                &mut spec["volumes"],
                json!({"name": self.name, "secret": {"secretName": self.name}}),
            ),
            1 if !self.is_pair => push(
                &mut spec["volumes"],
                json!({"name": self.name, "projected": {"sources": [{"secret": {"name": self.name}}, {"configMap": {"name": "c"}}]}}),
            ),
            2 => {
                for (key, name) in self.keys.iter().zip(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
                    let name = if self.is_pair {
                        name.to_owned()
                    } else {
                        format!("FILE_{}", env.len())
                    };
                    let entry = json!({"name": name, "valueFrom": {"secretKeyRef": {"name": self.name, "key": key}}});
                    env.push(entry.clone());
                    if !self.is_pair {
                        env_after.push(entry);
                    }
                }
            }
            _ => push(
                &mut spec["containers"][container]["envFrom"],
                json!({"secretRef": {"name": self.name}}),
            ),
        }
    }
}

/// A Secret that holds files.
fn file(name: String, secret: Value, group: &mut Group, choices: &mut Choices) -> Reading {
    let Text {
        key,
        before,
        after,
        rule,
    } = with_keys(choices);
    let (mut old, mut new) = (secret.clone(), secret);
    let other = hard(choices);
    let has_other = choices.one_in(3);
    if choices.one_in(2) {
        let width = choices.of(&[0, 0, 0, 48, 76]);
        for (value, text) in [(&mut old, &before), (&mut new, &after)] {
            value["data"] = json!({key: packed(text, width)});
            if has_other {
                value["data"]["other"] = json!(packed(&other, 0));
            }
        }
    } else {
        for (value, text) in [(&mut old, &before), (&mut new, &after)] {
            value["stringData"] = json!({key: text});
            if has_other {
                value["stringData"]["other"] = json!(other);
            }
        }
    }
    if let Some(mut rule) = rule {
        rule["name"] = json!(name);
        rule["key"] = json!(key);
        group.secrets.push(rule);
    }
    group.documents.push(Document {
        before: old,
        after: new,
    });
    Reading {
        name,
        keys: vec![key.to_owned()],
        is_pair: false,
    }
}

/// A Secret whose keys are the credentials.
fn pair(name: String, secret: Value, group: &mut Group, choices: &mut Choices) -> Reading {
    let [id, key] = choices.of(&[
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
        ["accesskey", "secretkey"],
    ]);
    let is_packed = choices.one_in(2);
    let field = if is_packed { "data" } else { "stringData" };
    let text = |text: &str| if is_packed { packed(text, 0) } else { text.to_owned() };
    let mut before = secret;
    before[field] = json!({id: text(KEY_ID), key: text(SECRET_KEY)});
    if choices.one_in(2) {
        before[field]["region"] = json!(text("us-east-1"));
    }
    let mut after = before.clone();
    if let Some(map) = after[field].as_object_mut() {
        map.remove(id);
        map.remove(key);
    }
    group.documents.push(Document { before, after });
    Reading {
        name,
        keys: vec![id.to_owned(), key.to_owned()],
        is_pair: true,
    }
}

fn packed(text: &str, width: usize) -> String {
    let packed = STANDARD.encode(text);
    if width == 0 {
        return packed;
    }
    let lines = packed.as_bytes().chunks(width).map(String::from_utf8_lossy);
    lines.map(|line| line.into_owned() + "\n").collect()
}

/// Annotations in one of the ways they can be there, with another role or without.
fn annotations(metadata: &mut Value, key: &str, choices: &mut Choices) {
    match choices.below(7) {
        0 => {}
        1 => metadata["annotations"] = json!({"a": "b"}),
        2 => metadata["annotations"] = Value::Null,
        3 => metadata["annotations"] = json!({}),
        4 => metadata["annotations"] = json!({"about": hard(choices), key: "old"}),
        5 => metadata["annotations"] = json!({key: "arn:aws:iam::111122223333:role/old", "z": "y"}),
        _ => metadata["annotations"] = json!({"checksum/config": hard(choices)}),
    }
}

/// Objects that no policy names.
pub(crate) fn bystander(scene: &Scene, index: usize, choices: &mut Choices) -> Group {
    let name = format!("{}other{index}", scene.prefix);
    let metadata = scene.metadata(&name, choices);
    let mut group = Group::default();
    let value = match choices.below(9) {
        0 => {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": hard(choices), "b": hard(choices), "c": hard(choices)}})
        }
        1 => json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata, "spec": deep(choices, 4)}),
        2 => {
            json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80, "targetPort": "http"}], "selector": {"app": name}}})
        }
        3 => {
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "annotations": {"iam.amazonaws.com/permitted": ".*"}}})
        }
        4 => {
            json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata, "roleRef": {"kind": "Role", "name": name}, "subjects": [{"kind": "ServiceAccount", "name": name}]})
        }
        5 => hook(&metadata, choices),
        6 => stranger(&metadata, choices),
        7 => {
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": {"password": packed(&hard(choices), 0)}, "stringData": {"text": hard(choices), "nothing": null}})
        }
        _ => {
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"config": with_keys(choices).before}})
        }
    };
    group.unchanged(value);
    group
}

fn hook(metadata: &Value, choices: &mut Choices) -> Value {
    let mut metadata = metadata.clone();
    metadata["annotations"] = json!({"helm.sh/hook": choices.of(&["pre-install", "test", "post-upgrade"])});
    json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "example/job:1"}]}}}})
}

/// A workload of no component; rarely one that has keys in its environment, which is told.
fn stranger(metadata: &Value, choices: &mut Choices) -> Value {
    let env = if choices.one_in(4) {
        json!([{"name": "AWS_ACCESS_KEY_ID", "value": KEY_ID}, {"name": "AWS_SECRET_ACCESS_KEY", "value": SECRET_KEY}])
    } else {
        json!([{"name": "A", "value": hard(choices)}])
    };
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": {"metadata": {"labels": {"app": "stranger"}}, "spec": {"containers": [{"name": "c", "image": "example/app:1", "env": env}]}}}})
}

/// Data of any shape.
fn deep(choices: &mut Choices, depth: usize) -> Value {
    match choices.below(if depth == 0 { 5 } else { 8 }) {
        0 => json!(hard(choices)),
        1 => json!(choices.below(100_000)),
        2 => json!(choices.one_in(2)),
        3 => Value::Null,
        4 => choices.of(&["{}", "[]"]).parse().unwrap_or_default(),
        5 => (0..=choices.below(4)).map(|_| deep(choices, depth - 1)).collect(),
        _ => {
            let keys = [
                "a",
                "key with blanks",
                "\u{6f22}",
                "true",
                "data",
                "annotations",
                "0",
                "x: y",
                "metadata",
                "",
            ];
            let entries = (0..=choices.below(4)).map(|_| (choices.of(&keys).to_owned(), deep(choices, depth - 1)));
            Value::Object(entries.collect())
        }
    }
}
