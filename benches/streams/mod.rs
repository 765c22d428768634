//! Streams of the shapes that the time of a run can depend on, each with a policy that changes something in it.
//!
//! Invariant: the same shape in the same size is the same bytes.

mod config_map;
mod crd;
mod dashboard;
mod gitlab;
mod many;
mod platform;
mod prose;
mod webservice;

/// Manifests, and the policy that they are rewritten by.
pub(crate) struct Stream {
    /// What stands on standard input.
    pub(crate) manifests: String,
    /// What stands in the policy's file.
    pub(crate) policy: String,
}

/// A kind of stream that is made in any size.
pub(crate) struct Shape {
    /// What it is called on a command line.
    pub(crate) name: &'static str,
    /// What its size counts.
    pub(crate) counts: &'static str,
    make: fn(usize) -> Result<Stream, String>,
}

impl Shape {
    /// The stream in one size.
    ///
    /// # Errors
    /// What it is made from and is not there.
    pub(crate) fn make(&self, size: usize) -> Result<Stream, String> {
        (self.make)(size)
    }
}

/// The shape of a name.
pub(crate) fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}

/// Every shape there is.
pub(crate) const SHAPES: &[Shape] = &[
    of("gitlab", "copies of testdata/gitlab", gitlab::small),
    of("gitlab-helm3", "copies of what Helm 3 hands over", gitlab::helm3),
    of("gitlab-helm4", "copies of what Helm 4 hands over", gitlab::helm4),
    of("platform", "bytes, 1 % of the documents changed", |size| {
        Ok(platform::platform(size))
    }),
    of("config-map", "bytes of one ConfigMap", |size| {
        Ok(many::config_map(size))
    }),
    of("documents", "tiny documents", |size| Ok(many::documents(size))),
    of("list", "items of a List", |size| Ok(many::list(size))),
    of("list-json", "items of a List on one line", |size| {
        Ok(many::json_list(size))
    }),
    of("secrets", "Secrets that lose their keys", |size| {
        Ok(many::secrets(size))
    }),
    of("keys", "keys of a Secret that is edited", |size| Ok(many::keys(size))),
    of("line", "bytes of a line in a Secret that is edited", |size| {
        Ok(many::line(size))
    }),
    of("components", "components of the policy", |size| {
        Ok(many::components(size))
    }),
];

const fn of(name: &'static str, counts: &'static str, make: fn(usize) -> Result<Stream, String>) -> Shape {
    Shape { name, counts, make }
}
