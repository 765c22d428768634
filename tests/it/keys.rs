//! Keys that go: each format, in each way a Secret can hold it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::case::{Case, rewrites};
use crate::shapes::EXTERNAL;

cases! {
    registry_in_a_literal_block = in_string_data("  config: |
     # the storage
     s3:
       bucket: b   # ours
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY   # rotate me
       region: us-east-1
 
       v4auth: true
");
    registry_in_a_literal_block_without_its_last_line_break = in_string_data("  config: |-
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
   other: x
");
    registry_in_a_literal_block_with_all_its_line_breaks = in_string_data("  config: |+
     s3:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
 
 
   other: x
");
    registry_in_a_literal_block_with_an_indentation = in_string_data("  config: |2
      # begins with a blank
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    registry_s3aws_in_a_literal_block = in_string_data("  config: |
     s3aws:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    registry_v2_in_a_literal_block = in_string_data("  config: |
     s3_v2:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
");
    registry_in_double_quotes = in_string_data(r#"
-  config: "s3:\n  region: us-east-1\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"   # as before
+  config: "s3:\n  region: us-east-1\n"   # as before
"#);
    registry_as_json_in_single_quotes = in_string_data(r#"
-  config: '{"s3": {"bucket": "b", "accesskey": "AKIAIOSFODNN7EXAMPLE", "secretkey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "region": "us-east-1"}}'
+  config: '{"s3": {"bucket": "b", "region": "us-east-1"}}'
"#);
    s3cmd_in_single_quotes_on_several_lines = in_string_data("
   config: '[default]
 
-    access_key = AKIAIOSFODNN7EXAMPLE
-
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
-
     bucket_location = us-east-1
 
     '
");
    registry_in_a_folded_block = in_string_data("  config: >
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       v4auth: true
");
    registry_in_a_folded_block_without_its_last_line_break = in_string_data("  config: >-
     s3:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
       region: us-east-1
");
    registry_as_plain_text = in_string_data("
-  config: '{s3: {region: us-east-1, accesskey: AKIAIOSFODNN7EXAMPLE, secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY}}'
+  config: '{s3: {region: us-east-1}}'
");
    registry_in_base64 = in_data(
        "# the storage\ns3:\n  bucket: b\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY # rotate me\n  region: us-east-1",
        "# the storage\ns3:\n  bucket: b\n  region: us-east-1",
    );

    a_blank_line_behind_the_keys_stays_empty = in_string_data("  config: |
     [default]
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
 
     bucket_location = us-east-1
");
    a_blank_line_behind_the_keys_stays_empty_in_a_kept_block = in_string_data("  config: |+
     [default]
     bucket_location = us-east-1
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
 
 
   other: x
");
    blank_lines_before_the_next_key_stay = in_string_data("  config: |
     [default]
     bucket_location = us-east-1
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
 
   # about the other
   other: x
");
    a_mapping_that_only_held_keys_stays_as_an_empty_one = in_string_data("  config: |
-    s3:
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    s3: {}
").finds(&["warning[region-missing]"]);
    a_fog_connection_without_a_region = in_string_data("  connection: |
     provider: AWS
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    use_iam_profile: true
").finds(&["warning[region-missing]"]);
    an_s3cfg_without_a_region = in_string_data("  config: |
     [default]
     use_https = True
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
").finds(&["warning[region-missing]"]);
    half_a_pair_goes_from_a_registry = in_string_data("  config: |
     s3:
       region: us-east-1
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    half_a_pair_goes_from_s3cmd = in_string_data("  config: |
     [default]
     bucket_location = us-east-1
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
");
    double_quotes_on_several_lines = in_string_data(r#"
   config: "[default]\n\
-    access_key = AKIAIOSFODNN7EXAMPLE\n\
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n\
     bucket_location = us-east-1\n"
"#);

    fog_in_a_literal_block = in_string_data("  connection: |
     # Rails
     provider: AWS
     region: us-east-1
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    use_iam_profile: true
     # endpoint: https://s3.example.com
");
    fog_with_every_key = in_string_data("  connection: |
     provider: AWS
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
+    use_iam_profile: true
     region: us-east-1
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
-    aws_session_token: IQoJb3JpZ2luX2VjEPz//////////wEaCXVzLWVhc3QtMSJH
-    aws_credentials_expire_at: 2030-01-01T00:00:00Z
     path_style: false
");
    fog_of_ruby = in_string_data("  connection: |
     :provider: AWS
     :region: us-east-1
-    :aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    :aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    :use_iam_profile: true
");
    fog_that_has_a_profile_already = in_string_data("  connection: |
     provider: AWS
     region: us-east-1
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
     use_iam_profile: true
");
    fog_that_denies_a_profile = in_string_data("  connection: |
     provider: AWS
     region: us-east-1
-    use_iam_profile: false   # keys
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
+    use_iam_profile: true   # keys
");
    fog_with_the_endpoint_of_aws = in_string_data("  connection: |
     provider: AWS
     region: us-east-1
-    aws_access_key_id: AKIAIOSFODNN7EXAMPLE
-    aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
-    endpoint: https://s3.us-east-1.amazonaws.com
+    use_iam_profile: true
");
    fog_in_base64 = in_data(
        "provider: AWS\nregion: us-east-1\naws_access_key_id: AKIAIOSFODNN7EXAMPLE\naws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
        "provider: AWS\nregion: us-east-1\nuse_iam_profile: true\n",
    );

    s3cmd_in_a_literal_block = in_string_data("  config: |
     [default]
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
-    access_token = IQoJb3JpZ2luX2VjEPz//////////wEaCXVzLWVhc3QtMSJH
     bucket_location = us-east-1
     multipart_chunk_size_mb = 128 # default is 15 (MB)
");
    s3cmd_in_double_quotes = in_string_data(r#"
-  config: "[default]\naccess_key=AKIAIOSFODNN7EXAMPLE\nsecret_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nbucket_location = us-east-1\n"
+  config: "[default]\nbucket_location = us-east-1\n"
"#);
    s3cmd_in_base64 = in_data(
        "[default]\r\naccess_key = AKIAIOSFODNN7EXAMPLE\r\nsecret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\r\nbucket_location = us-east-1\r\n",
        "[default]\r\nbucket_location = us-east-1\r\n",
    );

    base64_on_several_lines_keeps_its_width = in_lines("|\n", 48);
    base64_on_several_lines_without_the_last_line_break_keeps_its_width = in_lines("|-\n", 76);
    base64_in_quotes_stays_in_quotes = secret(&format!(" data:\n-  config: '{}'\n+  config: '{}'\n", STANDARD.encode(LONG), STANDARD.encode(SHORT)));
    the_data_of_a_secret_of_json = rewrites(EXTERNAL, &format!(
        "-{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"s\"}},\"data\":{{\"config\":\"{}\"}}}}\n+{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{{\"name\":\"s\"}},\"data\":{{\"config\":\"{}\"}}}}\n {{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{{\"name\":\"a\",\"labels\":{{\"app\":\"web\"}}}},\"spec\":{{\"template\":{{\"spec\":{{\"volumes\":[{{\"name\":\"v\",\"secret\":{{\"secretName\":\"s\"}}}}]}}}}}}}}\n",
        STANDARD.encode(LONG), STANDARD.encode(SHORT),
    ));
    values_that_hold_no_keys_stay = secret(" data:\n   config: czM6CiAgcmVnaW9uOiBldS13ZXN0LTEK\n   other: aGVsbG8=\n stringData:\n   text: hello\n   empty: ''\n   nothing:\n");
    text_that_is_not_utf8_stays = secret(" data:\n   jks: /u3+7QAAAAIAAAAB\n");
    every_value_of_a_secret = secret(" stringData:
   one: |
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
   two: |
     [default]
-    access_key = AKIAIOSFODNN7EXAMPLE
-    secret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
     bucket_location = us-east-1
");
    a_secret_read_through_env_from = read_by(
        "      containers:\n       - name: c\n         envFrom:\n         - secretRef: {name: s}\n",
    );
    a_secret_read_through_env = read_by(
        "      containers:\n       - name: c\n         env:\n         - {name: STORAGE, valueFrom: {secretKeyRef: {name: s, key: config}}}\n",
    );
    a_secret_read_through_a_projected_volume = read_by(
        "      volumes:\n       - name: v\n         projected:\n           sources:\n           - secret:\n               name: s\n               items:\n               - {key: config, path: storage/config}\n",
    );
    a_secret_read_by_an_init_container = read_by(
        "      initContainers:\n       - name: c\n         envFrom:\n         - secretRef: {name: s}\n",
    );
}

const LONG: &str = "# the storage of the registry, in a bucket of its own\ns3:\n  bucket: registry\n  accesskey: AKIAIOSFODNN7EXAMPLE\n  secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n  region: us-east-1\n";
const SHORT: &str =
    "# the storage of the registry, in a bucket of its own\ns3:\n  bucket: registry\n  region: us-east-1\n";

/// A Deployment with a role that mounts the whole Secret `s`.
pub(crate) const READER: &str = " apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a, labels: {app: web}}
 spec:
   template:
     spec:
       volumes:
       - name: v
         secret: {secretName: s}
";

/// A Secret with these marked lines, and its reader.
fn secret(marked: &str) -> Case {
    rewrites(
        EXTERNAL,
        &format!("{READER} ---\n apiVersion: v1\n kind: Secret\n metadata: {{name: s}}\n{marked}"),
    )
}

/// The first line may leave its mark out.
fn in_string_data(marked: &str) -> Case {
    let marked = match marked.strip_prefix('\n') {
        Some(marked) => marked.to_owned(),
        None => format!(" {marked}"),
    };
    secret(&format!(" stringData:\n{marked}"))
}

fn in_data(before: &str, after: &str) -> Case {
    secret(&format!(
        " data:\n-  config: {}  # base64\n+  config: {}  # base64\n",
        STANDARD.encode(before),
        STANDARD.encode(after)
    ))
}

/// Base64 in a literal block, in lines of this width.
fn in_lines(header: &str, width: usize) -> Case {
    let block = |mark: &str, text: &str| -> String {
        let packed = STANDARD.encode(text);
        let lines = packed
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).expect("ASCII"));
        lines.flat_map(|line| [mark, "    ", line, "\n"]).collect()
    };
    let (before, after) = (block("-", LONG), block("+", SHORT));
    secret(&format!(
        " data:\n   config: {header}{before}{after}   other: aGVsbG8=\n"
    ))
}

/// A Secret that a Deployment reads in this way.
fn read_by(spec: &str) -> Case {
    rewrites(
        EXTERNAL,
        &format!(
            " apiVersion: v1
 kind: Secret
 metadata: {{name: s}}
 stringData:
   config: |
     s3:
       region: us-east-1
-      accesskey: AKIAIOSFODNN7EXAMPLE
-      secretkey: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
 ---
 apiVersion: apps/v1
 kind: Deployment
 metadata: {{name: a, labels: {{app: web}}}}
 spec:
   template:
     spec:
 {spec}"
        ),
    )
}
