//! A panic: a bug of this program, told in one line, with status 1 and nothing on standard output.
//!
//! What a panic says may be text of the input (a slice that cannot be cut, an error that was not expected), so only its
//! place in the source is told. Temporary files go, since the stack is unwound.
//!
//! Invariant: what a panic carries is never looked at, on whatever thread it happens.

use std::io::Write as _;
use std::panic::{Location, PanicHookInfo, UnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;
use std::sync::Once;

/// Runs the program; a panic on any of its threads ends it with status 1.
pub(crate) fn guarded(program: impl FnOnce() -> ExitCode + UnwindSafe) -> ExitCode {
    set_hook(Box::new(tell));
    catch_unwind(program).unwrap_or(ExitCode::FAILURE)
}

/// Tells of the first panic; those it causes on other threads say nothing new.
fn tell(panic: &PanicHookInfo<'_>) {
    static TOLD: Once = Once::new();

    TOLD.call_once(|| {
        // Nobody is left to tell if standard error is gone; the exit status still says how it ended.
        let _ = writeln!(std::io::stderr(), "{}", line(panic.location()));
    });
}

fn line(at: Option<&Location<'_>>) -> String {
    let place = at.map_or_else(String::new, |at| format!(", at {}:{}", at.file(), at.line()));
    format!(
        "error: this is a bug of iam-roles{place}; there is no result: report it with this line, the version and the shape of the stream, without its values"
    )
}
