//! Words that every surface uses.

use domain::{Language, Rejection};

use crate::page::Page;

/// Words that every surface uses.
#[derive(Debug)]
pub struct Shared {
    /// The names of the EU's fourteen allergens, in [`domain::menu::Allergen::ALL`]'s order.
    pub allergens: [&'static str; 14],
    /// Suits vegetarians.
    pub vegetarian: &'static str,
    /// Suits vegans.
    pub vegan: &'static str,
    /// Goes back.
    pub close: &'static str,
    /// Goes back without doing it.
    pub cancel: &'static str,
    /// The language switch.
    pub language: &'static str,
    /// The connection is lost.
    pub offline: &'static str,
    /// The connection is being made.
    pub connecting: &'static str,
    /// Signed out, or the stay has ended.
    pub ended: &'static str,
    /// Not on the menu now.
    pub sold_out: &'static str,
    /// Nobody gave a name.
    pub guest: &'static str,
    /// The kitchen's page.
    pub kitchen: &'static str,
    /// The waiters' page.
    pub floor: &'static str,
    /// The sign-in page.
    pub sign_in: &'static str,
    /// A minute, abbreviated.
    pub minutes: &'static str,
    /// The page of an address that leads nowhere: its heading.
    pub nothing_here: &'static str,
    /// The page of an address that leads nowhere: what to do.
    pub nothing_here_hint: &'static str,
    /// The page of a table's code that is not in use any more: its heading.
    pub stale_link: &'static str,
    /// The page of a table's code that is not in use any more: what to do.
    pub stale_link_hint: &'static str,
    /// The first page: its heading.
    pub landing: &'static str,
    /// The first page: what to do.
    pub landing_hint: &'static str,
    /// The server does not answer.
    pub unreachable: &'static str,
    /// Loads the page again.
    pub try_again: &'static str,
    reasons: Reasons,
}

/// Words for refusals.
#[derive(Debug)]
struct Reasons {
    not_allowed: &'static str,
    ended: &'static str,
    party_full: &'static str,
    line_gone: &'static str,
    dish_gone: &'static str,
    sold_out: &'static str,
    option_gone: &'static str,
    options_rules: &'static str,
    quantity: &'static str,
    cart_full: &'static str,
    nothing_to_send: &'static str,
    already_sent: &'static str,
    ticket_gone: &'static str,
    table_taken: &'static str,
    table_free: &'static str,
    not_served: &'static str,
    staff_opens: &'static str,
    signed_out: &'static str,
    too_fast: &'static str,
    unavailable: &'static str,
    other: &'static str,
}

/// The words of a language.
pub const fn in_language(language: Language) -> &'static Shared {
    match language {
        Language::En => &EN,
        Language::Pt => &PT,
        Language::Es => &ES,
        Language::Fr => &FR,
        Language::De => &DE,
    }
}

impl Shared {
    /// Why something was refused, and what to do.
    pub fn reason(&self, reason: Rejection) -> &'static str {
        let r = &self.reasons;
        match reason {
            Rejection::NotAllowed => r.not_allowed,
            Rejection::NotSeated | Rejection::NoSuchGuest => r.ended,
            Rejection::PartyFull => r.party_full,
            Rejection::NoSuchLine => r.line_gone,
            Rejection::NoSuchDish => r.dish_gone,
            Rejection::SoldOut => r.sold_out,
            Rejection::NoSuchOption | Rejection::OptionSoldOut => r.option_gone,
            Rejection::OptionsBreakRules => r.options_rules,
            Rejection::QuantityOutOfRange => r.quantity,
            Rejection::CartFull | Rejection::RecordFull => r.cart_full,
            Rejection::NothingToSend => r.nothing_to_send,
            Rejection::AlreadySent => r.already_sent,
            Rejection::NoSuchRound | Rejection::NoSuchTicket => r.ticket_gone,
            Rejection::TableTaken => r.table_taken,
            Rejection::TableFree | Rejection::NoSuchTable => r.table_free,
            Rejection::NotServedYet => r.not_served,
            Rejection::StaffOpensTables => r.staff_opens,
            Rejection::SignedOut => r.signed_out,
            Rejection::TooFast => r.too_fast,
            Rejection::Unavailable => r.unavailable,
            Rejection::Unchanged | Rejection::IdTaken | Rejection::NotPublishable | Rejection::Malformed => r.other,
        }
    }

    /// The document's title.
    pub fn page_title(&self, page: Option<&Page>) -> String {
        match page {
            Some(Page::Kitchen { .. }) => format!("{} · Comanda", self.kitchen),
            Some(Page::Floor { .. }) => format!("{} · Comanda", self.floor),
            Some(Page::SignIn { .. }) => format!("{} · Comanda", self.sign_in),
            Some(Page::Landing | Page::Guest { .. }) | None => "Comanda".to_owned(),
        }
    }
}

