//! What is written → what it means, from the top.

use std::collections::HashSet;

use crate::policy::catalogue::Id;
use crate::policy::component::{Setting, components, find_preset};
use crate::policy::role::{PARTITIONS, is_account};
use crate::policy::rules::{Allowance, Mechanism, Policy};
use crate::policy::secret::secrets;
use crate::policy::site::{Fault, Site};
use crate::policy::suggest;
use crate::policy::wire;

/// The meaning of a policy.
pub(super) fn policy(written: &wire::Policy, site: Site<'_>) -> Result<Policy, Fault> {
    let setting = setting(written, site)?;
    let (components, presets) = match &written.components {
        Some(entries) => components(entries, site.field("components"), &setting)?,
        None => (Vec::new(), setting.preset.into_iter().collect()),
    };
    let secrets = secrets(written.secrets.as_deref().unwrap_or_default(), site.field("secrets"))?;
    if components.is_empty() && secrets.is_empty() {
        return site
            .field("components")
            .refuse("the policy has nothing to do; give `components`, or `secrets`");
    }
    Ok(Policy {
        via: setting.via,
        components,
        secrets,
        restart: written.restart.unwrap_or(false),
        strict: written.strict.unwrap_or(false),
        allow: allowances(written.allow.as_deref().unwrap_or_default(), site.field("allow"))?,
        presets,
    })
}

fn setting(written: &wire::Policy, site: Site<'_>) -> Result<Setting, Fault> {
    let preset = match &written.preset {
        Some(name) => {
            let site = site.field("preset");
            Some(find_preset(&site.expand(name)?, name, site)?)
        }
        None => None,
    };
    Ok(Setting {
        via: mechanisms(written.via.as_ref(), site.field("via"))?,
        account: account(written.account.as_deref(), site.field("account"))?,
        partition: partition(written.partition.as_deref(), site.field("partition"))?,
        preset,
    })
}

fn mechanisms(written: Option<&wire::Words>, site: Site<'_>) -> Result<Vec<Mechanism>, Fault> {
    let Some(words) = written else {
        return Ok(vec![Mechanism::Irsa]);
    };
    if words.as_slice().is_empty() {
        return site.refuse("`via` is empty; give `irsa`, `kube2iam` or `kiam`, or leave it out");
    }
    let mut via = Vec::new();
    for (word, site) in words.as_slice().iter().zip(site.items()) {
        let known = || Mechanism::ALL.iter().map(|mechanism| mechanism.as_str());
        let Ok(mechanism) = site.expand(word)?.parse() else {
            let hint = suggest::did_you_mean(word, known());
            let known = suggest::listed(known());
            return site.refuse(format!("unknown mechanism `{word}`; expected one of {known}{hint}"));
        };
        if via.contains(&mechanism) {
            return site.refuse(format!("`{word}` stands twice in this list; remove one"));
        }
        via.push(mechanism);
    }
    Ok(via)
}

fn account(written: Option<&str>, site: Site<'_>) -> Result<Option<String>, Fault> {
    let Some(written) = written else {
        return Ok(None);
    };
    let account = site.expand(written)?;
    if is_account(&account) {
        return Ok(Some(account));
    }
    site.refuse(format!(
        "`account` is `{written}`; expected 12 digits, as in \"111122223333\""
    ))
}

fn partition(written: Option<&str>, site: Site<'_>) -> Result<String, Fault> {
    let Some(written) = written else {
        return Ok(PARTITIONS[0].to_owned());
    };
    let partition = site.expand(written)?;
    if PARTITIONS.contains(&partition.as_str()) {
        return Ok(partition);
    }
    let hint = suggest::did_you_mean(written, PARTITIONS);
    let known = suggest::listed(PARTITIONS);
    site.refuse(format!("unknown partition `{written}`; expected one of {known}{hint}"))
}

fn allowances(written: &[String], site: Site<'_>) -> Result<Vec<Allowance>, Fault> {
    let mut allowances = Vec::new();
    let mut taken = HashSet::new();
    for (word, site) in written.iter().zip(site.items()) {
        let allowance = allowance(word, site)?;
        if !taken.insert(allowance.clone()) {
            return site.refuse(format!("`{word}` stands twice in this list; remove one"));
        }
        allowances.push(allowance);
    }
    Ok(allowances)
}

fn allowance(written: &str, site: Site<'_>) -> Result<Allowance, Fault> {
    let text = site.expand(written)?;
    let (word, object) = match text.split_once('@') {
        Some((word, object)) => (word, Some(object)),
        None => (text.as_str(), None),
    };
    let shown = written.split_once('@').map_or(written, |(word, _)| word);
    let Ok(id) = word.parse::<Id>() else {
        let known = Id::ALL.iter().filter(|id| id.can_be_allowed()).map(|id| id.as_str());
        let hint = suggest::did_you_mean(shown, known);
        return site.refuse(format!(
            "`{shown}` is no finding; `iam-roles check --list` prints them all{hint}"
        ));
    };
    if !id.can_be_allowed() {
        return site.refuse(format!(
            "`{shown}` cannot be allowed, since the result could not be trusted; remove it"
        ));
    }
    let object = match object {
        Some(object) => Some(named_object(object, written, site)?),
        None => None,
    };
    Ok(Allowance { id, object })
}

fn named_object(object: &str, written: &str, site: Site<'_>) -> Result<(String, String), Fault> {
    match object.split_once('/') {
        Some((kind, name)) if is_kind(kind) && is_object_name(name) => Ok((kind.to_owned(), name.to_owned())),
        _ => site.refuse(format!(
            "`{written}` names no object; expected `ID@Kind/name`, as in `@Deployment/web`"
        )),
    }
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_object_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c == '/' || c.is_whitespace())
}
