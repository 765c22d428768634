//! A stand-in for the EKS pod identity webhook, written from what its documentation says it does to a Pod: no webhook is
//! called.

use serde_yaml::Value;

/// The role that the webhook would give the pods of a template that run as an account; none where it would leave them.
pub(crate) fn role_given(template: &Value, account: &Value) -> Option<String> {
    let role = account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].as_str()?;
    if !template["metadata"]["labels"]["eks.amazonaws.com/skip-pod-identity-webhook"].is_null() {
        return None;
    }
    let containers = template["spec"]["containers"].as_sequence()?;
    let is_set = |container: &Value| {
        let variables = container["env"].as_sequence().into_iter().flatten();
        variables
            .filter_map(|variable| variable["name"].as_str())
            .any(|name| ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"].contains(&name))
    };
    (!containers.iter().any(is_set)).then(|| role.to_owned())
}