static EN: Shared = Shared {
    allergens: [
        "Gluten", "Crustaceans", "Eggs", "Fish", "Peanuts", "Soy", "Milk", "Nuts", "Celery", "Mustard", "Sesame", "Sulphites",
        "Lupin", "Molluscs",
    ],
    vegetarian: "Vegetarian",
    vegan: "Vegan",
    close: "Close",
    cancel: "Cancel",
    language: "Language",
    offline: "No connection. Keep going: everything is sent when it is back.",
    connecting: "Connecting…",
    ended: "This visit has ended.",
    sold_out: "Sold out",
    guest: "Guest",
    kitchen: "Kitchen",
    floor: "Floor",
    sign_in: "Sign in",
    minutes: "min",
    nothing_here: "There is nothing here",
    nothing_here_hint: "Scan the code on your table to see the menu.",
    stale_link: "This code is no longer in use",
    stale_link_hint: "Scan the code that is on your table now, or ask somebody who works here.",
    landing: "Scan the code on your table",
    landing_hint: "It opens the menu. Everybody at your table shares one order.",
    unreachable: "The restaurant's server can't be reached right now.",
    try_again: "Try again",
    reasons: Reasons {
        not_allowed: "Your role can't do that.",
        ended: "This visit has ended. Scan the code to start another.",
        party_full: "This table is full. Ask somebody who works here.",
        line_gone: "That line was removed or sent by somebody else.",
        dish_gone: "That dish is no longer on the menu.",
        sold_out: "Sold out just now, sorry.",
        option_gone: "That option can't be had any more.",
        options_rules: "Please check the options of this dish.",
        quantity: "That quantity can't be ordered.",
        cart_full: "The order is full. Send it first.",
        nothing_to_send: "There is nothing to send yet.",
        already_sent: "Somebody else sent this round: it is in the kitchen.",
        ticket_gone: "That ticket is no longer there.",
        table_taken: "Somebody sits at that table already.",
        table_free: "That table is free already.",
        not_served: "Something ordered has not been served yet.",
        staff_opens: "Please ask somebody who works here to open the table.",
        signed_out: "Please sign in again.",
        too_fast: "That was a lot at once. Trying again…",
        unavailable: "Can't save right now. Trying again…",
        other: "That didn't work. Please try again.",
    },
};

static PT: Shared = Shared {
    allergens: [
        "Glúten", "Crustáceos", "Ovos", "Peixe", "Amendoins", "Soja", "Leite", "Frutos de casca rija", "Aipo", "Mostarda",
        "Sésamo", "Sulfitos", "Tremoço", "Moluscos",
    ],
    vegetarian: "Vegetariano",
    vegan: "Vegano",
    close: "Fechar",
    cancel: "Cancelar",
    language: "Idioma",
    offline: "Sem ligação. Continue: tudo é enviado quando voltar.",
    connecting: "A ligar…",
    ended: "Esta visita terminou.",
    sold_out: "Esgotado",
    guest: "Convidado",
    kitchen: "Cozinha",
    floor: "Sala",
    sign_in: "Entrar",
    minutes: "min",
    nothing_here: "Não há nada aqui",
    nothing_here_hint: "Leia o código da sua mesa para ver a ementa.",
    stale_link: "Este código já não está em uso",
    stale_link_hint: "Leia o código que está agora na mesa, ou fale com quem trabalha aqui.",
    landing: "Leia o código da sua mesa",
    landing_hint: "Abre a ementa. Todos na mesa partilham um só pedido.",
    unreachable: "Não é possível contactar o servidor do restaurante.",
    try_again: "Tentar de novo",
    reasons: Reasons {
        not_allowed: "A sua função não permite isso.",
        ended: "Esta visita terminou. Leia o código para começar outra.",
        party_full: "Esta mesa está cheia. Fale com quem trabalha aqui.",
        line_gone: "Essa linha foi retirada ou enviada por outra pessoa.",
        dish_gone: "Esse prato já não está na ementa.",
        sold_out: "Esgotou agora mesmo, lamentamos.",
        option_gone: "Essa opção já não está disponível.",
        options_rules: "Verifique as opções deste prato.",
        quantity: "Não é possível pedir essa quantidade.",
        cart_full: "O pedido está cheio. Envie-o primeiro.",
        nothing_to_send: "Ainda não há nada para enviar.",
        already_sent: "Outra pessoa enviou esta ronda: já está na cozinha.",
        ticket_gone: "Esse talão já não existe.",
        table_taken: "Já há alguém nessa mesa.",
        table_free: "Essa mesa já está livre.",
        not_served: "Há algo pedido que ainda não foi servido.",
        staff_opens: "Peça a quem trabalha aqui para abrir a mesa.",
        signed_out: "Entre de novo, por favor.",
        too_fast: "Foi muito de uma vez. A tentar de novo…",
        unavailable: "Não é possível guardar agora. A tentar de novo…",
        other: "Não resultou. Tente de novo.",
    },
};

