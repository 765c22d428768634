//! The text inside a Secret value, and how it is read: `FORMAT SETTING -PATH +PATH…␀TEXT`.
//!
//! With a path to remove (`-`) or to set (`+`) a policy names what is edited; without any the format knows it.

use iam_roles::payload::format::Format;
use iam_roles::payload::verdict::{Kept, Setting, Unreadable, Verdict};
use iam_roles::payload::{edit, holds_keys, key_id, lacks_region, outline, recognise, sighting, strip};
use iam_roles::yaml::source::{Place, Pos, place};
use iam_roles::yaml::spell::Value as New;
use serde_yaml::{Mapping, Value};

use super::{Fate, Held, same, windows};

/// What is asked of a text.
struct Asked {
    format: Format,
    setting: Setting,
    remove: Vec<String>,
    set: Vec<(String, New)>,
}

/// The laws, on one case.
pub(crate) fn hold(case: &str) -> Held {
    let Some((asked, text)) = case
        .split_once('\0')
        .and_then(|(head, text)| Some((asked(head)?, text)))
    else {
        return Ok(Fate::Refused);
    };
    sees_the_same(text)?;
    let found = asked.of(text);
    is_spelled_alike(&asked, text, &found)?;
    match found {
        Err(Unreadable::NotYaml { pos } | Unreadable::NotTheFormat { pos }) | Ok(Verdict::Kept(Kept { pos, .. })) => {
            is_in(text, pos)?;
        }
        Ok(Verdict::Clean) => return asked.is_clean(text).map(|()| Fate::Same),
        Ok(Verdict::Stripped { edits, removed, added }) => {
            let after = edits.apply(text);
            same(
                "something changes",
                &true,
                &(after != text && !(removed.is_empty() && added.is_empty())),
            )?;
            same("a second time", &Ok(Verdict::Clean), &asked.of(&after))?;
            asked.is_clean(&after)?;
            asked.is_known_again(text, &after)?;
            asked.loses_only(text, &after, &removed, &added)?;
            return Ok(Fate::Changed);
        }
    }
    Ok(Fate::Refused)
}

fn asked(head: &str) -> Option<Asked> {
    let mut words = head.split_whitespace();
    let format = words.next()?.parse().ok()?;
    let setting = match words.next()? {
        "irsa" => Setting::WebIdentity,
        _ => Setting::Metadata,
    };
    let (remove, set): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('-'));
    let path = |word: &str| word.get(1..).unwrap_or_default().to_owned();
    // No policy names a path with an empty part.
    if remove
        .iter()
        .chain(&set)
        .any(|word| path(word).split('.').any(str::is_empty))
    {
        return None;
    }
    Some(Asked {
        format,
        setting,
        remove: remove.into_iter().map(path).collect(),
        set: set
            .into_iter()
            .map(|word| (path(word), New::Plain("true".into())))
            .collect(),
    })
}

impl Asked {
    fn of(&self, text: &str) -> Result<Verdict, Unreadable> {
        if self.is_known() {
            strip(text, self.format, self.setting)
        } else {
            edit(text, self.format, &self.remove, &self.set)
        }
    }

    /// Whether the format knows what is to go.
    fn is_known(&self) -> bool {
        !matches!(self.format, Format::Yaml | Format::Ini)
    }

    fn is_clean(&self, text: &str) -> Result<(), String> {
        same("keys are held", &false, &holds_keys(text, self.format))
    }

    /// A registry, fog or s3cmd text is still recognised when its keys are gone.
    fn is_known_again(&self, before: &str, after: &str) -> Result<(), String> {
        if recognise(before) != Some(self.format) || self.format == Format::AwsCredentials {
            return Ok(());
        }
        same("without its keys it is", &recognise(before), &recognise(after))
    }

    fn loses_only(&self, before: &str, after: &str, removed: &[String], added: &[String]) -> Result<(), String> {
        match self.format {
            Format::Registry | Format::Fog | Format::Yaml => yaml_loses_only(before, after, removed, added),
            Format::S3cmd | Format::AwsCredentials | Format::Ini => ini_loses_only(before, after, added),
        }
    }
}

/// Line breaks of Windows and a byte order mark are carried over, and change no verdict.
fn is_spelled_alike(asked: &Asked, text: &str, found: &Result<Verdict, Unreadable>) -> Result<(), String> {
    let spelled = |what: &str, spell: &dyn Fn(&str) -> String| {
        let (other, expected) = (spell(text), told(text, found, spell));
        same(what, &expected, &told(&other, &asked.of(&other), &str::to_owned))
    };
    // A text of one line says nothing of the line breaks that are to come.
    if text.contains('\n') && !text.contains('\r') {
        spelled("with line breaks of Windows", &windows)?;
    }
    if !text.starts_with('\u{feff}') {
        spelled("behind a byte order mark", &|text| format!("\u{feff}{text}"))?;
    }
    Ok(())
}

