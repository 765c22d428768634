//! Programs that run beside the tests.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A program that is ended when it is dropped.
pub(crate) struct Background(Child);

impl Background {
    /// Starts it; what it says goes to a file.
    #[track_caller]
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let log = File::create(log).expect("a log");
        let both = log.try_clone().expect("a log");
        let started = command.stdin(Stdio::null()).stdout(both).stderr(log).spawn();
        Self(started.unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Whether it ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed, and need not.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
