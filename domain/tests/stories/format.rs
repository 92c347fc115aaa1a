//! Events of a later release, and what a stream remembers.

use domain::access::Access;
use domain::floor::Floor;
use domain::fold::Fold;
use domain::menu::Menu;
use domain::seating::{MAX_VERSION, RoundsEvent, Seating};
use domain::stream::REMEMBERED_VERSIONS;
use domain::{MutationId, Recorded};

use crate::common::house::folded;
use crate::story::a_table;

/// Folds an event that nobody knows yet into this state.
fn from_the_future<S: Fold>(state: &S) -> S {
    let text = format!(
        r#"{{"n":{},"at":5,"m":"{}","by":"system","f":2,"e":{{"type":"from_the_future","lines":[1],"deep":{{"er":null}}}}}}"#,
        state.version() + 1,
        MutationId::numbered(77),
    );
    let recorded: Recorded<S::Event> = serde_json::from_str(&text).expect("an unknown event is an event");
    let mut after = state.clone();
    after.evolve(&recorded);
    after
}

fn changes_nothing_but_the_version<S: Fold>(before: &S, without_progress: impl Fn(S) -> S) {
    let after = from_the_future(before);
    assert_eq!(after.version(), before.version() + 1);
    assert_eq!(after.progress().effect_of(MutationId::numbered(77)), Some(after.version()));
    assert_eq!(without_progress(after), without_progress(before.clone()));
}

#[test]
fn an_event_of_a_later_release_moves_the_version_and_nothing_else() {
    let table: Seating = folded(a_table());
    changes_nothing_but_the_version(&table, |table| Seating { progress: Default::default(), ..table });
    changes_nothing_but_the_version(&Floor::default(), |floor| Floor { progress: Default::default(), ..floor });
    changes_nothing_but_the_version(&crate::common::house::menu(), |menu| Menu { progress: Default::default(), ..menu });
    changes_nothing_but_the_version(&Access::default(), |access| Access { progress: Default::default(), ..access });
}

#[test]
fn fields_that_a_later_release_adds_are_passed_over() {
    let text = r#"{"n":1,"at":5,"m":"00000000000000000000000000000007","by":{"guest":1},"f":1,"later":true,
        "e":{"type":"ready_changed","guest":1,"ready":true,"mood":"fine"}}"#;
    let recorded: Recorded<domain::seating::SeatingEvent> = serde_json::from_str(text).expect("added fields don't matter");
    assert_eq!(
        recorded.event,
        domain::seating::SeatingEvent::Rounds(RoundsEvent::ReadyChanged { guest: domain::GuestNo(1), ready: true })
    );
}

#[test]
fn a_stay_remembers_every_command_it_has_seen() {
    // The longest record of a stay, its last joins and its end are within what is remembered.
    const { assert!(MAX_VERSION + 61 < 2 * REMEMBERED_VERSIONS) };
}

#[test]
fn two_events_of_one_command_count_as_one_effect() {
    let mut table = Seating::default();
    let mutation = MutationId::numbered(5);
    for (version, event) in (1..).zip(a_table()) {
        table.evolve(&Recorded { mutation, ..crate::common::house::recorded(version, event) });
    }
    assert_eq!(table.progress.effect_of(mutation), Some(3), "the version of the last");
    assert_eq!(table.progress.effect_of(MutationId::numbered(6)), None);
}
