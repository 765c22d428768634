//! Every finding is raised by a case, and not by its neighbour.

use iam_roles::policy::catalogue::Id;
use similar::{ChangeTag, TextDiff};

use crate::given::cases;
use crate::support::run;

/// How many lines may lie between a case that raises a finding and the nearest that does not: two that are changed.
const NEAR: usize = 4;

/// The one is said before there is a plan, and no input is known that raises the other.
const NEVER_PLANNED: [Id; 2] = [Id::UnreadableInput, Id::ProofFailed];

#[test]
fn every_finding_has_a_case_and_a_neighbour_without_it() {
    let (mut texts, mut said) = (Vec::new(), Vec::new());
    for (_, case) in cases() {
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        said.push(run(&case.policy, &arguments, case.input.as_bytes()).stderr);
        texts.push(case.policy + &case.input);
    }
    let mut wanting = Vec::new();
    for id in Id::ALL.iter().filter(|id| !NEVER_PLANNED.contains(id)) {
        let tag = format!("[{id}]");
        let (raising, others): (Vec<usize>, Vec<usize>) = (0..texts.len()).partition(|case| said[*case].contains(&tag));
        let is_near = |one: usize, other: usize| distance(&texts[one], &texts[other]) <= NEAR;
        let has_neighbour = raising
            .iter()
            .any(|one| others.iter().any(|other| is_near(*one, *other)));
        if !has_neighbour {
            wanting.push((id.as_str(), raising.len()));
        }
    }
    assert!(
        wanting.is_empty(),
        "without a case near one that raises it (and how many raise it): {wanting:?}"
    );
}

/// How many lines of two texts are in one of them only.
fn distance(text: &str, other: &str) -> usize {
    let lines = TextDiff::from_lines(text, other);
    lines
        .iter_all_changes()
        .filter(|change| change.tag() != ChangeTag::Equal)
        .count()
}
