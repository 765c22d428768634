//! The laws, held against streams that nobody wrote ([`crate::generate`]).
//!
//! `IAM_ROLES_CASES` says how many streams each law sees, and `IAM_ROLES_SEED` which; both are printed. A law that is
//! broken is shown with the smallest stream that was found to break it. Long runs want
//! `IAM_ROLES_CASES=20000 cargo test --release --test it generated`.
//!
//! Invariant: a law that saw too few streams change is broken, whatever else it saw.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::{Circumstances, Plan, plan};
use iam_roles::policy::catalogue::Severity;
use iam_roles::policy::rules::Policy;
use iam_roles::report::text::Verdict;
use iam_roles::report::{diff, github, sarif, table, text};
use iam_roles::rewrite::rewrite;
use iam_roles::yaml::refusal::Reason;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::generate::{DIGEST, Generated, ROLE_ARN, Seeds, seeds, two};
use crate::given::{read, render};
use crate::leak::leaked;
use crate::support::{difference, policy};

/// How many streams a law sees, if nothing else is said.
const CASES: u32 = 40;

/// What a law says of a stream and of what becomes of it.
type Verdicts = Result<Seen, String>;

/// What a case was good for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Nothing: it was refused, or could not be judged.
    Refused,
    /// It went through as it was.
    Written,
    /// It changed.
    Changed,
}

impl Seen {
    fn of(input: &str, output: Option<&str>) -> Self {
        match output {
            None => Self::Refused,
            Some(output) if output == input => Self::Written,
            Some(_) => Self::Changed,
        }
    }
}

