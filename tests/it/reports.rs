//! The reports for programs: what they say, that they are what they claim to be, and that they tell no secret.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::leak::leaked;
use crate::support::{Run, command, policy};

const FORMATS: [&str; 4] = ["human", "json", "sarif", "github"];

const PODS: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: web}}\nspec: {}\n";

fn roles() -> String {
    policy("components: {web: \"arn:aws:iam::111122223333:role/web\"}\n")
}

#[track_caller]
fn in_folder(policy: &str, arguments: &[&str], input: &str, look: impl FnOnce(&Run, &Path)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("iam-roles.yaml"), policy).expect("a policy file");
    let run = command(folder.path(), arguments, input.as_bytes());
    look(&run, folder.path());
}

#[track_caller]
fn report(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("report.json")).expect("a report");
    assert_eq!(leaked(&text), None, "the report tells a secret");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    let schema = jsonschema::draft202012::new(&iam_roles::report::json::schema()).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
    report
}

#[test]
fn the_schemas_are_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (asked, title) in [
        (&["schema"][..], "RolePolicy"),
        (&["schema", "policy"], "RolePolicy"),
        (&["schema", "report"], "Report"),
    ] {
        let run = command(folder.path(), asked, b"");
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let begins =
            format!("{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"{title}\"");
        assert!(
            run.text().starts_with(&begins) && run.text().ends_with("}\n"),
            "{}",
            run.text()
        );
    }
}

#[test]
fn a_refused_run_is_reported() {
    in_folder(&roles(), &["--report", "report.json"], PODS, |run, folder| {
        assert_eq!(run.code, 1);
        let report = report(folder);
        assert_eq!(report["schema"], "iam-roles/report/v1");
        assert_eq!(report["status"], "refused");
        assert_eq!(report["tool"]["version"], env!("CARGO_PKG_VERSION"));
        assert!(
            report["policy"]["file"]
                .as_str()
                .is_some_and(|file| file.ends_with("iam-roles.yaml"))
        );
        let finding = &report["findings"][0];
        assert_eq!(finding["id"], "no-service-account");
        assert_eq!(finding["severity"], "error");
        assert_eq!(finding["object"]["name"], "a");
        assert_eq!(
            (&finding["at"]["file"], &finding["at"]["line"]),
            (&"stdin".into(), &1.into())
        );
        assert_eq!(report["components"][0]["usesItsRole"], "no");
        assert_eq!(report["components"][0]["because"][0], "no-service-account");
        assert_eq!(report["totals"]["errors"], 1);
    });
}

#[test]
fn a_run_that_passes_is_reported() {
    let with_account = PODS.replace("{}", "{template: {spec: {serviceAccountName: web}}}")
        + "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n";
    in_folder(&roles(), &["--report", "report.json"], &with_account, |run, folder| {
        assert_eq!(run.code, 0, "{}", run.stderr);
        let report = report(folder);
        assert_eq!(report["status"], "passed");
        assert_eq!(report["changes"][0]["object"]["kind"], "ServiceAccount");
        assert_eq!(report["totals"]["changes"], 1);
        assert_eq!(report["components"][0]["usesItsRole"], "yes");
    });
}

#[test]
fn what_is_not_even_planned_is_reported() {
    for asked in [&["--report", "report.json"][..], &["check", "--report", "report.json"]] {
        in_folder("kind: Nothing\n", asked, PODS, |run, folder| {
            assert_eq!(run.code, 2);
            let report = report(folder);
            assert_eq!(report["status"], "refused");
            let said = report["reason"].as_str().unwrap_or_default();
            assert!(said.contains("apiVersion"), "{said}");
        });
        for (input, message, column) in [("a: b: c\n", "YAML", 5), ("a: \0\n", "NUL", 4)] {
            in_folder(&roles(), asked, input, |run, folder| {
                assert_eq!(run.code, 1);
                let report = report(folder);
                assert_eq!(
                    (&report["status"], &report["totals"]["errors"]),
                    (&"refused".into(), &1.into())
                );
                let finding = &report["findings"][0];
                assert_eq!(
                    (&finding["id"], &finding["at"]["column"]),
                    (&"unreadable-input".into(), &column.into())
                );
                let said = finding["message"].as_str().unwrap_or_default();
                assert!(said.contains(message), "{said}");
            });
        }
    }
}

