//! What a platform team renders: definitions of custom resources, dashboards, settings, and among them a few workloads.

use fastrand::Rng;

use super::Stream;
use super::config_map::{config_map, rules};
use super::crd::crd;
use super::dashboard::dashboard;
use super::webservice::{POLICY, documents, webservice};

/// A workload, its `ServiceAccount` and its Secret come after this many other documents, so that they are 1 % of all.
const OTHERS: usize = 297;

/// A stream of about this many bytes.
pub(crate) fn platform(bytes: usize) -> Stream {
    let mut rng = Rng::with_seed(1);
    let mut manifests = String::with_capacity(bytes + 1_000_000);
    for index in 0.. {
        if index % OTHERS == 50 {
            manifests += &documents(&webservice(&format!("web-{index}"), 1));
        }
        match rng.u8(..100) {
            0..20 => crd(&mut manifests, &mut rng, index),
            20..50 => dashboard(&mut manifests, &mut rng, index),
            50..90 => config_map(&mut manifests, &mut rng, index),
            _ => rules(&mut manifests, &mut rng, index),
        }
        if manifests.len() >= bytes {
            break;
        }
    }
    Stream {
        manifests,
        policy: POLICY.to_owned(),
    }
}
