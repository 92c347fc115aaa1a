//! Changes JSON: a value somewhere in it becomes another, mostly one that stands under the same name elsewhere.

use std::collections::BTreeMap;

use rand::Rng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};

/// Numbers at which something may happen: the bounds of types, and those of the restaurant.
const NUMBERS: [i128; 24] = [
    0,
    1,
    -1,
    2,
    59,
    60,
    64,
    99,
    100,
    200,
    255,
    256,
    768,
    1_000,
    4_096,
    10_000_000,
    10_000_001,
    i16::MIN as i128,
    i16::MAX as i128,
    u16::MAX as i128,
    u32::MAX as i128,
    i64::MIN as i128,
    i64::MAX as i128,
    u64::MAX as i128,
];
/// Characters that a text may be refused for, be made empty by, or be counted wrong with.
const LETTERS: [&str; 12] =
    ["a", "é", "漢", "👩\u{200D}🍳", " ", "\u{A0}", "\u{0}", "\n", "\u{202E}", "\u{200B}", "\u{3164}", "<b>"];
/// How often a text is repeated, at most.
const MAX_TIMES: usize = 64;

/// What stands under which name in the seeds. What stands in a list stands under the list's name.
pub(super) struct Pantry {
    by_name: BTreeMap<String, Vec<Value>>,
    names: Vec<String>,
}

impl Pantry {
    pub(super) fn of(seeds: impl Iterator<Item = Value>) -> Self {
        let mut by_name = BTreeMap::new();
        seeds.for_each(|seed| keep("", &seed, &mut by_name));
        Self { names: by_name.keys().cloned().collect(), by_name }
    }

    fn named(&self, name: &str, random: &mut impl Rng) -> Option<&Value> {
        self.by_name.get(name)?.choose(random)
    }

    fn any(&self, random: &mut impl Rng) -> (&str, Value) {
        let name = self.names.choose(random).map_or("", String::as_str);
        (name, self.named(name, random).cloned().unwrap_or_default())
    }
}

fn keep(name: &str, value: &Value, by_name: &mut BTreeMap<String, Vec<Value>>) {
    let kept = by_name.entry(name.to_owned()).or_default();
    if !kept.contains(value) {
        kept.push(value.clone());
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| keep(name, item, by_name)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| keep(name, field, by_name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Makes one change somewhere.
pub(super) fn change(value: &mut Value, pantry: &Pantry, random: &mut impl Rng) {
    let mut nth = random.random_range(0..count(value));
    let (name, place) = find("", value, &mut nth).expect("there are that many");
    change_here(name, place, pantry, random);
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The value of that number, counted as they are written, and the name under which it stands.
fn find<'a>(name: &'a str, value: &'a mut Value, nth: &mut usize) -> Option<(&'a str, &'a mut Value)> {
    if *nth == 0 {
        return Some((name, value));
    }
    *nth -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| find(name, item, nth)),
        Value::Object(fields) => fields.iter_mut().find_map(|(name, field)| find(name, field, nth)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn change_here(name: &str, value: &mut Value, pantry: &Pantry, random: &mut impl Rng) {
    if random.random_ratio(2, 5)
        && let Some(other) = pantry.named(name, random)
    {
        *value = other.clone();
        return;
    }
    if random.random_ratio(1, 12) {
        *value = pantry.any(random).1;
        return;
    }
    match value {
        Value::Null => *value = json!(false),
        Value::Bool(it_is) => *value = json!(!*it_is),
        Value::Number(number) => *value = another_number(number.as_i64(), random),
        Value::String(text) => *text = another_text(text, random),
        Value::Array(items) => change_list(name, items, pantry, random),
        Value::Object(fields) => change_fields(fields, pantry, random),
    }
}

fn another_number(number: Option<i64>, random: &mut impl Rng) -> Value {
    let near = |number: i64, random: &mut dyn rand::RngCore| json!(number.saturating_add(random.random_range(-3..=3)));
    match (random.random_range(0..8), number) {
        (0..5, Some(number)) => near(number, random),
        (7, _) => json!(1.5),
        _ => {
            let number = NUMBERS.choose(random).copied().unwrap_or_default();
            // Each fits into one of the two.
            i64::try_from(number).map_or_else(|_| json!(u64::try_from(number).unwrap_or(u64::MAX)), |number| json!(number))
        }
    }
}

fn another_text(text: &str, random: &mut impl Rng) -> String {
    let at = text.char_indices().map(|(at, _)| at).nth(random.random_range(0..=text.len())).unwrap_or(text.len());
    let (before, after) = text.split_at(at);
    match random.random_range(0..6) {
        0 => before.to_owned(),
        1 => text.repeat(random.random_range(2..=MAX_TIMES)),
        2 => text.to_uppercase(),
        3 => format!("{before}{}{after}", random.random_range(0..10)),
        _ => format!("{before}{}{after}", LETTERS.choose(random).copied().unwrap_or_default()),
    }
}

fn change_list(name: &str, items: &mut Vec<Value>, pantry: &Pantry, random: &mut impl Rng) {
    let at = random.random_range(0..=items.len());
    match random.random_range(0..4) {
        0 if at < items.len() => drop(items.remove(at)),
        1 if at < items.len() => items.push(items[at].clone()),
        2 if at < items.len() => {
            let to = random.random_range(0..items.len());
            items.swap(at, to);
        }
        // What stands under a list's name is a list, or one of its items.
        _ => match pantry.named(name, random) {
            Some(Value::Array(more)) => items.extend(more.iter().cloned()),
            Some(item) => items.insert(at, item.clone()),
            None => {}
        },
    }
}

fn change_fields(fields: &mut Map<String, Value>, pantry: &Pantry, random: &mut impl Rng) {
    let names: Vec<String> = fields.keys().cloned().collect();
    let name = names.choose(random).cloned().unwrap_or_default();
    match random.random_range(0..3) {
        0 => drop(fields.remove(&name)),
        1 => {
            let misspelt = another_text(&name, random);
            if let Some(value) = fields.remove(&name) {
                fields.insert(misspelt, value);
            }
        }
        _ => {
            let (name, value) = pantry.any(random);
            fields.insert(name.to_owned(), value);
        }
    }
}
