//! What a screen asks: translated to the service, and answered.

use domain::wire::{Answer, Ask};
use domain::{Rejection, StreamId, Version};
use socketioxide::extract::AckSender;

use super::{Live, Who, inbox};
use crate::service::{Command, Refusal, Sending};

/// Executes what a screen asks, and answers.
pub(super) async fn answer(live: &Live, who: &Who, ask: Ask, ack: AckSender) {
    let answer = match execute(live, who, ask).await {
        Ok(version) => Answer::Accepted { version },
        Err(Refusal { reason, detail }) => Answer::Refused { reason, detail },
    };
    inbox::send(ack, &answer);
}

async fn execute(live: &Live, who: &Who, ask: Ask) -> Result<Version, Refusal> {
    // A guest can ask nothing of any seating but its own, and nothing of the floor or the menu.
    if let Who::Guest(pass) = who
        && ask.stream != StreamId::Seating(pass.seating)
    {
        return Err(Rejection::NotAllowed.into());
    }
    let actor = who.actor(live).await?;
    let (venue, sending) = (who.venue().clone(), Sending { mutation: ask.mutation, again: ask.again });
    let command = Command::read(ask, &venue)?;
    // What is refused although it was sent before goes into the stream: nobody fills it with that.
    let person = who.person();
    if sending.again && !live.persons.may_keep_refusal(&person) {
        return Err(Rejection::TooFast.into());
    }
    let outcome = live.service.execute(venue, actor, sending, command).await;
    if sending.again && !matches!(&outcome, Err(refusal) if refusal.reason.is_kept()) {
        live.persons.no_refusal_kept(&person);
    }
    outcome
}
