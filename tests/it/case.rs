//! A case: an input, a policy, and the whole output, written as one marked-up text.
//!
//! A line that begins with a blank is in both, one with `-` in the input only, one with `+` in the output only. So a case
//! reads as a diff with all its context, and whatever is not in it must not happen.

use crate::support::{Run, difference, policy, run};

/// One input with all that is expected of it.
pub(crate) struct Case {
    pub(crate) policy: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) input: String,
    output: Option<String>,
    found: Vec<&'static str>,
    said: Vec<String>,
    unsaid: Vec<String>,
}

/// A policy's body, and a marked-up text that is rewritten as it says.
pub(crate) fn rewrites(policy_body: &str, marked: &str) -> Case {
    let (input, output) = pair(marked);
    Case {
        output: Some(output),
        ..refuses(policy_body, &input, &[])
    }
}

/// A policy's body, and an input that is refused for these reasons.
pub(crate) fn refuses(policy_body: &str, input: &str, errors: &[&'static str]) -> Case {
    Case {
        policy: policy(policy_body),
        arguments: Vec::new(),
        input: input.strip_prefix('\n').unwrap_or(input).to_owned(),
        output: None,
        found: errors.to_vec(),
        said: Vec::new(),
        unsaid: Vec::new(),
    }
}

/// The input and the output of a marked-up text. The line break that it begins with is not part of it.
pub(crate) fn pair(marked: &str) -> (String, String) {
    let (mut input, mut output) = (String::new(), String::new());
    for line in marked.strip_prefix('\n').unwrap_or(marked).split_inclusive('\n') {
        let text = line.get(1..).unwrap_or_default();
        match line.as_bytes()[0] {
            b' ' => {
                input += text;
                output += text;
            }
            b'-' => input += text,
            b'+' => output += text,
            b'\n' => {
                input += "\n";
                output += "\n";
            }
            other => panic!("a line begins with `{}`: {line}", char::from(other)),
        }
    }
    (input, output)
}

/// Every line of a text behind this.
pub(crate) fn behind(mark: &str, text: &str) -> String {
    text.split_inclusive('\n').flat_map(|line| [mark, line]).collect()
}

impl Case {
    /// With these errors and warnings, and no other.
    pub(crate) fn finds(mut self, found: &[&'static str]) -> Self {
        self.found = found.to_vec();
        self
    }

    /// With this somewhere on standard error.
    pub(crate) fn says(mut self, text: &str) -> Self {
        self.said.push(text.to_owned());
        self
    }

    /// With this nowhere on standard error.
    pub(crate) fn never_says(mut self, text: &str) -> Self {
        self.unsaid.push(text.to_owned());
        self
    }

    /// With more arguments.
    pub(crate) fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// Whether something is to change.
    pub(crate) fn changes(&self) -> bool {
        self.output.as_ref().is_some_and(|output| *output != self.input)
    }

    /// Runs it, and runs the result again.
    #[track_caller]
    pub(crate) fn check(&self) {
        let first = self.run(&self.input);
        match &self.output {
            Some(output) => {
                assert_eq!(first.code, 0, "{}", first.stderr);
                check_text(output, &first, "the result");
            }
            None => assert_eq!((first.code, first.text()), (1, ""), "{}", first.stderr),
        }
        self.check_findings(&first);
        if let Some(output) = &self.output {
            let second = self.run(output);
            assert_eq!(second.code, 0, "a second run is refused: {}", second.stderr);
            check_text(output, &second, "the result of a second run");
            assert!(second.stderr.contains("iam-roles: 0 changes"), "{}", second.stderr);
        }
    }

    fn run(&self, input: &str) -> Run {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        run(&self.policy, &arguments, input.as_bytes())
    }

    #[track_caller]
    fn check_findings(&self, run: &Run) {
        let mut expected = self.found.clone();
        expected.sort_unstable();
        assert_eq!(run.findings(), expected, "{}", run.stderr);
        for text in &self.said {
            assert!(run.stderr.contains(text), "`{text}` is not said in:\n{}", run.stderr);
        }
        for text in &self.unsaid {
            assert!(!run.stderr.contains(text), "`{text}` is said in:\n{}", run.stderr);
        }
        // A finding about an object says where it is.
        for line in run
            .stderr
            .lines()
            .filter(|line| line.contains("]: ") && line.contains(": stdin:"))
        {
            let place = line.split("stdin:").nth(1).unwrap_or_default();
            let number = |part: Option<&str>| part.is_some_and(|part| part.parse::<usize>().is_ok_and(|n| n > 0));
            let mut parts = place.split(':');
            assert!(number(parts.next()) && number(parts.next()), "{line}");
        }
    }
}

#[track_caller]
fn check_text(expected: &str, run: &Run, what: &str) {
    let found = run.text();
    assert!(
        found == expected,
        "{what} is not as expected (-) but (+):\n{}\nstandard error:\n{}",
        difference(expected, found),
        run.stderr
    );
}

/// A test for each case, named after it, and a list of them all for the laws.
macro_rules! cases {
    ($($name:ident = $case:expr;)*) => {
        /// Every case here, by name.
        pub(crate) fn all() -> Vec<(&'static str, crate::case::Case)> {
            vec![$((concat!(module_path!(), "::", stringify!($name)), $case)),*]
        }
        $(#[test] fn $name() { ($case).check(); })*
    };
}
