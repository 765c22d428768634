//! `components` → who gets which role.

use std::collections::HashSet;

use crate::policy::preset::{Preset, PresetComponent};
use crate::policy::role::{self, Role, RoleFlaw};
use crate::policy::rules::{Component, Mechanism, ServiceAccount};
use crate::policy::selector::{self, has_identity, is_label_value, is_subdomain};
use crate::policy::site::{Fault, Site};
use crate::policy::wire::{self, Entries, FullComponent};
use crate::policy::{annotation, suggest};

/// What the policy says for all its components.
pub(super) struct Setting {
    pub(super) via: Vec<Mechanism>,
    pub(super) account: Option<String>,
    pub(super) partition: String,
    pub(super) preset: Option<&'static Preset>,
}

/// The components of a policy, and the presets that their names name.
pub(super) fn components(
    written: &Entries<wire::Component>,
    site: Site<'_>,
    setting: &Setting,
) -> Result<(Vec<Component>, Vec<&'static Preset>), Fault> {
    let mut components = Vec::new();
    let mut taken: HashSet<(Option<&str>, &str)> = HashSet::new();
    let mut presets: Vec<&'static Preset> = setting.preset.into_iter().collect();
    let sites = site.entries();
    for (name, value) in &written.0 {
        let known = sites.get(name.as_str()).copied();
        let (key, field) = known.unwrap_or_else(|| (site.key(name), site.field(name)));
        let (preset, word) = named(name, key, setting)?;
        let identity = (preset.map(|preset| preset.name.as_str()), word);
        if !taken.insert(identity) {
            let message = format!("`{name}` is a component that this policy names already; remove one");
            return key.refuse(message);
        }
        if let Some(preset) = preset
            && !presets.contains(&preset)
        {
            presets.push(preset);
        }
        components.push(component(name, value, (key, field), setting)?);
    }
    Ok((components, presets))
}

/// The preset that a component's name names or falls under, and the word for it there.
fn named<'n>(name: &'n str, site: Site<'_>, setting: &Setting) -> Result<(Option<&'static Preset>, &'n str), Fault> {
    let (preset, word) = match name.split_once('/') {
        Some((preset, word)) => (Some(find_preset(preset, preset, site)?), word),
        None => (setting.preset, name),
    };
    if is_label_value(word) {
        return Ok((preset, word));
    }
    site.refuse(format!(
        "`{name}` can be no component's name; expected a word or PRESET/WORD of letters, digits and `-_.`"
    ))
}

/// The preset of this name; `written` is what an error shows.
pub(super) fn find_preset(name: &str, written: &str, site: Site<'_>) -> Result<&'static Preset, Fault> {
    let known = || Preset::all().iter().map(|preset| preset.name.as_str());
    Preset::named(name).ok_or_else(|| {
        let hint = suggest::did_you_mean(written, known());
        site.fault(format!(
            "unknown preset `{written}`; there is {}{hint}",
            suggest::listed(known())
        ))
    })
}

fn component(
    name: &str,
    written: &wire::Component,
    (key, site): (Site<'_>, Site<'_>),
    setting: &Setting,
) -> Result<Component, Fault> {
    let (preset, word) = named(name, key, setting)?;
    let nothing = FullComponent::default();
    let (full, role) = match written {
        wire::Component::Role(role) => (&nothing, Some((role, site))),
        wire::Component::Full(full) => (&**full, full.role.as_ref().map(|role| (role, site.field("role")))),
        wire::Component::Nothing => (&nothing, None),
    };
    let Some((role, role_site)) = role else {
        return key.refuse(format!(
            "component `{name}` has no role; give a role's name, its ARN, or `external`"
        ));
    };
    let own_identity = full.selector.as_ref().is_some_and(has_identity);
    let from = preset.and_then(|preset| preset.component(word));
    if let (Some(preset), None, false) = (preset, from, own_identity) {
        return key.refuse(not_in(preset, word));
    }
    let selector = selector::selector(full.selector.as_ref(), site.field("match"), from, word)?;
    let role = read_role(role, role_site, setting)?;
    let annotations = match &full.annotations {
        Some(entries) if role == Role::External && !entries.0.is_empty() => {
            return site
                .key("annotations")
                .refuse("nothing is annotated where the role is `external`; remove `annotations`, or name the role");
        }
        Some(entries) => annotation::annotations(entries, site.field("annotations"), &setting.via)?,
        None => Vec::new(),
    };
    Ok(Component {
        name: name.to_owned(),
        place: key.place(),
        role,
        selector,
        service_account: service_account(full.service_account.as_ref(), site.field("serviceAccount"))?,
        annotations,
        optional: full.optional.unwrap_or(false),
        from: from.map(|component: &'static PresetComponent| component),
    })
}

fn not_in(preset: &Preset, word: &str) -> String {
    let hint = suggest::did_you_mean(word, preset.names());
    format!(
        "preset `{}` has no component `{word}`; it has {}; others need `match` with `labels`, `name` or `source`{hint}",
        preset.name,
        suggest::listed(preset.names())
    )
}

fn read_role(written: &str, site: Site<'_>, setting: &Setting) -> Result<Role, Fault> {
    let text = site.expand(written)?;
    if text == "external" {
        return Ok(Role::External);
    }
    if text.is_empty() {
        return site.refuse("the role is empty; give a role's name, its ARN, or `external`");
    }
    let wrong = |what: &str, flaw: RoleFlaw| {
        let flaw = if text == written { flaw } else { flaw.veiled() };
        site.fault(format!("`{written}` is no {what}: {flaw}"))
    };
    if role::is_arn(&text) {
        role::check_arn(&text).map_err(|flaw| wrong("role ARN", flaw))?;
        return Ok(Role::Named {
            arn: Some(text.clone()),
            written: text,
        });
    }
    role::check_bare(&text).map_err(|flaw| wrong("role", flaw))?;
    let arn = setting
        .account
        .as_ref()
        .map(|account| format!("arn:{}:iam::{account}:role/{text}", setting.partition));
    if arn.is_none() && setting.via.contains(&Mechanism::Irsa) {
        return site.refuse(format!(
            "`{written}` is a bare name, and irsa needs the full ARN; give `account: \"111122223333\"`, or write `arn:{}:iam::111122223333:role/{written}`",
            setting.partition
        ));
    }
    Ok(Role::Named { written: text, arn })
}

fn service_account(written: Option<&wire::ServiceAccount>, site: Site<'_>) -> Result<ServiceAccount, Fault> {
    let Some(written) = written else {
        return Ok(ServiceAccount::AsIs);
    };
    match (&written.create, &written.existing) {
        (Some(_), Some(_)) => site
            .key("use")
            .refuse("`create` and `use` exclude each other; remove one"),
        (Some(name), None) => account_name(name, site.field("create")).map(ServiceAccount::Create),
        (None, Some(name)) => account_name(name, site.field("use")).map(ServiceAccount::Use),
        (None, None) => site.refuse("`serviceAccount` is empty; give `create` or `use`, or leave it out"),
    }
}

fn account_name(written: &str, site: Site<'_>) -> Result<String, Fault> {
    let name = site.expand(written)?;
    if name == "default" {
        return site.refuse("the ServiceAccount `default` is every pod's; name one of the component's own");
    }
    if is_subdomain(&name) {
        return Ok(name);
    }
    site.refuse(format!(
        "`{written}` can be no ServiceAccount's name; expected lower-case letters, digits, `-` and `.`, at most 253"
    ))
}
