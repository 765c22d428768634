//! Which workloads are a component: the default rule, the rules of a policy, namespaces, and what nothing fits.

use crate::case::{Case, refuses, rewrites};
use crate::shapes::KUBE2IAM;

cases! {
    the_component_label_comes_first = takes("app.kubernetes.io/component: web, app: other, app.kubernetes.io/name: other", "app: other");
    the_app_label_comes_second = takes("app: web, app.kubernetes.io/name: other", "app.kubernetes.io/name: other");
    the_name_label_comes_last = takes("app.kubernetes.io/name: web", "x: y");
    the_template_is_read_where_the_workload_has_no_label = takes("x: y", "app: web");
    the_workload_comes_before_its_template = passes("app: other", "app: web");
    the_component_label_of_the_template_comes_before_the_app_label_of_the_workload = takes("app: other", "app.kubernetes.io/component: web");
    a_name_label_on_everything_is_no_match = passes("app: db, app.kubernetes.io/name: web", "app: db, app.kubernetes.io/name: web");
    a_component_label_hides_the_name_label = passes("app.kubernetes.io/component: db, app.kubernetes.io/name: web", "x: y");
    the_match_is_exact = passes("app: web-2", "app: web-2");
    the_match_knows_case = passes("app: Web", "app: Web");

    labels_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {labels: {tier: front, app: x}}}}\n", &[
        workload("app: x, tier: front", "a: b", Some("r")), SEPARATOR.to_owned(), workload("app: x", "a: b", None),
    ].concat());
    a_name_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {name: \"*-web\"}}}\n", &[
        workload("app: x", "a: b", Some("r")).replace("name: w", "name: my-web"), SEPARATOR.to_owned(), workload("app: web", "a: b", None),
    ].concat());
    a_kind_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {kind: [StatefulSet]}}}\n", &[
        workload("app: web", "a: b", Some("r")).replace("Deployment", "StatefulSet"), SEPARATOR.to_owned(), workload("app: web", "a: b", None),
    ].concat());
    a_namespace_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {namespace: \"prod-*\"}}}\n", &[
        workload("app: web", "a: b", Some("r")).replace("name: w", "name: w, namespace: prod-1"), SEPARATOR.to_owned(),
        workload("app: web", "a: b", None).replace("name: w", "name: w, namespace: test"),
    ].concat());
    a_source_comment_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {source: \"*/web/templates/*\"}}}\n", &[
        " ---\n # Source: all/charts/web/templates/a/b.yaml\n", &workload("app: x", "a: b", Some("r")),
        " ---\n # Source: all/charts/other/templates/b.yaml\n", &workload("app: x", "a: b", None),
    ].concat());
    a_source_annotation_of_the_policy = rewrites("via: kube2iam\ncomponents: {web: {role: r, match: {source: \"*/web/templates/*\"}}}\n", &[
        workload("app: x", "a: b", Some("r")).replace("name: w", "name: w, annotations: {postrenderer.helm.sh/postrender-filename: a/web/templates/b.yaml}"),
        SEPARATOR.to_owned(), workload("app: x", "a: b", None),
    ].concat());

    a_component_that_is_nowhere_is_named_with_what_is_there = refuses(KUBE2IAM, &crate::case::pair(&workload("app: wep", "a: b", None)).0, &["error[component-matched-nothing]"])
        .says("component `web`").says("`wep`");
    a_component_that_is_optional_may_be_nowhere = rewrites("via: kube2iam\ncomponents: {web: {role: r, optional: true}}\n", &workload("app: x", "a: b", None));
    a_component_in_two_charts_is_ambiguous = refuses(KUBE2IAM, &[
        crate::case::pair(&workload("app: web, helm.sh/chart: one-1.0.0", "a: b", None)).0, "---\n".to_owned(),
        crate::case::pair(&workload("app: web, helm.sh/chart: two-2.0.0", "a: b", None)).0,
    ].concat(), &["error[component-ambiguous]"]).says("`one`").says("`two`").says("match");
    two_versions_of_one_chart_are_one_component = rewrites(KUBE2IAM, &[
        workload("app: web, helm.sh/chart: one-1.0.0", "a: b", Some("web-role")), SEPARATOR.to_owned(),
        workload("app: web, helm.sh/chart: one-1.1.0", "a: b", Some("web-role")),
    ].concat());
    one_workload_wanted_by_two_roles = refuses(
        "via: kube2iam\ncomponents: {a: {role: r1, match: {labels: {app: web}}}, b: {role: r2, match: {name: w}}}\n",
        &crate::case::pair(&workload("app: web", "a: b", None)).0, &["error[role-conflict]"],
    ).says("`a`").says("`b`");
    one_workload_wanted_twice_by_one_role = rewrites(
        "via: kube2iam\ncomponents: {a: {role: r, match: {labels: {app: web}}}, b: {role: r, match: {name: w}}}\n",
        &workload("app: web", "a: b", Some("r")),
    );
    a_stream_without_workloads_is_let_through = rewrites(KUBE2IAM, " apiVersion: v1\n kind: ConfigMap\n metadata: {name: a}\n").says("note[no-workloads]");
}

const SEPARATOR: &str = " ---\n";

/// A Deployment with these labels, and these on its template, which gets this role.
fn workload(labels: &str, of_template: &str, role: Option<&str>) -> String {
    let role = role.map_or_else(String::new, |role| {
        format!("+      annotations:\n+        iam.amazonaws.com/role: \"{role}\"\n")
    });
    format!(
        " apiVersion: apps/v1
 kind: Deployment
 metadata: {{name: w, labels: {{{labels}}}}}
 spec:
   template:
     metadata:
{role}       labels: {{{of_template}}}
     spec: {{}}
"
    )
}

fn takes(labels: &str, of_template: &str) -> Case {
    rewrites(KUBE2IAM, &workload(labels, of_template, Some("web-role")))
}

/// The workload is none of `web`'s; the one beside it is.
fn passes(labels: &str, of_template: &str) -> Case {
    let other = workload("app: web", "a: b", Some("web-role"));
    rewrites(
        KUBE2IAM,
        &[&other, SEPARATOR, &workload(labels, of_template, None)].concat(),
    )
}
