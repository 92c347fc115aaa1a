//! Each claim of docs/security.md names the tests that hold it, and these are there: a test that is renamed or taken out
//! takes its claim with it.
//!
//! A claim is an item of a list. Its last line is an arrow and where its tests are, each with their names:
//!
//! ```text
//! - A request's head has to come within 15 s.
//!   → server: `a_test`, `another`; channel/doors: `a title of a test`
//! ```

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result};

use crate::{contents, workspace::Workspace};

/// What claims.
const PAGE: &str = "docs/security.md";

/// The headings below which nothing is claimed.
const NO_CLAIMS: [&str; 3] = ["What is not defended", "What you have to do", "Not shown by a test yet"];

/// What an item of a list begins with, and the line with its tests.
const ITEM: &str = "- ";
const ARROW: &str = "→ ";

/// The rooms of Rust, where a test is a function.
const ROOMS: [(&str, &str); 6] = [
    ("server", "server"),
    ("domain", "domain"),
    ("app", "app"),
    ("load", "end2end/load"),
    ("fuzz", "end2end/fuzz"),
    ("xtask", "xtask"),
];

/// The folders of JavaScript, where a test has a title; and how their files end.
const FOLDERS: [(&str, &str); 2] = [("channel/", ".test.mjs"), ("browser/", ".spec.ts")];

/// A claim, by where it stands.
#[derive(Debug, PartialEq)]
struct Claim {
    line: usize,
    tests: Vec<Test>,
    /// What of its tests can't be read.
    unread: Option<String>,
}

/// A test: the room or file, and what it is called there.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Test {
    place: String,
    name: String,
}

/// What is wrong with the page; how many claims it has, and how many tests they name.
pub(crate) fn breaches(workspace: &Workspace) -> Result<(Vec<String>, usize, usize)> {
    let page = fs::read_to_string(workspace.root.join(PAGE)).with_context(|| format!("cannot read {PAGE}"))?;
    let claims = claims(&page);
    let tests: BTreeSet<_> = claims.iter().flat_map(|claim| &claim.tests).collect();
    let mut breaches = Vec::new();
    if claims.is_empty() {
        breaches.push(format!("{PAGE} claims nothing: has the form of its lists changed?"));
    }
    let known = known(workspace, tests.iter().map(|test| test.place.as_str()))?;
    for claim in &claims {
        breaches.extend(faults(claim, &known).into_iter().map(|fault| format!("{PAGE}:{}: {fault}", claim.line)));
    }
    Ok((breaches, claims.len(), tests.len()))
}

/// The claims of a page.
fn claims(page: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let (mut claims_here, mut is_in_item) = (true, false);
    for (at, line) in page.lines().enumerate() {
        if let Some(heading) = line.strip_prefix('#') {
            claims_here = !NO_CLAIMS.contains(&heading.trim_start_matches('#').trim());
            is_in_item = false;
        } else if line.trim().is_empty() {
            is_in_item = false;
        } else if line.starts_with(ITEM) {
            is_in_item = claims_here;
            claims.extend(is_in_item.then(|| Claim { line: at + 1, tests: Vec::new(), unread: None }));
        } else if is_in_item
            && let Some(claim) = claims.last_mut()
            && let Some(told) = line.trim_start().strip_prefix(ARROW)
        {
            match tests(told) {
                Some(tests) => claim.tests.extend(tests),
                None => claim.unread = Some(told.to_owned()),
            }
        }
    }
    claims
}

/// The tests of a line: `place: `name`, `name`; place: `name``.
fn tests(told: &str) -> Option<Vec<Test>> {
    let (mut tests, mut rest) = (Vec::new(), told.trim());
    while !rest.is_empty() {
        let (place, mut after) = rest.split_once(": `")?;
        loop {
            let (name, next) = after.split_once('`')?;
            tests.push(Test { place: place.to_owned(), name: name.to_owned() });
            match next.strip_prefix(", `") {
                Some(more) => after = more,
                None => {
                    rest = next;
                    break;
                }
            }
        }
        if !rest.is_empty() {
            rest = rest.strip_prefix("; ")?;
        }
    }
    Some(tests)
}

