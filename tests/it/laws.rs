//! What must be true of every input: of all cases, of the streams under `testdata`, and of the real ones.
//!
//! Invariant: a law that saw too few inputs change is broken, whatever else it saw.

use iam_roles::plan::Circumstances;

use crate::case::rewrites;
use crate::given::{Given, given, of_the_project, read, render};
use crate::support::{difference, policy};

/// Holds a law against every input, and counts those that change.
#[track_caller]
fn law(least: usize, holds: impl Fn(&Given, Option<String>) -> Result<(), String>) {
    let (mut changed, mut broken) = (0, Vec::new());
    for given in given() {
        let output = given.rewrite(given.input.as_bytes());
        changed += usize::from(output.as_ref().is_some_and(|output| *output != given.input));
        if let Err(how) = holds(&given, output) {
            broken.push(format!("{}: {how}", given.name));
        }
    }
    assert!(
        broken.is_empty(),
        "{} inputs break the law:\n{}",
        broken.len(),
        broken.join("\n")
    );
    assert!(least <= changed, "only {changed} inputs changed");
}

fn same(expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(difference(expected, found))
    }
}

fn same_or_refused(expected: Option<&str>, found: Option<&str>) -> Result<(), String> {
    match (expected, found) {
        (Some(expected), Some(found)) => same(expected, found),
        (None, None) => Ok(()),
        (Some(_), None) => Err("is refused".to_owned()),
        (None, Some(_)) => Err("is not refused".to_owned()),
    }
}

#[test]
fn what_must_change_changes() {
    law(100, |given, output| {
        let is_same = output.is_none_or(|output| output == given.input);
        if given.changes && is_same {
            Err("it does not".to_owned())
        } else {
            Ok(())
        }
    });
}

#[test]
fn a_second_run_changes_nothing() {
    law(100, |given, output| match output {
        Some(output) => same_or_refused(Some(&output), given.rewrite(output.as_bytes()).as_deref()),
        None => Ok(()),
    });
}

#[test]
fn a_policy_that_asks_for_nothing_changes_nothing() {
    let nothing = read(&policy("components: {nowhere: {role: external, optional: true}}\n"));
    law(100, |given, _| {
        // Pods that have a role already lose their keys, whoever gave it to them.
        let has_role = ["role-arn", "iam.amazonaws.com/role"]
            .iter()
            .any(|key| given.input.contains(key));
        let output = render(given.input.as_bytes(), &nothing, &Circumstances::default());
        match output {
            Some(output) if !has_role => same(&given.input, &output),
            // A Secret that the API server would refuse, or a name that could mean several, is an error at any rate.
            None if !(has_role
                || ["base64_that_is_none", "value_that_is_no_text", "ambiguous"]
                    .iter()
                    .any(|word| given.name.contains(word))) =>
            {
                Err("is refused".to_owned())
            }
            _ => Ok(()),
        }
    });
}

#[test]
fn line_breaks_of_windows_are_carried_over() {
    law(100, |given, output| {
        let output = output.map(|output| windows(&output));
        let found = given.rewrite(windows(&given.input).as_bytes());
        same_or_refused(output.as_deref(), found.as_deref())
    });
}

#[test]
fn line_breaks_of_old_are_carried_over() {
    let old = |text: &str| text.replace('\n', "\r");
    law(100, |given, output| {
        same_or_refused(
            output.map(|output| old(&output)).as_deref(),
            given.rewrite(old(&given.input).as_bytes()).as_deref(),
        )
    });
}

#[test]
fn a_byte_order_mark_is_carried_over() {
    law(100, |given, output| {
        let marked = given.rewrite(format!("\u{feff}{}", given.input).as_bytes());
        same_or_refused(
            output.map(|output| format!("\u{feff}{output}")).as_deref(),
            marked.as_deref(),
        )
    });
}

