//! A namespace or nothing, a policy, and a stream: `NAMESPACE␀POLICY␀STREAM`.

use std::sync::LazyLock;

use iam_roles::manifest::stream::{Input, Stream};
use iam_roles::plan::Circumstances;
use iam_roles::plan::finding::Finding;
use iam_roles::policy::read;
use iam_roles::policy::rules::Policy;
use iam_roles::yaml::tree::Node;

use super::filter::{Filter, Outcome};
use super::meaning::only_what_may_change;
use super::{Fate, Held, same, vars, windows};
use crate::leak::leaked;

/// A policy that asks for nothing.
static NOTHING: LazyLock<Policy> = LazyLock::new(|| {
    let text =
        "apiVersion: iam-roles/v1alpha1\nkind: RolePolicy\ncomponents: {nowhere: {role: external, optional: true}}\n";
    read(text, "policy.yaml", &vars()).expect("a policy")
});

/// A document that no policy wants anything of, and no other document refers to.
const NEIGHBOUR: &str = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: neighbour, namespace: elsewhere}\n";

/// The laws, on one case.
pub(crate) fn hold(case: &str) -> Held {
    let mut parts = case.splitn(3, '\0');
    let (Some(namespace), Some(text), Some(input)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(Fate::Refused);
    };
    let Ok(policy) = read(text, "policy.yaml", &vars()) else {
        return Ok(Fate::Refused);
    };
    let filter = Filter {
        policy: &policy,
        circumstances: Circumstances {
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
            as_rendered: false,
        },
    };
    hold_with(&filter, text, input)
}

/// The laws, on a stream with the policy that is read.
pub(super) fn hold_with(filter: &Filter<'_>, policy: &str, input: &str) -> Held {
    let outcome = filter.run(input);
    tells_no_secret(&outcome.findings, policy, input)?;
    is_written_or_refused(filter, &outcome, input)?;
    is_spelled_alike(filter, &outcome, input)?;
    same("read in full", &filter.run_in_full(input), &outcome)?;
    asks_for_nothing(input)?;
    let Some(output) = &outcome.written else {
        return Ok(Fate::Refused);
    };
    let again = filter.run(output);
    same("a second run gives", &Some(output), &again.written.as_ref())?;
    same("a second run plans", &0, &again.changes)?;
    only_what_may_change(input, output)?;
    has_a_neighbour(filter, &outcome, input, output)?;
    Ok(if output == input { Fate::Same } else { Fate::Changed })
}

/// There is a result, or a reason why not; and what changes nothing changes no byte.
fn is_written_or_refused(filter: &Filter<'_>, outcome: &Outcome, input: &str) -> Result<(), String> {
    let is_refused = outcome
        .findings
        .iter()
        .any(|finding| finding.severity >= filter.bound());
    let Some(output) = &outcome.written else {
        return same("a reason why there is no result", &true, &is_refused);
    };
    same("a reason why there should be no result", &false, &is_refused)?;
    same(
        "the result of something is empty",
        &input.is_empty(),
        &output.is_empty(),
    )?;
    let has_results = input.contains("ResourceList");
    if has_results {
        return Ok(());
    }
    same("the bytes change", &(outcome.changes > 0), &(output != input))
}

/// Other line breaks, and a byte order mark, are carried over, and nothing else is found because of them.
fn is_spelled_alike(filter: &Filter<'_>, outcome: &Outcome, input: &str) -> Result<(), String> {
    let spelled = |what: &str, spell: &dyn Fn(&str) -> String| {
        let found = filter.run(&spell(input));
        let told = |text: &Option<String>| text.as_deref().map(spell);
        same(what, &told(&outcome.written), &found.written)?;
        same(what, &told(&outcome.returned), &found.returned)?;
        same(what, &outcome.findings, &found.findings)
    };
    // A stream of one line says nothing of the line breaks that are to come.
    if input.contains('\n') && !input.contains('\r') {
        spelled("with line breaks of Windows", &windows)?;
        spelled("with line breaks of old", &|text| text.replace('\n', "\r"))?;
    }
    if !input.starts_with('\u{feff}') {
        spelled("behind a byte order mark", &|text| format!("\u{feff}{text}"))?;
    }
    Ok(())
}

/// A policy that asks for nothing changes nothing, but for pods that have a role already: whoever gave it, keys defeat it.
fn asks_for_nothing(input: &str) -> Result<(), String> {
    if ["role-arn", "iam.amazonaws.com/role", "ResourceList"]
        .iter()
        .any(|word| input.contains(word))
    {
        return Ok(());
    }
    let filter = Filter {
        policy: &NOTHING,
        circumstances: Circumstances::default(),
    };
    match filter.run(input).written {
        Some(output) => same("unasked", &input, &output.as_str()),
        None => Ok(()),
    }
}

/// What stands behind a stream and has nothing to do with it makes no difference to it.
fn has_a_neighbour(filter: &Filter<'_>, outcome: &Outcome, input: &str, output: &str) -> Result<(), String> {
    // Where JSON objects stand in a row, a marker makes a stream of another kind of them.
    let is_json = input.trim_start().starts_with('{');
    if !input.ends_with('\n') || input.contains("ResourceList") || is_json {
        return Ok(());
    }
    let both = filter.run(&[input, NEIGHBOUR].concat());
    let expected = Some([output, NEIGHBOUR].concat());
    same("with a neighbour", &expected, &both.written)?;
    same("with a neighbour", &outcome.findings, &both.findings)
}

/// No finding tells a secret of an input. A damage can make a name of a secret, and names are told.
fn tells_no_secret(findings: &[Finding], policy: &str, input: &str) -> Result<(), String> {
    for finding in findings {
        let said = format!("{} {}", finding.message, finding.remedy);
        if let Some(secret) = leaked(&said)
            && !policy.contains(&secret)
            && !names(input).contains(&secret)
        {
            return Err(format!("`{secret}` is told by: {said}"));
        }
    }
    Ok(())
}

/// Every key of a stream, and every text that is no value of a Secret, a variable or a command line.
fn names(input: &str) -> String {
    fn collect(node: Node<'_>, names: &mut String) {
        names.extend(node.text().into_iter().flat_map(|text| [text, "\n"]));
        if node.is_alias() {
            return;
        }
        for (key, value) in node.entries() {
            collect(key, names);
            match key.text() {
                Some("data" | "stringData") => value.entries().for_each(|(key, _)| collect(key, names)),
                Some("value" | "args" | "command") => {}
                _ => collect(value, names),
            }
        }
        node.items().for_each(|item| collect(item, names));
    }
    let mut names = String::new();
    let inputs: Vec<Input> = Input::new("stdin", input.as_bytes().to_vec()).into_iter().collect();
    if let Ok(stream) = Stream::read(&inputs) {
        let roots = stream.sheets().iter().filter_map(|sheet| sheet.document.root());
        roots.for_each(|root| collect(root, &mut names));
    }
    names
}
