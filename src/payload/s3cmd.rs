//! An `.s3cfg` of s3cmd: lines of `word = value`; section names mean nothing to s3cmd.

use super::assignment::{Assignment, Dialect};
use super::host::is_aws;
use super::ini::Ini;
use super::verdict::{Outcome, Setting, Step};
use super::{Row, ini_keys, names};

pub(super) const ROW: Row = Row {
    is_surely,
    holds_keys,
    strip,
    edit: names::edit_s3cmd,
    lacks_region,
};

/// Where the bucket is, and, with web identity, whose STS is asked (s3cmd 2.3.0).
const REGION: &str = "bucket_location";

const CREDENTIALS: [&str; 3] = ["access_key", "secret_key", "access_token"];
const HOSTS: [&str; 2] = ["host_base", "host_bucket"];

/// Settings that no other INI file has.
const OWN: [&str; 3] = ["bucket_location", "host_base", "host_bucket"];

/// The settings beside those and the credentials (s3cmd 2.4.0).
const OTHERS: [&str; 82] = [
    "add_encoding_exts",
    "add_headers",
    "ca_certs_file",
    "cache_file",
    "check_ssl_certificate",
    "check_ssl_hostname",
    "cloudfront_host",
    "connection_max_age",
    "connection_pooling",
    "content_disposition",
    "content_type",
    "default_mime_type",
    "delay_updates",
    "delete_after",
    "delete_after_fetch",
    "delete_removed",
    "dry_run",
    "enable_multipart",
    "encoding",
    "encrypt",
    "expiry_date",
    "expiry_days",
    "expiry_prefix",
    "follow_symlinks",
    "force",
    "get_continue",
    "gpg_command",
    "gpg_decrypt",
    "gpg_encrypt",
    "gpg_passphrase",
    "guess_mime_type",
    "human_readable_sizes",
    "invalidate_default_index_on_cf",
    "invalidate_default_index_root_on_cf",
    "invalidate_on_cf",
    "kms_key",
    "limit",
    "limitrate",
    "list_allow_unordered",
    "list_md5",
    "log_target_prefix",
    "long_listing",
    "max_delete",
    "mime_type",
    "multipart_chunk_size_mb",
    "multipart_copy_chunk_size_mb",
    "multipart_max_chunks",
    "preserve_attrs",
    "progress_meter",
    "proxy_host",
    "proxy_port",
    "public_url_use_https",
    "put_continue",
    "recursive",
    "recv_chunk",
    "reduced_redundancy",
    "requester_pays",
    "restore_days",
    "restore_priority",
    "send_chunk",
    "server_side_encryption",
    "signature_v2",
    "signurl_use_https",
    "simpledb_host",
    "skip_destination_validation",
    "skip_existing",
    "socket_timeout",
    "ssl_client_cert_file",
    "ssl_client_key_file",
    "stats",
    "stop_on_error",
    "storage_class",
    "throttle_max",
    "upload_id",
    "urlencoding_mode",
    "use_http_expect",
    "use_https",
    "use_mime_magic",
    "verbosity",
    "website_endpoint",
    "website_error",
    "website_index",
];

fn is_surely(text: &str) -> bool {
    let ini = Ini::read(text, Dialect::S3cmd);
    let has = |key: &str| ini.assignments().any(|assignment| assignment.key == key);
    // The same with the keys as without them, so that a text is known again when they are gone; an AWS credentials file
    // that held its keys alone leaves the same.
    let is_known = |own: Assignment<'_>| CREDENTIALS.contains(&own.key) || OTHERS.contains(&own.key);
    let is_default = || ini.sections().eq(["default"]) && ini.assignments().all(is_known);
    ini.is_regular() && (OWN.into_iter().any(has) || is_default())
}

fn holds_keys(text: &str) -> bool {
    !credentials(&Ini::read(text, Dialect::S3cmd)).is_empty()
}

fn strip(text: &str, _: Setting) -> Step<Outcome> {
    let ini = Ini::read(text, Dialect::S3cmd);
    ini_keys::strip(text, &ini, &credentials(&ini), |key| HOSTS.contains(&key))
}

fn lacks_region(text: &str) -> Option<&'static str> {
    let ini = Ini::read(text, Dialect::S3cmd);
    let says_where = |own: Assignment<'_>| own.key == REGION || (HOSTS.contains(&own.key) && !is_aws(own.unquoted()));
    // A text without any setting may be what is left of an AWS credentials file.
    (!ini.is_bare() && !ini.assignments().any(says_where)).then_some(REGION)
}