#[test]
fn an_unreadable_input_is_a_finding_in_every_format() {
    for (format, begins) in [
        ("sarif", "{\n"),
        ("json", "{\n"),
        ("github", "::error title=unreadable-input,file=stdin,line=1,col=5::"),
    ] {
        in_folder(&roles(), &["check", "-o", format], "a: b: c\n", |run, _| {
            assert_eq!((run.code, run.stderr.as_str()), (1, ""));
            assert!(run.text().starts_with(begins), "{}", run.text());
            assert!(run.text().contains("unreadable-input"), "{}", run.text());
        });
    }
    in_folder(&roles(), &["check"], "a: b: c\n", |run, _| {
        assert_eq!((run.code, run.text()), (1, ""));
        assert!(
            run.stderr.starts_with("error[unreadable-input]: stdin:1:5: "),
            "{}",
            run.stderr
        );
    });
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let input = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n";
    let policy = policy("via: kube2iam\ncomponents: {web: {role: x, optional: true}}\n");
    in_folder(&policy, &["--report", "no/such/folder/r.json"], input, |run, _| {
        assert_eq!((run.code, run.text()), (1, ""));
        assert!(run.stderr.contains("the report"), "{}", run.stderr);
    });
}

#[test]
fn a_finding_is_an_annotation_of_a_workflow() {
    in_folder(&roles(), &["check", "-o", "github"], PODS, |run, _| {
        let start = "::error title=no-service-account,file=stdin,line=1,col=1::Deployment a: component `web`";
        assert!(run.text().starts_with(start), "{}", run.text());
        assert_eq!(run.text().lines().count(), 1);
    });
}

#[test]
fn the_sarif_log_is_sarif() {
    let schema = fs::read_to_string(crate::support::path("testdata/sarif-2.1.0.schema.json")).expect("the schema");
    let mut schema: Value = serde_json::from_str(&schema).expect("JSON");
    // The published schema has a pattern there that is no regular expression: its last bracket is not opened.
    for definition in ["run", "toolComponent"] {
        schema["definitions"][definition]["properties"]["language"]["pattern"] = "".into();
    }
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut results = 0;
    for (name, case) in crate::given::cases() {
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let arguments = [&["check", "-o", "sarif"], &arguments[..]].concat();
        in_folder(&case.policy, &arguments, &case.input, |run, _| {
            let log: Value = serde_json::from_str(run.text()).expect("JSON");
            if let Err(error) = validator.validate(&log) {
                panic!("{name}: {error} at {}", error.instance_path());
            }
            results += log["runs"][0]["results"].as_array().map_or(0, Vec::len);
        });
    }
    assert!(100 < results, "only {results} results were validated");
}

#[test]
fn no_format_tells_a_secret_and_all_agree() {
    for (name, case) in crate::given::cases() {
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let codes = FORMATS.map(|format| {
            let arguments = [&["check", "--report", "report.json", "-o", format], &arguments[..]].concat();
            let mut code = 0;
            // Standard output and standard error are searched by whoever runs the program.
            in_folder(&case.policy, &arguments, &case.input, |run, folder| {
                report(folder);
                code = run.code;
            });
            code
        });
        assert!(codes.iter().all(|code| *code == codes[0]), "{name}: {codes:?}");
    }
}

/// What the stream calls its objects stays on its line: no line of a CI system's own commands, nothing for a terminal.
#[test]
fn a_name_begins_no_line_and_moves_no_cursor() {
    let stream = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: \"a\\n::error::x\\e[31m\", labels: {app: web}}\nspec: {template: {spec: {serviceAccountName: \"w\\r::stop-commands::x\\e]0;t\\a\"}}}\n";
    let policy = policy("components: {web: \"arn:aws:iam::111122223333:role/web\"}\n");
    for asked in [
        &[][..],
        &["--color", "always"],
        &["check", "--color", "always"],
        &["check", "-o", "github"],
        &["diff", "--color", "always"],
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("iam-roles.yaml"), &policy).expect("a policy");
        let run = command(folder.path(), asked, stream.as_bytes());
        let said = if asked.first().is_some_and(|first| *first == "check") {
            run.text().to_owned() + &run.stderr
        } else {
            run.stderr
        };
        assert!(said.contains("stop-commands"), "{asked:?}: {said}");
        for bad in ["\n::error::x", "\r", "\n::stop", "\x1b[31ma", "x\x1b[31m", "\x1b]0"] {
            assert!(!said.contains(bad), "{asked:?}: {bad:?} in {said:?}");
        }
    }
}