static ES: Shared = Shared {
    allergens: [
        "Gluten", "Crustáceos", "Huevos", "Pescado", "Cacahuetes", "Soja", "Leche", "Frutos de cáscara", "Apio", "Mostaza",
        "Sésamo", "Sulfitos", "Altramuces", "Moluscos",
    ],
    vegetarian: "Vegetariano",
    vegan: "Vegano",
    close: "Cerrar",
    cancel: "Cancelar",
    language: "Idioma",
    offline: "Sin conexión. Siga: todo se envía cuando vuelva.",
    connecting: "Conectando…",
    ended: "Esta visita ha terminado.",
    sold_out: "Agotado",
    guest: "Invitado",
    kitchen: "Cocina",
    floor: "Sala",
    sign_in: "Entrar",
    minutes: "min",
    nothing_here: "Aquí no hay nada",
    nothing_here_hint: "Escanee el código de su mesa para ver la carta.",
    stale_link: "Este código ya no se usa",
    stale_link_hint: "Escanee el código que está ahora en la mesa o pregunte al personal.",
    landing: "Escanee el código de su mesa",
    landing_hint: "Abre la carta. Todos en la mesa comparten un solo pedido.",
    unreachable: "No se puede contactar con el servidor del restaurante.",
    try_again: "Reintentar",
    reasons: Reasons {
        not_allowed: "Su función no permite eso.",
        ended: "Esta visita ha terminado. Escanee el código para empezar otra.",
        party_full: "La mesa está completa. Pregunte al personal.",
        line_gone: "Otra persona quitó o envió esa línea.",
        dish_gone: "Ese plato ya no está en la carta.",
        sold_out: "Se acaba de agotar, lo sentimos.",
        option_gone: "Esa opción ya no está disponible.",
        options_rules: "Revise las opciones de este plato.",
        quantity: "No se puede pedir esa cantidad.",
        cart_full: "El pedido está lleno. Envíelo primero.",
        nothing_to_send: "Todavía no hay nada que enviar.",
        already_sent: "Otra persona envió esta ronda: ya está en cocina.",
        ticket_gone: "Esa comanda ya no está.",
        table_taken: "Ya hay alguien en esa mesa.",
        table_free: "Esa mesa ya está libre.",
        not_served: "Hay algo pedido que aún no se ha servido.",
        staff_opens: "Pida al personal que abra la mesa.",
        signed_out: "Vuelva a entrar, por favor.",
        too_fast: "Demasiado a la vez. Reintentando…",
        unavailable: "Ahora no se puede guardar. Reintentando…",
        other: "No ha funcionado. Inténtelo de nuevo.",
    },
};

