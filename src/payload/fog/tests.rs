use super::*;
use crate::payload::format::Format;
use crate::payload::recognise;
use crate::payload::samples::{check, clean, kept, names};
use Setting::{Metadata, WebIdentity};

const DOCUMENTED: &str = "\
provider: AWS
region: us-east-1
aws_access_key_id: AWS_ACCESS_KEY
aws_secret_access_key: AWS_SECRET_KEY
# aws_signature_version: 4
# host: storage.example.com
# endpoint: \"https://storage.example.com:9000\"
# path_style: false
";

#[track_caller]
fn strips(text: &str, expected: &str) {
    check(Format::Fog, WebIdentity, text, expected);
    check(Format::Fog, Metadata, text, expected);
}

#[track_caller]
fn keeps(text: &str, reason: KeptReason) -> String {
    kept(Format::Fog, Metadata, text, reason);
    kept(Format::Fog, WebIdentity, text, reason)
}

#[test]
fn the_documented_text() {
    let expected = "\
provider: AWS
region: us-east-1
use_iam_profile: true
# aws_signature_version: 4
# host: storage.example.com
# endpoint: \"https://storage.example.com:9000\"
# path_style: false
";
    strips(DOCUMENTED, expected);
    let (removed, added) = names(Format::Fog, DOCUMENTED);
    assert_eq!(removed, ["aws_access_key_id", "aws_secret_access_key"]);
    assert_eq!(added, ["use_iam_profile"]);
    assert_eq!(recognise(DOCUMENTED), Some(Format::Fog));
    assert_eq!(recognise(expected), Some(Format::Fog));
}

#[test]
fn the_switch_stands_where_the_first_key_stood() {
    strips(
        "# mine\naws_secret_access_key: 'b' # old\n# why\nprovider: aws\naws_access_key_id: a",
        "# mine\nuse_iam_profile: true\n# why\nprovider: aws",
    );
    strips(
        "provider: AWS\naws_access_key_id: a",
        "provider: AWS\nuse_iam_profile: true",
    );
    strips(
        "provider: AWS\naws_session_token: |-\n  a\n  b\naws_credentials_expire_at: 2024-01-01\nregion: x\n\n",
        "provider: AWS\nuse_iam_profile: true\nregion: x\n\n",
    );
}

#[test]
fn a_switch_that_is_there_is_used() {
    for off in ["false", "no", "'false'", "~", "\"\"", "yes"] {
        strips(
            &format!("provider: AWS\nuse_iam_profile: {off} # c\naws_access_key_id: a\nregion: x\n"),
            "provider: AWS\nuse_iam_profile: true # c\nregion: x\n",
        );
    }
    strips(
        "use_iam_profile:\nprovider: AWS\n",
        "use_iam_profile: true\nprovider: AWS\n",
    );
    strips(
        "aws_access_key_id:\nprovider: AWS\nuse_iam_profile: true\n",
        "provider: AWS\nuse_iam_profile: true\n",
    );
    clean(
        Format::Fog,
        WebIdentity,
        "provider: AWS\nuse_iam_profile: true\nregion: x\n",
    );
    clean(Format::Fog, WebIdentity, "provider: AWS\nuse_iam_profile: \"true\"");
}

#[test]
fn without_keys_the_switch_comes_to_the_end() {
    strips(
        "provider: AWS\nregion: x\n",
        "provider: AWS\nregion: x\nuse_iam_profile: true\n",
    );
    strips(
        "provider: AWS\nregion: x # c",
        "provider: AWS\nregion: x # c\nuse_iam_profile: true",
    );
}

#[test]
fn symbols_stay_symbols() {
    strips(
        ":provider: AWS\n:aws_access_key_id: a\n:aws_secret_access_key: b\n:region: x\n",
        ":provider: AWS\n:use_iam_profile: true\n:region: x\n",
    );
    strips(
        ":provider: :aws\n:region: x\n",
        ":provider: :aws\n:region: x\n:use_iam_profile: true\n",
    );
    strips(
        ":provider: AWS\n:use_iam_profile: false\n:aws_access_key_id: a\n",
        ":provider: AWS\n:use_iam_profile: true\n",
    );
}

#[test]
fn json_stays_json() {
    strips(
        "{\":provider\": \"AWS\", \":aws_access_key_id\": \"a\"}",
        "{\":provider\": \"AWS\", \":use_iam_profile\": true}",
    );
    strips(
        "{\"provider\":\"AWS\",\"aws_access_key_id\":\"a\",\"aws_secret_access_key\":\"b\",\"region\":\"x\"}",
        "{\"provider\":\"AWS\",\"use_iam_profile\": true,\"region\":\"x\"}",
    );
    strips(
        "{\n  \"aws_access_key_id\": \"a\",\n  \"provider\": \"AWS\",\n  \"aws_secret_access_key\": \"b\"\n}\n",
        "{\n  \"use_iam_profile\": true,\n  \"provider\": \"AWS\"\n}\n",
    );
}

