//! irsa: `ServiceAccount`s that are annotated, written, pointed at, or missing; and the namespaces they are in.

use crate::case::{pair, refuses, rewrites};
use crate::shapes::{CREATE, EXTERNAL, IRSA, USE};

cases! {
    the_account_of_the_pods_is_annotated = rewrites(IRSA, &[&account("a", "", ARN), SEPARATOR, &pods("a", "web", "a")].concat());
    only_the_account_of_the_pods_is_annotated = rewrites(IRSA, &[&account("b", "", ""), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &account("a", "", ARN)].concat());
    the_deprecated_field_names_the_account = rewrites(IRSA, &[&account("a", "", ARN), SEPARATOR, &pods("a", "web", "a").replace("serviceAccountName", "serviceAccount")].concat());
    the_new_field_comes_before_the_deprecated_one = rewrites(IRSA, &[
        &account("a", "", ARN), SEPARATOR, &account("old", "", ""), SEPARATOR,
        &pods("a", "web", "a").replace("       serviceAccountName: a\n", "       serviceAccount: old\n       serviceAccountName: a\n"),
    ].concat());
    another_role_on_the_account_is_replaced = rewrites(IRSA, &[r#" apiVersion: v1
 kind: ServiceAccount
 metadata:
   name: a
   annotations:
-    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/old
+    eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web-role"
"#, SEPARATOR, &pods("a", "web", "a")].concat());
    the_same_role_on_the_account_is_no_change = rewrites(IRSA, &[r" apiVersion: v1
 kind: ServiceAccount
 metadata: {name: a, annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/web-role'}}
", SEPARATOR, &pods("a", "web", "a")].concat()).says("iam-roles: 0 changes");
    the_components_annotations_go_on_the_account = rewrites(
        "account: \"111122223333\"\ncomponents: {web: {role: web-role, annotations: {eks.amazonaws.com/sts-regional-endpoints: \"true\", eks.amazonaws.com/audience: sts.amazonaws.com, eks.amazonaws.com/token-expiration: 3600}}}\n",
        &[&account("a", "", &[ARN, "+    eks.amazonaws.com/sts-regional-endpoints: \"true\"\n+    eks.amazonaws.com/audience: \"sts.amazonaws.com\"\n+    eks.amazonaws.com/token-expiration: \"3600\"\n"].concat()), SEPARATOR, &pods("a", "web", "a")].concat(),
    );
    an_account_that_is_not_there_is_a_warning_with_the_command = rewrites(IRSA, &in_namespace("n", &pods("a", "web", "a")))
        .finds(&["warning[service-account-not-in-stream]"])
        .says("kubectl annotate serviceaccount -n n a --overwrite eks.amazonaws.com/role-arn=arn:aws:iam::111122223333:role/web-role");
    the_warning_refuses_when_strict = refuses(IRSA, &pair(&pods("a", "web", "a")).0, &["warning[service-account-not-in-stream]"]).with(&["--strict"]);
    pods_without_an_account_are_refused_with_the_cure = refuses(IRSA, &pair(&pods("a", "web", "")).0, &["error[no-service-account]"])
        .says("Deployment a").says("serviceAccount: {create: NAME}");
    pods_of_the_default_account_are_refused = refuses(IRSA, &pair(&pods("a", "web", "default")).0, &["error[no-service-account]"]);

    a_new_account_is_written_before_its_first_user = rewrites(CREATE, &[&config(), SEPARATOR, "+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n+  namespace: \"n\"\n", ROLE_OF_NEW, "+---\n", &in_namespace("n", &moved("a", "web")), SEPARATOR, &in_namespace("n", &moved("b", "web"))].concat());
    a_new_account_at_the_beginning = rewrites(CREATE, &["+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, "+---\n", &moved("a", "web")].concat());
    a_new_account_before_a_comment_and_a_marker = rewrites(CREATE, &["+---\n+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, " ---\n # Source: a/b.yaml\n", &moved("a", "web")].concat());
    a_new_account_before_a_comment_and_a_directive = rewrites(CREATE, &["+---\n+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, "+...\n # a comment\n %YAML 1.2\n ---\n", &moved("a", "web")].concat());
    a_new_account_is_written_once_a_namespace = rewrites(CREATE, &[
        "+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n+  namespace: n1\n", ROLE_OF_NEW, "+---\n", &in_namespace("n1", &moved("a", "web")), SEPARATOR,
        &in_namespace("n1", &moved("b", "web")), SEPARATOR,
        "+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n+  namespace: n2\n", ROLE_OF_NEW, "+---\n", &in_namespace("n2", &moved("a", "web")),
    ].concat());
    an_account_to_create_that_is_there_is_annotated = rewrites(CREATE, &[&moved("a", "web"), SEPARATOR, &account("web", "", ARN)].concat());
    a_new_account_in_a_list = rewrites(CREATE, r#"
 apiVersion: v1
 kind: List
 items:
 - apiVersion: v1
   kind: ConfigMap
   metadata: {name: c}
+- apiVersion: v1
+  kind: ServiceAccount
+  metadata:
+    name: web
+    annotations:
+      eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/web-role"
 - apiVersion: apps/v1
   kind: Deployment
   metadata: {name: a, labels: {app: web}}
   spec:
     template:
       spec:
+        serviceAccountName: web
         containers: []
"#);
    pods_leave_an_account_of_their_own = rewrites(CREATE, &["+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, "+---\n",
        &pods("a", "web", "own").replace("       serviceAccountName: own\n", "-      serviceAccountName: own\n+      serviceAccountName: web\n"), SEPARATOR, &account("own", "", "")].concat());
    the_deprecated_field_goes_along = rewrites(CREATE, &["+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, "+---\n", r" apiVersion: apps/v1
 kind: Deployment
 metadata: {name: a, labels: {app: web}}
 spec:
   template:
     spec:
-      serviceAccount: old
-      serviceAccountName: old
+      serviceAccount: web
+      serviceAccountName: web
       containers: []
"].concat());
    pods_that_would_lose_their_rights_are_refused = refuses(CREATE, &pair(&[&pods("a", "web", "own"), SEPARATOR, BINDING].concat()).0, &["error[service-account-bound]"])
        .says("RoleBinding b").says("`own`");
    a_binding_of_another_account_is_no_matter = rewrites(CREATE, &["+apiVersion: v1\n+kind: ServiceAccount\n+metadata:\n+  name: web\n", ROLE_OF_NEW, "+---\n", &moved("a", "web"), SEPARATOR, BINDING].concat());

    pods_are_pointed_at_an_account_of_the_cluster = rewrites(USE, &moved("a", "web")).says("note[service-account-pre-created]");
    an_account_to_use_that_is_there_is_annotated = rewrites(USE, &[&moved("a", "web"), SEPARATOR, &account("web", "", ARN)].concat());

    an_external_role_writes_nothing = rewrites(EXTERNAL, &[&pods("a", "web", ""), SEPARATOR, &pods("b", "web", "a"), SEPARATOR, &account("a", "", "")].concat())
        .says("iam-roles: 0 changes");

    workloads_that_share_the_account_are_noted = rewrites(IRSA, &[&account("a", "", ARN), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &pods("b", "db", "a")].concat())
        .says("note[service-account-shared]").says("Deployment b");
    two_roles_on_one_account_are_refused = refuses(TWO, &pair(&[&account("a", "", ""), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &pods("b", "db", "a")].concat()).0, &["error[role-conflict]"])
        .says("role/one").says("role/two");
    two_roles_on_an_account_that_is_not_there_are_refused = refuses(TWO, &pair(&[&pods("a", "web", "a"), SEPARATOR, &pods("b", "db", "a")].concat()).0, &["error[role-conflict]", "warning[service-account-not-in-stream]"])
        .says("role/one").says("role/two");
    one_role_for_two_components_of_one_account = rewrites("account: \"111122223333\"\ncomponents: {web: web-role, db: web-role}\n", &[&account("a", "", ARN), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &pods("b", "db", "a")].concat());
    the_trust_subject_is_told = rewrites(IRSA, &[&in_namespace("n", &account("a", "", ARN)), SEPARATOR, &in_namespace("n", &pods("a", "web", "a"))].concat())
        .says("note[trust-subject]").says("system:serviceaccount:n:a");
    an_account_that_no_workload_uses = rewrites(
        "account: \"111122223333\"\ncomponents: {web: {role: web-role, match: {kind: ServiceAccount, name: a}}}\n",
        &account("a", "", ARN),
    );

    accounts_of_two_namespaces_are_told_apart = rewrites(IRSA, &[&in_namespace("n1", &account("a", "", ARN)), SEPARATOR, &in_namespace("n2", &account("a", "", "")), SEPARATOR, &in_namespace("n1", &pods("a", "web", "a"))].concat());
    an_account_without_a_namespace_joins_the_only_one = rewrites(IRSA, &[&account("a", "", ARN), SEPARATOR, &in_namespace("n", &pods("a", "web", "a"))].concat());
    pods_without_a_namespace_join_the_only_one = rewrites(IRSA, &[&in_namespace("n", &account("a", "", ARN)), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &in_namespace("n", &pods("b", "db", "b"))].concat());
    an_ambiguous_account_asks_for_the_namespace = refuses(IRSA, &ambiguous(), &["error[namespace-ambiguous]"]).says("--namespace");
    the_namespace_given_decides = rewrites(IRSA, &[&in_namespace("n1", &account("a", "", "")), SEPARATOR, &in_namespace("n2", &account("a", "", ARN)), SEPARATOR, &pods("a", "web", "a"), SEPARATOR, &in_namespace("n1", &pods("x", "db", "x")), SEPARATOR, &in_namespace("n2", &pods("y", "db", "y"))].concat()).with(&["--namespace", "n2"]);
}

const SEPARATOR: &str = " ---\n";
const ARN: &str = "+  annotations:\n+    eks.amazonaws.com/role-arn: \"arn:aws:iam::111122223333:role/web-role\"\n";
const ROLE_OF_NEW: &str = ARN;
const TWO: &str = "account: \"111122223333\"\ncomponents: {web: one, db: two}\n";
const BINDING: &str = " apiVersion: rbac.authorization.k8s.io/v1
 kind: RoleBinding
 metadata: {name: b}
 roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
 subjects:
 - kind: ServiceAccount
   name: own
";

fn account(name: &str, lines: &str, marked: &str) -> String {
    format!(" apiVersion: v1\n kind: ServiceAccount\n metadata:\n{marked}   name: {name}\n{lines}")
}

/// A Deployment whose component and account are these.
fn pods(name: &str, component: &str, account: &str) -> String {
    let account = match account {
        "" => String::new(),
        name => format!("       serviceAccountName: {name}\n"),
    };
    format!(
        " apiVersion: apps/v1\n kind: Deployment\n metadata:\n   name: {name}\n   labels: {{app: {component}}}\n spec:\n   template:\n     spec:\n       containers: []\n{account}"
    )
}

/// A Deployment without an account that is pointed at `account`.
fn moved(name: &str, account: &str) -> String {
    let field = format!("     spec:\n+      serviceAccountName: {account}\n");
    pods(name, "web", "").replacen("     spec:\n", &field, 1)
}

fn in_namespace(namespace: &str, object: &str) -> String {
    object.replacen("   name: ", &format!("   namespace: {namespace}\n   name: "), 1)
}

fn config() -> String {
    " apiVersion: v1\n kind: ConfigMap\n metadata: {name: c}\n".to_owned()
}

fn ambiguous() -> String {
    pair(
        &[
            &in_namespace("n1", &account("a", "", "")),
            SEPARATOR,
            &in_namespace("n2", &account("a", "", "")),
            SEPARATOR,
            &pods("a", "web", "a"),
            SEPARATOR,
            &in_namespace("n1", &pods("x", "db", "x")),
            SEPARATOR,
            &in_namespace("n2", &pods("y", "db", "y")),
        ]
        .concat(),
    )
    .0
}
