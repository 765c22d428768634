//! flat
use super::keys::Scene;
use super::ledger::Ledger;
use super::value::SecretValue;
/// x
pub fn strip<'d>(
    _scene: &Scene<'_, '_, 'd>,
    _secret: usize,
    _values: &[(SecretValue<'d>, bool)],
    _ledger: &mut Ledger<'d>,
) -> bool {
    false
}
