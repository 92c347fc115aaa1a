//! What a screen still has to say: commands in the order in which they were asked, each kept until it
//! has been answered for good.

use std::collections::VecDeque;

use domain::MutationId;
use domain::wire::{Answer, Ask};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// A command, and who waits for its answer.
#[derive(Debug)]
pub struct Order {
    /// The command.
    pub ask: Ask,
    /// Told once, when the answer is final.
    pub reply: oneshot::Sender<Answer>,
}

#[derive(Debug)]
struct Kept {
    order: Order,
    sent_at: Option<Instant>,
}

/// What a screen still has to say.
#[derive(Debug)]
pub struct Outbox {
    kept: VecDeque<Kept>,
    max_under_way: usize,
    /// Nothing is sent before this: the server said that now is not the time.
    not_before: Option<Instant>,
}

impl Outbox {
    /// An empty one, of which so many commands may be under way at once.
    pub const fn new(max_under_way: usize) -> Self {
        Self { kept: VecDeque::new(), max_under_way, not_before: None }
    }

    /// Whether nothing is left to say.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Keeps a command.
    pub fn push(&mut self, order: Order) {
        self.kept.push_back(Kept { order, sent_at: None });
    }

    /// The command to send now, which counts as under way from now on, and as sent before at every later sending.
    pub fn next_to_send(&mut self, now: Instant) -> Option<Ask> {
        let under_way = self.kept.iter().filter(|kept| kept.sent_at.is_some()).count();
        if under_way >= self.max_under_way || self.not_before.is_some_and(|at| at > now) {
            return None;
        }
        let kept = self.kept.iter_mut().find(|kept| kept.sent_at.is_none())?;
        kept.sent_at = Some(now);
        let ask = kept.order.ask.clone();
        kept.order.ask.again = true;
        Some(ask)
    }

    /// The connection is gone: whatever was under way is to be sent again.
    pub fn connection_lost(&mut self) {
        self.kept.iter_mut().for_each(|kept| kept.sent_at = None);
        self.not_before = None;
    }

    /// The server refused it for now.
    pub fn later(&mut self, mutation: MutationId, not_before: Instant) {
        if let Some(kept) = self.find(mutation) {
            kept.sent_at = None;
        }
        self.not_before = Some(not_before);
    }

    /// What was sent before that moment and is still under way is to be sent again; tells how many.
    pub fn give_up_on(&mut self, sent_before: Instant) -> usize {
        let overdue = self.kept.iter_mut().filter(|kept| kept.sent_at.is_some_and(|at| at < sent_before));
        overdue.map(|kept| kept.sent_at = None).count()
    }

    /// Takes out a command that was answered for good.
    pub fn settled(&mut self, mutation: MutationId) -> Option<Order> {
        let at = self.kept.iter().position(|kept| kept.order.ask.mutation == mutation)?;
        self.kept.remove(at).map(|kept| kept.order)
    }

    /// A command that is kept.
    pub fn get(&self, mutation: MutationId) -> Option<&Ask> {
        self.kept.iter().map(|kept| &kept.order.ask).find(|ask| ask.mutation == mutation)
    }

    fn find(&mut self, mutation: MutationId) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|kept| kept.order.ask.mutation == mutation)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{SeatingId, StreamId};

    use super::*;

    fn order(n: u128) -> Order {
        let stream = StreamId::Seating(SeatingId::numbered(1));
        let ask = Ask { mutation: MutationId::numbered(n), stream, command: serde_json::Value::Null, again: false };
        Order { ask, reply: oneshot::channel().0 }
    }

    fn sends(outbox: &mut Outbox, at: Instant) -> Option<MutationId> {
        outbox.next_to_send(at).map(|ask| ask.mutation)
    }

    #[test]
    fn what_is_under_way_is_bounded_and_sent_again_after_a_lost_connection() {
        let now = Instant::now();
        let [one, two] = [1, 2].map(MutationId::numbered);
        let mut outbox = Outbox::new(1);
        outbox.push(order(1));
        outbox.push(order(2));
        assert_eq!(sends(&mut outbox, now), Some(one));
        assert_eq!(sends(&mut outbox, now), None);
        outbox.connection_lost();
        let again = outbox.next_to_send(now).map(|ask| (ask.mutation, ask.again));
        assert_eq!(again, Some((one, true)));
        assert!(outbox.settled(one).is_some());
        assert_eq!(sends(&mut outbox, now), Some(two));
    }

    #[test]
    fn what_is_refused_for_now_waits_and_nothing_overtakes_it() {
        let (now, soon) = (Instant::now(), Instant::now() + Duration::from_secs(1));
        let mut outbox = Outbox::new(1);
        outbox.push(order(1));
        outbox.push(order(2));
        let one = sends(&mut outbox, now).expect("there is one");
        outbox.later(one, soon);
        assert_eq!(sends(&mut outbox, now), None);
        assert_eq!(sends(&mut outbox, soon), Some(one));
    }
}