/// Every test of these places. A place that is none has none.
fn known<'a>(workspace: &Workspace, places: impl Iterator<Item = &'a str>) -> Result<BTreeSet<Test>> {
    let mut known = BTreeSet::new();
    for place in places.collect::<BTreeSet<_>>() {
        let mut names = Vec::new();
        if let Some((_, folder)) = ROOMS.iter().find(|(room, _)| *room == place) {
            let sources = contents::list(&workspace.root.join(folder))?;
            for path in sources.iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")) {
                names.extend(functions(&read(path)?));
            }
        } else if let Some((_, ending)) = FOLDERS.iter().find(|(folder, _)| place.starts_with(folder)) {
            let path = workspace.root.join("end2end").join(format!("{place}{ending}"));
            if path.is_file() {
                names.extend(titles(&read(&path)?));
            }
        }
        known.extend(names.into_iter().map(|name| Test { place: place.to_owned(), name }));
    }
    Ok(known)
}

fn read(path: &std::path::Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The functions of a Rust source that are tests.
fn functions(source: &str) -> Vec<String> {
    let (mut found, mut is_test) = (Vec::new(), false);
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some((_, rest)) = line.split_once("fn ").filter(|(before, _)| matches!(*before, "" | "async ")) {
            found.extend(is_test.then(|| rest.split(['(', '<']).next().unwrap_or_default().to_owned()));
            is_test = false;
        } else if !(line.starts_with("#[") || line.starts_with("//")) {
            is_test = false;
        }
    }
    found
}

/// The titles of a JavaScript file's tests.
fn titles(source: &str) -> Vec<String> {
    let starts = source.lines().filter_map(|line| line.trim_start().strip_prefix("test("));
    let title = |rest: &str| {
        let quote = rest.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote))?;
        rest[1..].split(quote).next().map(str::to_owned)
    };
    starts.filter_map(title).collect()
}

/// What is wrong with a claim.
fn faults(claim: &Claim, known: &BTreeSet<Test>) -> Vec<String> {
    if let Some(unread) = &claim.unread {
        return vec![format!("{unread:?} can't be read: it is place: `test`, `test`; place: `test`")];
    }
    if claim.tests.is_empty() {
        return vec!["a claim that names no test".to_owned()];
    }
    let missing = claim.tests.iter().filter(|test| !known.contains(test));
    missing.map(|Test { place, name }| format!("there is no test “{name}” in {place}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(place: &str, name: &str) -> Test {
        Test { place: place.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn a_claim_is_an_item_with_the_tests_below_its_arrow() {
        let page = "# Page\n\n- One,\n  and on.\n  → server: `a`, `b`; channel/doors: `who is “here”, and isn't`\n- Two.\n\n\
                    → server: `c`\n\n## What is not defended\n\n- Nobody tests this.\n\n## More\n\n- Three.\n  → server `d`\n";
        let read = claims(page);
        assert_eq!(read.iter().map(|claim| claim.line).collect::<Vec<_>>(), [3, 6, 16]);
        let tests = [test("server", "a"), test("server", "b"), test("channel/doors", "who is “here”, and isn't")];
        assert_eq!(read[0].tests, tests);
        assert_eq!((read[1].tests.len(), read[1].unread.as_deref()), (0, None), "an arrow elsewhere is nobody's");
        assert_eq!(read[2].unread.as_deref(), Some("server `d`"));
    }

    #[test]
    fn a_claim_without_a_test_or_with_one_that_is_not_there_is_told() {
        let known = BTreeSet::from([test("server", "a"), test("channel/doors", "a title")]);
        let faults_of = |arrow: &str| faults(&claims(&format!("- A claim.\n{arrow}")).remove(0), &known).len();
        assert_eq!(faults_of("  → server: `a`; channel/doors: `a title`"), 0);
        for wrong in ["", "  → server: `b`", "  → domain: `a`", "  → channel/doors: `a`", "  → server: a", "  → server: `a`, b"]
        {
            assert_eq!(faults_of(wrong), 1, "{wrong:?}");
        }
    }

    #[test]
    fn only_tests_are_tests() {
        let source = "#[test]\nfn a() {}\nfn b() {}\n#[cfg(unix)]\n#[tokio::test(start_paused = true)]\n// why\nasync fn c() {}\n\
                      #[test]\nlet x = 1;\nfn d() {}\n    #[test]\n    fn e(x in any::<u8>()) {}\n";
        assert_eq!(functions(source), ["a", "c", "e"]);
        let source = "test(\"a, “b” and 'c'\", async () => {\n  test(`d`, x);\ntest.skip(\"e\");\n// test(\"f\")\ntested(\"g\")";
        assert_eq!(titles(source), ["a, “b” and 'c'", "d"]);
    }
}
