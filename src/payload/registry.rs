//! The storage section of a container registry: a map of one driver, alone or below `storage:`.
//!
//! Deliberately absent: taking `regionendpoint` out. With a region it may name a VPC endpoint that is meant.

use super::Row;
use super::host::is_aws;
use super::structured::{self, Entry};
use super::verdict::{KeptReason, Outcome, Setting, Step, Unreadable};
use super::{guard, paths};
use crate::yaml::draft::Draft;
use crate::yaml::tree::{Document, Node};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: paths::edit,
};

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

/// Whether a mapping holds parameters of the S3 drivers and no others, enough of them to be one.
fn is_s3(driver: Node<'_>) -> bool {
    let is_parameter = |name: &str| PARAMETERS.contains(&name) || CREDENTIALS.contains(&name);
    driver.entries().all(|(key, _)| key.text().is_some_and(is_parameter))
        && (has(driver, "bucket") && has(driver, "region") || has(driver, "accesskey") && has(driver, "secretkey"))
}

fn has(mapping: Node<'_>, name: &str) -> bool {
    mapping.get(name).is_some()
}

fn holds_keys(text: &str) -> bool {
    Document::parse(text).is_ok_and(|document| {
        let drivers = document.root().map(drivers).unwrap_or_default();
        drivers
            .iter()
            .any(|driver| structured::has_any(driver.value, &CREDENTIALS))
    })
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
        let gone = take_out(&document, &mut draft, driver.value, setting)?;
        gone.iter().for_each(|name| super::verdict::note(&mut removed, name));
    }
    if removed.is_empty() {
        vet_foreign(root)?;
    }
    structured::finished(&draft, removed, Vec::new())
}

