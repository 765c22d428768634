//! The programs that read storage Secrets, with what `iam-roles` made of them as their configuration, against AWS on
//! loopback.
//!
//! Each runs in a network of its own that has nothing but loopback, where AWS's host names are `moto`, so no endpoint has
//! to be set and no other address can be called.

pub(crate) mod boto;
pub(crate) mod registry;
pub(crate) mod s3cmd;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;
use std::{collections::BTreeSet, fs, process::Command};

use crate::{
    filter::filter,
    objects::objects,
    path,
    program::MOTO,
    sandbox::{Sandbox, testdata, text},
};

/// The role that the webhook's variables name.
const ROLE: &str = "arn:aws:iam::111122223333:role/gitlab-registry";

const BUCKET: &str = "gitlab-registry";

/// The region of the chart's storage.
const REGION: &str = "eu-central-1";

/// The key pair's first half in the chart's Secrets.
const STATIC_KEY: &str = "AKIAIOSFODNN7EXAMPLE";

/// What the metadata gives, as kube2iam and kiam answer for it, or the node.
const METADATA_KEY: &str = "ASIAMETADATAMETADATA";

/// What the webhook adds to a container, and nothing else.
const WEB_IDENTITY: [(&str, &str); 4] = [
    ("AWS_ROLE_ARN", ROLE),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "token"),
    ("AWS_REGION", REGION),
    ("AWS_STS_REGIONAL_ENDPOINTS", "regional"),
];

/// Whose credentials a request was signed with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Signer {
    /// The key pair that stood in the Secret.
    StaticKeys,
    /// The role that STS was asked for with the token.
    WebIdentity,
    /// The role of the metadata: kube2iam's and kiam's way.
    Metadata,
}

/// What a consumer did.
pub(crate) struct Outcome {
    /// Its exit status.
    pub(crate) code: Option<i32>,
    /// What it wrote, on both streams.
    pub(crate) said: String,
    requests: Vec<Value>,
}

/// A place where AWS is on loopback.
pub(crate) struct Loopback {
    pub(crate) sandbox: Sandbox,
    /// The key id of the metadata's role; empty where it has none.
    metadata_key: &'static str,
}

/// A command in namespaces that end with it.
fn isolated() -> Command {
    let mut command = Command::new("unshare");
    command.args([
        "--user",
        "--map-root-user",
        "--mount",
        "--net",
        "--pid",
        "--fork",
        "--kill-child",
    ]);
    command
}

impl Loopback {
    pub(crate) fn new() -> Self {
        let sandbox = Sandbox::new();
        let names = [String::new(), format!("{REGION}.")].map(|region| {
            ["sts", "s3", &format!("{BUCKET}.s3")].map(|service| format!("{service}.{region}amazonaws.com"))
        });
        let names = names.concat();
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names.clone()).expect("a certificate");
        sandbox.write("certificate.pem", &cert.pem());
        sandbox.write("key.pem", &signing_key.serialize_pem());
        sandbox.write("hosts", &format!("127.0.0.1 localhost {}\n", names.join(" ")));
        sandbox.write("token", "a token of the cluster");
        sandbox.write("requests", "");
        sandbox.write("aws.py", include_str!("aws.py"));
        sandbox.write("push.py", include_str!("push.py"));
        Self {
            sandbox,
            metadata_key: METADATA_KEY,
        }
    }

    /// Where the metadata has no role to give.
    pub(crate) fn without_metadata() -> Self {
        Self {
            metadata_key: "",
            ..Self::new()
        }
    }

    /// Runs a script of `sh` beside AWS. `$PYTHON` runs `push.py`.
    #[track_caller]
    pub(crate) fn run(&self, variables: &[(&str, &str)], script: &str) -> Outcome {
        self.sandbox.write("script", script);
        let start = format!(
            "set -eu
ip link set lo up
ip address add 169.254.169.254/32 dev lo
mount --bind hosts /etc/hosts
$PYTHON aws.py certificate.pem key.pem requests {BUCKET} {REGION} \"$METADATA_KEY\" > aws.log 2>&1 &
until grep -q ready aws.log; do kill -0 $!; sleep 0.05; done
exec \"$@\" sh -eu script
"
        );
        let mut run = isolated();
        run.args(["sh", "-c", &start, "sh", "env"]);
        run.args(variables.iter().map(|(name, value)| format!("{name}={value}")));
        let run = run
            .current_dir(self.sandbox.path("."))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.sandbox.path("."))
            .env("PYTHON", path(&MOTO))
            .env("METADATA_KEY", self.metadata_key)
            // Go and Python's own TLS look here.
            .env("SSL_CERT_FILE", self.sandbox.path("certificate.pem"))
            .output()
            .expect("unshare");
        let requests = fs::read_to_string(self.sandbox.path("requests")).expect("the requests");
        let requests = requests
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"));
        Outcome {
            code: run.status.code(),
            said: format!("{}{}", text(&run.stdout), String::from_utf8_lossy(&run.stderr)),
            requests: requests.collect(),
        }
    }
}

impl Outcome {
    /// Who signed the requests to S3.
    pub(crate) fn signers(&self) -> Vec<Signer> {
        let to_s3 = self.requests.iter().filter(|request| {
            let host = request["host"].as_str().unwrap_or_default();
            host.starts_with("s3.") || host.contains(".s3.")
        });
        let signers: BTreeSet<Signer> = to_s3
            .map(|request| match request["keyId"].as_str().expect("a signed request") {
                STATIC_KEY => Signer::StaticKeys,
                METADATA_KEY => Signer::Metadata,
                _ => Signer::WebIdentity,
            })
            .collect();
        signers.into_iter().collect()
    }

    /// Whether STS was asked for the role.
    pub(crate) fn asked_for_the_role(&self) -> bool {
        let asked = self.requests.iter().filter(|request| {
            let host = request["host"].as_str().unwrap_or_default();
            host.starts_with("sts.")
        });
        let name = "role%2Fgitlab-registry";
        let asked: Vec<String> = asked
            .map(|request| format!("{}{}", request["path"], request["body"]))
            .collect();
        for request in &asked {
            assert!(
                request.contains("AssumeRoleWithWebIdentity") && request.contains(name),
                "{request}"
            );
        }
        !asked.is_empty()
    }

    /// Done, by web identity alone.
    #[track_caller]
    pub(crate) fn used_the_role(&self) {
        assert_eq!(self.code, Some(0), "{}", self.said);
        assert!(self.asked_for_the_role(), "{}", self.said);
        assert_eq!(self.signers(), [Signer::WebIdentity], "{}", self.said);
    }

    /// Done by something else, and STS was never asked.
    #[track_caller]
    pub(crate) fn used(&self, signer: Signer) {
        assert_eq!(self.code, Some(0), "{}", self.said);
        assert_eq!(self.signers(), [signer], "{}", self.said);
        assert!(!self.asked_for_the_role(), "{}", self.said);
    }
}

/// A value of a Secret of the chart's, as the chart renders it and as the filter leaves it.
#[track_caller]
pub(crate) fn before_and_after(secret: &str, key: &str) -> [String; 2] {
    let stream = fs::read_to_string(testdata("stream.yaml")).expect("testdata/gitlab/stream.yaml");
    let done = filter(&testdata("policy.yaml"), stream.as_bytes()).success();
    [stream.as_str(), text(&done.get_output().stdout)].map(|stream| {
        let secret = &objects(stream)[&format!("Secret/{secret}")];
        let fields = [&secret["data"][key], &secret["stringData"][key]];
        let value = fields.into_iter().find_map(serde_yaml::Value::as_str).expect("a value");
        value.to_owned()
    })
}
