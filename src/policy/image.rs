//! The parts of an image reference: `host:port/path/name:tag@digest`.

/// An image by its last name and its tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Image<'r> {
    /// The part after the last `/`: `registry` of `docker.io/library/registry:2`.
    pub name: &'r str,
    /// The tag, where one is written.
    pub tag: Option<&'r str>,
}

impl<'r> Image<'r> {
    /// Reads a reference; anything is one.
    #[must_use]
    pub fn of(reference: &'r str) -> Self {
        let reference = reference.trim();
        let tagged = reference.split_once('@').map_or(reference, |(before, _)| before);
        // A colon before the last slash is a port's.
        let last = tagged.rsplit_once('/').map_or(tagged, |(_, last)| last);
        match last.split_once(':') {
            Some((name, tag)) => Self {
                name,
                tag: Some(tag).filter(|tag| !tag.is_empty()),
            },
            None => Self { name: last, tag: None },
        }
    }

    /// The version that the tag begins with, if it begins with one.
    #[must_use]
    pub fn version(self) -> Option<Version> {
        self.tag.and_then(Version::leading)
    }
}

/// The numbers a version begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version(Vec<u64>);

impl Version {
    /// The numbers at the start of a tag, after a `v`; none when something else than `-`, `_` or `+` follows them.
    #[must_use]
    pub fn leading(tag: &str) -> Option<Self> {
        let digits = tag.strip_prefix('v').unwrap_or(tag);
        let end = digits.find(['-', '_', '+']).unwrap_or(digits.len());
        let numbers = digits.get(..end)?.split('.').map(str::parse);
        numbers.collect::<Result<_, _>>().ok().map(Self)
    }

    /// Whether every version this can stand for is older; a short one (`14`) stands for the newest of its line.
    #[must_use]
    pub fn is_before(&self, bound: &Self) -> bool {
        let differing = self.0.iter().zip(&bound.0).find(|(own, other)| own != other);
        differing.is_some_and(|(own, other)| own < other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reference: &str, name: &str, tag: Option<&str>) {
        assert_eq!(Image::of(reference), Image { name, tag }, "{reference}");
    }

    #[test]
    fn references_have_many_forms() {
        check("registry", "registry", None);
        check("registry:2", "registry", Some("2"));
        check("docker.io/library/registry:2.8.3", "registry", Some("2.8.3"));
        check("localhost:5000/registry", "registry", None);
        check("localhost:5000/a/registry:v2", "registry", Some("v2"));
        check("a/registry@sha256:00ff", "registry", None);
        check("a/registry:2@sha256:00ff", "registry", Some("2"));
        check("  a/registry:2  ", "registry", Some("2"));
        check("registry:", "registry", None);
        check("", "", None);
    }

    #[test]
    fn a_tag_may_begin_with_a_version() {
        let version = |tag: &str| Version::leading(tag).map(|version| version.0);
        assert_eq!(version("v14.3.1"), Some(vec![14, 3, 1]));
        assert_eq!(version("2.8.3-alpine"), Some(vec![2, 8, 3]));
        assert_eq!(version("14-3-stable"), Some(vec![14]));
        assert_eq!(version("v4.7.0-gitlab"), Some(vec![4, 7, 0]));
        for tag in ["master", "latest", "2b3c4d", "v", "", "2.x", "2..1"] {
            assert_eq!(version(tag), None, "{tag}");
        }
    }

    #[test]
    fn versions_compare_number_by_number() {
        let before = |own: &str, bound: &str| {
            let version = |text| Version::leading(text).expect("a version");
            version(own).is_before(&version(bound))
        };
        assert!(before("2", "3") && before("2.8.3", "3") && before("14.3", "14.4") && before("9.9", "14.4"));
        assert!(!before("3", "3") && !before("14", "14.4") && !before("14.4.0", "14.4") && !before("14.10", "14.4"));
    }
}
