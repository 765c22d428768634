//! What is damaged: every input of the other tests and under `testdata`, for each way in.

use std::collections::BTreeSet;
use std::fs;

use iam_roles::payload::format::Format;
use iam_roles::policy::rules::{Policy, SecretAction};
use serde::Deserialize as _;
use serde_yaml::Value;

use crate::given::{cases, decoded, of_the_project, read};
use crate::leak::leaked;
use crate::support::{path, policy};

/// Longer streams are cut between documents.
const LONGEST: usize = 6_000;

/// For the streams that are no case, each its turn.
const BODIES: [&str; 3] = ["", "via: kube2iam\n", "restart: true\nvia: [kiam, irsa]\n"];
const NAMED: &str =
    "preset: gitlab\naccount: \"111122223333\"\ncomponents: {registry: r, webservice: w, sidekiq: w, toolbox: t}\n";

/// A case that is not damaged yet, and where it is from.
pub(super) struct Seed {
    pub(super) name: String,
    pub(super) case: String,
}

/// An input with its policy, as they were written.
struct Written {
    name: String,
    namespace: String,
    policy: String,
    input: String,
}

/// The seeds of a way in.
pub(super) fn seeds(way_in: &str) -> Vec<Seed> {
    let written = written();
    match way_in {
        "stream" => written.iter().map(stream).collect(),
        "payload" => payloads(&written),
        "policy" => policies(&written),
        "document" => written.iter().flat_map(documents).collect(),
        _ => written.iter().filter_map(resource_list).collect(),
    }
}

fn written() -> Vec<Written> {
    let from_cases = cases().into_iter().map(|(name, case)| {
        let mut arguments = case.arguments.iter();
        let is_strict = arguments.clone().any(|word| word == "--strict");
        Written {
            name: name.to_owned(),
            namespace: arguments
                .find(|word| *word == "--namespace")
                .and_then(|_| arguments.next())
                .cloned()
                .unwrap_or_default(),
            policy: case.policy + if is_strict { "strict: true\n" } else { "" },
            input: case.input,
        }
    });
    let streams = crate::corpora::streams()
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .chain(of_the_project());
    let parts = streams.flat_map(|(name, text)| parts(&text).into_iter().map(move |part| (name.clone(), part)));
    let from_streams = parts.enumerate().map(|(number, (name, input))| Written {
        name,
        namespace: String::new(),
        policy: policy(&[BODIES[number % BODIES.len()], NAMED].concat()),
        input,
    });
    from_cases
        .chain(from_streams)
        .filter(|written| written.input.len() < LONGEST)
        .collect()
}

/// A long stream as streams of whole documents.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for document in text.split_inclusive("\n---\n") {
        match parts.last_mut() {
            Some(last) if last.len() + document.len() < LONGEST => last.push_str(document),
            _ => parts.push(document.to_owned()),
        }
    }
    parts
}

fn stream(written: &Written) -> Seed {
    let Written {
        name,
        namespace,
        policy,
        input,
    } = written;
    Seed {
        name: name.clone(),
        case: [namespace, "\0", policy, "\0", input].concat(),
    }
}

/// Every document of a stream, without its marker.
fn documents(written: &Written) -> impl Iterator<Item = Seed> {
    let spans = iam_roles::yaml::split::documents(&written.input).unwrap_or_default();
    spans.into_iter().map(|span| Seed {
        name: written.name.clone(),
        case: span.slice(&written.input).to_owned(),
    })
}

fn policies(written: &[Written]) -> Vec<Seed> {
    let texts: BTreeSet<String> = written.iter().map(|written| written.policy.clone()).collect();
    let of_the_project = fs::read_to_string(path("testdata/gitlab/policy.yaml")).expect("a policy");
    let seed = |case| Seed {
        name: "a policy".to_owned(),
        case,
    };
    texts.into_iter().chain([of_the_project]).map(seed).collect()
}

/// Every value of a Secret, read as every format.
fn payloads(written: &[Written]) -> Vec<Seed> {
    let mut texts = BTreeSet::new();
    for Written { policy, input, .. } in written {
        let edits = named(&read(policy));
        for text in secret_values(input) {
            for (number, format) in Format::ALL.iter().enumerate() {
                let setting = ["irsa", "node"][number % 2];
                let edits = if number < 4 { "" } else { edits.as_str() };
                texts.insert(format!("{format} {setting}{edits}\0{text}"));
            }
        }
    }
    let seed = |case| Seed {
        name: "a Secret value".to_owned(),
        case,
    };
    texts.into_iter().map(seed).collect()
}

/// What a policy removes and sets by name.
fn named(policy: &Policy) -> String {
    let mut words = String::new();
    for rule in &policy.secrets {
        if let SecretAction::Edit { remove, set, .. } = &rule.action {
            words.extend(remove.iter().flat_map(|path| [" -", path]));
            words.extend(set.iter().flat_map(|(path, _)| [" +", path]));
        }
    }
    if words.is_empty() {
        " -accesskey -secretkey -config.access_key +v4auth".to_owned()
    } else {
        words
    }
}

fn secret_values(input: &str) -> Vec<String> {
    let documents = serde_yaml::Deserializer::from_str(input).map_while(|document| Value::deserialize(document).ok());
    let documents: Vec<Value> = documents.collect();
    let values = documents
        .iter()
        .flat_map(|document| [document.get("data"), document.get("stringData")]);
    let texts = values
        .flatten()
        .filter_map(Value::as_mapping)
        .flat_map(|data| data.values())
        .filter_map(Value::as_str);
    texts
        .map(|text| {
            decoded(text)
                .split_once('\n')
                .map_or_else(|| text.to_owned(), |(_, plain)| plain.to_owned())
        })
        .collect()
}

/// A stream as the items of a list, where it is written in lines that can stand deeper.
fn resource_list(written: &Written) -> Option<Seed> {
    let deeper = |mark: &str, text: &str| {
        let mut lines = text.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        [mark, first]
            .into_iter()
            .chain(lines.flat_map(|line| ["  ", line]))
            .collect::<String>()
    };
    let documents: Vec<&str> = written
        .input
        .split("---\n")
        .filter(|document| !document.trim().is_empty())
        .collect();
    if documents.is_empty()
        || documents
            .iter()
            .any(|document| !document.starts_with("apiVersion") || !document.ends_with('\n'))
    {
        return None;
    }
    let items: String = documents.iter().map(|document| deeper("- ", document)).collect();
    let config = deeper("  ", &written.policy);
    Some(Seed {
        name: written.name.clone(),
        case: format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}functionConfig:\n{config}"
        ),
    })
}

/// A text in which no word is one of the secrets, as it is or in base64.
pub(super) fn without_secrets(text: &str) -> String {
    let words = text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
    words
        .map(|word| {
            // Shorter words hold no part of a secret.
            if word.len() > 8 && (leaked(word).is_some() || leaked(&decoded(word)).is_some()) {
                "x\n"
            } else {
                word
            }
        })
        .collect()
}
