//! `${NAME}` in a policy: values given on the command line, then the environment.
//!
//! Invariant: a value never reaches an error or a log; only names do.
//! Invariant: what a variable holds is not expanded again.

use std::fmt;

use crate::policy::suggest;

/// The value of a variable, if it is set.
type Environment = dyn Fn(&str) -> Option<String>;

/// Where the values of `${NAME}` come from.
pub struct Vars {
    given: Vec<(String, String)>,
    environment: Box<Environment>,
}

impl Vars {
    /// Values that were given come before those of the environment; of two for one name the last is meant.
    pub fn new(given: Vec<(String, String)>, environment: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self {
            given,
            environment: Box::new(environment),
        }
    }

    /// The text with every `${NAME}` replaced by its value; a `$` elsewhere stays.
    ///
    /// # Errors
    /// A variable that is not set, a `${` without `}`, and a name that can be none.
    pub fn expand(&self, text: &str) -> Result<String, VarError> {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after.split_once('}').ok_or(VarError::Unclosed)?;
            if !is_name(name) {
                return Err(VarError::BadName(name.to_owned()));
            }
            expanded.push_str(before);
            expanded.push_str(&self.value(name)?);
            rest = tail;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn value(&self, name: &str) -> Result<String, VarError> {
        let given = self.given.iter().rev().find(|(key, _)| key == name);
        given
            .map(|(_, value)| value.clone())
            .or_else(|| (self.environment)(name))
            .ok_or_else(|| self.unset(name))
    }

    fn unset(&self, name: &str) -> VarError {
        let names = self.given.iter().map(|(key, _)| key.as_str());
        VarError::Unset {
            name: name.to_owned(),
            nearest: suggest::nearest(name, names).map(str::to_owned),
        }
    }
}

impl fmt::Debug for Vars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.given.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Vars").field("given", &names).finish_non_exhaustive()
    }
}

fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(letter) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// A `${…}` that has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VarError {
    /// Neither given nor in the environment.
    Unset {
        /// The variable.
        name: String,
        /// A given name that is close.
        nearest: Option<String>,
    },
    /// What stands between the braces is no name.
    BadName(String),
    /// `${` without `}`.
    Unclosed,
}

impl fmt::Display for VarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset { name, nearest } => {
                write!(
                    f,
                    "`${{{name}}}` is not set; give `--var {name}=…` or set {name} in the environment"
                )?;
                match nearest {
                    Some(near) => write!(f, " (`--var` was given for `{near}`)"),
                    None => Ok(()),
                }
            }
            Self::BadName(name) => write!(
                f,
                "`${{{name}}}` names no variable; write `${{NAME}}` with letters, digits and `_`"
            ),
            Self::Unclosed => f.write_str("`${` has no `}`; write `${NAME}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars() -> Vars {
        let given = vec![
            ("ACCOUNT".to_owned(), "111122223333".to_owned()),
            ("ODD".to_owned(), "${ACCOUNT}".to_owned()),
        ];
        Vars::new(given, |name| match name {
            "ACCOUNT" => Some("999999999999".to_owned()),
            "TEAM" => Some("blue".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let found = vars().expand(text).map_err(|error| error.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn values_are_put_in_place() {
        check("plain", Ok("plain"));
        check("${ACCOUNT}", Ok("111122223333"));
        check("a/${TEAM}-${ACCOUNT}/b", Ok("a/blue-111122223333/b"));
        check("${EMPTY}", Ok(""));
        check("$HOME $ {x} $$ é${TEAM}é", Ok("$HOME $ {x} $$ éblueé"));
    }

    #[test]
    fn a_value_is_not_expanded_again() {
        check("${ODD}", Ok("${ACCOUNT}"));
    }

    #[test]
    fn what_has_no_value_is_named() {
        check(
            "${REGION}",
            Err("`${REGION}` is not set; give `--var REGION=…` or set REGION in the environment"),
        );
        check(
            "${ACOUNT}",
            Err(
                "`${ACOUNT}` is not set; give `--var ACOUNT=…` or set ACOUNT in the environment (`--var` was given for `ACCOUNT`)",
            ),
        );
        check("${", Err("`${` has no `}`; write `${NAME}`"));
        check("${A", Err("`${` has no `}`; write `${NAME}`"));
        check(
            "${}",
            Err("`${}` names no variable; write `${NAME}` with letters, digits and `_`"),
        );
        check(
            "${1A}",
            Err("`${1A}` names no variable; write `${NAME}` with letters, digits and `_`"),
        );
        check(
            "${A:-x}",
            Err("`${A:-x}` names no variable; write `${NAME}` with letters, digits and `_`"),
        );
    }

    #[test]
    fn debug_shows_names_only() {
        let shown = format!("{:?}", vars());
        assert!(shown.contains("ACCOUNT") && !shown.contains("111122223333"), "{shown}");
    }
}
