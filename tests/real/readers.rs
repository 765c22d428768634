//! Our tree against the readers that a stream meets: Kubernetes' own in Go, and yq, which reads as kustomize and Helm 4 do.
//!
//! Invariant: one process reads many texts; yq stops at the first that it refuses, so what it refuses is found by halves.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iam_roles::yaml::{source::Source, split};
use serde_json::Value;
use std::{
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use crate::reading::{
    classes::{Class, Handling, classes},
    laws::{Reading, hold},
    meaning::{Meaning, difference, ours},
    samples::{Random, damaged, sample},
};

/// How many texts are made by chance; `IAM_ROLES_SAMPLES` says otherwise.
const SAMPLES: usize = 10_000;

/// Of each scalar its tag, too; numbers as they are written. Document by document, as many at once take long.
const TAGGED: &str = ".[] |= (@base64d | from_yaml | explode(.) \
    | (.. | select(kind == \"scalar\")) |= (tag + \" \" + to_string)) | .[]";

/// What Kubernetes reads is what the tree says, before and after an edit.
pub(crate) fn kubernetes_sees_what_the_tree_sees(reader: &Path) {
    holds(&texts(samples()), |texts| kubernetes(reader, texts));
}

/// What yq reads of the texts that Kubernetes takes is what the tree says, before and after an edit.
pub(crate) fn yq_sees_what_the_tree_sees(program: &Path, reader: &Path) {
    let texts = texts(samples() / 4);
    let taken = kubernetes(reader, &texts);
    let texts: Vec<String> = texts
        .into_iter()
        .zip(taken)
        .filter_map(|(text, taken)| taken.map(|_| text))
        .collect();
    holds(&texts, |texts| yq(program, texts));
}

#[track_caller]
fn holds(texts: &[String], read: impl Fn(&[String]) -> Vec<Reading>) {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let count = hold(texts, read, &mut random).unwrap_or_else(|broken| panic!("{broken}"));
    let mut out = std::io::stdout();
    // Nobody is left to tell if standard output is gone.
    let _ = writeln!(out, "{count:?}");
    assert!(count.texts / 4 < count.read_by_both, "{count:?}");
    assert!(count.texts / 4 < count.edits, "{count:?}");
}

/// Texts that use all of YAML, and documents of the project's streams, damaged.
fn texts(count: usize) -> Vec<String> {
    let seed = env::var("IAM_ROLES_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut random = Random(seed.unwrap_or(0x9e37_79b9_7f4a_7c15_u64) | 1);
    let documents = documents();
    let mut texts: Vec<String> = (0..count).map(|_| sample(&mut random)).collect();
    let short: Vec<&String> = documents.iter().filter(|text| text.len() < 3_000).collect();
    for _ in 0..count / 4 {
        let text = short[random.below(short.len())];
        texts.push(damaged(text, &mut random));
    }
    texts.extend(documents);
    let sources = texts.into_iter().filter_map(|text| Source::new(text.into_bytes()).ok());
    sources.map(|source| source.text().to_owned()).collect()
}

fn samples() -> usize {
    let given = env::var("IAM_ROLES_SAMPLES").ok().and_then(|count| count.parse().ok());
    given.unwrap_or(SAMPLES)
}

/// The documents of every stream that is there, once.
fn documents() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("testdata/gitlab"), root.join("../shared/corpora")];
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let texts = files
        .filter_map(|file| Some(file.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|kind| kind == "yaml"))
        .filter_map(|path| fs::read_to_string(path).ok());
    let mut found: Vec<String> = texts.flat_map(|text| cut(&text)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn cut(text: &str) -> Vec<String> {
    let spans = split::documents(text).unwrap_or_default();
    spans.iter().map(|span| span.slice(text).to_owned()).collect()
}

/// What Kubernetes reads of each text.
fn kubernetes(reader: &Path, texts: &[String]) -> Vec<Reading> {
    let lines: String = texts.iter().map(|text| STANDARD.encode(text) + "\n").collect();
    let answers = said(reader, &[], lines).expect("the reader ends well");
    let read = |answer: Value| {
        let documents = answer["documents"].as_array().map_or(&[][..], Vec::as_slice);
        let found = documents
            .iter()
            .map(of_json)
            .filter(|meaning| *meaning != Meaning::Null);
        answer.get("refusal").is_none().then(|| found.collect())
    };
    let readings: Vec<Reading> = answers.into_iter().map(read).collect();
    assert_eq!(readings.len(), texts.len());
    readings
}

/// What yq reads of each text's documents, which we cut; it gets none that we refuse.
fn yq(program: &Path, texts: &[String]) -> Vec<Reading> {
    let cut: Vec<Vec<String>> = texts
        .iter()
        .map(|text| if ours(text).is_some() { cut(text) } else { Vec::new() })
        .collect();
    let mut answers = Vec::new();
    for batch in cut.concat().chunks(256) {
        ask(program, batch, &mut answers);
    }
    let mut answers = answers.into_iter();
    let mut read = |(text, cut): (&String, &Vec<String>)| {
        let found: Vec<Option<Meaning>> = answers.by_ref().take(cut.len()).collect();
        let found: Option<Vec<Meaning>> = found.into_iter().collect();
        let holding = found?.into_iter().filter(|meaning| *meaning != Meaning::Null);
        ours(text).map(|_| holding.collect())
    };
    texts.iter().zip(&cut).map(&mut read).collect()
}

fn ask(program: &Path, documents: &[String], answers: &mut Vec<Option<Meaning>>) {
    let items = documents
        .iter()
        .map(|text| format!("- \"{}\"\n", STANDARD.encode(text)));
    let list = items.collect::<Vec<_>>().concat();
    let arguments = ["--yaml-fix-merge-anchor-to-spec=true", "-o=json", "-I=0", TAGGED];
    match said(program, &arguments, list) {
        Some(said) if said.len() == documents.len() => answers.extend(said.iter().map(|said| Some(of_tagged(said)))),
        _ if documents.len() == 1 => answers.push(None),
        _ => {
            let (first, second) = documents.split_at(documents.len() / 2);
            ask(program, first, answers);
            ask(program, second, answers);
        }
    }
}

/// The lines that a program says, as JSON; nothing where it fails.
fn said(program: &Path, arguments: &[&str], input: String) -> Option<Vec<Value>> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the reader starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    // One that stops reading has refused something.
    let written = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the reader ends");
    let is_whole = written.join().expect("no panic").is_ok() && output.status.success();
    let text = String::from_utf8(output.stdout).ok().filter(|_| is_whole)?;
    text.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

fn of_json(value: &Value) -> Meaning {
    of(value, &|text| Meaning::Text(text.to_owned()))
}

/// The meaning of what yq says, where a scalar is its tag and its text.
fn of_tagged(value: &Value) -> Meaning {
    of(value, &|text| match text.split_once(' ') {
        Some(("!!null", _)) => Meaning::Null,
        Some(("!!bool" | "!!int" | "!!float" | "!!timestamp", text)) => Meaning::Plain(text.to_owned()),
        Some((_, text)) => Meaning::Text(text.to_owned()),
        None => Meaning::Text(text.to_owned()),
    })
}

fn of(value: &Value, scalar: &dyn Fn(&str) -> Meaning) -> Meaning {
    match value {
        Value::Null => Meaning::Null,
        Value::Bool(is) => Meaning::Plain(is.to_string()),
        Value::Number(number) => Meaning::Plain(number.to_string()),
        Value::String(text) => scalar(text),
        Value::Array(items) => Meaning::List(items.iter().map(|item| of(item, scalar)).collect()),
        Value::Object(entries) => Meaning::map(entries.iter().map(|(key, value)| (key.clone(), of(value, scalar)))),
    }
}

const HEAD: &str = "\
# How YAML is read

Kubernetes, Helm and kustomize read YAML with Go's ports of libyaml. `iam-roles` reads with another parser, keeps the text as
it is, and must not edit what they read otherwise. The tests hold it against Kubernetes' reader, yq and libyaml on thousands of
texts; whatever one of them sees otherwise is in this list, or the tests fail. The table is made from what the readers say, and
renewed with `UPDATE_DOCS=1 cargo test --test real readers`.

- `iam-roles` gives plain scalars no type: `010` stands for itself, whatever others make of it. What is certainly a string is
  shown in quotes.
- A refusal names the line and says how to write it instead. A document in which nothing is to change goes through as it is.

| What | Written | `iam-roles` reads | Kubernetes reads | yq reads | An edit |
|---|---|---|---|---|---|
";

/// `docs/yaml.md` lists the classes, each with what its example means to each reader, and each is what it is listed as.
pub(crate) fn the_page_says_what_each_reads(program: &Path, reader: &Path) {
    let examples: Vec<String> = classes().iter().map(|class| class.example.to_owned()).collect();
    let (kubernetes, yq) = (kubernetes(reader, &examples), yq(program, &examples));
    let mut rows = Vec::new();
    for (class, (kubernetes, yq)) in classes().iter().zip(kubernetes.iter().zip(&yq)) {
        let ours = ours(class.example);
        check(class, ours.as_deref(), kubernetes.as_deref());
        // A text that we refuse is not cut, so yq does not get it.
        let yq = if ours.is_some() { shown(yq) } else { "–".to_owned() };
        rows.push(format!(
            "| {} | {} | {} | {} | {yq} | {} |\n",
            class.name,
            code(class.example),
            shown(&ours),
            shown(kubernetes),
            done(&class.handling)
        ));
    }
    let page = HEAD.to_owned() + &rows.concat();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/yaml.md");
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &page).expect("docs/yaml.md");
    }
    let found = fs::read_to_string(file).unwrap_or_default();
    assert!(
        found == page,
        "docs/yaml.md is not up to date; see its head for how to renew it"
    );
}

