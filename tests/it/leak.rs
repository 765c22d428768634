//! The secrets that inputs carry and nothing may tell, and how one is seen in a text.

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The first two are AWS's documented examples.
pub(crate) const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "IQoJb3JpZ2luX2VjEPz//////////wEaCXVzLWVhc3QtMSJH";

/// So many characters of a secret are taken for it: fewer can be words.
const PART: usize = 8;

static PARTS: LazyLock<HashSet<[u8; PART]>> = LazyLock::new(|| {
    let secrets = [KEY_ID, SECRET_KEY, TOKEN].into_iter();
    let spellings = secrets.flat_map(|secret| {
        let packed = (0..3).map(|shift| STANDARD.encode("\0".repeat(shift) + secret));
        // The first and the last characters of base64 depend on the neighbours, too.
        let packed = packed.map(|packed| packed[4..packed.len() - 4].to_owned());
        packed.chain([secret.to_owned()]).collect::<Vec<_>>()
    });
    spellings
        .flat_map(|spelling| spelling.as_bytes().array_windows().copied().collect::<Vec<_>>())
        .collect()
});

/// The part of a known secret that a text tells, as it is or in base64.
pub(crate) fn leaked(text: &str) -> Option<String> {
    let mut parts = text.as_bytes().array_windows::<PART>();
    let part = parts.find(|part| PARTS.contains(*part))?;
    Some(String::from_utf8_lossy(part).into_owned())
}

#[test]
fn a_secret_is_seen_in_every_spelling() {
    assert!(leaked("a key AKIAIOSF was").is_some());
    for around in ["", "x", "xy"] {
        let packed = STANDARD.encode(format!("{around}{SECRET_KEY}{around}"));
        assert!(leaked(&packed).is_some(), "{packed}");
    }
    assert_eq!(leaked("error[no-service-account]: stdin:1:1: EXAMPLE"), None);
}
