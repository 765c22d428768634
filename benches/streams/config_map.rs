//! `ConfigMap`s with files of programs, and rules for alerts.

use std::fmt::Write as _;

use fastrand::Rng;

use super::prose::{field, sentence, word, words};

/// One `ConfigMap` with a script and settings.
pub(crate) fn config_map(out: &mut String, rng: &mut Rng, index: usize) {
    let _ = write!(
        out,
        "---
# Source: platform/charts/app/templates/configmap-{index}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: app-{index}
  namespace: apps
  labels:
    app.kubernetes.io/name: app
    app.kubernetes.io/instance: app-{index}
    helm.sh/chart: app-1.4.{}
data:
  start.sh: |
    #!/bin/sh
    set -eu
",
        index % 10
    );
    for _ in 0..rng.usize(5..20) {
        let _ = writeln!(out, "    # {}", sentence(rng));
        let _ = writeln!(
            out,
            "    export {}=\"${{{}:-{}}}\"",
            word(rng).to_uppercase(),
            word(rng).to_uppercase(),
            word(rng)
        );
    }
    out.push_str("  application.properties: |\n");
    for _ in 0..rng.usize(10..40) {
        let _ = writeln!(
            out,
            "    {}.{}.{}={}",
            word(rng),
            word(rng),
            field(rng),
            rng.u32(..10_000)
        );
    }
    let _ = writeln!(out, "  LOG_LEVEL: \"{}\"\n  motto: {}", word(rng), words(rng, 5));
}

/// One object with a group of alerts.
pub(crate) fn rules(out: &mut String, rng: &mut Rng, index: usize) {
    let _ = write!(
        out,
        "---
# Source: platform/charts/monitoring/templates/rules/{index}.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: rules-{index}
  namespace: monitoring
spec:
  groups:
  - name: group-{index}
    rules:
"
    );
    for alert in 0..rng.usize(4..16) {
        let (summary, metric) = (sentence(rng), word(rng));
        let _ = write!(
            out,
            "    - alert: Alert{index}x{alert}
      annotations:
        description: '{{{{ $labels.pod }}}}: {}'
        runbook_url: https://example.com/runbooks/{index}#{alert}
        summary: {summary}
      expr: |-
        sum by (namespace, pod) (
          rate({metric}_errors_total{{job=\"{}\"}}[5m])
        ) > 0.{}
      for: 15m
      labels:
        severity: warning
",
            words(rng, 12),
            word(rng),
            rng.u8(1..99)
        );
    }
}
