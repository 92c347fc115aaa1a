//! What was sent, round by round.

use super::declare::words;

words! {
    /// What was sent.
    pub struct RoundsWords {
        /// Heads the rounds.
        sent {
            en: "Sent to the kitchen",
            pt: "Enviado para a cozinha",
            es: "Enviado a la cocina",
            fr: "Envoyé en cuisine",
            de: "An die Küche gesendet",
        }
        /// The first round waits to be accepted.
        waits {
            en: "Waits for the waiter",
            pt: "Espera pelo empregado",
            es: "Espera al camarero",
            fr: "Attend le serveur",
            de: "Wartet auf die Bedienung",
        }
        /// The first round waits to be accepted: by whom.
        waits_hint {
            en: "The first order goes to the kitchen once somebody who works here has looked at it.",
            pt: "O primeiro pedido segue para a cozinha depois de visto por quem trabalha aqui.",
            es: "El primer pedido va a la cocina cuando el personal lo haya visto.",
            fr: "La première commande part en cuisine une fois vue par le personnel.",
            de: "Die erste Bestellung geht in die Küche, sobald das Personal sie gesehen hat.",
        }
        /// The first round was not accepted.
        declined {
            en: "Not accepted. Please talk to somebody who works here.",
            pt: "Não foi aceite. Fale com quem trabalha aqui.",
            es: "No se ha aceptado. Hable con el personal.",
            fr: "Pas acceptée. Parlez au personnel.",
            de: "Nicht angenommen. Bitte sprechen Sie mit dem Personal.",
        }
        /// The first round was not accepted, and why.
        declined_because(reason) {
            en: "Not accepted: {reason}",
            pt: "Não foi aceite: {reason}",
            es: "No se ha aceptado: {reason}",
            fr: "Pas acceptée : {reason}",
            de: "Nicht angenommen: {reason}",
        }
        /// A round.
        round(number) {
            en: "Round {number}",
            pt: "Ronda {number}",
            es: "Ronda {number}",
            fr: "Envoi {number}",
            de: "Runde {number}",
        }
        /// It was sent within this minute.
        just_now { en: "just now", pt: "agora mesmo", es: "ahora mismo", fr: "à l’instant", de: "gerade eben" }
        /// It was sent so long ago.
        minutes_ago(minutes) {
            en: "{minutes} min ago",
            pt: "há {minutes} min",
            es: "hace {minutes} min",
            fr: "il y a {minutes} min",
            de: "vor {minutes} Min.",
        }
        /// An item is in its state for so long.
        for_minutes(minutes) {
            en: "{minutes} min",
            pt: "{minutes} min",
            es: "{minutes} min",
            fr: "{minutes} min",
            de: "{minutes} Min.",
        }
    }
}
