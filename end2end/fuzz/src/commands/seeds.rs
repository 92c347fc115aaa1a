//! What is asked to begin with: every command of the fixtures, and evenings in which most of it takes effect.

use serde_json::{Value, json};

use crate::fixtures;

/// The stay of the fixtures in which most has happened.
const STAY: &str = "seating/00000000000000000000000000005ea7";
const FLOOR: &str = "floor/tasca";
const MENU: &str = "menu/tasca";
const ACCESS: &str = "access/tasca";

/// Every command by everybody who may ask for some; and a few evenings.
pub fn seeds() -> Vec<Vec<u8>> {
    let kinds = [("seating-command", STAY), ("visit-command", FLOOR), ("floor-command", FLOOR), ("menu-command", MENU)];
    let pinned =
        kinds.into_iter().flat_map(|(kind, stream)| fixtures::of(kind).map(move |(_, command)| (stream, command.clone())));
    let all = pinned.chain(of_access().map(|command| (ACCESS, command)));
    let everybody = [guest(1), waiter(), cook(), manager(), json!("system")];
    let alone = all.flat_map(|(stream, command)| everybody.clone().map(|by| evening(&[(by, stream, command.clone())])));
    let evenings = [from_the_first_line_to_the_last(), let_in_and_approved(), another_menu(), a_new_party(), at_the_bounds()];
    alone.chain(evenings.iter().map(|asked| evening(asked))).map(|input| input.to_string().into_bytes()).collect()
}

