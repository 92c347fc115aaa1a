//! Words that only the staff read: signing in, the kitchen, the floor.

use domain::Role;
use domain::seating::ItemState;

use super::texts::words;

words! {
    /// Words that only the staff read. `{0}` and `{1}` stand for what [`fill`](super::fill) puts there.
    pub struct StaffWords {
        // Both surfaces.
        /// Nobody is signed in: the heading.
        pub signed_out: &'static str,
        /// Nobody is signed in: why that matters.
        pub signed_out_hint: &'static str,
        /// Signs out, everywhere.
        pub sign_out: &'static str,
        /// A table, before its label.
        pub table: &'static str,
        /// A round, before its number.
        pub round: &'static str,
        /// An item's state: the station has it.
        pub received: &'static str,
        /// An item's state: it is being made.
        pub cooking: &'static str,
        /// An item's state: it can be carried out.
        pub ready: &'static str,
        /// An item's state: it is on the table.
        pub served: &'static str,
        /// A command waits for the server.
        pub sending: &'static str,
        /// Allows sounds.
        pub sound_on: &'static str,
        /// Sounds are allowed; a tap silences.
        pub sound_is_on: &'static str,
        /// Takes the last step back.
        pub undo: &'static str,
        // Signing in.
        /// The name with which somebody signs in.
        pub staff_name: &'static str,
        /// The password.
        pub password: &'static str,
        /// Which screen to go to.
        pub work_at: &'static str,
        /// The server is asked.
        pub signing_in: &'static str,
        /// The name or the password is wrong.
        pub wrong_password: &'static str,
        // The kitchen.
        /// The choice of stations.
        pub stations: &'static str,
        /// Every station.
        pub all_stations: &'static str,
        /// The tickets on the wall.
        pub tickets: &'static str,
        /// A ticket's age needs an eye.
        pub watch: &'static str,
        /// A ticket is late.
        pub late: &'static str,
        /// A ticket came just now.
        pub new: &'static str,
        /// Begins with a ticket.
        pub start: &'static str,
        /// Bumps a whole ticket.
        pub done: &'static str,
        /// Before the other stations of a round.
        pub also_at: &'static str,
        /// What another station still owes.
        pub owes: &'static str,
        /// Nothing is on the wall.
        pub quiet: &'static str,
        /// Nothing is on the wall: what happens next.
        pub quiet_hint: &'static str,
        /// The last bumped tickets.
        pub finished: &'static str,
        /// No ticket was bumped yet.
        pub nothing_finished: &'static str,
        /// Brings a bumped ticket back.
        pub recall: &'static str,
        /// A page of tickets: which, of how many.
        pub page: &'static str,
        /// To the page of older tickets.
        pub earlier: &'static str,
        /// To the page of newer tickets.
        pub later: &'static str,
        /// How many of each dish are open now.
        pub all_day: &'static str,
        /// Beside the all-day counts.
        pub all_day_hint: &'static str,
        /// The keyboard shortcuts.
        pub keys: &'static str,
        /// What the keys do.
        pub keys_hint: &'static str,
        /// The dialog in which dishes are marked as sold out.
        pub sold_out_title: &'static str,
        /// Searches among the dishes.
        pub find_dish: &'static str,
        /// Marks something as sold out.
        pub mark_sold_out: &'static str,
        /// Marks something as back.
        pub mark_back: &'static str,
        /// No dish has that name.
        pub no_dish_found: &'static str,
        /// The options of a dish.
        pub options: &'static str,
        /// The connection is lost: the heading.
        pub not_live: &'static str,
        /// What is shown is old: as of when, and for how many seconds.
        pub known_at: &'static str,
        /// The connection is lost: what happens to taps.
        pub will_send: &'static str,
        /// A ticket whose table was closed.
        pub withdrawn: &'static str,
        /// Somebody has seen it.
        pub seen: &'static str,
        // The floor.
        /// Every table.
        pub tables: &'static str,
        /// What tables wait for.
        pub needs: &'static str,
        /// No table waits for anything.
        pub no_needs: &'static str,
        /// Nobody sits there.
        pub free: &'static str,
        /// A party that has sent nothing yet.
        pub choosing: &'static str,
        /// Items that the kitchen still owes.
        pub in_kitchen: &'static str,
        /// Items that can be carried out.
        pub to_serve: &'static str,
        /// Everything that was sent is on the table.
        pub all_served: &'static str,
        /// Lines in the cart.
        pub not_sent: &'static str,
        /// The kitchen is late with items, where there is little room.
        pub late_count: &'static str,
        /// The kitchen is late with items.
        pub late_at: &'static str,
        /// A party that has waited long without ordering.
        pub nothing_ordered: &'static str,
        /// Guests of seats.
        pub guests: &'static str,
        /// How many fit.
        pub seats: &'static str,
        /// How long a party has been here.
        pub seated_for: &'static str,
        /// Opens a free table.
        pub open_table: &'static str,
        /// Being opened.
        pub opening: &'static str,
        /// Ends a stay.
        pub close_table: &'static str,
        /// Being closed.
        pub closing: &'static str,
        /// Asks before a stay is ended.
        pub close_sure: &'static str,
        /// Warns before a stay with unserved items is ended.
        pub close_unserved: &'static str,
        /// Warns before a stay with a filled cart is ended.
        pub close_unsent: &'static str,
        /// Ends the stay all the same.
        pub close_yes: &'static str,
        /// Marks what is ready as served.
        pub serve: &'static str,
        /// Who sits there.
        pub guests_here: &'static str,
        /// Nobody has joined the table yet.
        pub nobody_yet: &'static str,
        /// Lines not yet sent.
        pub cart: &'static str,
        /// What was sent comes to.
        pub total: &'static str,
        /// No round was sent yet.
        pub sent_nothing: &'static str,
        /// Loads the page of a later release.
        pub new_version: &'static str,
        /// How many ask to be let in.
        pub asks: &'static str,
        /// How many dishes of a first round wait to be accepted.
        pub first_round: &'static str,
        /// A first round waits to be accepted.
        pub waits_for_you: &'static str,
        /// Accepts it.
        pub accept: &'static str,
        /// Does not accept it.
        pub decline: &'static str,
        /// Why it is not accepted: the guests read it.
        pub decline_reason: &'static str,
        /// What removing a guest does.
        pub take_off_hint: &'static str,
        /// The PIN.
        pub pin: &'static str,
        /// Takes over a device that is signed in.
        pub take_over: &'static str,
        /// Why a PIN is enough.
        pub take_over_hint: &'static str,
        /// Signs in by password instead.
        pub with_password: &'static str,
        /// The PIN is wrong.
        pub wrong_pin: &'static str,
        /// Lets somebody else take over the device.
        pub switch_person: &'static str,
        /// The page of who works here, and of the devices.
        pub people_title: &'static str,
        /// Who works here.
        pub people: &'static str,
        /// The devices that are known.
        pub devices: &'static str,
        /// A role.
        pub waiter: &'static str,
        /// A role.
        pub cook: &'static str,
        /// A role: waiter and kitchen.
        pub allrounder: &'static str,
        /// A role.
        pub manager: &'static str,
        /// Lets somebody else work here.
        pub add_person: &'static str,
        /// As what somebody signs in.
        pub sign_in_name: &'static str,
        /// What somebody does.
        pub works_as: &'static str,
        /// Another password for somebody.
        pub new_password: &'static str,
        /// A password can not be read again.
        pub password_hint: &'static str,
        /// Which PINs there can be.
        pub pin_hint: &'static str,
        /// Somebody has a PIN.
        pub has_pin: &'static str,
        /// Saves what was changed.
        pub change: &'static str,
        /// Signs somebody out on all devices.
        pub sign_out_everywhere: &'static str,
        /// Ends somebody’s work here: the question.
        pub remove_person: &'static str,
        /// Ends somebody’s work here.
        pub remove_person_yes: &'static str,
        /// Whoever reads it.
        pub you: &'static str,
        /// A device that has no name.
        pub device_numbered: &'static str,
        /// What a device is to be called.
        pub device_name: &'static str,
        /// The device that shows the page.
        pub this_device: &'static str,
        /// By whom a device was signed in, and how long ago.
        pub signed_in_by: &'static str,
        /// Who is on a device now.
        pub used_by: &'static str,
        /// A device is signed out.
        pub is_signed_out: &'static str,
        /// Forgets a device.
        pub forget_device: &'static str,
        /// Signs every device out: the question.
        pub sign_out_all: &'static str,
        /// Signs every device out.
        pub sign_out_all_yes: &'static str,
        /// Who is signed in by PIN has to sign in by password.
        pub needs_password: &'static str,
        /// Which passwords and PINs there can be.
        pub bad_secret: &'static str,
        /// Which names there can be.
        pub bad_entry: &'static str,
        /// Somebody else has that name already.
        pub id_taken: &'static str,
        /// Hours, abbreviated.
        pub hours: &'static str,
        /// Days, abbreviated.
        pub days: &'static str,
        /// Loads the page as it is now.
        pub reload: &'static str,
        /// How many tables are taken, of how many.
        pub tables_taken: &'static str,
    }
}

impl StaffWords {
    /// What somebody does.
    pub const fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Waiter => self.waiter,
            Role::Kitchen => self.cook,
            Role::Allrounder => self.allrounder,
            Role::Manager => self.manager,
            Role::Unknown => "",
        }
    }

    /// How far an item is.
    pub const fn state(&self, state: ItemState) -> &'static str {
        match state {
            ItemState::Received | ItemState::Unknown => self.received,
            ItemState::Cooking => self.cooking,
            ItemState::Ready => self.ready,
            ItemState::Served => self.served,
        }
    }
}
