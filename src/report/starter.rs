//! A starter policy: what a stream has, as a policy that is valid as it stands and says what to fill in.
//!
//! Invariant: the text is a policy that can be read, whatever the stream calls its objects.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use crate::manifest::object::Reference;
use crate::plan::roster::Keys;
use crate::plan::survey::{Account, Candidate, Survey, ToldBy};
use crate::policy::role::is_arn;
use crate::yaml::spell::Value;

/// The account that AWS's own documents use.
const ANY_ACCOUNT: &str = "111122223333";

/// How long a role's name may be (IAM), and how long a part of a `ServiceAccount`'s.
const LONGEST: usize = 63;

/// The policy; none where the stream has nothing that one could name.
#[must_use]
pub fn text(survey: &Survey) -> Option<String> {
    if survey.candidates.is_empty() && survey.unread.is_empty() {
        return None;
    }
    let (wanting, others): (Vec<&Candidate>, Vec<&Candidate>) =
        survey.candidates.iter().partition(|candidate| candidate.wants_role());
    let (named, left) = if wanting.is_empty() {
        (others, wanting)
    } else {
        (wanting, others)
    };
    let sections = [
        head(survey, &named),
        components(&named),
        idle(&left),
        secrets(survey),
        unread(survey),
    ];
    Some(sections.concat())
}

fn head(survey: &Survey, named: &[&Candidate]) -> String {
    let preset = survey
        .preset
        .map_or_else(String::new, |preset| format!("preset: {}\n", preset.name));
    let known = named.iter().flat_map(|candidate| &candidate.roles);
    let account = known
        .filter(|role| is_arn(role))
        .find_map(|role| role.split(':').nth(4));
    let account = account.unwrap_or(ANY_ACCOUNT);
    format!(
        "# yaml-language-server: $schema=iam-roles.schema.json
# A starter policy. Fill in the account and the roles; then ask: iam-roles check --policy THIS_FILE
# For completion in an editor: iam-roles schema > iam-roles.schema.json
apiVersion: iam-roles/v1alpha1
kind: RolePolicy
{preset}# How roles reach the pods: irsa, kube2iam, kiam, or a list while migrating: [irsa, kube2iam]
via: irsa
# The AWS account of the roles: aws sts get-caller-identity --query Account --output text
account: \"{account}\"
"
    )
}

fn components(named: &[&Candidate]) -> String {
    if named.is_empty() {
        return String::new();
    }
    let mut text = "components:\n".to_owned();
    if !named.iter().any(|candidate| candidate.wants_role()) {
        text += &comment("None of these reads storage keys that are known, or has a role: leave those that use AWS.");
    }
    for (candidate, role) in named.iter().zip(roles(named)) {
        text += &about(candidate);
        text += &component(candidate, &role);
    }
    text
}

/// A role for each candidate; those that share a `ServiceAccount` can only have the same.
fn roles(named: &[&Candidate]) -> Vec<String> {
    let mut groups: Vec<(BTreeSet<&Account>, String)> = Vec::new();
    for candidate in named {
        let mut accounts: BTreeSet<&Account> = candidate.accounts.iter().collect();
        let (same, mut others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(known, _)| !known.is_disjoint(&accounts));
        let first = same.first().map(|(_, role)| role.clone());
        for (known, _) in same {
            accounts.extend(known);
        }
        let own = || candidate.roles.first().cloned().unwrap_or_else(|| own_name(candidate));
        others.push((accounts, first.unwrap_or_else(own)));
        groups = others;
    }
    let of = |candidate: &&Candidate| {
        let first = candidate.accounts.first();
        let shared = groups
            .iter()
            .find(|(known, _)| first.is_some_and(|first| known.contains(first)));
        let own = || candidate.roles.first().cloned().unwrap_or_else(|| own_name(candidate));
        shared.map_or_else(own, |(_, role)| role.clone())
    };
    named.iter().map(of).collect()
}

/// `RELEASE-COMPONENT`.
fn own_name(candidate: &Candidate) -> String {
    let name = match &candidate.release {
        Some(release) if !candidate.name.starts_with(release.as_str()) => format!("{release}-{}", candidate.name),
        _ => candidate.name.clone(),
    };
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = name.chars().take(LONGEST).map(plain).collect();
    name.trim_matches(['-', '.']).to_owned()
}

