//! `secrets` → what becomes of their keys.

use std::collections::{HashMap, HashSet};

use crate::payload::format::Format;
use crate::policy::rules::{Scalar, SecretAction, SecretRule};
use crate::policy::selector::glob;
use crate::policy::site::{Fault, Site};
use crate::policy::suggest;
use crate::policy::wire;

/// The rules for Secrets, none of which stands twice.
pub(super) fn secrets(written: &[wire::Secret], site: Site<'_>) -> Result<Vec<SecretRule>, Fault> {
    let mut rules: Vec<SecretRule> = Vec::new();
    let mut taken: HashMap<[Option<String>; 3], usize> = HashMap::new();
    for (rule, site) in written.iter().zip(site.items()) {
        let rule = secret(rule, site)?;
        let whose = [Some(&rule.name), rule.namespace.as_ref(), rule.key.as_ref()];
        let whose = whose.map(|glob| glob.map(|glob| glob.as_str().to_owned()));
        if let Some(earlier) = taken.insert(whose, rules.len()).map(|earlier| &rules[earlier]) {
            let place = earlier.place;
            return site.refuse(if earlier.action == rule.action {
                format!("the rule stands at {place} already; remove one")
            } else {
                format!("the rule is for the same Secrets and keys as the one at {place}; make them one")
            });
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn secret(written: &wire::Secret, site: Site<'_>) -> Result<SecretRule, Fault> {
    let Some(name) = glob(written.name.as_deref(), site, "name")? else {
        return site.refuse("a rule for Secrets needs `name`; `name: \"*\"` means every one");
    };
    Ok(SecretRule {
        place: site.place(),
        name,
        namespace: glob(written.namespace.as_deref(), site, "namespace")?,
        key: glob(written.key.as_deref(), site, "key")?,
        action: action(written, site)?,
    })
}

fn action(written: &wire::Secret, site: Site<'_>) -> Result<SecretAction, Fault> {
    let edits = [
        ("format", written.format.is_some()),
        ("remove", written.remove.is_some()),
        ("set", written.set.is_some()),
    ];
    if written.keep == Some(true) {
        return match edits.iter().find(|(_, there)| *there) {
            Some((field, _)) => site.key(field).refuse(format!(
                "`keep: true` leaves the Secret alone; remove `{field}` or `keep`"
            )),
            None => Ok(SecretAction::Keep),
        };
    }
    let format = match &written.format {
        Some(word) => Some(read_format(word, site.field("format"))?),
        None => None,
    };
    if written.remove.as_ref().is_some_and(Vec::is_empty) {
        return site
            .field("remove")
            .refuse("`remove` is empty; name what to take out, or leave it out");
    }
    let remove = removals(
        written.remove.as_deref().unwrap_or_default(),
        format,
        site.field("remove"),
    )?;
    let set = settings(written, site.field("set"))?;
    check_format(written, format, site)?;
    check_contradictions(&remove, &set, format, site.field("set"))?;
    Ok(SecretAction::Edit { format, remove, set })
}

fn read_format(written: &str, site: Site<'_>) -> Result<Format, Fault> {
    site.expand(written)?.parse().map_err(|_| {
        let known = || Format::ALL.into_iter().map(Format::as_str);
        let hint = suggest::did_you_mean(written, known());
        site.fault(format!(
            "unknown format `{written}`; expected one of {}{hint}",
            suggest::listed(known())
        ))
    })
}

/// `yaml` and `ini` say nothing without `remove`; the other formats know their keys; and nothing is guessed.
fn check_format(written: &wire::Secret, format: Option<Format>, site: Site<'_>) -> Result<(), Fault> {
    let generic = matches!(format, Some(Format::Yaml | Format::Ini));
    for (field, there) in [("remove", written.remove.is_some()), ("set", written.set.is_some())] {
        match format {
            _ if !there || generic => {}
            None => {
                return site
                    .key(field)
                    .refuse(format!("`{field}` needs `format: yaml` or `format: ini`"));
            }
            Some(format) => {
                return site.key(field).refuse(format!(
                    "`{field}` goes with `format: yaml` or `format: ini`; `{format}` knows its keys"
                ));
            }
        }
    }
    if let (true, None, Some(format)) = (generic, &written.remove, format) {
        return site.field("format").refuse(format!(
            "`format: {format}` needs `remove`, the {} to take out",
            if format == Format::Yaml { "paths" } else { "keys" }
        ));
    }
    Ok(())
}

fn removals(written: &[String], format: Option<Format>, site: Site<'_>) -> Result<Vec<String>, Fault> {
    let mut paths: Vec<String> = Vec::new();
    let mut taken = HashSet::new();
    for (path, item) in written.iter().zip(site.items()) {
        let expanded = item.expand(path)?;
        check_path(&expanded, path, format, item)?;
        if !taken.insert(expanded.clone()) {
            return item.refuse(format!("`{path}` stands twice in this list; remove one"));
        }
        paths.push(expanded);
    }
    Ok(paths)
}

fn settings(written: &wire::Secret, site: Site<'_>) -> Result<Vec<(String, Scalar)>, Fault> {
    let format = written.format.as_deref().and_then(|word| word.parse().ok());
    let entries = written.set.as_ref().map(|set| set.0.as_slice()).unwrap_or_default();
    let setting = |(path, value): &(String, wire::Scalar)| {
        check_path(path, path, format, site.key(path))?;
        Ok((path.clone(), site.field(path).scalar(value)?))
    };
    entries.iter().map(setting).collect()
}

fn check_path(path: &str, written: &str, format: Option<Format>, site: Site<'_>) -> Result<(), Fault> {
    if path.trim().is_empty() {
        return site.refuse("the path is empty; write the keys with dots between them, as in `config.access_key`");
    }
    if format != Some(Format::Ini) && path.split('.').any(str::is_empty) {
        return site.refuse(format!("`{written}` has an empty part; write one dot between two keys"));
    }
    Ok(())
}

fn check_contradictions(
    remove: &[String],
    set: &[(String, Scalar)],
    format: Option<Format>,
    site: Site<'_>,
) -> Result<(), Fault> {
    let below = |path: &str, upper: &str| {
        let rest = path.strip_prefix(upper);
        rest.is_some_and(|rest| rest.is_empty() || (format == Some(Format::Yaml) && rest.starts_with('.')))
    };
    for (path, _) in set {
        if remove.iter().any(|removed| below(path, removed)) {
            return site
                .key(path)
                .refuse(format!("`{path}` is removed and set; remove one of the two"));
        }
    }
    Ok(())
}
