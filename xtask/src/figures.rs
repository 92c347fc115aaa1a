//! The figures that docs/deploy.md and docs/grafana.json name are ones that the server tells: a panel or an
//! alert of a figure that was renamed stays silent for good.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{contents, workspace::Workspace};

/// Where the server names them, without what [`PREFIX`] and [`ENDINGS`] add.
const SOURCE: &str = "server/src/http/metrics.rs";

/// What people read, and Grafana.
const DASHBOARD: &str = "docs/grafana.json";
const PAGE: &str = "docs/deploy.md";

/// Stands before every figure.
const PREFIX: &str = "comanda_";

/// What the format adds to a figure's name: counters, the parts of a histogram, facts.
const ENDINGS: [&str; 5] = ["_total", "_bucket", "_sum", "_count", "_info"];

/// The oldest dashboards that today's Grafana takes as they are.
const SCHEMA_MIN: u64 = 38;

/// Every figure that is named and not told, and what else is wrong with the dashboard.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let read = |name: &str| {
        let bytes = contents::read(&workspace.root.join(name))?;
        String::from_utf8(bytes).with_context(|| format!("{name} is no text"))
    };
    let (source, dashboard) = (read(SOURCE)?, read(DASHBOARD)?);
    let mut breaches = unfit(&serde_json::from_str(&dashboard).with_context(|| format!("{DASHBOARD} is not JSON"))?);
    for (name, text) in [(DASHBOARD, &dashboard), (PAGE, &read(PAGE)?)] {
        let named = named(text);
        if named.is_empty() {
            breaches.push(format!("{name} names no figure: has their prefix changed?"));
        }
        let untold = named.into_iter().filter(|figure| !is_told(&source, figure));
        breaches.extend(untold.map(|figure| format!("{name} names {figure}, which {SOURCE} does not tell")));
    }
    Ok(breaches)
}

/// The figures that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = text.match_indices(PREFIX).filter(|(at, _)| !text[..*at].ends_with(is_inside));
    let names = starts.map(|(at, _)| {
        let rest = &text[at..];
        &rest[..rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len())]
    });
    names.filter(|name| *name != PREFIX).collect()
}

/// Whether the source names it, as a string, before its own tests.
fn is_told(source: &str, figure: &str) -> bool {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let bare = figure.strip_prefix(PREFIX).unwrap_or(figure);
    let without = ENDINGS.iter().filter_map(|ending| bare.strip_suffix(ending));
    without.chain([bare]).any(|name| code.contains(&format!("\"{name}\"")))
}

/// What keeps a dashboard from showing everything.
fn unfit(dashboard: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    if dashboard["schemaVersion"].as_u64().is_none_or(|version| version < SCHEMA_MIN) {
        breaches.push(format!("{DASHBOARD}: its schemaVersion is below {SCHEMA_MIN}"));
    }
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let variables = list(&dashboard["templating"]["list"]);
    for needed in ["datasource", "instance"] {
        if !variables.iter().any(|variable| variable["name"] == needed) {
            breaches.push(format!("{DASHBOARD}: it has no variable {needed}"));
        }
    }
    let mut ids = BTreeSet::new();
    for panel in list(&dashboard["panels"]) {
        let title = panel["title"].as_str().unwrap_or("a panel without a title");
        if !ids.insert(panel["id"].as_u64()) {
            breaches.push(format!("{DASHBOARD}: {title} has another's number"));
        }
        let asks = list(&panel["targets"]).iter().any(|target| target["expr"].as_str().is_some_and(|ask| ask.contains(PREFIX)));
        if panel["type"] != "row" && !asks {
            breaches.push(format!("{DASHBOARD}: {title} shows nothing"));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_found_whatever_stands_around_them() {
        let text = "sum(rate(comanda_a_total{x}[5m])) `comanda_b`, xcomanda_c and comanda_*";
        assert_eq!(named(text), BTreeSet::from(["comanda_a_total", "comanda_b"]));
    }

    #[test]
    fn a_figure_is_told_under_the_name_that_the_format_gives_it() {
        let source = "counter(\"a\"); histogram(\"b_seconds\"); info(\"build\")\n#[cfg(test)]\n\"c\"";
        for told in ["comanda_a_total", "comanda_a", "comanda_b_seconds_bucket", "comanda_build_info"] {
            assert!(is_told(source, told), "{told}");
        }
        for untold in ["comanda_c", "comanda_b", "comanda_a_totals", "comanda_b_seconds_b"] {
            assert!(!is_told(source, untold), "{untold}");
        }
    }

    #[test]
    fn a_dashboard_that_shows_nothing_is_unfit() {
        let fit = json!({
            "schemaVersion": 39,
            "templating": { "list": [{ "name": "datasource" }, { "name": "instance" }] },
            "panels": [{ "id": 1, "type": "row" }, { "id": 2, "title": "A", "targets": [{ "expr": "comanda_a" }] }],
        });
        assert!(unfit(&fit).is_empty(), "{:?}", unfit(&fit));
        let unfit =
            unfit(&json!({ "panels": [{ "id": 1, "title": "A", "targets": [] }, { "id": 1, "type": "row", "title": "B" }] }));
        assert_eq!(unfit.len(), 5, "{unfit:?}");
    }
}
