//! Every input that a law is held against, and what the library makes of it.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::{Circumstances, plan};
use iam_roles::policy::catalogue::Severity;
use iam_roles::policy::rules::Policy;
use iam_roles::policy::vars::Vars;
use iam_roles::rewrite::rewrite;

use crate::case::Case;
use crate::support::{path, policy};

/// Every case of the other modules, by name.
pub(crate) fn cases() -> Vec<(&'static str, Case)> {
    [
        crate::accounts::all(),
        crate::guards::all(),
        crate::flat::all(),
        crate::annotations::all(),
        crate::hazards::all(),
        crate::hiding::all(),
        crate::keys::all(),
        crate::matching::all(),
        crate::mission::all(),
        crate::restart::all(),
        crate::roles::all(),
        crate::rules::all(),
        crate::streams::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A text, and what its base64 lines say.
pub(crate) fn decoded(text: &str) -> String {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
    let said = words.filter_map(|word| String::from_utf8(STANDARD.decode(word).ok()?).ok());
    said.fold(text.to_owned(), |all, said| all + "\n" + &said)
}

/// An input with its policy.
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) policy: Policy,
    pub(crate) circumstances: Circumstances,
    pub(crate) input: String,
    /// Whether it must change.
    pub(crate) changes: bool,
}

/// Every input there is.
pub(crate) fn given() -> Vec<Given> {
    let from_cases = cases().into_iter().map(|(name, case)| {
        let namespace = case
            .arguments
            .iter()
            .skip_while(|word| *word != "--namespace")
            .nth(1)
            .cloned();
        let (changes, mut policy) = (case.changes(), read(&case.policy));
        policy.strict |= case.arguments.iter().any(|word| word == "--strict");
        Given {
            name: name.to_owned(),
            policy,
            circumstances: Circumstances {
                namespace,
                as_rendered: false,
            },
            input: case.input,
            changes,
        }
    });
    let named =
        "preset: gitlab\naccount: \"111122223333\"\ncomponents: {registry: r, webservice: w, sidekiq: w, toolbox: t}\n";
    let bodies = [
        named.to_owned(),
        format!("via: kube2iam\n{named}"),
        format!("restart: true\nvia: [kiam, irsa]\n{named}"),
    ];
    let streams = crate::corpora::streams()
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .chain(of_the_project());
    let from_streams = streams.flat_map(|(name, input)| {
        let given = |body: &String| Given {
            name: name.clone(),
            policy: read(&policy(body)),
            circumstances: Circumstances::default(),
            input: input.clone(),
            changes: false,
        };
        bodies.iter().map(given).collect::<Vec<_>>()
    });
    from_cases.chain(from_streams).collect()
}

/// The streams under `testdata`.
pub(crate) fn of_the_project() -> Vec<(String, String)> {
    let folders = fs::read_dir(path("testdata")).expect("testdata").filter_map(Result::ok);
    let files = folders
        .filter_map(|folder| fs::read_dir(folder.path()).ok())
        .flatten()
        .filter_map(Result::ok);
    let streams = files.filter(|file| file.file_name().to_string_lossy().starts_with("stream"));
    streams
        .map(|file| {
            (
                file.path().display().to_string(),
                fs::read_to_string(file.path()).expect("a stream"),
            )
        })
        .collect()
}

pub(crate) fn read(text: &str) -> Policy {
    iam_roles::policy::read(text, "policy.yaml", &Vars::new(Vec::new(), |_| None)).expect("a policy")
}

impl Given {
    pub(crate) fn rewrite(&self, input: &[u8]) -> Option<String> {
        render(input, &self.policy, &self.circumstances)
    }
}

/// What becomes of an input, as the filter does it; nothing if it is refused.
pub(crate) fn render(input: &[u8], policy: &Policy, circumstances: &Circumstances) -> Option<String> {
    let inputs = [Input::new("stdin", input.to_vec()).ok()?];
    let stream = Stream::read(&inputs).ok()?;
    let ledger = plan(&stream, policy, circumstances).ledger;
    let bound = if policy.strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    if ledger.refuses(bound) {
        return None;
    }
    rewrite(&stream, &ledger).ok()?.pop().map(|text| text.text())
}
