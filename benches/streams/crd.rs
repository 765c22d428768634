//! Definitions of custom resources, as generators of controllers write them: deep, and mostly descriptions.

use std::fmt::Write as _;

use fastrand::Rng;

use super::prose::{field, sentence, words, wrapped};

/// One definition of one version, of a few kilobytes up to some hundred.
pub(crate) fn crd(out: &mut String, rng: &mut Rng, index: usize) {
    let _ = write!(
        out,
        "---
# Source: platform/charts/operator/crds/widgets-{index}.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.16.1
  name: widgets{index}.platform.example.com
spec:
  group: platform.example.com
  names:
    kind: Widget{index}
    listKind: Widget{index}List
    plural: widgets{index}
    singular: widget{index}
  scope: Namespaced
  versions:
  - additionalPrinterColumns:
    - jsonPath: .status.conditions[?(@.type==\"Ready\")].status
      name: Ready
      type: string
    - jsonPath: .metadata.creationTimestamp
      name: Age
      type: date
    name: v1
    schema:
      openAPIV3Schema:
"
    );
    let depth = rng.usize(2..6);
    object(out, rng, 8, depth);
    out.push_str("    served: true\n    storage: true\n    subresources:\n      status: {}\n");
}

/// The schema of an object, its lines this far to the right.
fn object(out: &mut String, rng: &mut Rng, indent: usize, depth: usize) {
    description(out, rng, indent);
    let pad = " ".repeat(indent);
    let _ = writeln!(out, "{pad}properties:");
    let mut names: Vec<&str> = (0..rng.usize(2..7)).map(|_| field(rng)).collect();
    names.sort_unstable();
    names.dedup();
    for name in &names {
        let _ = writeln!(out, "{pad}  {name}:");
        match rng.usize(..10) {
            0..5 if depth > 0 => object(out, rng, indent + 4, depth - 1),
            5 if depth > 0 => {
                description(out, rng, indent + 4);
                let _ = writeln!(out, "{pad}    items:");
                object(out, rng, indent + 6, depth - 1);
                let _ = writeln!(out, "{pad}    type: array\n{pad}    x-kubernetes-list-type: atomic");
            }
            _ => leaf(out, rng, indent + 4),
        }
    }
    let _ = writeln!(out, "{pad}required:\n{pad}- {}\n{pad}type: object", names[0]);
}

fn leaf(out: &mut String, rng: &mut Rng, indent: usize) {
    let pad = " ".repeat(indent);
    if rng.u8(..8) == 0 {
        let _ = writeln!(out, "{pad}anyOf:\n{pad}- type: integer\n{pad}- type: string");
    }
    description(out, rng, indent);
    let _ = match rng.u8(..4) {
        0 => writeln!(out, "{pad}format: int32\n{pad}minimum: 0\n{pad}type: integer"),
        1 => writeln!(
            out,
            "{pad}enum:\n{pad}- Always\n{pad}- Never\n{pad}- \"\"\n{pad}type: string"
        ),
        2 => writeln!(
            out,
            "{pad}additionalProperties:\n{pad}  type: string\n{pad}type: object"
        ),
        _ => writeln!(out, "{pad}pattern: ^(0|(([0-9]+)y)?(([0-9]+)w)?)$\n{pad}type: string"),
    };
}

/// A description in one of the three ways it is written.
fn description(out: &mut String, rng: &mut Rng, indent: usize) {
    let pad = " ".repeat(indent);
    let text: Vec<String> = (0..rng.usize(1..5)).map(|_| sentence(rng)).collect();
    let (head, lines, tail) = match rng.u8(..3) {
        0 => ("", wrapped(&text.join(" "), 76), ""),
        1 => {
            let quoted = format!(
                "{} Example: the controller''s {} # {}",
                text.join(" "),
                words(rng, 3),
                words(rng, 2)
            );
            ("'", wrapped(&quoted, 76), "'")
        }
        _ => (
            "|-",
            [
                vec![String::new()],
                text,
                vec!["More info: https://example.com/docs#widgets".to_owned()],
            ]
            .concat(),
            "",
        ),
    };
    let body = lines.join(&format!("\n{pad}  "));
    let _ = writeln!(out, "{pad}description: {head}{body}{tail}");
}
