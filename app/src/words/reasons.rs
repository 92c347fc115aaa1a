//! Why something was refused, and what to do.

use domain::Rejection;

use super::declare::words;

words! {
    /// Why something was refused, and what to do.
    pub struct ReasonsWords {
        /// Somebody of another role may do it.
        not_allowed {
            en: "Your role can't do that.",
            pt: "A sua função não permite isso.",
            es: "Su función no permite eso.",
            fr: "Votre rôle ne le permet pas.",
            de: "Ihre Rolle darf das nicht.",
        }
        /// The stay has ended, or the guest was removed.
        ended {
            en: "This visit has ended. Scan the code to start another.",
            pt: "Esta visita terminou. Leia o código para começar outra.",
            es: "Esta visita ha terminado. Escanee el código para empezar otra.",
            fr: "Cette visite est terminée. Scannez le code pour en commencer une autre.",
            de: "Dieser Besuch ist zu Ende. Scannen Sie den Code für einen neuen.",
        }
        /// No more guests fit.
        party_full {
            en: "This table is full. Ask somebody who works here.",
            pt: "Esta mesa está cheia. Fale com quem trabalha aqui.",
            es: "La mesa está completa. Pregunte al personal.",
            fr: "La table est complète. Demandez au personnel.",
            de: "Der Tisch ist voll. Fragen Sie das Personal.",
        }
        /// The line is no longer in the cart.
        line_gone {
            en: "That line was removed or sent by somebody else.",
            pt: "Essa linha foi retirada ou enviada por outra pessoa.",
            es: "Otra persona quitó o envió esa línea.",
            fr: "Quelqu’un d’autre a retiré ou envoyé cette ligne.",
            de: "Jemand anderes hat das entfernt oder gesendet.",
        }
        /// The dish is no longer on the menu.
        dish_gone {
            en: "That dish is no longer on the menu.",
            pt: "Esse prato já não está na ementa.",
            es: "Ese plato ya no está en la carta.",
            fr: "Ce plat n’est plus à la carte.",
            de: "Dieses Gericht ist nicht mehr auf der Karte.",
        }
        /// The dish is sold out.
        sold_out {
            en: "Sold out just now, sorry.",
            pt: "Esgotou agora mesmo, lamentamos.",
            es: "Se acaba de agotar, lo sentimos.",
            fr: "Épuisé à l’instant, désolé.",
            de: "Gerade ausverkauft, leider.",
        }
        /// The option is gone or sold out.
        option_gone {
            en: "That option can't be had any more.",
            pt: "Essa opção já não está disponível.",
            es: "Esa opción ya no está disponible.",
            fr: "Cette option n’est plus disponible.",
            de: "Diese Option gibt es nicht mehr.",
        }
        /// The choices break the rules of the dish.
        options_rules {
            en: "Please check the options of this dish.",
            pt: "Verifique as opções deste prato.",
            es: "Revise las opciones de este plato.",
            fr: "Vérifiez les options de ce plat.",
            de: "Bitte die Optionen dieses Gerichts prüfen.",
        }
        /// Nobody can have so many.
        quantity {
            en: "That quantity can't be ordered.",
            pt: "Não é possível pedir essa quantidade.",
            es: "No se puede pedir esa cantidad.",
            fr: "Cette quantité ne peut pas être commandée.",
            de: "Diese Menge kann nicht bestellt werden.",
        }
        /// The cart holds no more lines, or the stay no more events.
        cart_full {
            en: "The order is full. Send it first.",
            pt: "O pedido está cheio. Envie-o primeiro.",
            es: "El pedido está lleno. Envíelo primero.",
            fr: "La commande est pleine. Envoyez-la d’abord.",
            de: "Die Bestellung ist voll. Erst senden.",
        }
        /// The cart is empty.
        nothing_to_send {
            en: "There is nothing to send yet.",
            pt: "Ainda não há nada para enviar.",
            es: "Todavía no hay nada que enviar.",
            fr: "Il n’y a encore rien à envoyer.",
            de: "Es gibt noch nichts zu senden.",
        }
        /// The round was sent by somebody else.
        already_sent {
            en: "Somebody else sent this round: it is in the kitchen.",
            pt: "Outra pessoa enviou esta ronda: já está na cozinha.",
            es: "Otra persona envió esta ronda: ya está en cocina.",
            fr: "Quelqu’un d’autre a envoyé cette tournée : elle est en cuisine.",
            de: "Jemand anderes hat diese Runde gesendet: sie ist in der Küche.",
        }
        /// The round or the ticket is not there.
        ticket_gone {
            en: "That ticket is no longer there.",
            pt: "Esse talão já não existe.",
            es: "Esa comanda ya no está.",
            fr: "Ce bon n’est plus là.",
            de: "Diesen Bon gibt es nicht mehr.",
        }
        /// A party sits at the table.
        table_taken {
            en: "Somebody sits at that table already.",
            pt: "Já há alguém nessa mesa.",
            es: "Ya hay alguien en esa mesa.",
            fr: "Cette table est déjà occupée.",
            de: "An diesem Tisch sitzt schon jemand.",
        }
        /// No party sits at the table.
        table_free {
            en: "That table is free already.",
            pt: "Essa mesa já está livre.",
            es: "Esa mesa ya está libre.",
            fr: "Cette table est déjà libre.",
            de: "Dieser Tisch ist schon frei.",
        }
        /// The table can’t be closed: something is still to be served.
        not_served {
            en: "Something ordered has not been served yet.",
            pt: "Há algo pedido que ainda não foi servido.",
            es: "Hay algo pedido que aún no se ha servido.",
            fr: "Quelque chose n’a pas encore été servi.",
            de: "Etwas Bestelltes wurde noch nicht serviert.",
        }
        /// Only the staff open tables here.
        staff_opens {
            en: "Please ask somebody who works here to open the table.",
            pt: "Peça a quem trabalha aqui para abrir a mesa.",
            es: "Pida al personal que abra la mesa.",
            fr: "Demandez au personnel d’ouvrir la table.",
            de: "Bitte das Personal, den Tisch zu öffnen.",
        }
        /// Nobody is signed in.
        signed_out {
            en: "Please sign in again.",
            pt: "Entre de novo, por favor.",
            es: "Vuelva a entrar, por favor.",
            fr: "Reconnectez-vous, s’il vous plaît.",
            de: "Bitte neu anmelden.",
        }
        /// More of a line can’t be had at its old price.
        price_changed {
            en: "Its price has changed. Add it from the menu to have more.",
            pt: "O preço mudou. Para pedir mais, adicione-o a partir da ementa.",
            es: "Su precio ha cambiado. Para pedir más, añádalo desde la carta.",
            fr: "Son prix a changé. Pour en avoir plus, ajoutez-le depuis la carte.",
            de: "Der Preis hat sich geändert. Für mehr davon bitte aus der Karte hinzufügen.",
        }
        /// A venue needs a manager.
        last_manager {
            en: "Make somebody else a manager first.",
            pt: "Primeiro nomeie outra pessoa como gerente.",
            es: "Primero nombre encargada a otra persona.",
            fr: "Nommez d’abord une autre personne responsable.",
            de: "Bitte zuerst jemand anderem die Leitung geben.",
        }
        /// The venue has no such table.
        table_gone {
            en: "That table is not there any more.",
            pt: "Essa mesa já não existe.",
            es: "Esa mesa ya no existe.",
            fr: "Cette table n’existe plus.",
            de: "Diesen Tisch gibt es nicht mehr.",
        }
        /// The rate limit was met; it is tried again.
        too_fast {
            en: "That was a lot at once. Trying again…",
            pt: "Foi muito de uma vez. A tentar de novo…",
            es: "Demasiado a la vez. Reintentando…",
            fr: "Trop à la fois. Nouvel essai…",
            de: "Das war viel auf einmal. Neuer Versuch…",
        }
        /// The log can’t be written; it is tried again.
        unavailable {
            en: "Can't save right now. Trying again…",
            pt: "Não é possível guardar agora. A tentar de novo…",
            es: "Ahora no se puede guardar. Reintentando…",
            fr: "Enregistrement impossible pour l’instant. Nouvel essai…",
            de: "Gerade kann nichts gespeichert werden. Neuer Versuch…",
        }
        /// What is kept can’t be read: nobody here can mend it.
        damaged {
            en: "This can't be read any more. Please tell whoever runs this system.",
            pt: "Isto já não se consegue ler. Avise quem gere este sistema.",
            es: "Esto ya no se puede leer. Avise a quien lleva este sistema.",
            fr: "Ceci ne peut plus être lu. Prévenez qui gère ce système.",
            de: "Das kann nicht mehr gelesen werden. Bitte sagen Sie es dem, der dieses System betreibt.",
        }
        /// The ask to be let in was answered.
        ask_gone {
            en: "Somebody else has answered already.",
            pt: "Outra pessoa já respondeu.",
            es: "Otra persona ya ha respondido.",
            fr: "Quelqu’un d’autre a déjà répondu.",
            de: "Jemand anderes hat schon geantwortet.",
        }
        /// The first round waits to be accepted.
        round_waits {
            en: "The first order still waits for somebody who works here.",
            pt: "O primeiro pedido ainda espera por quem trabalha aqui.",
            es: "El primer pedido aún espera al personal.",
            fr: "La première commande attend encore le personnel.",
            de: "Die erste Bestellung wartet noch auf das Personal.",
        }
        /// The member is gone.
        member_gone {
            en: "Nobody of that name works here any more.",
            pt: "Já ninguém com esse nome trabalha aqui.",
            es: "Ya no trabaja aquí nadie con ese nombre.",
            fr: "Plus personne de ce nom ne travaille ici.",
            de: "Niemand dieses Namens arbeitet mehr hier.",
        }
        /// The device is gone.
        device_gone {
            en: "That device is not known any more.",
            pt: "Esse dispositivo já não é conhecido.",
            es: "Ese dispositivo ya no se conoce.",
            fr: "Cet appareil n’est plus connu.",
            de: "Dieses Gerät ist nicht mehr bekannt.",
        }
        /// Whatever a screen of ours does not cause.
        other {
            en: "That didn't work. Please try again.",
            pt: "Não resultou. Tente de novo.",
            es: "No ha funcionado. Inténtelo de nuevo.",
            fr: "Cela n’a pas marché. Réessayez.",
            de: "Das hat nicht geklappt. Bitte noch einmal.",
        }
    }
}

