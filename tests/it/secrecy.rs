//! No secret value in anything that is said: every command and format, over every input, whole and damaged.
//!
//! [`crate::support::command`] looks after every run of every test; here is the sweep, and it is seen to look.

use std::fs;
use std::path::Path;

use crate::case::Case;
use crate::given::{cases, decoded};
use crate::leak::{KEY_ID, SECRET_KEY, TOKEN, leaked};
use crate::support::{command, policy, program};

/// What is asked of every input. The filter and `rewrite` speak on standard error and in the report.
const ASKED: &[&[&str]] = &[
    &["--report", "report.json"],
    &["--strict", "--color", "always"],
    &["check", "-o", "human", "--color", "always"],
    &["check", "-o", "json"],
    &["check", "-o", "sarif"],
    &["check", "-o", "github"],
    &["diff"],
    &["rewrite", "--check", "stream.yaml"],
    &["rewrite", "--in-place", "stream.yaml"],
];

/// What can happen to a stream on its way, in a few words and done.
type Damage = (&'static str, fn(&str) -> String);

/// The damages, each near a secret where it can be.
const DAMAGES: &[Damage] = &[
    ("nothing", str::to_owned),
    ("cut in the middle", |text| {
        text.chars().take(text.chars().count() / 2).collect()
    }),
    ("cut in a secret", |text| {
        text[..secret(text).map_or(text.len(), |at| at + 12)].to_owned()
    }),
    ("a quote that is never closed", |text| before_secret(text, "\"")),
    ("a bracket that is never closed", |text| before_secret(text, "[")),
    ("an alias to nothing", |text| before_secret(text, "*")),
    ("a tag", |text| before_secret(text, "!!binary ")),
    ("a tab in front", |text| before_line(text, "\t")),
    ("an indent too much", |text| before_line(text, "   ")),
    ("a mapping in a value", |text| before_secret(text, "a: b: ")),
    ("a stray byte of base64", |text| before_secret(text, "%")),
    ("NUL", |text| before_secret(text, "\0")),
];

/// Where the first secret begins, as it is or as the base64 that holds it.
fn secret(text: &str) -> Option<usize> {
    let plain = [KEY_ID, SECRET_KEY, TOKEN]
        .iter()
        .filter_map(|secret| text.find(secret))
        .min();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
    let packed = words
        .filter(|word| word.len() > 20 && !leaks(word) && leaks(&decoded(word)))
        .find_map(|word| text.find(word));
    plain.or(packed)
}

fn leaks(text: &str) -> bool {
    [KEY_ID, SECRET_KEY, TOKEN].iter().any(|secret| text.contains(secret))
}

fn before_secret(text: &str, mark: &str) -> String {
    let (head, tail) = text.split_at(secret(text).unwrap_or(text.len()));
    [head, mark, tail].concat()
}

fn before_line(text: &str, mark: &str) -> String {
    let secret = secret(text).unwrap_or(text.len());
    let line = text[..secret].rfind('\n').map_or(0, |end| end + 1);
    let (head, tail) = text.split_at(line);
    [head, mark, tail].concat()
}

/// The cases whose inputs hold a secret.
fn carriers() -> Vec<(&'static str, Case)> {
    let holds = |(_, case): &(_, Case)| leaks(&decoded(&case.input));
    cases().into_iter().filter(holds).collect()
}

#[test]
fn no_command_tells_a_secret_of_a_whole_or_damaged_stream() {
    let carriers = carriers();
    assert!(100 <= carriers.len(), "only {} cases carry a secret", carriers.len());
    let mut refused = 0;
    for (number, (name, case)) in carriers.iter().enumerate() {
        // Whole, and damaged in one way of them all in turn.
        for (damage, damaged) in [DAMAGES[0], DAMAGES[1 + number % (DAMAGES.len() - 1)]] {
            let stream = damaged(&case.input);
            for asked in ASKED {
                refused += usize::from(ask(&case.policy, asked, &stream, &format!("{name}, {damage}, {asked:?}")) != 0);
            }
            ask(&case.policy, &["init"], &stream, name);
        }
    }
    assert!(500 <= refused, "only {refused} runs failed");
}

#[test]
fn a_stream_taken_for_the_policy_is_not_told() {
    for (name, case) in carriers() {
        for asked in [&[][..], &["check"], &["diff"]] {
            assert_eq!(ask(&case.input, asked, &case.policy, name), 2, "{name}");
        }
    }
}

#[test]
fn a_variable_with_a_secret_is_not_told() {
    for body in [
        "account: \"${SECRET}\"\ncomponents: {a: r}\n",
        "account: \"111122223333\"\ncomponents: {a: r}\nvia: \"${SECRET}\"\n",
        "account: \"111122223333\"\ncomponents: {a: \"/${SECRET}\"}\n",
        "account: \"111122223333\"\ncomponents: {a: {role: r, match: {name: \"[${SECRET}\"}}}\n",
    ] {
        for secret in [KEY_ID, SECRET_KEY] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            fs::write(folder.path().join("iam-roles.yaml"), policy(body)).expect("a policy");
            let mut run = program(folder.path());
            let output = run
                .env("SECRET", secret)
                .write_stdin("a: b\n")
                .output()
                .expect("the program");
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert_eq!(leaked(&said), None, "{body}\n{said}");
            assert_ne!(output.status.code(), Some(0), "{body}\n{said}");
        }
    }
}

/// Runs the program on a stream, looks through all that it says, and gives its status.
#[track_caller]
fn ask(policy: &str, asked: &[&str], stream: &str, what: &str) -> i32 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    put("iam-roles.yaml", policy);
    put("stream.yaml", stream);
    let run = command(folder.path(), asked, stream.as_bytes());
    if let Some(report) = report(folder.path()) {
        assert_eq!(leaked(&report), None, "{what}: the report tells a secret");
    }
    run.code
}

fn report(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("report.json")).ok()
}
