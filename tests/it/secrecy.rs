//! No secret value on standard error: [`crate::support::command`] looks after every run; here it is seen to look.

use crate::support::{KEY_ID, SECRET_KEY, TOKEN};

#[test]
fn the_cases_carry_secrets() {
    let cases = crate::given::cases();
    let carriers = cases.iter().filter(|(_, case)| {
        let decoded = crate::given::decoded(&case.input);
        [KEY_ID, SECRET_KEY, TOKEN]
            .iter()
            .any(|secret| decoded.contains(secret))
    });
    let carriers = carriers.count();
    assert!(40 <= carriers, "only {carriers} cases carry a secret");
}