static FR: Shared = Shared {
    allergens: [
        "Gluten", "Crustacés", "Œufs", "Poisson", "Arachides", "Soja", "Lait", "Fruits à coque", "Céleri", "Moutarde", "Sésame",
        "Sulfites", "Lupin", "Mollusques",
    ],
    vegetarian: "Végétarien",
    vegan: "Végan",
    close: "Fermer",
    cancel: "Annuler",
    language: "Langue",
    offline: "Pas de connexion. Continuez : tout sera envoyé à son retour.",
    connecting: "Connexion…",
    ended: "Cette visite est terminée.",
    sold_out: "Épuisé",
    guest: "Convive",
    kitchen: "Cuisine",
    floor: "Salle",
    sign_in: "Se connecter",
    minutes: "min",
    nothing_here: "Il n’y a rien ici",
    nothing_here_hint: "Scannez le code de votre table pour voir la carte.",
    stale_link: "Ce code n’est plus utilisé",
    stale_link_hint: "Scannez le code qui est maintenant sur la table, ou demandez au personnel.",
    landing: "Scannez le code de votre table",
    landing_hint: "Il ouvre la carte. Toute la table partage une seule commande.",
    unreachable: "Le serveur du restaurant est injoignable pour l’instant.",
    try_again: "Réessayer",
    reasons: Reasons {
        not_allowed: "Votre rôle ne le permet pas.",
        ended: "Cette visite est terminée. Scannez le code pour en commencer une autre.",
        party_full: "La table est complète. Demandez au personnel.",
        line_gone: "Quelqu’un d’autre a retiré ou envoyé cette ligne.",
        dish_gone: "Ce plat n’est plus à la carte.",
        sold_out: "Épuisé à l’instant, désolé.",
        option_gone: "Cette option n’est plus disponible.",
        options_rules: "Vérifiez les options de ce plat.",
        quantity: "Cette quantité ne peut pas être commandée.",
        cart_full: "La commande est pleine. Envoyez-la d’abord.",
        nothing_to_send: "Il n’y a encore rien à envoyer.",
        already_sent: "Quelqu’un d’autre a envoyé cette tournée : elle est en cuisine.",
        ticket_gone: "Ce bon n’est plus là.",
        table_taken: "Cette table est déjà occupée.",
        table_free: "Cette table est déjà libre.",
        not_served: "Quelque chose n’a pas encore été servi.",
        staff_opens: "Demandez au personnel d’ouvrir la table.",
        signed_out: "Reconnectez-vous, s’il vous plaît.",
        too_fast: "Trop à la fois. Nouvel essai…",
        unavailable: "Enregistrement impossible pour l’instant. Nouvel essai…",
        other: "Cela n’a pas marché. Réessayez.",
    },
};

static DE: Shared = Shared {
    allergens: [
        "Gluten", "Krebstiere", "Eier", "Fisch", "Erdnüsse", "Soja", "Milch", "Schalenfrüchte", "Sellerie", "Senf", "Sesam",
        "Sulfite", "Lupinen", "Weichtiere",
    ],
    vegetarian: "Vegetarisch",
    vegan: "Vegan",
    close: "Schließen",
    cancel: "Abbrechen",
    language: "Sprache",
    offline: "Keine Verbindung. Einfach weiter: alles wird gesendet, sobald sie da ist.",
    connecting: "Verbinden…",
    ended: "Dieser Besuch ist zu Ende.",
    sold_out: "Ausverkauft",
    guest: "Gast",
    kitchen: "Küche",
    floor: "Gastraum",
    sign_in: "Anmelden",
    minutes: "Min.",
    nothing_here: "Hier ist nichts",
    nothing_here_hint: "Scannen Sie den Code am Tisch, um die Karte zu sehen.",
    stale_link: "Dieser Code gilt nicht mehr",
    stale_link_hint: "Scannen Sie den Code, der jetzt am Tisch ist, oder fragen Sie das Personal.",
    landing: "Scannen Sie den Code am Tisch",
    landing_hint: "Er öffnet die Karte. Alle am Tisch teilen eine Bestellung.",
    unreachable: "Der Server des Restaurants ist gerade nicht erreichbar.",
    try_again: "Noch einmal",
    reasons: Reasons {
        not_allowed: "Ihre Rolle darf das nicht.",
        ended: "Dieser Besuch ist zu Ende. Scannen Sie den Code für einen neuen.",
        party_full: "Der Tisch ist voll. Fragen Sie das Personal.",
        line_gone: "Jemand anderes hat das entfernt oder gesendet.",
        dish_gone: "Dieses Gericht ist nicht mehr auf der Karte.",
        sold_out: "Gerade ausverkauft, leider.",
        option_gone: "Diese Option gibt es nicht mehr.",
        options_rules: "Bitte die Optionen dieses Gerichts prüfen.",
        quantity: "Diese Menge kann nicht bestellt werden.",
        cart_full: "Die Bestellung ist voll. Erst senden.",
        nothing_to_send: "Es gibt noch nichts zu senden.",
        already_sent: "Jemand anderes hat diese Runde gesendet: sie ist in der Küche.",
        ticket_gone: "Diesen Bon gibt es nicht mehr.",
        table_taken: "An diesem Tisch sitzt schon jemand.",
        table_free: "Dieser Tisch ist schon frei.",
        not_served: "Etwas Bestelltes wurde noch nicht serviert.",
        staff_opens: "Bitte das Personal, den Tisch zu öffnen.",
        signed_out: "Bitte neu anmelden.",
        too_fast: "Das war viel auf einmal. Neuer Versuch…",
        unavailable: "Gerade kann nichts gespeichert werden. Neuer Versuch…",
        other: "Das hat nicht geklappt. Bitte noch einmal.",
    },
};