fn about(candidate: &Candidate) -> String {
    let mut text = comment(&said(candidate.workloads.iter()));
    if candidate.needs_account {
        let who = if candidate.accounts.is_empty() {
            "runs"
        } else {
            "runs in part"
        };
        text += &comment(&format!(
            "{who} as no ServiceAccount of its own, so irsa needs this one to be written"
        ));
    } else {
        for account in &candidate.accounts {
            let seen = if account.is_seen {
                ""
            } else {
                ", which is not in the stream"
            };
            text += &comment(&format!("runs as ServiceAccount {}{seen}", account.name));
        }
    }
    for (secret, keys) in &candidate.secrets {
        text += &comment(&format!("reads Secret {secret}: {}", state(*keys)));
    }
    if let [_, _, ..] = candidate.roles.as_slice() {
        text += &comment(&format!("has several roles now: {}", candidate.roles.join(", ")));
    }
    text
}

fn state(keys: Keys) -> &'static str {
    match keys {
        Keys::Removed => "its keys go",
        Keys::None => "it has no keys",
        Keys::Stay => "its keys stay",
        Keys::Unseen => "it is not in the stream, so its keys have to be taken out where it is",
    }
}

fn component(candidate: &Candidate, role: &str) -> String {
    let name = Value::word(candidate.name.clone()).inline();
    let mut lines = vec![format!("role: {}", Value::word(role).inline())];
    lines.extend(matching(&candidate.told_by).map(|matching| format!("match: {matching}")));
    if candidate.needs_account {
        let account = Value::word(own_name(candidate)).inline();
        lines.push(format!("serviceAccount: {{create: {account}}}"));
    }
    match lines.as_slice() {
        [_] => format!("  {name}: {}\n", Value::word(role).inline()),
        lines => lines
            .iter()
            .fold(format!("  {name}:\n"), |text, line| text + "    " + line + "\n"),
    }
}

fn matching(told_by: &ToldBy) -> Option<String> {
    let (part, kind) = match told_by {
        ToldBy::Word(_) => return None,
        ToldBy::Label(key, word, kind) => {
            let word = Value::word(word.clone()).inline();
            (format!("labels: {{{key}: {word}}}"), kind)
        }
        ToldBy::Name(name, kind) => (format!("name: {}", Value::word(name.clone()).flow()), kind),
    };
    let kind = kind.map_or_else(String::new, |kind| format!(", kind: {kind}"));
    Some(format!("{{{part}{kind}}}"))
}

/// Components that read no keys that are known.
fn idle(left: &[&Candidate]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let mut text = "\n# These read no storage keys that are known. Name above what uses AWS all the same:\n".to_owned();
    for candidate in left {
        let name = Value::word(candidate.name.clone()).inline();
        let of = said(candidate.workloads.iter());
        let matching = matching(&candidate.told_by).map_or_else(String::new, |matching| format!(", match: {matching}"));
        let role = Value::word(own_name(candidate)).inline();
        text += &line(&format!("   {name}: {{role: {role}{matching}}}  # {of}"));
    }
    text
}

fn secrets(survey: &Survey) -> String {
    if survey.secrets.is_empty() {
        return String::new();
    }
    let mut text = "\n# Found by themselves, because components above read them:\n".to_owned();
    for (secret, what) in &survey.secrets {
        text += &line(&format!("  {secret}: {what}"));
    }
    text
}

/// Secrets that only a rule would reach; where the stream has no workload, rules are all there is to it.
fn unread(survey: &Survey) -> String {
    if survey.unread.is_empty() {
        return String::new();
    }
    let rules = survey.unread.iter().map(|secret| {
        let name = Value::word(secret.name.clone()).flow();
        let namespace = secret.namespace.as_ref();
        let namespace = namespace.map(|namespace| format!(", namespace: {}", Value::word(namespace.clone()).flow()));
        format!("  - {{name: {name}{}}}\n", namespace.unwrap_or_default())
    });
    if survey.candidates.is_empty() {
        return "# These hold keys, and the stream has nobody who reads them.\nsecrets:\n".to_owned()
            + &rules.collect::<String>();
    }
    let rules = rules.map(|rule| format!("# {rule}"));
    "\n# These hold keys and nobody above reads them. Where a role serves their readers:\n# secrets:\n".to_owned()
        + &rules.collect::<String>()
}

fn said<'r>(references: impl Iterator<Item = &'r Reference>) -> String {
    let names: Vec<String> = references.map(Reference::to_string).collect();
    names.join(", ")
}

/// A comment inside a mapping.
fn comment(text: &str) -> String {
    format!("  {}", line(&format!(" {text}")))
}

/// A line of comment; whatever would end it is no part of a name.
fn line(text: &str) -> String {
    let mut line = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(line, "#{}", OneLine(text));
    line
}

/// A text without line breaks and other control characters.
struct OneLine<'t>(&'t str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        self.0
            .chars()
            .try_for_each(|c| write!(f, "{}", if ends(c) { '\u{fffd}' } else { c }))
    }
}