impl ReasonsWords {
    /// Why something was refused, and what to do.
    pub const fn of(&self, reason: Rejection) -> &'static str {
        match reason {
            Rejection::NotAllowed => self.not_allowed,
            Rejection::NotSeated | Rejection::NoSuchGuest => self.ended,
            Rejection::PartyFull => self.party_full,
            Rejection::NoSuchLine => self.line_gone,
            Rejection::NoSuchDish => self.dish_gone,
            Rejection::SoldOut => self.sold_out,
            Rejection::NoSuchOption | Rejection::OptionSoldOut => self.option_gone,
            Rejection::OptionsBreakRules => self.options_rules,
            Rejection::QuantityOutOfRange => self.quantity,
            Rejection::CartFull | Rejection::RecordFull => self.cart_full,
            Rejection::NothingToSend => self.nothing_to_send,
            Rejection::AlreadySent => self.already_sent,
            Rejection::NoSuchRound | Rejection::NoSuchTicket => self.ticket_gone,
            Rejection::TableTaken => self.table_taken,
            Rejection::TableFree => self.table_free,
            Rejection::NoSuchTable => self.table_gone,
            Rejection::NotServedYet => self.not_served,
            Rejection::StaffOpensTables => self.staff_opens,
            Rejection::SignedOut => self.signed_out,
            Rejection::PriceChanged => self.price_changed,
            Rejection::LastManager => self.last_manager,
            Rejection::NoSuchAsk => self.ask_gone,
            Rejection::RoundWaits => self.round_waits,
            Rejection::NoSuchMember => self.member_gone,
            Rejection::NoSuchDevice => self.device_gone,
            Rejection::Damaged => self.damaged,
            Rejection::TooFast => self.too_fast,
            Rejection::Unavailable => self.unavailable,
            Rejection::Unchanged | Rejection::IdTaken | Rejection::NotPublishable | Rejection::Malformed | Rejection::Unknown => {
                self.other
            }
        }
    }
}
