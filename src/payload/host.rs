//! Which hosts are AWS's own.
//!
//! Deliberately absent: names that AWS gives to its customers' servers. `MinIO` behind a load balancer is not AWS.

/// The domains of AWS's services, a dot in front of each.
const DOMAINS: [&str; 9] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
];

/// Labels below which a customer's own server stands: load balancers, instances, gateways.
const CUSTOMERS: [&str; 4] = ["elb", "compute", "compute-1", "execute-api"];

/// Whether a host or URL, with or without scheme, user, port and path, is a service of AWS.
#[must_use]
pub fn is_aws(endpoint: &str) -> bool {
    let host = host_of(endpoint.trim());
    let is_label = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'%' | b'(' | b')');
    host.bytes().all(is_label)
        && DOMAINS
            .iter()
            .any(|domain| host.ends_with(domain) && host.len() > domain.len())
        && !host.split('.').any(|label| CUSTOMERS.contains(&label))
}

fn host_of(endpoint: &str) -> String {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    // A browser and some clients take a backslash for a slash.
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => host,
    };
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_of_aws() {
        for host in [
            "s3.amazonaws.com",
            "https://s3.eu-west-1.amazonaws.com",
            "https://S3.dualstack.us-east-1.AmazonAWS.com:443/bucket?x=y",
            "user:word@s3.amazonaws.com",
            "s3.amazonaws.com.",
            "s3.amazonaws.com:443",
            " s3.amazonaws.com ",
            "%(bucket)s.s3.amazonaws.com",
            "%(bucket)s.s3-%(location)s.amazonaws.com",
            "s3.cn-north-1.amazonaws.com.cn",
            "s3.eusc-de-east-1.amazonaws.eu",
            "s3.us-iso-east-1.c2s.ic.gov",
            "s3.us-isob-east-1.sc2s.sgov.gov",
            "s3.eu-isoe-west-1.cloud.adc-e.uk",
            "s3.us-isof-south-1.csp.hci.ic.gov",
            "https://s3.us-east-1.api.aws",
            "b.vpce-1a2b-5e6f.s3.us-east-1.vpce.amazonaws.com",
        ] {
            assert!(is_aws(host), "{host}");
        }
    }

    #[test]
    fn hosts_that_only_look_like_it() {
        for host in [
            "",
            "amazonaws.com",
            ".amazonaws.com",
            "s3.amazonaws.com.evil.io",
            "notamazonaws.com",
            "s3.notamazonaws.com",
            "https://evil.io/s3.amazonaws.com",
            "https://evil.io?s3.amazonaws.com",
            "https://evil.io\\s3.amazonaws.com",
            "https://evil.io#.s3.amazonaws.com",
            "https://s3.amazonaws.com@evil.io",
            "https://s3.amazonaws.com:80@evil.io",
            "evil.io:s3.amazonaws.com",
            "s3.amazonaws.com..",
            "storage.example.com",
            "https://storage.example.com:9000",
            "http://minio.minio.svc:9000",
            "k8s-minio-1a2b.elb.us-east-1.amazonaws.com",
            "minio-12.us-east-1.elb.amazonaws.com",
            "ec2-1-2-3-4.compute-1.amazonaws.com",
            "ec2-1-2-3-4.eu-west-1.compute.amazonaws.com",
            "account.r2.cloudflarestorage.com",
            "api.aws.example.com",
        ] {
            assert!(!is_aws(host), "{host}");
        }
    }
}
