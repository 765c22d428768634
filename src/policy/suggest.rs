//! The nearest valid word, offered only when it is close.

/// How long a word may be to be compared; the names of Kubernetes are no longer.
const LONGEST_WORD: usize = 320;

/// How many words a sentence lists.
pub const LONGEST_LIST: usize = 100;

/// The candidate that was most likely meant by `word`, if one is close.
///
/// Close is: at most a third of the letters differ, or the candidate is made of words among which are all of this one's
/// (`runner` for `gitlab-runner`).
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = word.to_lowercase();
    let allowed = (wanted.chars().count() / 3).max(1);
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        // Comparing takes the one length times the other.
        if lower.len() > LONGEST_WORD || wanted.len() > LONGEST_WORD {
            continue;
        }
        let distance = strsim::osa_distance(&wanted, &lower);
        let close = distance <= allowed && distance < lower.chars().count();
        let part = 3 <= wanted.len()
            && wanted
                .split('-')
                .all(|piece| lower.split('-').any(|other| other == piece));
        if (close || part) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The end of a message about an unknown word: `; did you mean …?`, or nothing.
#[must_use]
pub fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(word, candidates)
        .map(|candidate| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

/// The words in backticks, with commas.
#[must_use]
pub fn listed<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// The same, cut short where there are more than anybody reads: the first hundred, and how many more.
#[must_use]
pub fn listed_in_short<'c>(words: impl IntoIterator<Item = &'c str>) -> String {
    let mut words = words.into_iter();
    let first: Vec<&str> = words.by_ref().take(LONGEST_LIST).collect();
    listed_and(first, words.count())
}

/// The words, and how many more there are.
#[must_use]
pub fn listed_and<'c>(words: impl IntoIterator<Item = &'c str>, more: usize) -> String {
    match (listed(words), more) {
        (words, 0) => words,
        (words, more) => format!("{words} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        let words = [
            "sidekiq",
            "registry",
            "toolbox",
            "gitlab-runner",
            "aws-cn",
            "aws-us-gov",
        ];
        assert_eq!(nearest(word, words), expected, "{word}");
    }

    #[test]
    fn a_close_word_is_offered() {
        check("sidekick", Some("sidekiq"));
        check("Registry", Some("registry"));
        check("regsitry", Some("registry"));
        check("runner", Some("gitlab-runner"));
        check("aws-gov", Some("aws-us-gov"));
        check("aws_cn", Some("aws-cn"));
    }

    #[test]
    fn a_far_word_is_not() {
        check("webservice", None);
        check("x", None);
        check("", None);
    }

    #[test]
    fn what_is_longer_than_any_name_is_near_to_nothing() {
        let long = "x".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }

    #[test]
    fn the_message_ends_with_the_word() {
        assert_eq!(did_you_mean("tolbox", ["toolbox"]), "; did you mean `toolbox`?");
        assert_eq!(did_you_mean("zzz", ["toolbox"]), "");
        assert_eq!(listed(["a", "b"]), "`a`, `b`");
        assert_eq!(listed_in_short(["a", "b"]), "`a`, `b`");
        assert!(listed_in_short(["a"; 102]).ends_with(", `a`, `a` and 2 more"));
    }
}
