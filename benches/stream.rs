//! Writes a stream and its policy into a folder: `cargo run --release --example stream -- platform 96000000 FOLDER`.
//! Without arguments it tells the shapes there are.

mod streams;

use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::path::Path;
use std::{env, fs};

use anyhow::Context as _;

use self::streams::{SHAPES, shape};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, size, folder] = arguments.as_slice() else {
        return tell();
    };
    let shape = shape(name).with_context(|| format!("there is no shape `{name}`"))?;
    let stream = shape.make(size.parse().context("SIZE")?).map_err(anyhow::Error::msg)?;
    let file = |end: &str| Path::new(folder).join(format!("{name}-{size}.{end}"));
    fs::write(file("yaml"), stream.manifests).context("the stream")?;
    fs::write(file("policy.yaml"), stream.policy).context("the policy")
}

fn tell() -> anyhow::Result<()> {
    let mut text = "stream SHAPE SIZE FOLDER\n\n".to_owned();
    for shape in SHAPES {
        writeln!(text, "{:<14} SIZE: {}", shape.name, shape.counts)?;
    }
    stdout().write_all(text.as_bytes()).context("stdout")
}