fn take_out<'d>(
    document: &'d Document<'_>,
    draft: &mut Draft<'d>,
    driver: Node<'d>,
    setting: Setting,
) -> Step<Vec<String>> {
    let holds_keys = structured::has_any(driver, &CREDENTIALS);
    vet_endpoint(driver, holds_keys, setting)?;
    if !holds_keys {
        return Ok(Vec::new());
    }
    let keys = structured::entries(driver, |name| CREDENTIALS.contains(&name));
    structured::vet_whole(document)?;
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
mod tests {
    use super::*;
    use crate::payload::format::Format;
    use crate::payload::recognise;
    use crate::payload::samples::{check, clean, kept, names};
    use crate::yaml::refusal::Reason;
    use Setting::{Metadata, WebIdentity};

    const DOCUMENTED: &str = "\
s3:
  bucket: gitlab-registry-storage
  accesskey: AWS_ACCESS_KEY
  secretkey: AWS_SECRET_KEY
  region: us-east-1
  # regionendpoint: \"https://s3.example.com\"
  v4auth: true
";

    #[track_caller]
    fn strips(text: &str, expected: &str) {
        check(Format::Registry, WebIdentity, text, expected);
        check(Format::Registry, Metadata, text, expected);
    }

    #[track_caller]
    fn keeps(text: &str, reason: KeptReason) -> String {
        kept(Format::Registry, WebIdentity, text, reason)
    }

    #[test]
    fn the_documented_text() {
        let expected = "\
s3:
  bucket: gitlab-registry-storage
  region: us-east-1
  # regionendpoint: \"https://s3.example.com\"
  v4auth: true
";
        strips(DOCUMENTED, expected);
        let (removed, added) = names(Format::Registry, DOCUMENTED);
        assert_eq!(removed, ["accesskey", "secretkey"]);
        assert!(added.is_empty());
        assert_eq!(recognise(DOCUMENTED), Some(Format::Registry));
        assert_eq!(recognise(expected), Some(Format::Registry));
    }

    #[test]
    fn comments_order_and_the_end_stay() {
        strips(
            "# mine\ns3_v2:\n    # keys\n    secretkey: 'b' # old\n    bucket: x # c\n    accesskey: \"a\"\n# end",
            "# mine\ns3_v2:\n    # keys\n    bucket: x # c\n# end",
        );
        strips("s3:\n  bucket: x\n  secretkey: b", "s3:\n  bucket: x");
        strips(
            "---\ns3aws:\n  bucket: x\n  secretkey: >-\n    b\n    c\n\n\n",
            "---\ns3aws:\n  bucket: x\n\n\n",
        );
    }

    #[test]
    fn duplicates_blanks_and_nulls_go_alike() {
        strips(
            "s3:\n  accesskey: a\n  bucket: x\n  accesskey:\n  secretkey: ''\n  sessiontoken: ~\n  secretkey: null\n",
            "s3:\n  bucket: x\n",
        );
    }

    #[test]
    fn the_driver_of_a_whole_configuration() {
        strips(
            "version: 0.1\nstorage:\n  cache: {blobdescriptor: redis}\n  s3:\n    accesskey: a\n    secretkey: b\n    bucket: x\nhttp:\n  addr: :5000\n",
            "version: 0.1\nstorage:\n  cache: {blobdescriptor: redis}\n  s3:\n    bucket: x\nhttp:\n  addr: :5000\n",
        );
        strips(
            "{\"s3\": {\"accesskey\": \"a\", \"bucket\": \"x\", \"secretkey\": \"b\"}}",
            "{\"s3\": {\"bucket\": \"x\"}}",
        );
        strips(
            "s3:\n  accesskey: a\n  secretkey: b\ndelete:\n  enabled: true\n",
            "s3: {}\ndelete:\n  enabled: true\n",
        );
    }

    #[test]
    fn another_endpoint_keeps_the_keys() {
        let with = |endpoint: &str| format!("s3:\n  accesskey: a\n  secretkey: b\n  regionendpoint: {endpoint}\n");
        let key = keeps(
            &with("\"https://storage.example.com:9000\""),
            KeptReason::EndpointNotAws,
        );
        assert_eq!(key, "regionendpoint");
        keeps(&with("https://s3.amazonaws.com.evil.io"), KeptReason::EndpointNotAws);
        keeps(&with("${ENDPOINT}"), KeptReason::Template);
        keeps(
            &with("https://s3.eu-west-1.amazonaws.com"),
            KeptReason::EndpointWithIrsa,
        );
        let aws = with("https://s3.eu-west-1.amazonaws.com");
        let bare = "s3:\n  regionendpoint: https://s3.eu-west-1.amazonaws.com\n";
        check(Format::Registry, Metadata, &aws, bare);
        keeps(bare, KeptReason::EndpointWithIrsa);
        clean(
            Format::Registry,
            WebIdentity,
            "s3:\n  regionendpoint: http://minio:9000\n",
        );
        strips(&with(""), "s3:\n  regionendpoint: \n");
    }

    #[test]
    fn other_drivers_are_not_ours() {
        assert_eq!(
            keeps(
                "azure:\n  accountname: a\n  accountkey: b\n  container: c\n",
                KeptReason::ProviderNotAws
            ),
            "accountkey"
        );
        keeps(
            "gcs:\n  bucket: x\n  keyfile: /etc/keyfile\n",
            KeptReason::ProviderNotAws,
        );
        keeps(
            "oss:\n  accesskeyid: a\n  accesskeysecret: b\n",
            KeptReason::ProviderNotAws,
        );
        keeps("swift:\n  accesskey: a\n  secretkey: b\n", KeptReason::ProviderNotAws);
        for text in [
            "gcs:\n  bucket: x\n",
            "filesystem:\n  rootdirectory: /x\n",
            "inmemory:\n",
            "",
            "# none\n",
        ] {
            clean(Format::Registry, WebIdentity, text);
        }
        for text in [
            "gcs:\n  bucket: x\n",
            "s3:\n  bucket: x\n",
            "s3:\n  bucket: x\n  region: y\n  other: z\n",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn keys_that_are_filled_in_later_stay() {
        keeps(
            "s3:\n  accesskey: \"ACCESS_KEY\"\n  secretkey: \"SECRET_KEY\"\n",
            KeptReason::Sentinel,
        );
        keeps(
            "s3:\n  accesskey: a\n  secretkey: <your secret>\n",
            KeptReason::Sentinel,
        );
        keeps("s3:\n  accesskey: ${KEY}\n  secretkey: b\n", KeptReason::Template);
        keeps("s3:\n  accesskey: <path:a#b>\n  secretkey: b\n", KeptReason::Template);
        keeps(
            "s3:\n  accesskey: {{ .Values.key }}\n  secretkey: b\n",
            KeptReason::Template,
        );
        keeps("s3:\n{{- if .x }}\n  accesskey: a\n{{- end }}\n", KeptReason::Template);
        keeps("s3:\n  accesskey: <%= x %>\n", KeptReason::Template);
        keeps(
            "s3:\n  accesskey: ENC[AES256_GCM,data:x]\nsops:\n  mac: x\n",
            KeptReason::Sealed,
        );
        strips(
            "s3:\n  accesskey: a\n  bucket: ${BUCKET}\n  # {{ x }}\n",
            "s3:\n  bucket: ${BUCKET}\n  # {{ x }}\n",
        );
    }

    #[test]
    fn a_key_id_in_a_comment_that_stays_keeps_all() {
        keeps(
            "s3:\n  # accesskey: AKIAIOSFODNN7EXAMPLE\n  bucket: x\n",
            KeptReason::KeyInComment,
        );
        keeps(
            "s3:\n  accesskey: a\n  bucket: x # was AKIAIOSFODNN7EXAMPLE\n",
            KeptReason::KeyInComment,
        );
        strips(
            "s3:\n  accesskey: a # was AKIAIOSFODNN7EXAMPLE\n  bucket: x # AKIA\n",
            "s3:\n  bucket: x # AKIA\n",
        );
    }

    #[test]
    fn what_stands_elsewhere_is_not_edited() {
        let uneditable = |text: &str, reason| keeps(text, KeptReason::Uneditable(reason));
        uneditable("a: &a {accesskey: a}\ns3: *a\n", Reason::Aliased);
        uneditable("a: &a {accesskey: a}\ns3:\n  <<: *a\n  bucket: x\n", Reason::Aliased);
        uneditable("s3:\n  <<: {accesskey: a}\n  bucket: x\n", Reason::MergeKey);
        uneditable("s3:\n  accesskey: [a]\n", Reason::OpaqueValue);
        keeps("s3:\n  accesskey: a\n---\nb: c\n", KeptReason::SecondDocument);
        strips("s3: &s3\n  accesskey: a\n  bucket: x\n", "s3: &s3\n  bucket: x\n");
    }

    #[test]
    fn texts_of_another_shape() {
        let strip = |text| crate::payload::strip(text, Format::Registry, WebIdentity);
        let pos = crate::yaml::source::Pos::START;
        for text in ["a\n", "[s3]\n", "provider: AWS\naws_access_key_id: a\n"] {
            assert_eq!(strip(text), Err(Unreadable::NotTheFormat { pos }), "{text}");
        }
        assert!(matches!(strip("s3: [\n"), Err(Unreadable::NotYaml { .. })));
        assert!(matches!(strip("s3:\n  a: b\0\n"), Err(Unreadable::NotTheFormat { .. })));
    }
}
