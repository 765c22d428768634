//! The formats a Secret value can have, by name.

use std::fmt;
use std::str::FromStr;

/// What the text of a Secret value is written in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Format {
    /// The storage driver map of a container registry (docker distribution and GitLab's).
    Registry,
    /// A fog connection, as GitLab's Rails and Workhorse read it.
    Fog,
    /// An `.s3cfg` of s3cmd.
    S3cmd,
    /// An AWS shared credentials file.
    AwsCredentials,
    /// Any YAML or JSON; the policy names the paths.
    Yaml,
    /// Any INI or env file; the policy names the keys.
    Ini,
}

impl Format {
    /// Every format, in the order in which a text is tried against them.
    pub const ALL: [Self; 6] = [
        Self::Registry,
        Self::Fog,
        Self::S3cmd,
        Self::AwsCredentials,
        Self::Yaml,
        Self::Ini,
    ];

    /// The word a policy uses for this format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Fog => "fog",
            Self::S3cmd => "s3cmd",
            Self::AwsCredentials => "aws-credentials",
            Self::Yaml => "yaml",
            Self::Ini => "ini",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or(UnknownFormat)
    }
}

/// The word names no format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownFormat;
