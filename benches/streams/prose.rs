//! Words as operators' schemas and dashboards use them, those among them that sound like a Secret's.

use fastrand::Rng;

const WORDS: [&str; 64] = [
    "the",
    "a",
    "of",
    "and",
    "to",
    "is",
    "for",
    "in",
    "this",
    "that",
    "field",
    "object",
    "name",
    "namespace",
    "optional",
    "list",
    "controller",
    "cluster",
    "resource",
    "value",
    "defaults",
    "must",
    "specifies",
    "reference",
    "pods",
    "when",
    "volume",
    "container",
    "selector",
    "labels",
    "secret",
    "access",
    "key",
    "region",
    "endpoint",
    "service",
    "account",
    "credentials",
    "token",
    "storage",
    "bucket",
    "replicas",
    "update",
    "status",
    "condition",
    "template",
    "annotation",
    "port",
    "timeout",
    "seconds",
    "interval",
    "metrics",
    "request",
    "limit",
    "node",
    "affinity",
    "policy",
    "rule",
    "client",
    "server",
    "certificate",
    "authority",
    "image",
    "version",
];

const FIELDS: [&str; 48] = [
    "name",
    "namespace",
    "key",
    "labels",
    "selector",
    "interval",
    "timeout",
    "endpoint",
    "bucket",
    "region",
    "accessKey",
    "secretKey",
    "roleArn",
    "secretName",
    "serviceAccountName",
    "serviceAccount",
    "image",
    "imagePullPolicy",
    "env",
    "envFrom",
    "volumeMounts",
    "mountPath",
    "volumes",
    "containers",
    "initContainers",
    "resources",
    "limits",
    "requests",
    "affinity",
    "tolerations",
    "nodeSelector",
    "securityContext",
    "runAsUser",
    "fsGroup",
    "replicas",
    "strategy",
    "maxSurge",
    "tlsConfig",
    "caFile",
    "certFile",
    "insecureSkipVerify",
    "basicAuth",
    "username",
    "passwordFile",
    "matchLabels",
    "matchExpressions",
    "operator",
    "values",
];

/// Some words in a row.
pub(crate) fn words(rng: &mut Rng, count: usize) -> String {
    (0..count).map(|_| word(rng)).collect::<Vec<_>>().join(" ")
}

/// A sentence with a capital and a full stop.
pub(crate) fn sentence(rng: &mut Rng) -> String {
    let count = rng.usize(6..22);
    let mut sentence = words(rng, count) + ".";
    sentence[..1].make_ascii_uppercase();
    sentence
}

/// A word.
pub(crate) fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.usize(..WORDS.len())]
}

/// The name of a field of a schema.
pub(crate) fn field(rng: &mut Rng) -> &'static str {
    FIELDS[rng.usize(..FIELDS.len())]
}

/// Words, broken into lines of less than some columns.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + word.len() < columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
