//! Streams and policies that nobody writes by accident, each in any size.
//!
//! Invariant: twice the size is twice the bytes, but where the depth of blocks makes it more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A policy and a stream that is hard on a program, and how it ends.
pub(crate) struct Hostile {
    /// What is hard about it.
    pub(crate) name: &'static str,
    /// The size that is measured, and twice it.
    pub(crate) size: usize,
    /// Whether a result is written.
    pub(crate) end: End,
    make: fn(usize) -> (String, Vec<u8>),
}

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// With a result.
    Written,
    /// With this finding, and nothing written.
    Refused(&'static str),
}

impl Hostile {
    /// The policy and the stream, in one size.
    pub(crate) fn make(&self, size: usize) -> (String, Vec<u8>) {
        (self.make)(size)
    }
}

const UNREADABLE: End = End::Refused("unreadable-input");
const STORAGE: &str = "s3:\n  bucket: b\n  region: r\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI\n";
const CONNECTION: &str = "provider: AWS\nregion: r\naws_access_key_id: a\naws_secret_access_key: b\n";
const S3CFG: &str = "[default]\naccess_key = a\nsecret_key = b\nbucket_location = r\n";

/// Every hostile input.
pub(crate) const ALL: &[Hostile] = &[
    of("sequences in sequences", 1_000_000, UNREADABLE, |n| {
        bare("- ".repeat(n))
    }),
    of("brackets in brackets", 1_000_000, UNREADABLE, |n| {
        bare("[".repeat(n) + &"]".repeat(n))
    }),
    of("brackets in braces", 1_000_000, UNREADABLE, |n| bare("[{a: ".repeat(n))),
    of("blocks in blocks", 1_000, UNREADABLE, |n| {
        bare(each(n, |i| " ".repeat(i) + "a:\n"))
    }),
    of("aliases of one node", 200_000, End::Written, |n| {
        web("---\na: &a {k: v}\nb:\n".to_owned() + &"- *a\n".repeat(n))
    }),
    of("aliases of aliases", 50_000, End::Written, |n| {
        let line = |i| format!("a{}: &a{} {{<<: [*a{i}, *a{i}, *a{i}]}}\n", i + 1, i + 1);
        web("---\napiVersion: v1\nkind: ConfigMap\na0: &a0 {k: v}\n".to_owned() + &each(n, line))
    }),
    of("one line of plain text", 50_000_000, End::Written, |n| {
        web(format!("---\na: {}\n", "x".repeat(n)))
    }),
    of("one line in quotes", 50_000_000, End::Written, |n| {
        web(format!("---\na: \"{}\"\n", "x".repeat(n)))
    }),
    of("one line of JSON", 500_000, End::Written, |n| {
        web(format!("---\n{{\"a\": [{}1]}}\n", "{\"b\": \"c\"}, ".repeat(n)))
    }),
    of("one line of comment", 50_000_000, End::Written, |n| {
        web(format!("---\na: b\n#{}\n", "x".repeat(n)))
    }),
    of("one key", 10_000_000, UNREADABLE, |n| {
        web(format!("---\n{}: a\n", "x".repeat(n.max(1025))))
    }),
    of("documents", 500_000, End::Written, |n| web("---\na: b\n".repeat(n))),
    of("markers", 1_000_000, End::Written, |n| web("---\n".repeat(n))),
    of("keys of one mapping", 500_000, End::Written, |n| {
        web(object(
            "v1",
            "ConfigMap",
            "c",
            &("data:\n".to_owned() + &each(n, |i| format!("  k{i}: v\n"))),
        ))
    }),
    of("quotes that stay open", 1_000_000, UNREADABLE, |n| {
        bare("a: 'b\n".repeat(n))
    }),
    of("braces at the first column", 100_000, End::Written, |n| {
        bare(format!("a: [\n{}]\n", "{\n},\n".repeat(n)))
    }),
    of("a fault at the end of a line", 50_000_000, UNREADABLE, |n| {
        bare(format!("{{\"a\": \"{}\", }}}}\n", "\u{e9}".repeat(n / 2)))
    }),
    of("items of a List", 50_000, End::Written, |n| {
        let item = |i| format!("- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: c{i}}}}}\n");
        web("---\napiVersion: v1\nkind: List\nitems:\n".to_owned() + &each(n, item))
    }),
    of("Secrets without keys", 50_000, End::Written, |n| {
        web(each(n, |i| secret(i, "word")))
    }),
    of("Secrets with keys that stay", 50_000, End::Written, |n| {
        web(each(n, |i| secret(i, STORAGE)))
    }),
    of("Secrets that are edited", 20_000, End::Written, |n| {
        named(each(n, |i| secret(i, STORAGE)))
    }),
    of("flat Secrets of one container", 10_000, End::Written, |n| flat(n, "")),
    of("flat Secrets beside a text of words", 10_000, End::Written, |n| {
        flat(n, &object("x/v1", "X", "x", &format!("spec: {}\n", "word ".repeat(n))))
    }),
    of("keys of one Secret", 20_000, End::Written, |n| {
        let pod = "      containers:\n      - {name: a, image: b, envFrom: [{secretRef: {name: s}}]}\n";
        let pair =
            |i| format!("  RCLONE_CONFIG_{i}_ACCESS_KEY_ID: YQ==\n  RCLONE_CONFIG_{i}_SECRET_ACCESS_KEY: YQ==\n");
        let secret = object("v1", "Secret", "s", &("data:\n".to_owned() + &each(n, pair)));
        (
            components("  web: r\n"),
            (workload("web", "web", "web", pod) + &account("web") + &secret).into(),
        )
    }),
    of("readers of one Secret", 10_000, End::Written, |n| {
        let pod = "      volumes: [{name: v, secret: {secretName: s0}}]\n";
        let workloads = each(n, |i| workload(&format!("w{i}"), "web", "web", pod));
        (
            components("  web: r\n"),
            (account("web") + &workloads + &secret(0, STORAGE)).into(),
        )
    }),
    of("base64 of base64", 20, End::Written, |n| {
        named(secret(
            0,
            &(0..n).fold(STORAGE.to_owned(), |text, _| STANDARD.encode(text)),
        ))
    }),
    of("a value of YAML", 10_000_000, End::Written, |n| {
        named(secret(0, &(CONNECTION.to_owned() + &"k: v\n".repeat(n / 5))))
    }),
    of("a value of INI", 10_000_000, End::Written, |n| {
        named(secret(0, &(S3CFG.to_owned() + &"k = v\n".repeat(n / 6))))
    }),
    of("a value of keys", 10_000_000, End::Written, |n| {
        named(secret(
            0,
            &(S3CFG.to_owned() + &"access_key = a\nk = v\n".repeat(n / 21)),
        ))
    }),
    of("a value that is no text", 10_000_000, End::Written, |n| {
        web(object(
            "v1",
            "Secret",
            "s",
            &format!("data:\n  k: {}\n", STANDARD.encode(vec![0xff_u8; n])),
        ))
    }),
    of("containers", 20_000, End::Refused("static-keys-in-env"), |n| {
        pod("containers", n, |i| {
            format!("      - {{name: c{i}, image: b, env: [{{name: AWS_ACCESS_KEY_ID, value: x}}]}}\n")
        })
    }),
    of("volumes", 20_000, End::Written, |n| {
        pod("volumes", n, |i| {
            format!("      - {{name: v{i}, hostPath: {{path: /}}}}\n")
        })
    }),
    of("accounts with users", 5_000, End::Written, |n| {
        let pair = |i| account(&format!("a{i}")) + &workload(&format!("w{i}"), "web", &format!("a{i}"), "");
        let others = |i| workload(&format!("x{i}"), "other", &format!("a{i}"), "");
        (components("  web: r\n"), (each(n, pair) + &each(n, others)).into())
    }),
    of("bindings", 10_000, End::Written, |n| {
        let subject = |i| format!("subjects: [{{kind: ServiceAccount, name: z{i}}}]\n");
        let binding = |i| {
            object(
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                &format!("b{i}"),
                &subject(i),
            )
        };
        let workloads = each(n, |i| workload(&format!("w{i}"), "web", &format!("a{i}"), ""));
        (
            components("  web: {role: r, serviceAccount: {create: new}}\n"),
            (each(n, binding) + &workloads).into(),
        )
    }),
    of("components", 5_000, End::Written, |n| {
        let component = |i| format!("  c{i}: r{i}\n");
        let pair = |i| account(&format!("a{i}")) + &workload(&format!("w{i}"), &format!("c{i}"), &format!("a{i}"), "");
        (components(&each(n, component)), each(n, pair).into())
    }),
    of(
        "components that match nothing",
        5_000,
        End::Refused("component-matched-nothing"),
        |n| {
            let pair =
                |i| account(&format!("a{i}")) + &workload(&format!("w{i}"), &format!("c{i}"), &format!("a{i}"), "");
            (components(&each(n, |i| format!("  d{i}: r\n"))), each(n, pair).into())
        },
    ),
    of("annotations that are misspelt", 20_000, End::Written, |n| {
        let annotation = |i| format!("    eks.amazonaws.com/role-arm-{i}: x\n");
        let head = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x\n  annotations:\n";
        web(head.to_owned() + &each(n, annotation))
    }),
    of(
        "stars in a pattern",
        200,
        End::Refused("component-matched-nothing"),
        |n| {
            let pattern = format!("  web: {{role: r, match: {{name: \"{}\"}}}}\n", "*a".repeat(n));
            (
                components(&pattern),
                workload(&("a".repeat(100 * n) + "b"), "web", "web", "").into(),
            )
        },
    ),
    of(
        "an expression in an expression",
        50,
        End::Refused("namespace-forbids-role"),
        |n| {
            let annotation = format!(
                "{{iam.amazonaws.com/permitted: \"{}(x{{1000}}){{1000}}\"}}",
                "(a*)*".repeat(n)
            );
            let namespace =
                format!("---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: n, annotations: {annotation}}}\n");
            (
                "via: kiam\ncomponents: {web: r}\n".into(),
                (namespace + &workload("web", "web", "web", "")).into(),
            )
        },
    ),
    of("key ids in a ConfigMap", 20_000, End::Written, |n| {
        web(object(
            "v1",
            "ConfigMap",
            "c",
            &("data:\n".to_owned() + &each(n, |i| format!("  k{i}: AKIAIOSFODNN7EXAMPLE\n"))),
        ))
    }),
    of("a ConfigMap of one text", 50_000_000, End::Written, |n| {
        web(object(
            "v1",
            "ConfigMap",
            "c",
            &("data:\n  a: |\n".to_owned() + &"    some line of text\n".repeat(n / 22)),
        ))
    }),
];

