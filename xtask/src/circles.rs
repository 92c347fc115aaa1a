//! That the arrows between a room's modules point one way: no module knows, through others, itself.
//!
//! A module is what stands right under a room's `src/`, a file or a folder; inside a folder, parent and child know each other
//! as Rust has it. Paths are found as text, since half of an app is written inside of `view!`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::Result;

use crate::{contents, workspace::Workspace};

/// Where each room's modules are.
const ROOMS: [&str; 8] = ["domain", "app", "frontend", "server", "xtask", "end2end/load", "end2end/fuzz", "end2end/services"];

/// Modules that know nothing of each other in either direction: each is a surface of its own.
const STRANGERS: [(&str, &[&str]); 1] = [("app", &["guest", "floor", "kitchen", "people", "sign_in"])];

/// Which modules a module knows, and a file in which it says so.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// Every circle, and every arrow between strangers.
pub(crate) fn breaches(workspace: &Workspace) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for room in ROOMS {
        let arrows = arrows(&workspace.root.join(room).join("src"))?;
        breaches.extend(circle(&arrows).map(|circle| format!("{room}: modules go round in a circle: {circle}")));
        for (_, strangers) in STRANGERS.iter().filter(|(of, _)| *of == room) {
            breaches.extend(met(&arrows, strangers).into_iter().map(|met| format!("{room}: {met}")));
        }
    }
    Ok(breaches)
}

/// The arrows between the modules of one room, tests left out.
fn arrows(source: &Path) -> Result<Arrows> {
    let files = contents::read_folder(source)?;
    let modules: BTreeSet<String> =
        files.keys().filter_map(|file| module(file)).filter(|name| *name != "lib" && *name != "main").map(Into::into).collect();
    let mut arrows = Arrows::new();
    for (file, bytes) in &files {
        let Some(from) = module(file).filter(|from| modules.contains(*from)) else { continue };
        let text = String::from_utf8_lossy(bytes);
        for to in known(&text, depth(file)) {
            if to != from && modules.contains(&to) {
                arrows.entry(from.into()).or_default().entry(to).or_insert_with(|| file.clone());
            }
        }
    }
    Ok(arrows)
}

/// The module that a file belongs to; none of tests, and of what is no code.
fn module(file: &str) -> Option<&str> {
    let is_test = |part: &str| part == "tests" || part.ends_with("tests.rs");
    let name = file.strip_suffix(".rs").filter(|_| !file.split('/').any(is_test))?;
    name.split('/').next()
}

/// How many `super` lead from a file's module to the room itself.
fn depth(file: &str) -> usize {
    let parts = file.split('/').count();
    if file.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// What stands right under the room in the paths of a source.
fn known(source: &str, depth: usize) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: String = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let up = "super::".repeat(depth);
    let mut known = BTreeSet::new();
    for start in ["crate::", up.as_str()] {
        for (at, _) in code.match_indices(start).filter(|(at, _)| is_start(&code, *at)) {
            let path = &code[at + start.len()..];
            match path.strip_prefix('{') {
                None => known.extend(first_word(path)),
                Some(group) => known.extend(members(group).filter_map(first_word)),
            }
        }
    }
    known.into_iter().map(Into::into).collect()
}

/// The members of a group of paths, `a::B, c::{D, E}}`, without those of the groups in it.
fn members(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let mut ended = false;
    group.split_inclusive([',', '{', '}']).filter_map(move |part| {
        let is_member = depth == 0 && !ended;
        match part.as_bytes().last() {
            Some(b'{') => depth += 1,
            Some(b'}') if depth == 0 => ended = true,
            Some(b'}') => depth -= 1,
            _ => {}
        }
        is_member.then(|| part.trim_start())
    })
}

/// Whether a path starts there: `super::` is also in `super::super::`.
fn is_start(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
}

fn first_word(path: &str) -> Option<&str> {
    let end = path.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(path.len());
    Some(&path[..end]).filter(|word| !word.is_empty())
}

/// One circle, told from arrow to arrow.
fn circle(arrows: &Arrows) -> Option<String> {
    let none = BTreeMap::new();
    for start in arrows.keys() {
        // Breadth first, so that the shortest way round is told.
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut next: Vec<&str> = vec![start];
        while let Some(from) = (!next.is_empty()).then(|| next.remove(0)) {
            for to in arrows.get(from).unwrap_or(&none).keys() {
                if to == start {
                    return Some(told(arrows, start, from, &came_from));
                }
                if !came_from.contains_key(to.as_str()) {
                    came_from.insert(to, from);
                    next.push(to);
                }
            }
        }
    }
    None
}

fn told(arrows: &Arrows, start: &str, last: &str, came_from: &BTreeMap<&str, &str>) -> String {
    let mut way = vec![start, last];
    while way.last() != Some(&start) {
        let here = way[way.len() - 1];
        way.push(came_from.get(here).copied().unwrap_or(start));
    }
    way.reverse();
    let arrow = |pair: &[&str]| format!("{} → {} ({})", pair[0], pair[1], arrows[pair[0]][pair[1]]);
    way.windows(2).map(arrow).collect::<Vec<_>>().join(", ")
}

fn met(arrows: &Arrows, strangers: &[&str]) -> Vec<String> {
    let is_stranger = |name: &str| strangers.contains(&name);
    let of = arrows.iter().filter(|(from, _)| is_stranger(from));
    let met = of.flat_map(|(from, to)| to.iter().map(move |(to, file)| (from, to, file)));
    met.filter(|(_, to, _)| is_stranger(to)).map(|(from, to, file)| format!("{from} must not know {to} ({file})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows_of(pairs: &[(&str, &str)]) -> Arrows {
        let mut arrows = Arrows::new();
        for (from, to) in pairs {
            arrows.entry((*from).into()).or_default().insert((*to).into(), format!("{from}.rs"));
        }
        arrows
    }

    #[test]
    fn a_circle_is_told_from_arrow_to_arrow() {
        let arrows = arrows_of(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]);
        assert_eq!(circle(&arrows).as_deref(), Some("a → b (a.rs), b → c (b.rs), c → a (c.rs)"));
        assert_eq!(circle(&arrows_of(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    }

    #[test]
    fn strangers_do_not_meet() {
        let arrows = arrows_of(&[("kitchen", "floor"), ("kitchen", "words")]);
        assert_eq!(met(&arrows, &["floor", "kitchen"]), ["kitchen must not know floor (kitchen.rs)"]);
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let source = "use crate::{\n    a::B,\n    c::{D, o},\n};\nuse crate::f;\n// crate::g\nfn h() { view! { {crate::i::j()} } }\n$crate::k\nuse super::l;\nuse super::super::m;\n#[cfg(test)]\nmod tests { use crate::n; }";
        assert_eq!(known(source, 1).into_iter().collect::<Vec<_>>(), ["a", "c", "f", "i", "k", "l", "super"]);
        assert_eq!(known("use super::super::m;", 2).into_iter().collect::<Vec<_>>(), ["m"]);
    }

    #[test]
    fn a_file_s_module_is_its_first_folder_and_tests_have_none() {
        let modules = ["a/b.rs", "a/mod.rs", "a.rs", "a_tests.rs", "a/tests/b.rs", "a/tests.rs", "a.md"].map(module);
        assert_eq!(modules, [Some("a"), Some("a"), Some("a"), None, None, None, None]);
        assert_eq!(["a.rs", "a/mod.rs", "a/b.rs", "a/b/c.rs"].map(depth), [1, 1, 2, 3]);
    }
}
