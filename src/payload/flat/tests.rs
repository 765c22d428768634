use super::*;

#[test]
fn names_that_only_aws_credentials_have() {
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "aws_access_key_id",
        "aws_secret_access_key",
        "REGISTRY_STORAGE_S3_ACCESSKEY",
        "REGISTRY_STORAGE_S3AWS_SECRETKEY",
        "s3AccessKey",
        "s3SecretKey",
        "AwsAccessKeyId",
        "AwsSecretAccessKey",
        "RCLONE_CONFIG_REMOTE_ACCESS_KEY_ID",
        "OPENPROJECT_FOG_CREDENTIALS_AWS__SECRET__ACCESS__KEY",
        "CLONE_AWS_ACCESS_KEY_ID",
        "STANDBY_AWS_SECRET_ACCESS_KEY",
    ] {
        assert_eq!(certainty(name), Some(Certainty::Certain), "{name}");
    }
}

#[test]
fn names_that_minio_has_too() {
    for name in [
        "accesskey",
        "secretkey",
        "ACCESS_KEY_ID",
        "ACCESS_SECRET_KEY",
        "S3_ACCESS_KEY_ID",
        "S3_SECRET_ACCESS_KEY",
    ] {
        assert_eq!(certainty(name), Some(Certainty::Ambiguous), "{name}");
    }
}

#[test]
fn names_that_are_near() {
    for name in [
        "",
        "AWS_REGION",
        "AWS_ACCESS_KEY_IDS",
        "Aws_Access_Key_Id",
        "RCLONE_CONFIG__ACCESS_KEY_ID",
        "RCLONE_CONFIG_ACCESS_KEY_ID",
        "_AWS__ACCESS__KEY__ID",
        "REGISTRY_STORAGE_S3_V2_ACCESSKEY",
        "secret_key_base",
        "root-password",
        "SECRET_KEY_BASE",
        "config",
    ] {
        assert_eq!(certainty(name), None, "{name}");
    }
}

#[test]
fn keys_that_are_read_together_are_one_set() {
    let names = [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "bucket",
        "AWS_SESSION_TOKEN",
        "RCLONE_CONFIG_A_ACCESS_KEY_ID",
        "RCLONE_CONFIG_B_SECRET_ACCESS_KEY",
        "RCLONE_CONFIG_A_SECRET_ACCESS_KEY",
    ];
    let sets = sets(names);
    let members: Vec<Vec<&str>> = sets
        .iter()
        .map(|set| set.members.iter().map(|member| member.name).collect())
        .collect();
    assert_eq!(
        members,
        [
            vec!["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"],
            vec!["RCLONE_CONFIG_A_ACCESS_KEY_ID", "RCLONE_CONFIG_A_SECRET_ACCESS_KEY"],
            vec!["RCLONE_CONFIG_B_SECRET_ACCESS_KEY"],
        ]
    );
    let pairs: Vec<bool> = sets.iter().map(Set::is_pair).collect();
    assert_eq!(pairs, [true, true, false]);
}