const fn of(name: &'static str, size: usize, end: End, make: fn(usize) -> (String, Vec<u8>)) -> Hostile {
    Hostile { name, size, end, make }
}

fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

fn components(lines: &str) -> String {
    format!("account: \"111122223333\"\ncomponents:\n{lines}")
}

/// A stream alone.
fn bare(text: String) -> (String, Vec<u8>) {
    (components("  web: r\n"), text.into())
}

/// A stream behind a workload that is given its role.
fn web(text: impl AsRef<str>) -> (String, Vec<u8>) {
    bare(account("web") + &workload("web", "web", "web", "") + text.as_ref())
}

/// The same, with every Secret named.
fn named(text: impl AsRef<str>) -> (String, Vec<u8>) {
    let (policy, stream) = web(text);
    (policy + "secrets:\n- name: \"*\"\n", stream)
}

fn object(version: &str, kind: &str, name: &str, rest: &str) -> String {
    format!("---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: n}}\n{rest}")
}

fn account(name: &str) -> String {
    object("v1", "ServiceAccount", name, "")
}

fn workload(name: &str, app: &str, account: &str, pod: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: n, labels: {{app: {app}}}}}\nspec:\n  template:\n    spec:\n      serviceAccountName: {account}\n{pod}"
    )
}

fn secret(number: usize, text: &str) -> String {
    let data = format!("data:\n  config: {}\n", STANDARD.encode(text));
    object("v1", "Secret", &format!("s{number}"), &data)
}

