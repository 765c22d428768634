//! Dashboards: JSON in a `ConfigMap`, in each of the ways that templates put it there.

use std::fmt::Write as _;

use fastrand::Rng;
use serde_json::{Value, json};

use super::prose::{sentence, word, words};

/// One `ConfigMap` with one dashboard.
pub(crate) fn dashboard(out: &mut String, rng: &mut Rng, index: usize) {
    let _ = write!(
        out,
        "---
# Source: platform/charts/monitoring/templates/dashboards/{index}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: dashboard-{index}
  namespace: monitoring
  labels:
    grafana_dashboard: \"1\"
    app: monitoring-grafana
    release: \"monitoring\"
data:
  {}-{index}.json: ",
        word(rng)
    );
    let value = json(rng, index);
    let pretty = || serde_json::to_string_pretty(&value).expect("JSON");
    match index % 4 {
        0 | 1 => {
            out.push_str("|-\n");
            for line in pretty().lines() {
                let _ = writeln!(out, "    {line}");
            }
        }
        // One line with `\n` and `\"` in it, as `toYaml` and Helm 4 write it.
        2 => {
            let _ = writeln!(out, "{}", Value::from(pretty()));
        }
        _ => {
            let _ = writeln!(out, "'{}'", value.to_string().replace('\'', "''"));
        }
    }
}

fn json(rng: &mut Rng, index: usize) -> Value {
    let panels: Vec<Value> = (0..rng.usize(4..28)).map(|id| panel(rng, id)).collect();
    let variable = |name: &str| {
        json!({
            "datasource": {"type": "prometheus", "uid": "${datasource}"}, "includeAll": true, "multi": true, "name": name,
            "query": format!("label_values(kube_pod_info{{cluster=\"$cluster\"}}, {name})"), "refresh": 2, "type": "query",
        })
    };
    let variables = ["cluster", "namespace", "pod"].map(variable);
    json!({
        "annotations": {"list": [{"builtIn": 1, "datasource": "-- Grafana --", "enable": true, "iconColor": "rgba(0, 211, 255, 1)"}]},
        "description": sentence(rng), "editable": true, "id": null, "links": [], "panels": panels, "refresh": "30s",
        "schemaVersion": 39, "tags": ["platform", word(rng)],
        "templating": {"list": variables},
        "time": {"from": "now-1h", "to": "now"}, "title": words(rng, 3), "uid": format!("d{index:08x}"), "version": 1,
    })
}

fn panel(rng: &mut Rng, id: usize) -> Value {
    let target = |reference: &str, rng: &mut Rng| {
        let metric = format!("{}_{}_total", word(rng), word(rng));
        json!({
            "datasource": {"type": "prometheus", "uid": "${datasource}"},
            "expr": format!("sum(rate({metric}{{namespace=\"$namespace\", pod=~\"$pod\"}}[$__rate_interval])) by ({})", word(rng)),
            "legendFormat": format!("{{{{{}}}}} – {}", word(rng), word(rng)), "refId": reference,
        })
    };
    let steps = json!([{"color": "green", "value": null}, {"color": "red", "value": rng.u32(50..100)}]);
    json!({
        "datasource": {"type": "prometheus", "uid": "${datasource}"}, "description": sentence(rng),
        "fieldConfig": {
            "defaults": {
                "color": {"mode": "palette-classic"},
                "custom": {"axisLabel": "", "drawStyle": "line", "fillOpacity": 10, "lineWidth": 1, "showPoints": "never", "spanNulls": false},
                "thresholds": {"mode": "absolute", "steps": steps}, "unit": "reqps",
            },
            "overrides": [],
        },
        "gridPos": {"h": 8, "w": 12, "x": id % 2 * 12, "y": id / 2 * 8}, "id": id,
        "options": {"legend": {"calcs": ["mean", "max"], "displayMode": "table", "placement": "right"}, "tooltip": {"mode": "multi"}},
        "targets": [target("A", rng), target("B", rng)], "title": words(rng, 4), "type": "timeseries",
    })
}