/// By whom, of which stream, what.
type Asked = (Value, &'static str, Value);

fn evening(asked: &[Asked]) -> Value {
    let in_order = (1_u128..).zip(asked);
    let ask = |(n, (by, stream, command)): (u128, &Asked)| {
        let ask = json!({ "mutation": format!("{n:032x}"), "stream": stream, "command": command });
        json!({ "by": by, "after_ms": 1_000, "ask": ask })
    };
    in_order.map(ask).collect()
}

/// What the mutation of that number adds.
fn line(n: u128) -> String {
    format!("{n:032x}")
}

fn guest(number: u16) -> Value {
    json!({ "guest": number })
}

fn staff(id: &str, role: &str) -> Value {
    json!({ "staff": { "id": id, "role": role, "device": 1 } })
}

fn waiter() -> Value {
    staff("wanda", "waiter")
}

fn cook() -> Value {
    staff("kim", "kitchen")
}

fn manager() -> Value {
    staff("maria", "manager")
}

fn from_the_first_line_to_the_last() -> Vec<Asked> {
    let steak = json!({ "type": "add_line", "dish": "steak", "quantity": 1, "note": "no salt", "options": [
        { "group": "doneness", "option": "rare" }, { "group": "sides", "option": "half" },
    ] });
    vec![
        (guest(1), STAY, steak),
        (guest(1), STAY, json!({ "type": "add_line", "dish": "beer", "quantity": 2 })),
        (waiter(), STAY, json!({ "type": "add_line", "dish": "wine", "quantity": 1, "guest": 2 })),
        (guest(2), STAY, json!({ "type": "change_quantity", "line": line(2), "by": 3 })),
        (
            guest(2),
            STAY,
            json!({ "type": "edit_line", "line": line(1), "options": [{ "group": "doneness", "option": "medium" }] }),
        ),
        (guest(1), STAY, json!({ "type": "remove_line", "line": line(3) })),
        (guest(2), STAY, json!({ "type": "rename", "name": "Rui" })),
        (guest(2), STAY, json!({ "type": "set_ready", "ready": true })),
        (guest(1), STAY, json!({ "type": "send_round", "round": 2 })),
        (cook(), STAY, json!({ "type": "start", "round": 2, "station": "grill" })),
        (cook(), STAY, json!({ "type": "bump", "round": 2, "station": "grill" })),
        (cook(), STAY, json!({ "type": "recall", "round": 2, "station": "grill" })),
        (cook(), STAY, json!({ "type": "bump", "round": 2, "station": "grill", "lines": [line(1)] })),
        (waiter(), STAY, json!({ "type": "serve", "round": 2 })),
        (waiter(), FLOOR, json!({ "type": "close_table", "table": "t1", "seating": line(0x5ea7), "even_if_unserved": true })),
    ]
}

/// The next of the fixtures' stays: somebody asks to be let in, and the first round waits.
fn let_in_and_approved() -> Vec<Asked> {
    const STAY: &str = "seating/00000000000000000000000000005ea8";
    vec![
        (guest(1), STAY, json!({ "type": "let_in", "ask": 2 })),
        (waiter(), STAY, json!({ "type": "let_in", "ask": 3, "guest": 2 })),
        (waiter(), STAY, json!({ "type": "turn_away", "ask": 3 })),
        (guest(1), STAY, json!({ "type": "remove_guest", "guest": 2 })),
        (waiter(), STAY, json!({ "type": "decline_round", "round": 1, "reason": "we are about to close" })),
        (guest(1), STAY, json!({ "type": "send_round", "round": 1 })),
        (waiter(), STAY, json!({ "type": "accept_round", "round": 1 })),
    ]
}

fn another_menu() -> Vec<Asked> {
    let catalog = fixtures::all()["menu-command.publish"].clone();
    vec![
        (cook(), MENU, json!({ "type": "set_dish_sold_out", "dish": "soup", "sold_out": true })),
        (
            cook(),
            MENU,
            json!({ "type": "set_option_sold_out", "dish": "steak", "group": "sides", "option": "half", "sold_out": true }),
        ),
        (guest(1), STAY, json!({ "type": "add_line", "dish": "soup", "quantity": 1 })),
        (cook(), MENU, json!({ "type": "set_dish_sold_out", "dish": "soup", "sold_out": false })),
        (
            cook(),
            MENU,
            json!({ "type": "set_option_sold_out", "dish": "steak", "group": "sides", "option": "half", "sold_out": false }),
        ),
        (manager(), MENU, catalog),
        (guest(1), STAY, json!({ "type": "change_quantity", "line": line(0xa004), "by": 1 })),
    ]
}

fn a_new_party() -> Vec<Asked> {
    const NEW: &str = "seating/00000000000000000000000000000002";
    vec![
        (manager(), FLOOR, json!({ "type": "set_house_rules", "rules": { "joining": "approve", "approve_first_round": true } })),
        (waiter(), FLOOR, json!({ "type": "open_table", "table": "t3" })),
        (waiter(), NEW, json!({ "type": "add_line", "dish": "beer", "quantity": 99 })),
        (waiter(), NEW, json!({ "type": "send_round", "round": 1 })),
        (waiter(), FLOOR, json!({ "type": "close_table", "table": "t3", "seating": line(2) })),
        (waiter(), FLOOR, json!({ "type": "close_table", "table": "t3", "seating": line(2), "even_if_unserved": true })),
    ]
}

/// One line more in each of the house's stays, and one guest more.
fn at_the_bounds() -> Vec<Asked> {
    const STAYS: [&str; 6] = [
        "seating/00000000000000000000000000005ead",
        "seating/00000000000000000000000000005eae",
        "seating/00000000000000000000000000005eaf",
        "seating/00000000000000000000000000005eb0",
        "seating/00000000000000000000000000005eb1",
        "seating/00000000000000000000000000005eb2",
    ];
    let ask = |stay| {
        [
            (guest(1), stay, json!({ "type": "add_line", "dish": "beer", "quantity": 1 })),
            (waiter(), stay, json!({ "type": "send_round", "round": 200 })),
            (waiter(), stay, json!({ "type": "let_in", "ask": 1 })),
        ]
    };
    STAYS.into_iter().flat_map(ask).collect()
}

fn of_access() -> impl Iterator<Item = Value> {
    let hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";
    let commands = [
        json!({ "type": "set_staff", "id": "wanda", "name": "Wanda", "role": "manager", "password": hash }),
        json!({ "type": "add_staff", "id": "maria", "name": "Maria", "role": "manager", "password": hash }),
        json!({ "type": "change_staff", "id": "wanda", "name": "Wanda W.", "role": "kitchen" }),
        json!({ "type": "set_password", "id": "wanda", "password": hash }),
        json!({ "type": "set_pin", "id": "wanda", "pin": hash }),
        json!({ "type": "set_pin", "id": "wanda" }),
        json!({ "type": "remove_staff", "id": "wanda" }),
        json!({ "type": "sign_out", "id": "wanda" }),
        json!({ "type": "sign_in_device", "id": "wanda", "member_generation": 5, "device": 1 }),
        json!({ "type": "sign_in_device", "id": "wanda", "member_generation": 5, "kind": "Firefox, Linux" }),
        json!({ "type": "sign_in_device", "id": "wanda", "member_generation": 4 }),
        json!({ "type": "name_device", "device": 1, "name": "Bar" }),
        json!({ "type": "sign_out_device", "device": 1 }),
        json!({ "type": "remove_device", "device": 3 }),
        json!({ "type": "sign_out_everybody" }),
        json!({ "type": "set_token", "table": "t1", "token": line(0x70ce3) }),
        json!({ "type": "give_token", "table": "t2", "token": line(0x70ce4) }),
        json!({ "type": "remove_token", "table": "t1" }),
    ];
    commands.into_iter()
}
