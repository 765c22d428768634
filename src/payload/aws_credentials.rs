//! An AWS shared credentials file: a profile a section.
//!
//! Deliberately absent: `source_profile`. Whoever names a profile whose keys go is told by the client.

use super::assignment::{Assignment, Dialect};
use super::ini::Ini;
use super::verdict::{Outcome, Setting, Step};
use super::{Row, ini_keys, names};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: names::edit,
    lacks_region: |_| None,
};

/// Read in any case by the clients.
const CREDENTIALS: [&str; 4] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
];
const ENDPOINT: &str = "endpoint_url";

fn is_surely(text: &str) -> bool {
    let ini = Ini::read(text, Dialect::Any);
    let is_in_profile = |key: &Assignment<'_>| !key.section.is_empty();
    ini.is_regular() && credentials(&ini).iter().any(is_in_profile)
}

fn holds_keys(text: &str) -> bool {
    !credentials(&Ini::read(text, Dialect::Any)).is_empty()
}

fn strip(text: &str, _: Setting) -> Step<Outcome> {
    let ini = Ini::read(text, Dialect::Any);
    ini_keys::strip(text, &ini, &credentials(&ini), |key| key == ENDPOINT)
}

fn credentials<'t>(ini: &Ini<'t>) -> Vec<Assignment<'t>> {
    let is_credential = |key: &str| CREDENTIALS.iter().any(|known| known.eq_ignore_ascii_case(key));
    ini.assignments().filter(|own| is_credential(own.key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::format::Format;
    use crate::payload::samples::{check, clean, kept, names};
    use crate::payload::verdict::KeptReason;
    use crate::payload::{is_bare, recognise};
    use crate::yaml::refusal::Reason;

    #[track_caller]
    fn strips(text: &str, expected: &str) {
        check(Format::AwsCredentials, Setting::WebIdentity, text, expected);
    }

    #[track_caller]
    fn keeps(text: &str, reason: KeptReason) {
        kept(Format::AwsCredentials, Setting::WebIdentity, text, reason);
    }

    #[test]
    fn every_profile_is_emptied_of_keys() {
        let text = "[default]\naws_access_key_id = a\naws_secret_access_key=b\n\n[other]\nrole_arn = r\nsource_profile = default\n[third]\nAWS_Access_Key_Id: c\naws_session_token = d\naws_security_token = e";
        strips(
            text,
            "[default]\n\n[other]\nrole_arn = r\nsource_profile = default\n[third]",
        );
        assert_eq!(recognise(text), Some(Format::AwsCredentials));
        assert_eq!(
            names(Format::AwsCredentials, text).0[..2],
            ["aws_access_key_id", "aws_secret_access_key"]
        );
    }

    #[test]
    fn a_file_without_settings_is_bare() {
        strips(
            "[default]\naws_access_key_id=a\naws_secret_access_key=b\n",
            "[default]\n",
        );
        assert!(is_bare("[default]\r\n# x\r\n\r\n"));
        assert!(is_bare(""));
        assert!(!is_bare("[default]\nregion = x\n"));
        assert!(!is_bare("word\n"));
    }

    #[test]
    fn a_value_that_goes_on_goes_whole() {
        strips(
            "[default]\naws_access_key_id =\n  a\nregion = x\n",
            "[default]\nregion = x\n",
        );
        strips(
            "[a]\n  aws_access_key_id = a\n  aws_secret_access_key = b\n  region = x\n",
            "[a]\n  region = x\n",
        );
        strips("[a]\naws_access_key_id = a\n  aws_secret_access_key = b\n", "[a]\n");
        strips("[a]\naws_access_key_id = \"a\" # \"\nregion = x\n", "[a]\nregion = x\n");
        let uneditable = |text| keeps(text, KeptReason::Uneditable(Reason::OpaqueValue));
        uneditable("[a]\naws_access_key_id = a\n  region = x\n");
        uneditable("[a]\naws_access_key_id = \"a\nb\"\n");
        uneditable("[a]\naws_access_key_id = a\\\nb\n");
        uneditable("[a]\nx = \"\naws_access_key_id = a\n\"\n");
        strips("[a]\nx = \"\n\"\naws_access_key_id = a\n", "[a]\nx = \"\n\"\n");
    }

    #[test]
    fn keys_that_are_not_for_aws_or_filled_in_later_stay() {
        let with = |line: &str| format!("[a]\naws_access_key_id = a\n{line}\n");
        keeps(&with("endpoint_url = http://minio:9000"), KeptReason::EndpointNotAws);
        keeps(&with("aws_secret_access_key = ${X}"), KeptReason::Template);
        keeps(&with("aws_secret_access_key = <secret>"), KeptReason::Sentinel);
        keeps(&with("{{ x }}"), KeptReason::Template);
        keeps(&with("[sops]\nmac = x"), KeptReason::Sealed);
        keeps(&with("; ASIAIOSFODNN7EXAMPLE"), KeptReason::KeyInComment);
        strips(
            &with("endpoint_url = https://s3.amazonaws.com"),
            "[a]\nendpoint_url = https://s3.amazonaws.com\n",
        );
    }

    #[test]
    fn names_that_are_near_stay() {
        clean(
            Format::AwsCredentials,
            Setting::Metadata,
            "[a]\n# aws_access_key_id = a\naws_access_key_ids = b\nx_aws_access_key_id = c\n",
        );
        for text in [
            "AWS_ACCESS_KEY_ID=a\n",
            "aws_access_key_id = a\n[b]\n",
            "[a]\nregion = x\n",
            "[a]\nword\naws_access_key_id = a\n",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }
}
