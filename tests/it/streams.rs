//! Envelopes: lists, JSON, several objects in a row, line breaks, and what surrounds documents.

use crate::case::rewrites;
use crate::shapes::{CREATE, IRSA, KUBE2IAM};

cases! {
    a_list = rewrites(KUBE2IAM, r#"
 apiVersion: v1
 kind: List
 items:
 - apiVersion: apps/v1
   kind: Deployment
   metadata: {name: a, labels: {app: web}}
   spec:
     template:
       metadata:
+        annotations:
+          iam.amazonaws.com/role: "web-role"
         labels: {app: web}
       spec: {}
 -   apiVersion: apps/v1
     kind: Deployment
     metadata: {name: b, labels: {app: web}}
     spec:
       template:
+        metadata:
+          annotations:
+            iam.amazonaws.com/role: "web-role"
         spec: {}
 metadata: {resourceVersion: ""}
"#);
    a_typed_list_whose_items_have_no_kind = rewrites(KUBE2IAM, r#"
 apiVersion: apps/v1
 kind: DeploymentList
 items:
   - metadata:
       name: a
       labels: {app: web}
     spec:
       template:
         metadata:
+          annotations:
+            iam.amazonaws.com/role: "web-role"
           labels: {app: web}
"#);
    an_object_of_json_stays_json = rewrites(KUBE2IAM, r#"
-{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","labels":{"app":"web"}},"spec":{"template":{"metadata":{"labels":{"app":"web"}},"spec":{}}}}
+{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","labels":{"app":"web"}},"spec":{"template":{"metadata":{"annotations": {"iam.amazonaws.com/role": "web-role"}, "labels":{"app":"web"}},"spec":{}}}}
"#);
    json_on_many_lines_stays_json = rewrites(KUBE2IAM, r#"
 {
   "apiVersion": "apps/v1",
   "kind": "Deployment",
   "metadata": {
     "name": "a",
     "labels": {
       "app": "web"
     }
   },
   "spec": {
     "template": {
       "metadata": {
         "annotations": {
+          "iam.amazonaws.com/role": "web-role",
           "a": "b"
         }
       }
     }
   }
 }
"#);
    objects_of_json_in_a_row = rewrites(IRSA, r#"
-{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a"}}
+{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/web-role"}, "name":"a"}}
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}
 {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"serviceAccountName":"a"}}}}
"#);
    a_list_of_json_gets_a_new_account = rewrites(CREATE, r#"
 {"kind":"List","apiVersion":"v1","items":[
-{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"containers":[]}}}}
+{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/web-role"}}}, {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"serviceAccountName": "web", "containers":[]}}}}
 ]}
"#);
    objects_of_json_in_a_row_get_a_new_account = rewrites(CREATE, r#"
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}
+{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/web-role"}}}
-{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{}}}}
+{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"serviceAccountName": "web"}}}}
"#);
    json_alone_gets_a_new_account_with_a_marker = rewrites(CREATE, r#"
+apiVersion: v1
+kind: ServiceAccount
+metadata:
+  name: web
+  annotations:
+    eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web-role"
+---
-{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{}}}}
+{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"serviceAccountName": "web"}}}}
"#);
    json_before_a_marker_gets_a_new_account_with_one = rewrites(CREATE, r#"
+apiVersion: v1
+kind: ServiceAccount
+metadata:
+  name: web
+  annotations:
+    eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web-role"
+---
-{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{}}}}
+{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c","labels":{"app":"web"}},"spec":{"template":{"spec":{"serviceAccountName": "web"}}}}
 ---
 {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}
"#);
    what_surrounds_documents_stays = rewrites(KUBE2IAM, &format!(r"
 # before everything

 ---
 # of nothing
 ---

 --- # a marker with a comment
{}
 ...
 # after its end
 ---
 %TAG is not a directive here: it is a key
", DEPLOYMENT.trim_end()).replace(" %TAG is not a directive here: it is a key\n", " apiVersion: v1\n kind: ConfigMap\n metadata: {name: b}\n data: {a: 'x'}\n"));
    a_directive_stays = rewrites(KUBE2IAM, &format!("
 %YAML 1.2
 ---
{DEPLOYMENT}"));
    duplicate_keys_elsewhere_stay = rewrites(KUBE2IAM, &format!("{DEPLOYMENT}
 ---
 apiVersion: v1
 kind: Service
 metadata:
   name: b
   labels:
     a: x
     a: y
"));
    duplicate_labels_of_the_component_stay = rewrites(KUBE2IAM, r#"
 apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: a
   labels:
     app: web
     app: web
     tier: x
     tier: y
 spec:
   template:
     metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
       labels:
         app: web
         app: web
"#);
    odd_blanks_stay = rewrites(KUBE2IAM, &DEPLOYMENT.replace("   name: a\n", "   name:   a   \n   \n     # odd\n \n").replace("   labels:", "   labels :"));
    a_flow_style_object = rewrites(KUBE2IAM, r#"
-{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {app: web}}, spec: {template: {spec: {}}}}
+{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {app: web}}, spec: {template: {"metadata": {"annotations": {"iam.amazonaws.com/role": "web-role"}}, spec: {}}}}
"#);
    other_scripts_and_wide_characters_stay = rewrites(KUBE2IAM, &DEPLOYMENT.replace("   name: a\n", "   name: a  # — ünïcode 🦊 before the edit\n"));
}

const DEPLOYMENT: &str = r#" apiVersion: apps/v1
 kind: Deployment
 metadata:
   name: a
   labels: {app: web}
 spec:
   template:
     metadata:
+      annotations:
+        iam.amazonaws.com/role: "web-role"
       labels: {app: web}
     spec: {}
"#;

#[test]
fn a_new_account_before_a_last_line_without_a_break_takes_that_of_the_others() {
    let first = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"b\"}}\r\n";
    let last = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"c\",\"labels\":{\"app\":\"web\"}},\"spec\":{\"template\":{\"spec\":{}}}}";
    let run = crate::support::run(
        &crate::support::policy(CREATE),
        &[],
        (first.to_owned() + last).as_bytes(),
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.text().matches('\n').count(),
        run.text().matches("\r\n").count(),
        "{:?}",
        run.text()
    );
    assert_eq!(run.text().lines().count(), 3, "{:?}", run.text());
}
