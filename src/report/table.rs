//! What `check` tells a person: one row a component with its verdict, then each finding with its remedy, once for all
//! objects it is about.
//!
//! Invariant: the table answers the question before anything else is read.

use std::cmp::Reverse;
use std::collections::HashMap;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table};

use crate::manifest::object::Reference;
use crate::plan::finding::Finding;
use crate::plan::roster::{self, Entry, Keys};
use crate::policy::catalogue::{Id, Severity};

use super::text::{self, Counted, Verdict, visible};

const HEADER: [&str; 6] = [
    "COMPONENT",
    "WORKLOADS",
    "SERVICEACCOUNT",
    "ROLE",
    "SECRETS",
    "USES ITS ROLE",
];

/// How many columns the table may take.
const WIDTH: u16 = 140;

/// The whole answer.
#[must_use]
pub fn text(roster: &[Entry], findings: &[Finding], verdict: Verdict) -> String {
    let mut text = table(roster);
    text.extend(groups(findings).iter().map(|group| block(group)));
    text + "\n" + &total(roster, findings, verdict) + "\n"
}

fn table(roster: &[Entry]) -> String {
    if roster.is_empty() {
        return "No workload of the stream has a role or reads AWS keys, and no policy gives a role.\n".to_owned();
    }
    let mut table = Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(HEADER);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for entry in roster {
        table.add_row(row(entry));
    }
    let mut entries = roster.iter().peekable();
    let lines = table.lines().map(|line| {
        let line = line.trim_end();
        let styled = entries.peek().and_then(|entry| with_style(line, &entry.verdict));
        if styled.is_some() {
            entries.next();
        }
        styled.unwrap_or_else(|| line.to_owned()) + "\n"
    });
    lines.collect()
}

/// The line that ends in this answer, with the answer coloured; the table itself would count the styles as text.
fn with_style(line: &str, verdict: &roster::Verdict) -> Option<String> {
    let answer = answer(verdict);
    let (answer, color) = (answer.lines().next()?, color(verdict));
    let style = color.on_default().bold();
    let head = line.strip_suffix(answer)?;
    Some(format!("{head}{style}{answer}{style:#}"))
}

fn color(verdict: &roster::Verdict) -> AnsiColor {
    match verdict {
        roster::Verdict::Yes => AnsiColor::Green,
        roster::Verdict::No(_) => AnsiColor::Red,
        roster::Verdict::Perhaps(_) | roster::Verdict::NoRole => AnsiColor::Yellow,
    }
}

fn row(entry: &Entry) -> [String; 6] {
    let secrets = entry
        .secrets
        .iter()
        .map(|(name, keys)| format!("{name}: {}", state(*keys)));
    [
        visible(&entry.name),
        or_dash(entry.workloads.iter().map(short)),
        or_dash(entry.accounts.iter().cloned()),
        entry.role.as_deref().map_or("-", name_of_role).to_owned(),
        or_dash(secrets),
        answer(&entry.verdict),
    ]
}

fn or_dash(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| visible(&line)).collect();
    if lines.is_empty() {
        "-".to_owned()
    } else {
        lines.join("\n")
    }
}

fn short(reference: &Reference) -> String {
    format!("{} {}", reference.kind, reference.name)
}

/// A role's name without what all ARNs have in common; the report has it in full.
fn name_of_role(role: &str) -> &str {
    role.split_once(":role/").map_or(role, |(_, name)| name)
}

fn state(keys: Keys) -> &'static str {
    match keys {
        Keys::Removed => "keys go",
        Keys::None => "no keys",
        Keys::Stay => "keys stay",
        Keys::Unseen => "not in the stream",
    }
}

fn answer(verdict: &roster::Verdict) -> String {
    let because: Vec<&str> = verdict.because().iter().map(|id| id.as_str()).collect();
    if because.is_empty() {
        return verdict.as_str().to_owned();
    }
    format!("{}: {}", verdict.as_str(), because.join("\n"))
}

/// The findings, the gravest first; those that say the same of several objects stand together.
fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut index: HashMap<(Severity, Id, &str, &str), usize> = HashMap::new();
    for finding in findings {
        let what = (
            finding.severity,
            finding.id,
            finding.message.as_str(),
            finding.remedy.as_str(),
        );
        let group = *index.entry(what).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups.sort_by_key(|group| Reverse(group[0].severity));
    groups
}

fn block(group: &[&Finding]) -> String {
    let first = group[0];
    let places: String = group.iter().filter_map(|finding| place(finding)).collect();
    format!(
        "\n{}: {}\n{places}  {}\n",
        text::tag(first),
        visible(&first.message),
        remedy(first)
    )
}

fn place(finding: &Finding) -> Option<String> {
    let location = finding.location.as_ref()?;
    let bold = Style::new().bold();
    let object = finding.object.as_ref();
    let object = object.map_or_else(String::new, |object| {
        format!("{bold}{}{bold:#}, ", visible(&object.to_string()))
    });
    Some(format!("  at: {object}{}\n", visible(&location.to_string())))
}

fn remedy(finding: &Finding) -> String {
    if finding.severity == Severity::Note {
        return visible(&finding.remedy);
    }
    let green = AnsiColor::Green.on_default();
    format!("{green}fix:{green:#} {}", visible(&finding.remedy))
}

fn total(roster: &[Entry], findings: &[Finding], verdict: Verdict) -> String {
    let sure = roster
        .iter()
        .filter(|entry| entry.verdict == roster::Verdict::Yes)
        .count();
    let end = match verdict {
        Verdict::Written => "",
        Verdict::Refused => "; the filter would refuse",
    };
    format!(
        "iam-roles: {sure} of {} will use {} role; {}{end}",
        Counted(roster.len(), "component"),
        if roster.len() == 1 { "its" } else { "their" },
        text::counts(findings)
    )
}
