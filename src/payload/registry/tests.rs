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
        "s3:\n",
        "s3: {}\nother: {}\n",
        "s3:\n  bucket: x\n  region: y\n  other: z\n",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
}

#[test]
fn what_held_nothing_but_keys_is_known_again() {
    for (text, expected) in [
        ("s3:\n  accesskey: a\n  secretkey: b\n", "s3: {}\n"),
        ("storage:\n  s3: {accesskey: a}\n", "storage:\n  s3: {}\n"),
    ] {
        strips(text, expected);
        assert_eq!(
            (recognise(text), recognise(expected)),
            (Some(Format::Registry), Some(Format::Registry))
        );
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
