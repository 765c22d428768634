use super::*;
use serde_yaml::Value as Read;

const REGISTRY: &str = "# c\ns3:\n  accesskey: aK1 # old\n  bucket: \"x\"\n  secretkey: |\n    sK2\n  v4auth: true\n";
const FOG: &str = "provider: AWS\naws_access_key_id: aK1\n# c\nregion: 'x'\naws_secret_access_key: sK2\n";
const FLOW: &str = "{\"provider\": \"AWS\", \"aws_access_key_id\": \"aK1\", \"aws_secret_access_key\": \"sK2\"}";
const S3CMD: &str = "[default]\naccess_key = aK1\nhost_base = s3.amazonaws.com\nsecret_key = sK2\n# c\n";
const PROFILES: &str = "[a]\naws_access_key_id = aK1\naws_secret_access_key = sK2\n[b]\nregion = x\n";
const SAMPLES: [(Format, &str); 5] = [
    (Format::Registry, REGISTRY),
    (Format::Fog, FOG),
    (Format::Fog, FLOW),
    (Format::S3cmd, S3CMD),
    (Format::AwsCredentials, PROFILES),
];

const DIRT: [&str; 30] = [
    "\n", "\r", "\r\n", " ", "  ", "\t", "#", " # ", ";", ":", ": ", "=", "- ", "? ", "{", "}", "[", "]", ",", "\"",
    "'", "|\n", "&a ", "*a", "<<: ", "!x ", "---\n", "...\n", "é", "\\",
];

/// The samples with one thing too many, or one character too few.
fn spoilt() -> impl Iterator<Item = (Format, String)> {
    SAMPLES.into_iter().flat_map(|(format, text)| {
        let added = (0..=text.len()).flat_map(move |at| {
            let (before, after) = text.split_at(at);
            DIRT.into_iter().map(move |dirt| format!("{before}{dirt}{after}"))
        });
        let taken = (0..text.len()).map(|at| format!("{}{}", &text[..at], &text[at + 1..]));
        added.chain(taken).map(move |text| (format, text))
    })
}

#[test]
fn whatever_is_stripped_is_clean_and_has_lost_its_keys_only() {
    for (format, text) in spoilt() {
        let Ok(Verdict::Stripped { edits, removed, added }) = strip(&text, format, Setting::WebIdentity) else {
            continue;
        };
        let after = edits.apply(&text);
        assert_eq!(
            strip(&after, format, Setting::WebIdentity),
            Ok(Verdict::Clean),
            "{text:?}"
        );
        assert!(!holds_keys(&after, format), "{text:?}");
        // A tagged key is another key to serde_yaml.
        let before = serde_yaml::from_str::<Read>(&text)
            .ok()
            .filter(|_| !text.contains("!x"));
        let Some(Read::Mapping(mut before)) = before else {
            continue;
        };
        let Ok(Read::Mapping(after)) = serde_yaml::from_str::<Read>(&after) else {
            panic!("{text:?} was YAML and is not any more");
        };
        for name in removed {
            before.remove(&name);
            before
                .get_mut("s3")
                .and_then(Read::as_mapping_mut)
                .map(|s3| s3.remove(&name));
        }
        for name in added {
            before.insert(name.into(), true.into());
        }
        assert_eq!(before, after, "{text:?}");
    }
}

#[test]
fn nothing_shown_holds_a_value() {
    for (format, text) in spoilt() {
        let shown = format!("{:?}", strip(&text, format, Setting::WebIdentity));
        assert!(!shown.contains("aK1") && !shown.contains("sK2"), "{shown}");
    }
}

#[test]
fn texts_of_no_known_format() {
    for text in [
        "",
        "\0",
        "word",
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "type: S3\nconfig:\n  access_key: a\n  secret_key: b\n",
        "aws_access_key_id: a\naws_secret_access_key: b\n",
        "provider: Google\nurl: x\nkey_name: y\nkey: z\n",
        "s3:\n  bucket: x\n  table: y\n",
        "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n",
        "{\"auths\": {\"s3\": {\"provider\": \"aws_x\"}}}",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
    for (format, text) in SAMPLES {
        assert_eq!(recognise(text), Some(format));
    }
}

#[test]
fn yaml_and_ini_at_large_have_no_keys_of_their_own() {
    for format in [Format::Yaml, Format::Ini] {
        assert_eq!(strip(FOG, format, Setting::Metadata), Ok(Verdict::Clean));
        assert!(!holds_keys(FOG, format));
    }
}