#[test]
fn an_endpoint_of_aws_goes_under_web_identity() {
    let with = "provider: AWS\nendpoint: https://s3.eu-west-1.amazonaws.com # c\naws_access_key_id: a\n";
    check(Format::Fog, WebIdentity, with, "provider: AWS\nuse_iam_profile: true\n");
    check(
        Format::Fog,
        Metadata,
        with,
        "provider: AWS\nendpoint: https://s3.eu-west-1.amazonaws.com # c\nuse_iam_profile: true\n",
    );
    let bare = "provider: AWS\nuse_iam_profile: true\nendpoint: https://s3.amazonaws.com\n";
    check(Format::Fog, WebIdentity, bare, "provider: AWS\nuse_iam_profile: true\n");
    clean(Format::Fog, Metadata, bare);
    assert_eq!(names(Format::Fog, with).0, ["aws_access_key_id", "endpoint"]);
    strips(
        "provider: AWS\nendpoint:\nhost: s3.amazonaws.com\naws_access_key_id: a\n",
        "provider: AWS\nendpoint:\nhost: s3.amazonaws.com\nuse_iam_profile: true\n",
    );
}

#[test]
fn another_endpoint_keeps_the_keys() {
    let minio = "provider: AWS\nregion: x\naws_access_key_id: a\naws_secret_access_key: b\nhost: storage.example.com\nendpoint: \"https://storage.example.com:9000\"\npath_style: true\n";
    assert_eq!(keeps(minio, KeptReason::EndpointNotAws), "host");
    keeps(
        "provider: AWS\naws_access_key_id: a\nendpoint: http://minio:9000",
        KeptReason::EndpointNotAws,
    );
    keeps(
        "provider: AWS\naws_access_key_id: a\nendpoint: ${E}\n",
        KeptReason::Template,
    );
    keeps(
        ":provider: AWS\n:aws_access_key_id: a\n:host: minio\n",
        KeptReason::EndpointNotAws,
    );
    clean(Format::Fog, WebIdentity, "provider: AWS\nendpoint: http://minio:9000\n");
}

#[test]
fn other_providers_are_not_ours() {
    for text in [
        "provider: AzureRM\nazure_storage_account_name: a\nazure_storage_access_key: b\n",
        "provider: Google\ngoogle_project: x\ngoogle_json_key_string: |\n  {\n    \"a\": \"-----BEGIN PRIVATE KEY-----\"\n  }\n",
        "provider: AWSish\naws_access_key_id: a\n",
    ] {
        assert_eq!(keeps(text, KeptReason::ProviderNotAws), "provider");
        assert_eq!(recognise(text), None);
    }
    keeps("provider: ${P}\naws_access_key_id: a\n", KeptReason::Template);
}

#[test]
fn without_a_provider_only_keys_tell() {
    strips(
        "aws_access_key_id: a\nregion: x\n",
        "use_iam_profile: true\nregion: x\n",
    );
}

#[test]
fn keys_that_are_filled_in_later_stay() {
    let with = |value: &str| format!("provider: AWS\naws_access_key_id: {value}\naws_secret_access_key: b\n");
    keeps(&with("<%= File.read('x') %>"), KeptReason::Template);
    keeps(&with("${KEY}"), KeptReason::Template);
    keeps(&with("$(KEY)"), KeptReason::Template);
    keeps(&with("<path:a#b>"), KeptReason::Template);
    keeps(&with("\"{{ .key }}\""), KeptReason::Template);
    keeps(&with("<%= x %>\n<% if y %>"), KeptReason::Template);
    keeps(&with("<access key id>"), KeptReason::Sentinel);
    keeps(&with("ENC[AES256_GCM,data:x]"), KeptReason::Sealed);
    keeps(&with("a\n# AKIAIOSFODNN7EXAMPLE"), KeptReason::KeyInComment);
    keeps(&with("&a a\nx: *a"), KeptReason::Uneditable(Reason::Aliased));
    keeps(&with("{a: b}"), KeptReason::Uneditable(Reason::OpaqueValue));
    keeps(&with("a\n---\nb: c"), KeptReason::SecondDocument);
    clean(
        Format::Fog,
        WebIdentity,
        "provider: AWS\nuse_iam_profile: true\nregion: <%= x %>\n",
    );
}

#[test]
fn texts_of_another_shape() {
    let strip = |text| crate::payload::strip(text, Format::Fog, WebIdentity);
    for text in [
        "a: b\n",
        "s3:\n  accesskey: a\n",
        "- provider: AWS\n",
        "[default]\n",
        "text",
    ] {
        assert!(matches!(strip(text), Err(Unreadable::NotTheFormat { .. })), "{text}");
    }
    assert!(matches!(strip("provider: [\n"), Err(Unreadable::NotYaml { .. })));
    assert_eq!(recognise("aws_access_key_id: a\nprovider_name: AWS\n"), None);
}
