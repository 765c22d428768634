//! The storage section of a container registry: a map of one driver, alone or below `storage:`.
//!
//! Deliberately absent: taking `regionendpoint` out. With a region it may name a VPC endpoint that is meant.

use super::Row;
use super::host::is_aws;
use super::structured::{self, Entry};
use super::verdict::{KeptReason, Outcome, Setting, Step, Unreadable, note};
use super::{guard, paths};
use crate::yaml::draft::Draft;
use crate::yaml::tree::{Document, Node};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: paths::edit,
    lacks_region,
};

/// distribution refuses to start without, unless an endpoint is given.
const REGION: &str = "region";

/// The drivers for S3: distribution's, its aliases, and those of GitLab's registry.
const DRIVERS: [&str; 5] = ["s3", "s3aws", "s3goamz", "s3_v1", "s3_v2"];

/// Beside a driver.
const COMPANIONS: [&str; 5] = ["cache", "delete", "maintenance", "redirect", "tag"];

const CREDENTIALS: [&str; 3] = ["accesskey", "secretkey", "sessiontoken"];

/// The drivers' other parameters.
const PARAMETERS: [&str; 31] = [
    "accelerate",
    "bucket",
    "checksum_algorithm",
    "checksum_disabled",
    "chunksize",
    "encrypt",
    "forcepathstyle",
    "keyid",
    "loglevel",
    "logs3apirequests",
    "logs3apiresponseheaders",
    "maxrequestspersecond",
    "maxretries",
    "multipartcopychunksize",
    "multipartcopymaxconcurrency",
    "multipartcopythresholdsize",
    "objectacl",
    "objectownership",
    "parallelwalk",
    "pathstyle",
    "region",
    "regionendpoint",
    "rootdirectory",
    "secure",
    "skipverify",
    "storageclass",
    "tlsinsecureskipverify",
    "usedualstack",
    "useragent",
    "v4auth",
    "virtualhostedstyle",
];

/// Credentials of the drivers that are not AWS's.
const FOREIGN: [&str; 8] = [
    "accesskey",
    "accesskeyid",
    "accesskeysecret",
    "accountkey",
    "credentials",
    "keyfile",
    "password",
    "secretkey",
];

fn is_surely(text: &str) -> bool {
    let might = memchr::memmem::find(text.as_bytes(), b"s3").is_some();
    let Some(document) = might.then(|| Document::parse(text).ok()).flatten() else {
        return false;
    };
    let Some(root) = document.root().filter(|root| root.is_mapping()) else {
        return false;
    };
    let drivers = drivers(root);
    let is_known = |name: &str| DRIVERS.contains(&name) || COMPANIONS.contains(&name);
    let [driver] = drivers.as_slice() else { return false };
    storage(root).entries().all(|(key, _)| key.text().is_some_and(is_known)) && is_s3(driver.value)
}

/// Whether a mapping holds parameters of the S3 drivers and no others: with its keys or, once they are gone, without, even
/// where nothing else was there.
fn is_s3(driver: Node<'_>) -> bool {
    let is_parameter = |name: &str| PARAMETERS.contains(&name) || CREDENTIALS.contains(&name);
    driver.is_mapping() && driver.entries().all(|(key, _)| key.text().is_some_and(is_parameter))
}

fn holds_keys(text: &str) -> bool {
    Document::parse(text).is_ok_and(|document| {
        let drivers = document.root().map(drivers).unwrap_or_default();
        drivers
            .iter()
            .any(|driver| structured::has_any(driver.value, &CREDENTIALS))
    })
}

fn lacks_region(text: &str) -> Option<&'static str> {
    let document = Document::parse(text).ok()?;
    let drivers = drivers(document.root()?);
    let says = |driver: &Entry<'_>, name: &str| driver.value.text_of(name).is_some();
    let lacks =
        |driver: &Entry<'_>| driver.value.is_mapping() && !says(driver, REGION) && !says(driver, "regionendpoint");
    drivers.iter().any(lacks).then_some(REGION)
}

fn strip(text: &str, setting: Setting) -> Step<Outcome> {
    let document = structured::read(text)?;
    let Some(root) = structured::top(&document)? else {
        return Ok(Outcome::default());
    };
    if !root.entries().any(|(_, value)| value.is_mapping() || value.is_null()) {
        return Err(Unreadable::NotTheFormat { pos: root.pos() }.into());
    }
    let drivers = drivers(root);
    let mut draft = Draft::new(&document);
    let mut removed = Vec::new();
    for driver in &drivers {
        let holds_keys = structured::has_any(driver.value, &CREDENTIALS);
        vet_endpoint(driver.value, holds_keys, setting)?;
        if holds_keys && removed.is_empty() {
            structured::vet_whole(&document)?;
        }
        for name in take_out(&mut draft, driver.value)? {
            note(&mut removed, &name);
        }
    }
    if removed.is_empty() {
        vet_foreign(root)?;
    }
    structured::finished(&draft, removed, Vec::new())
}

fn take_out<'d>(draft: &mut Draft<'d>, driver: Node<'d>) -> Step<Vec<String>> {
    let keys = structured::entries(driver, |name| CREDENTIALS.contains(&name));
    structured::vet(&keys)?;
    structured::vet_merged(driver, &CREDENTIALS)?;
    structured::remove(draft, driver, &keys)
}

fn vet_endpoint(driver: Node<'_>, holds_keys: bool, setting: Setting) -> Step<()> {
    for entry in structured::entries(driver, |name| name == "regionendpoint") {
        let endpoint = entry.text().unwrap_or_default();
        if endpoint.is_empty() {
            continue;
        }
        match (is_aws(endpoint), setting) {
            _ if guard::placeholder(endpoint).is_some() && holds_keys => return Err(entry.halt(KeptReason::Template)),
            (true, Setting::WebIdentity) => return Err(entry.halt(KeptReason::EndpointWithIrsa)),
            (false, _) if holds_keys => return Err(entry.halt(KeptReason::EndpointNotAws)),
            _ => {}
        }
    }
    Ok(())
}

/// Says so where another store's credentials are in the text.
fn vet_foreign(root: Node<'_>) -> Step<()> {
    let others = structured::entries(storage(root), |name| !DRIVERS.contains(&name));
    let mut held = others
        .iter()
        .flat_map(|driver| structured::entries(driver.value, |name| FOREIGN.contains(&name)));
    match held.next() {
        Some(entry) => Err(entry.halt(KeptReason::ProviderNotAws)),
        None => Ok(()),
    }
}

/// The map of drivers: below `storage` in a whole configuration.
fn storage(root: Node<'_>) -> Node<'_> {
    root.get("storage")
        .filter(|storage| storage.is_mapping())
        .unwrap_or(root)
}

fn drivers(root: Node<'_>) -> Vec<Entry<'_>> {
    let drivers = structured::entries(storage(root), |name| DRIVERS.contains(&name));
    drivers.into_iter().filter(|driver| driver.value.is_mapping()).collect()
}

#[cfg(test)]
mod tests;