#[test]
fn a_missing_final_line_break_stays_missing() {
    law(100, |given, output| {
        let cut = given.input.trim_end_matches('\n');
        let found = given.rewrite(cut.as_bytes());
        if is_digest(&given.input, output.as_deref()) {
            return Ok(());
        }
        if found.as_ref().is_some_and(|found| found.ends_with('\n')) {
            return Err("ends in a line break".to_owned());
        }
        same_or_refused(
            output.map(|output| output.trim_end_matches('\n').to_owned()).as_deref(),
            found.as_deref(),
        )
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    law(100, |given, output| {
        same_or_refused(output.as_deref(), given.rewrite(given.input.as_bytes()).as_deref())
    });
}

#[test]
fn streams_that_do_not_refer_to_each_other_can_be_joined() {
    let kube2iam = read(&policy(crate::shapes::KUBE2IAM));
    let alone = Circumstances::default();
    let inputs: Vec<(String, String)> = crate::roles::all()
        .into_iter()
        .chain(crate::streams::all())
        .filter(|(_, case)| case.policy == policy(crate::shapes::KUBE2IAM) && case.input.ends_with('\n'))
        .filter_map(|(_, case)| Some((render(case.input.as_bytes(), &kube2iam, &alone)?, case.input)))
        .filter(|(_, input)| !input.starts_with(['{', '%']))
        .collect();
    let mut changed = 0;
    for (first, a) in &inputs {
        for (second, b) in &inputs {
            let both = format!("{a}---\n{b}");
            let expected = format!("{first}---\n{second}");
            assert_eq!(
                render(both.as_bytes(), &kube2iam, &alone).as_deref(),
                Some(expected.as_str()),
                "{both}"
            );
            changed += usize::from(expected != both);
        }
    }
    assert!(200 <= changed, "only {changed} pairs changed");
}

#[test]
fn every_beginning_of_a_stream_is_rewritten_or_refused() {
    let (_, stream) = of_the_project().into_iter().next().expect("a stream under testdata");
    let start = stream.find("kind: ServiceAccount").expect("an account");
    let start = stream[..start].rfind("---\n").expect("a marker");
    let secret = stream.find("kind: Secret").expect("a Secret");
    let secret = stream[..secret].rfind("---\n").expect("a marker");
    let part = format!(
        "{}{}",
        &stream[secret..(secret + 2500).min(stream.len())],
        &stream[start..start + 2500]
    );
    let policy = read(&policy(
        "via: [kube2iam, irsa]\npreset: gitlab\naccount: \"111122223333\"\ncomponents: {registry: {role: r, optional: true}}\nsecrets: [{name: \"*\"}]\n",
    ));
    let lines = part.match_indices('\n').map(|(at, _)| at + 1);
    let mut random: u64 = 0x2545_f491_4f6c_dd1d;
    let offsets: Vec<usize> = (0..200)
        .map(|_| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % part.len() as u64).expect("an offset")
        })
        .collect();
    let mut written = 0;
    for at in lines.chain(offsets).filter(|at| part.is_char_boundary(*at)) {
        let output = render(&part.as_bytes()[..at], &policy, &Circumstances::default());
        written += usize::from(output.is_some_and(|output| output != part[..at]));
    }
    assert!(40 <= written, "only {written} beginnings changed");
}

#[test]
fn every_beginning_of_a_case_is_rewritten_or_refused() {
    let mut written = 0;
    for given in given().iter().filter(|given| given.input.len() < 2000) {
        for at in (0..given.input.len()).filter(|at| given.input.is_char_boundary(*at)) {
            written += usize::from(
                given
                    .rewrite(&given.input.as_bytes()[..at])
                    .is_some_and(|output| output != given.input[..at]),
            );
        }
    }
    assert!(1000 <= written, "only {written} beginnings changed");
}

#[test]
fn a_law_sees_a_difference() {
    assert!(same("a\n", "b\n").is_err() && same_or_refused(Some("a"), None).is_err());
    assert!(rewrites("", " a\n+b\n").changes() && !rewrites("", " a\n").changes());
}

fn windows(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// A digest is over a text that the last line break can be part of.
fn is_digest(input: &str, output: Option<&str>) -> bool {
    output.is_some_and(|output| output.contains("iam-roles/digest")) && input.contains("kind: Secret")
}