/// One workload with very many of something.
fn pod(list: &str, count: usize, item: impl Fn(usize) -> String) -> (String, Vec<u8>) {
    let pod = format!("      {list}:\n{}", each(count, item));
    (
        components("  web: r\n"),
        (account("web") + &workload("web", "web", "web", &pod)).into(),
    )
}

/// One container that reads pairs of keys from very many Secrets.
fn flat(count: usize, rest: &str) -> (String, Vec<u8>) {
    let key = |i: usize, key: &str| {
        format!("        - {{name: {key}{i}, valueFrom: {{secretKeyRef: {{name: s{i}, key: AWS_{key}}}}}}}\n")
    };
    let env = each(count, |i| key(i, "ACCESS_KEY_ID") + &key(i, "SECRET_ACCESS_KEY"));
    let pod = format!(
        "      containers:\n      - name: a\n        image: b\n        env:\n{env}        - {{name: Z, value: $(Y)}}\n"
    );
    let pair = "data: {AWS_ACCESS_KEY_ID: YQ==, AWS_SECRET_ACCESS_KEY: Yg==}\n";
    let secrets = each(count, |i| object("v1", "Secret", &format!("s{i}"), pair));
    let stream = account("web") + &workload("web", "web", "web", &pod) + &secrets + rest;
    (components("  web: r\n"), stream.into())
}