/// Holds a law against generated streams; at least two in five must change.
#[track_caller]
fn law(name: &str, holds: impl Fn(&Seeds) -> Verdicts) {
    let cases = number("IAM_ROLES_CASES")
        .and_then(|cases| u32::try_from(cases).ok())
        .unwrap_or(CASES);
    let seed = number("IAM_ROLES_SEED").unwrap_or(1);
    let mut bytes = [b' '; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    for (byte, letter) in bytes[8..].iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let (written, changed) = (RefCell::new(0), RefCell::new(0));
    let result = runner.run(&seeds(), |seeds| {
        let verdict = holds(&seeds).map_err(TestCaseError::fail)?;
        *written.borrow_mut() += u32::from(verdict != Seen::Refused);
        *changed.borrow_mut() += u32::from(verdict == Seen::Changed);
        Ok(())
    });
    if let Err(TestError::Fail(why, seeds)) = result {
        let smallest = Generated::of(&seeds);
        panic!(
            "{name} does not hold (seed {seed}): {why}\nwith the policy\n{}\non the input\n{:?}",
            smallest.policy, smallest.input
        );
    }
    let (written, changed) = (written.into_inner(), changed.into_inner());
    say(&format!(
        "{name}: {cases} cases from seed {seed}, {written} written, {changed} changed"
    ));
    assert!(cases * 2 / 5 <= changed, "{name}: only {changed} of {cases} changed");
}

#[expect(clippy::print_stderr, reason = "a law says what it saw")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}

fn same(expected: Option<&str>, found: Option<&str>) -> Result<(), String> {
    match (expected, found) {
        (Some(expected), Some(found)) if expected != found => Err(format!(
            "{}\nexpected {expected:?}\nfound {found:?}",
            difference(expected, found)
        )),
        (Some(_), None) => Err("is refused".to_owned()),
        (None, Some(_)) => Err("is not refused".to_owned()),
        _ => Ok(()),
    }
}

#[test]
fn identity() {
    let nothing = read(&policy(
        "components: {nowhere: {role: external, optional: true}}\nsecrets: [{name: \"*\", keep: true}]\n",
    ));
    law("identity", |seeds| {
        let case = Generated::of(seeds);
        if let Some(output) = render(case.input.as_bytes(), &nothing, &case.circumstances) {
            same(Some(&case.input), Some(&output))?;
        }
        Ok(Seen::of(&case.input, case.rewrite(&case.input).as_deref()))
    });
}

#[test]
fn idempotence() {
    law("idempotence", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        if let Some(output) = &output {
            same(Some(output), case.rewrite(output).as_deref())?;
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn locality() {
    law("locality", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        let mut rest = output.as_deref().unwrap_or_default();
        for piece in case
            .pieces
            .iter()
            .map(|piece| piece.trim())
            .filter(|_| output.is_some())
        {
            let Some(at) = rest.find(piece) else {
                return Err(format!(
                    "{piece:?} is lost or changed in\n{}",
                    difference(&case.input, output.as_deref().unwrap_or_default())
                ));
            };
            rest = &rest[at + piece.len()..];
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn newline_equivariance() {
    law("newline equivariance", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        for newline in ["\r\n", "\r"] {
            let other = |text: &str| text.replace('\n', newline);
            let found = case.rewrite(&other(&case.input));
            same(output.as_deref().map(other).as_deref(), found.as_deref())?;
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn byte_order_mark_equivariance() {
    law("byte order mark equivariance", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        let marked = |text: &str| format!("\u{feff}{text}");
        let found = case.rewrite(&marked(&case.input));
        same(output.as_deref().map(marked).as_deref(), found.as_deref())?;
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn concatenation() {
    law("concatenation", |seeds| {
        let (rules, circumstances, [first, second]) = two(seeds);
        let first = if first.is_empty() || first.ends_with('\n') {
            first
        } else {
            first + "\n"
        };
        // A new account is written as JSON only where no marker is, which is not so behind another stream.
        let second = if second.starts_with('{') {
            format!("---\n{second}")
        } else {
            second
        };
        let between = between(&second);
        let rewrite = |text: &str| render(text.as_bytes(), &rules, &circumstances);
        let expected = match (rewrite(&first), rewrite(&second)) {
            (Some(first), Some(second)) => Some(first + between + &second),
            _ => None,
        };
        let both = first + between + &second;
        same(expected.as_deref(), rewrite(&both).as_deref()).map_err(|how| format!("{how}\nof {both:?}"))?;
        Ok(Seen::of(&both, expected.as_deref()))
    });
}

/// What makes a stream one that can stand behind another, without touching its first document.
fn between(text: &str) -> &'static str {
    let is_prefix = |line: &&str| line.is_empty() || line.starts_with(['#', '%']);
    match text.lines().find(|line| !is_prefix(line)) {
        _ if text.starts_with("---") => "",
        Some(line) if line.starts_with("---") => "...\n",
        _ => "---\n",
    }
}

#[test]
fn meaning() {
    law("meaning", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        if case.unjudged {
            return Ok(Seen::Refused);
        }
        let before = parsed(&case.input)?;
        same_data("the input means", &case.before, &before)?;
        if let Some(output) = &output {
            let expected: Vec<Value> = objects(&case.after);
            let (new, found): (Vec<Value>, Vec<Value>) = objects(&parsed(output)?)
                .into_iter()
                .partition(|object| is_created(&case, object));
            same_data("the output means", &expected, &found)?;
            for object in &new {
                let known = case
                    .created
                    .iter()
                    .find(|(name, _)| object["metadata"]["name"] == **name);
                if known.is_none_or(|(_, role)| object["metadata"]["annotations"][ROLE_ARN] != *role) {
                    return Err(format!("the new account {object} has not its role"));
                }
            }
            if new.len() != case.created.len() {
                return Err(format!("{} new accounts for {}", new.len(), case.created.len()));
            }
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

fn is_created(case: &Generated, object: &Value) -> bool {
    object["kind"] == "ServiceAccount"
        && case
            .created
            .iter()
            .any(|(name, _)| object["metadata"]["name"] == **name)
}

/// The documents of a stream that are not empty, by the second opinion.
fn parsed(text: &str) -> Result<Vec<Value>, String> {
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let read = serde_yaml::Value::deserialize(document).and_then(|mut value| value.apply_merge().map(|()| value));
        let value = read.map_err(|error| format!("the second opinion cannot read {text:?}: {error}"))?;
        documents.push(serde_json::to_value(value).map_err(|error| error.to_string())?);
    }
    documents.retain(|document| !document.is_null());
    Ok(documents)
}

fn same_data(what: &str, expected: &[Value], found: &[Value]) -> Result<(), String> {
    let (expected, found): (Vec<Value>, Vec<Value>) =
        (expected.iter().map(meant).collect(), found.iter().map(meant).collect());
    if expected == found {
        return Ok(());
    }
    let pretty = |all: &[Value]| serde_json::to_string_pretty(all).unwrap_or_default();
    Err(format!(
        "{what} something else\n{}",
        difference(&pretty(&expected), &pretty(&found))
    ))
}

/// The objects of documents: lists are unwrapped, and what is left of them is an object, too.
fn objects(documents: &[Value]) -> Vec<Value> {
    let mut objects = Vec::new();
    for document in documents {
        let mut shell = document.clone();
        let is_list = document["kind"].as_str().is_some_and(|kind| kind.ends_with("List"));
        let items = if is_list { shell["items"].take() } else { Value::Null };
        objects.push(shell);
        objects.extend(items.as_array().cloned().unwrap_or_default());
    }
    objects
}

/// Data without what is written in more than one way: packed values of Secrets, digests, and fields that hold nothing.
fn meant(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(items) = object.get_mut("items").and_then(Value::as_array_mut) {
        for item in items {
            *item = meant(item);
        }
    }
    if let Some(data) = (object["kind"] == "Secret").then(|| object.get_mut("data")).flatten() {
        for (_, value) in data.as_object_mut().into_iter().flatten() {
            let packed: String = value.as_str().unwrap_or_default().split_whitespace().collect();
            *value = json!(String::from_utf8_lossy(&STANDARD.decode(packed).unwrap_or_default()));
        }
    }
    without_nothing(&mut object);
    object
}

fn without_nothing(value: &mut Value) {
    let is_nothing = |value: &Value| {
        value.is_null()
            || value.as_object().is_some_and(serde_json::Map::is_empty)
            || value.as_array().is_some_and(Vec::is_empty)
    };
    match value {
        Value::Object(map) => {
            map.remove(DIGEST);
            map.values_mut().for_each(without_nothing);
            map.retain(|_, value| !is_nothing(value));
        }
        Value::Array(items) => items.iter_mut().for_each(without_nothing),
        _ => {}
    }
}

#[test]
fn totality() {
    law("totality", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        let mut at = seeds.first().map_or(0, |(seed, _)| *seed);
        for _ in 0..6 {
            at = at
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let end = usize::try_from(at >> 33).unwrap_or_default() % (case.input.len() + 1);
            // A beginning can end within a character.
            if let Some(beginning) = render(&case.input.as_bytes()[..end], &case.rules, &case.circumstances) {
                same(Some(&beginning), case.rewrite(&beginning).as_deref())
                    .map_err(|how| format!("a second run on its first {end} bytes: {how}"))?;
            }
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn determinism() {
    law("determinism", |seeds| {
        let case = Generated::of(seeds);
        let output = case.rewrite(&case.input);
        same(output.as_deref(), case.rewrite(&case.input).as_deref())?;
        if said(&case.input, &case.rules, &case.circumstances) != said(&case.input, &case.rules, &case.circumstances) {
            return Err("what is said differs".to_owned());
        }
        Ok(Seen::of(&case.input, output.as_deref()))
    });
}

#[test]
fn secrecy() {
    law("secrecy", |seeds| {
        let case = Generated::of(seeds);
        for end in [case.input.len(), case.input.len() * 2 / 3] {
            let input = &case.input[..case.input.floor_char_boundary(end)];
            let said = said(input, &case.rules, &case.circumstances);
            if let Some((secret, line)) = said.lines().find_map(|line| Some((leaked(line)?, line))) {
                return Err(format!("`{secret}` is told by: {line}"));
            }
        }
        Ok(Seen::of(&case.input, case.rewrite(&case.input).as_deref()))
    });
}

/// Everything that people and programs are told about a stream.
fn said(input: &str, rules: &Policy, circumstances: &Circumstances) -> String {
    let inputs = match Input::new("stdin", input.as_bytes().to_vec()) {
        Ok(input) => [input],
        Err(error) => return error.to_string(),
    };
    let stream = match Stream::read(&inputs) {
        Ok(stream) => stream,
        Err(error) => return error.to_string(),
    };
    let Plan { ledger, roster } = plan(&stream, rules, circumstances);
    let mut said = text::lines(&ledger, Verdict::Refused);
    said.push(table::text(&roster, ledger.findings(), Verdict::Refused));
    said.push(sarif::log(ledger.findings()));
    said.push(github::commands(ledger.findings()));
    if let (Ok(texts), false) = (rewrite(&stream, &ledger), ledger.refuses(Severity::Error)) {
        let outputs: Vec<Input> = texts
            .into_iter()
            .filter_map(|text| Input::new("stdin", text.text().into()).ok())
            .collect();
        said.extend(
            Stream::read(&outputs)
                .ok()
                .map(|after| diff::text(&stream, &after, &ledger)),
        );
    }
    said.join("\n")
}

#[test]
fn few_are_refused() {
    let refusals: RefCell<BTreeMap<String, u32>> = RefCell::default();
    law("generated streams", |seeds| {
        let case = Generated::of(seeds);
        for why in refused(&case) {
            if why.contains(&Reason::NotProved.to_string()) {
                return Err(why);
            }
            *refusals.borrow_mut().entry(why).or_default() += 1;
        }
        Ok(Seen::of(&case.input, case.rewrite(&case.input).as_deref()))
    });
    for (why, count) in refusals.into_inner() {
        say(&format!("  {count} {why}"));
    }
}

/// Why a stream is refused, without places and names.
fn refused(case: &Generated) -> Vec<String> {
    let inputs = match Input::new("stdin", case.input.clone().into_bytes()) {
        Ok(input) => [input],
        Err(error) => return vec![error.reason],
    };
    let stream = match Stream::read(&inputs) {
        Ok(stream) => stream,
        Err(error) => return vec![error.reason],
    };
    let ledger = plan(&stream, &case.rules, &case.circumstances).ledger;
    let errors = ledger
        .findings()
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut reasons: Vec<String> = errors
        .map(|finding| match finding.id.as_str() {
            "cannot-edit" => finding.message.clone(),
            id => id.to_owned(),
        })
        .collect();
    if let (true, Err(refusals)) = (reasons.is_empty(), rewrite(&stream, &ledger)) {
        reasons.extend(refusals.into_iter().map(|(sheet, refusal)| match refusal.reason {
            Reason::NotProved => format!("{}: {}", stream.location(sheet, refusal.pos), refusal.reason),
            reason => reason.to_string(),
        }));
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}