fn credentials<'t>(ini: &Ini<'t>) -> Vec<Assignment<'t>> {
    ini.assignments().filter(|own| CREDENTIALS.contains(&own.key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::format::Format;
    use crate::payload::recognise;
    use crate::payload::samples::{check, clean, kept, names};
    use crate::payload::verdict::{KeptReason, Unreadable};
    use crate::yaml::source::Pos;

    #[track_caller]
    fn strips(text: &str, expected: &str) {
        check(Format::S3cmd, Setting::WebIdentity, text, expected);
    }

    #[track_caller]
    fn keeps(text: &str, reason: KeptReason) -> String {
        kept(Format::S3cmd, Setting::WebIdentity, text, reason)
    }

    #[test]
    fn the_documented_text() {
        let text = "[default]\naccess_key = AWS_ACCESS_KEY\nsecret_key = AWS_SECRET_KEY\nbucket_location = us-east-1\n";
        let expected = "[default]\nbucket_location = us-east-1\n";
        strips(text, expected);
        assert_eq!(
            names(Format::S3cmd, text),
            (vec!["access_key".into(), "secret_key".into()], vec![])
        );
        assert_eq!(recognise(text), Some(Format::S3cmd));
        assert_eq!(recognise(expected), Some(Format::S3cmd));
    }

    #[test]
    fn a_text_without_settings_lacks_no_region() {
        assert_eq!(lacks_region("[default]\n"), None);
        assert_eq!(lacks_region("[default]\nuse_https = True\n"), Some(REGION));
    }

    #[test]
    fn a_text_without_its_keys_is_known_again() {
        let text = "[default]\nuse_https = True\naccess_key = a\nsecret_key = b\n";
        strips(text, "[default]\nuse_https = True\n");
        assert_eq!(recognise(text), Some(Format::S3cmd));
        assert_eq!(recognise("[default]\nuse_https = True\n"), Some(Format::S3cmd));
        // What would not be known without its keys is not known with them.
        assert_eq!(
            recognise("[default]\nother = x\naccess_key = a\nsecret_key = b\n"),
            None
        );
        assert_eq!(recognise("[default]\nother = x\n"), None);
    }

    #[test]
    fn everything_else_stays() {
        strips(
            "# mine\n\naccess_key=a\n[default]\n  secret_key = b\n    use_https = True\n\nmultipart_chunk_size_mb = 128 # default is 15 (MB)\naccess_token =\n; end\nhost_base = s3.amazonaws.com",
            "# mine\n\n[default]\n    use_https = True\n\nmultipart_chunk_size_mb = 128 # default is 15 (MB)\n; end\nhost_base = s3.amazonaws.com",
        );
        strips(
            "[default]\nbucket_location = x\n\naccess_key = a\nsecret_key = b",
            "[default]\nbucket_location = x\n",
        );
        strips(
            "[a]\naccess_key = \"a\n[b]\naccess_key = c\naccess_key\t=d\n",
            "[a]\n[b]\n",
        );
        strips("access_key = a", "");
    }

    #[test]
    fn names_that_are_near_stay() {
        clean(
            Format::S3cmd,
            Setting::Metadata,
            "[default]\n# access_key = a\n;secret_key = b\nsecret_keys = c\nmy access_key = d\nACCESS_KEY = e\ngpg_passphrase = f\nx = access_key = g\n",
        );
        clean(Format::S3cmd, Setting::Metadata, "");
    }

    #[test]
    fn another_host_keeps_the_keys() {
        let with = |line: &str| {
            format!("[default]\nhost_base = {line}\nbucket_location = x\naccess_key = a\nsecret_key = b\n")
        };
        assert_eq!(
            keeps(&with("https://x.azurewebsites.net"), KeptReason::EndpointNotAws),
            "host_base"
        );
        keeps(
            &with("s3.amazonaws.com\nhost_bucket = %(bucket)s.nyc3.digitaloceanspaces.com"),
            KeptReason::EndpointNotAws,
        );
        keeps(&with("$HOST"), KeptReason::Template);
        let aws = "\"s3.eu-west-1.amazonaws.com\"\nhost_bucket = %(bucket)s.s3.eu-west-1.amazonaws.com";
        strips(&with(aws), &with(aws).replace("access_key = a\nsecret_key = b\n", ""));
        strips(&with(""), "[default]\nhost_base = \nbucket_location = x\n");
        clean(Format::S3cmd, Setting::WebIdentity, "host_base = minio:9000\n");
    }

    #[test]
    fn keys_that_are_filled_in_later_stay() {
        let with = |value: &str| format!("[default]\naccess_key = {value}\nsecret_key = b\n");
        for value in [
            "$FOO",
            "${FOO}",
            "$(cat /x)",
            "\"$FOO\"",
            "{{ x }}",
            "<%= x %>",
            "<path:a#b>",
        ] {
            keeps(&with(value), KeptReason::Template);
        }
        keeps(&with("ACCESS_KEY"), KeptReason::Sentinel);
        keeps(&with("ENC[AES256_GCM,data:x]"), KeptReason::Sealed);
        keeps(&with("a\n# was AKIAIOSFODNN7EXAMPLE"), KeptReason::KeyInComment);
        keeps("{{- if x }}\naccess_key = a\n{{- end }}\n", KeptReason::Template);
        keeps("{{ file }}\n", KeptReason::Template);
        strips(&with("a$b"), "[default]\n");
    }

    #[test]
    fn texts_of_another_shape() {
        let strip = |text| crate::payload::strip(text, Format::S3cmd, Setting::WebIdentity);
        let pos = Pos::new(2);
        assert_eq!(strip("#\nprovider: AWS\n"), Err(Unreadable::NotTheFormat { pos }));
        for text in [
            "A=b\nACCESS_KEY=c\n",
            "bucket_location: x\n",
            "access_key = a\n",
            "[a]\nbucket_location = x\nword\n",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }
}