/// A verdict with the text that comes of it, or with the line that it is about.
fn told(text: &str, found: &Result<Verdict, Unreadable>, spell: &dyn Fn(&str) -> String) -> (String, Option<usize>) {
    let line = |pos: Pos| Some(place(text, pos).line);
    match found {
        Ok(Verdict::Clean) => ("clean".to_owned(), None),
        Ok(Verdict::Stripped { edits, removed, added }) => {
            (format!("{removed:?} {added:?} {}", spell(&edits.apply(text))), None)
        }
        Ok(Verdict::Kept(Kept { reason, key, pos })) => (format!("{reason:?} {key}"), line(*pos)),
        Err(Unreadable::NotYaml { pos }) => ("not YAML".to_owned(), line(*pos)),
        Err(Unreadable::NotTheFormat { pos }) => ("not the format".to_owned(), line(*pos)),
    }
}

/// What is looked for in any text is seen whatever the line breaks are, and where it is.
fn sees_the_same(text: &str) -> Result<(), String> {
    type Seen = (
        Option<Format>,
        Vec<(String, Place)>,
        Vec<String>,
        Vec<Option<&'static str>>,
    );
    let seen = |text: &str| -> Result<Seen, String> {
        let sightings = sighting::settings(text).into_iter();
        let sightings = sightings.map(|seen| (format!("{:?}", seen.what), seen.pos));
        let ids = key_id::all(text).map(|pos| ("id".to_owned(), pos));
        let mut places = Vec::new();
        for (what, pos) in sightings.chain(ids) {
            is_in(text, pos)?;
            places.push((what, place(text, pos)));
        }
        let lines = outline::outline(text).iter().map(|line| format!("{line:?}")).collect();
        let regions = Format::ALL.map(|format| lacks_region(text, format));
        Ok((recognise(text), places, lines, regions.to_vec()))
    };
    let found = seen(text)?;
    if text.contains('\r') {
        return Ok(());
    }
    same("with line breaks of Windows is seen", &found, &seen(&windows(text))?)
}

fn is_in(text: &str, pos: Pos) -> Result<(), String> {
    if text.is_char_boundary(pos.offset()) {
        Ok(())
    } else {
        Err(format!("no such place: {pos:?}"))
    }
}

/// To `serde_yaml` the text lost what is named, got what is named, and is otherwise the same.
fn yaml_loses_only(before: &str, after: &str, removed: &[String], added: &[String]) -> Result<(), String> {
    // A tagged key is another key to serde_yaml.
    let before = serde_yaml::from_str::<Value>(before)
        .ok()
        .filter(|_| !before.contains('!'));
    let Some(before) = before else { return Ok(()) };
    let Ok(after) = serde_yaml::from_str::<Value>(after) else {
        return Err(format!("was YAML and is not any more:\n{after}"));
    };
    if loses_only(&before, &after, removed, added) {
        Ok(())
    } else {
        Err(format!(
            "without {removed:?} and with {added:?}\n{before:?}\nis\n{after:?}"
        ))
    }
}

fn loses_only(before: &Value, after: &Value, removed: &[String], added: &[String]) -> bool {
    let named = |names: &[String], key: &Value| {
        let key = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
        names
            .iter()
            .any(|name| *name == key || name.ends_with(&format!(".{key}")))
    };
    match (before, after) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let gone = old
                .keys()
                .filter(|key| !new.contains_key(*key))
                .all(|key| named(removed, key));
            let come = new
                .keys()
                .filter(|key| !old.contains_key(*key))
                .all(|key| named(added, key));
            let stays = |(key, value): (&Value, &Value)| {
                new.get(key)
                    .is_none_or(|found| named(added, key) || loses_only(value, found, removed, added))
            };
            gone && come && old.iter().all(stays)
        }
        (Value::Null, Value::Mapping(new)) => loses_only(
            &Value::Mapping(Mapping::new()),
            &Value::Mapping(new.clone()),
            removed,
            added,
        ),
        (Value::Sequence(old), Value::Sequence(new)) => {
            let mut left = old.iter();
            new.iter()
                .all(|item| left.any(|old| loses_only(old, item, removed, added)))
                && (old.len() == new.len() || !removed.is_empty())
        }
        _ => before == after,
    }
}

/// Lines go, and settings come; every other line, and every comment, stays. A last line without a break gets one where a
/// setting comes behind it.
fn ini_loses_only(before: &str, after: &str, added: &[String]) -> Result<(), String> {
    let is_comment = |line: &&str| line.trim_start().starts_with(['#', ';']);
    let mut left = before.split(['\n', '\r']);
    for line in after.split(['\n', '\r']) {
        let is_added = added
            .iter()
            .any(|name| line.contains(name.rsplit('.').next().unwrap_or(name)));
        if !is_added && !line.is_empty() && !left.any(|old| old == line) {
            return Err(format!("a line that was not there: {line:?}"));
        }
    }
    let comments = |text: &str| {
        text.split(['\n', '\r'])
            .filter(is_comment)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    same("the comments are", &comments(before), &comments(after))
}
