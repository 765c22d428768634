//! The list of findings, as `check --list` prints it.

use crate::policy::catalogue::Id;

/// Every finding: its id, its severity, and what it says.
#[must_use]
pub fn list() -> String {
    let width = Id::ALL.iter().map(|id| id.as_str().len()).max().unwrap_or_default();
    let line = |id: &Id| {
        format!(
            "{:<8} {:<width$}  {}\n",
            id.severity().as_str(),
            id.as_str(),
            id.means()
        )
    };
    Id::ALL.iter().map(line).collect()
}
