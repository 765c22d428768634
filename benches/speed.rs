//! How long a run takes, from the bytes of its input to the texts of its output: `cargo bench`, or `cargo bench platform`
//! for the streams of one shape. [`streams`] says what they are.

mod streams;

use divan::Bencher;
use divan::counter::BytesCount;
use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::{Circumstances, Plan, plan};
use iam_roles::policy;
use iam_roles::policy::catalogue::Severity;
use iam_roles::policy::vars::Vars;
use iam_roles::rewrite::rewrite;

use self::streams::shape;

fn main() {
    divan::main();
}

#[divan::bench(args = ["gitlab 1", "gitlab-helm3 1", "gitlab-helm4 1"])]
fn release(bencher: Bencher<'_, '_>, stream: &str) {
    time(bencher, stream);
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [
    "gitlab 60", "gitlab 600", "gitlab-helm3 60", "gitlab-helm3 600",
    "platform 5500000", "platform 96000000", "config-map 100000000", "documents 1000000",
    "list 100000", "list-json 100000", "secrets 10000", "components 1000",
])]
fn large(bencher: Bencher<'_, '_>, stream: &str) {
    time(bencher, stream);
}

#[divan::bench(sample_count = 5, sample_size = 1, args = [
    "gitlab 120", "documents 100000", "documents 200000", "list 10000", "list 20000", "keys 100000", "keys 200000",
    "line 8000000", "line 16000000", "components 2000", "secrets 5000",
])]
fn doubled(bencher: Bencher<'_, '_>, stream: &str) {
    time(bencher, stream);
}

#[expect(clippy::print_stderr, reason = "what is left out is said")]
fn time(bencher: Bencher<'_, '_>, stream: &str) {
    let (name, size) = stream.split_once(' ').expect("a shape and a size");
    let shape = shape(name).expect("a shape");
    match shape.make(size.parse().expect("a size")) {
        Ok(made) => bencher
            .counter(BytesCount::of_str(&made.manifests))
            .with_inputs(|| made.manifests.clone().into_bytes())
            .bench_values(|bytes| rewritten(bytes, &made.policy)),
        Err(absent) => eprintln!("left out: {size} {}: {absent}", shape.counts),
    }
}

/// What the filter does between reading and writing.
fn rewritten(bytes: Vec<u8>, policy: &str) -> Vec<u8> {
    let inputs = [Input::new("stdin", bytes).expect("text")];
    let stream = Stream::read(&inputs).expect("a stream");
    let policy = policy::read(policy, "policy.yaml", &Vars::new(Vec::new(), |_| None)).expect("a policy");
    let circumstances = Circumstances {
        namespace: None,
        as_rendered: false,
    };
    let Plan { ledger, .. } = plan(&stream, &policy, &circumstances);
    assert!(!ledger.refuses(Severity::Error), "{:?}", ledger.findings());
    let mut out = Vec::new();
    for text in rewrite(&stream, &ledger).expect("a result") {
        text.write_to(&mut out).expect("memory");
    }
    out
}