/// A class that has gone is not to stay in the list.
#[track_caller]
fn check(class: &Class, ours: Option<&[Meaning]>, theirs: Option<&[Meaning]>) {
    let is_same = match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| difference(a, b).is_none())
        }
        _ => false,
    };
    let is_as_listed = match class.handling {
        Handling::Refused(_) | Handling::Harmless { .. } => ours.is_some() && theirs.is_some() && !is_same,
        Handling::Untyped | Handling::Same(_) => is_same,
        Handling::EntryRefused(_) => ours.is_some() && (is_same || theirs.is_none()),
        Handling::Unread => ours.is_none() && theirs.is_some(),
        Handling::UnreadByKubernetes => ours.is_some() && theirs.is_none(),
    };
    assert!(is_as_listed, "{}: {ours:?} is {theirs:?}", class.name);
}

fn done(handling: &Handling) -> String {
    match handling {
        Handling::Refused(reason) => format!("refused: {reason}"),
        Handling::EntryRefused(reason) => format!("of this entry is refused: {reason}"),
        Handling::Harmless { why, .. } => format!("is made: {why}"),
        Handling::Untyped => "is made: the type is left as it is".to_owned(),
        Handling::Same(why) => format!("is made: {why}, to all"),
        Handling::Unread => "none: the whole input is refused".to_owned(),
        Handling::UnreadByKubernetes => "is made: Kubernetes refuses the document before and after".to_owned(),
    }
}

fn shown(reading: &Reading) -> String {
    match reading {
        None => "refused".to_owned(),
        Some(documents) => {
            let documents: Vec<String> = documents.iter().map(flow).collect();
            code(&documents.join(" --- "))
        }
    }
}

fn flow(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Null => "null".to_owned(),
        Meaning::Text(text) => format!("{text:?}"),
        Meaning::Plain(text) => text.clone(),
        Meaning::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Meaning::Map(entries) => {
            let all = entries.named.iter().chain(&entries.other);
            let all: Vec<String> = all.map(|(key, value)| format!("{key}: {}", flow(value))).collect();
            format!("{{{}}}", all.join(", "))
        }
    }
}

/// A text in backquotes, in a cell of a table.
fn code(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' if c != '|' => c.to_string(),
        '|' => "\\|".to_owned(),
        _ => c.escape_default().to_string(),
    };
    format!("`{}`", text.chars().map(escape).collect::<String>())
}
