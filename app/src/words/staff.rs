//! Words that only the staff read: signing in, the kitchen, the floor.

use domain::Language;
use domain::seating::ItemState;

/// Words that only the staff read. Where a word holds `{}`, [`filled`] puts numbers there.
#[derive(Debug)]
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
    /// Too many tries.
    pub too_many_tries: &'static str,
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
    /// How many tables are taken, of how many.
    pub tables_taken: &'static str,
}

/// The words of a language.
pub const fn in_language(language: Language) -> &'static StaffWords {
    match language {
        Language::En => &EN,
        Language::Pt => &PT,
        Language::Es => &ES,
        Language::Fr => &FR,
        Language::De => &DE,
    }
}

impl StaffWords {
    /// How far an item is.
    pub const fn state(&self, state: ItemState) -> &'static str {
        match state {
            ItemState::Received => self.received,
            ItemState::Cooking => self.cooking,
            ItemState::Ready => self.ready,
            ItemState::Served => self.served,
        }
    }
}

/// The words with each `{}` replaced, in order.
pub fn filled(words: &str, with: &[&str]) -> String {
    with.iter().fold(words.to_owned(), |words, text| words.replacen("{}", text, 1))
}

static EN: StaffWords = StaffWords {
    signed_out: "Please sign in",
    signed_out_hint: "This screen is for people who work here.",
    sign_out: "Sign out",
    table: "Table",
    round: "Round",
    received: "Received",
    cooking: "Cooking",
    ready: "Ready",
    served: "Served",
    sending: "Sending…",
    sound_on: "Sound on",
    sound_is_on: "Sound is on",
    undo: "Undo",
    staff_name: "Name",
    password: "Password",
    work_at: "Where do you work?",
    signing_in: "Signing in…",
    wrong_password: "This name and password don’t match.",
    too_many_tries: "Too many tries. Wait a minute, then try again.",
    stations: "Stations",
    all_stations: "All",
    tickets: "Tickets",
    watch: "Watch",
    late: "Late",
    new: "New",
    start: "Start",
    done: "Done",
    also_at: "Also at",
    owes: "{} to go",
    quiet: "All caught up",
    quiet_hint: "New tickets appear here by themselves.",
    finished: "Just finished",
    nothing_finished: "Nothing yet",
    recall: "Recall",
    page: "Page {} of {}",
    earlier: "Previous page",
    later: "Next page",
    all_day: "All day",
    all_day_hint: "open now",
    keys: "Keys",
    keys_hint: "1–9 choose · Enter start, then done · B done · R recall · ← → pages · ↑ ↓ items",
    sold_out_title: "Sold out",
    find_dish: "Find a dish",
    mark_sold_out: "Mark sold out",
    mark_back: "Bring back",
    no_dish_found: "No dish is called that",
    options: "Options",
    not_live: "Not live",
    known_at: "Showing what was known at {}, for {} s",
    will_send: "Keep going: every tap is kept and sent when the connection is back.",
    withdrawn: "Table closed: do not make this",
    seen: "Seen",
    tables: "Tables",
    needs: "Needs someone",
    no_needs: "No table is waiting.",
    free: "Free",
    choosing: "Choosing",
    in_kitchen: "{} in kitchen",
    to_serve: "{} ready to serve",
    all_served: "All served",
    not_sent: "{} not sent",
    late_count: "{} late",
    late_at: "{} late in the kitchen",
    nothing_ordered: "Nothing ordered yet",
    guests: "{} of {} seats",
    seats: "{} seats",
    seated_for: "Here for {}",
    open_table: "Open table",
    opening: "Opening…",
    close_table: "Close table",
    closing: "Closing…",
    close_sure: "Close this table? The guests can’t order any more.",
    close_unserved: "Not served yet, and dropped: {}",
    close_unsent: "Not sent yet, and dropped: {}",
    close_yes: "Yes, close",
    serve: "Mark served",
    guests_here: "Guests",
    nobody_yet: "Nobody has scanned the code yet",
    cart: "Not sent yet",
    total: "Total sent",
    sent_nothing: "Nothing sent yet",
    tables_taken: "{} of {} tables taken",
};

static PT: StaffWords = StaffWords {
    signed_out: "Entre, por favor",
    signed_out_hint: "Este ecrã é para quem trabalha aqui.",
    sign_out: "Sair",
    table: "Mesa",
    round: "Ronda",
    received: "Recebido",
    cooking: "A preparar",
    ready: "Pronto",
    served: "Servido",
    sending: "A enviar…",
    sound_on: "Ligar som",
    sound_is_on: "Som ligado",
    undo: "Desfazer",
    staff_name: "Nome",
    password: "Palavra-passe",
    work_at: "Onde trabalha?",
    signing_in: "A entrar…",
    wrong_password: "Este nome e esta palavra-passe não coincidem.",
    too_many_tries: "Demasiadas tentativas. Espere um minuto e tente de novo.",
    stations: "Postos",
    all_stations: "Tudo",
    tickets: "Talões",
    watch: "Atenção",
    late: "Atrasado",
    new: "Novo",
    start: "Iniciar",
    done: "Feito",
    also_at: "Também em",
    owes: "faltam {}",
    quiet: "Tudo em dia",
    quiet_hint: "Os novos talões aparecem aqui sozinhos.",
    finished: "Acabados de sair",
    nothing_finished: "Ainda nada",
    recall: "Repor",
    page: "Página {} de {}",
    earlier: "Página anterior",
    later: "Página seguinte",
    all_day: "Totais",
    all_day_hint: "por fazer",
    keys: "Teclas",
    keys_hint: "1–9 escolher · Enter iniciar, depois feito · B feito · R repor · ← → páginas · ↑ ↓ itens",
    sold_out_title: "Esgotados",
    find_dish: "Procurar um prato",
    mark_sold_out: "Marcar esgotado",
    mark_back: "Repor à venda",
    no_dish_found: "Nenhum prato com esse nome",
    options: "Opções",
    not_live: "Sem ligação",
    known_at: "A mostrar o que se sabia às {}, há {} s",
    will_send: "Continue: cada toque é guardado e enviado quando a ligação voltar.",
    withdrawn: "Mesa fechada: não preparar",
    seen: "Visto",
    tables: "Mesas",
    needs: "Precisa de alguém",
    no_needs: "Nenhuma mesa à espera.",
    free: "Livre",
    choosing: "A escolher",
    in_kitchen: "{} na cozinha",
    to_serve: "{} para servir",
    all_served: "Tudo servido",
    not_sent: "{} por enviar",
    late_count: "{} com atraso",
    late_at: "{} com atraso na cozinha",
    nothing_ordered: "Ainda sem pedido",
    guests: "{} de {} lugares",
    seats: "{} lugares",
    seated_for: "Aqui há {}",
    open_table: "Abrir mesa",
    opening: "A abrir…",
    close_table: "Fechar mesa",
    closing: "A fechar…",
    close_sure: "Fechar esta mesa? Os clientes já não podem pedir.",
    close_unserved: "Por servir, e anulado: {}",
    close_unsent: "Por enviar, e anulado: {}",
    close_yes: "Sim, fechar",
    serve: "Marcar servido",
    guests_here: "Clientes",
    nobody_yet: "Ainda ninguém leu o código",
    cart: "Por enviar",
    total: "Total enviado",
    sent_nothing: "Ainda nada enviado",
    tables_taken: "{} de {} mesas ocupadas",
};

static ES: StaffWords = StaffWords {
    signed_out: "Inicie sesión",
    signed_out_hint: "Esta pantalla es para quien trabaja aquí.",
    sign_out: "Cerrar sesión",
    table: "Mesa",
    round: "Ronda",
    received: "Recibido",
    cooking: "En preparación",
    ready: "Listo",
    served: "Servido",
    sending: "Enviando…",
    sound_on: "Activar sonido",
    sound_is_on: "Sonido activado",
    undo: "Deshacer",
    staff_name: "Nombre",
    password: "Contraseña",
    work_at: "¿Dónde trabaja?",
    signing_in: "Entrando…",
    wrong_password: "Este nombre y esta contraseña no coinciden.",
    too_many_tries: "Demasiados intentos. Espere un minuto y vuelva a intentarlo.",
    stations: "Estaciones",
    all_stations: "Todo",
    tickets: "Comandas",
    watch: "Atención",
    late: "Tarde",
    new: "Nuevo",
    start: "Empezar",
    done: "Hecho",
    also_at: "También en",
    owes: "faltan {}",
    quiet: "Todo al día",
    quiet_hint: "Las nuevas comandas aparecen aquí solas.",
    finished: "Recién terminados",
    nothing_finished: "Nada todavía",
    recall: "Recuperar",
    page: "Página {} de {}",
    earlier: "Página anterior",
    later: "Página siguiente",
    all_day: "Totales",
    all_day_hint: "pendientes",
    keys: "Teclas",
    keys_hint: "1–9 elegir · Enter empezar, luego hecho · B hecho · R recuperar · ← → páginas · ↑ ↓ platos",
    sold_out_title: "Agotados",
    find_dish: "Buscar un plato",
    mark_sold_out: "Marcar agotado",
    mark_back: "Volver a vender",
    no_dish_found: "Ningún plato se llama así",
    options: "Opciones",
    not_live: "Sin conexión",
    known_at: "Se muestra lo que se sabía a las {}, hace {} s",
    will_send: "Siga: cada toque se guarda y se envía cuando vuelva la conexión.",
    withdrawn: "Mesa cerrada: no preparar",
    seen: "Visto",
    tables: "Mesas",
    needs: "Hay que atender",
    no_needs: "Ninguna mesa espera.",
    free: "Libre",
    choosing: "Eligiendo",
    in_kitchen: "{} en cocina",
    to_serve: "{} para servir",
    all_served: "Todo servido",
    not_sent: "{} sin enviar",
    late_count: "{} con retraso",
    late_at: "{} con retraso en cocina",
    nothing_ordered: "Aún sin pedido",
    guests: "{} de {} plazas",
    seats: "{} plazas",
    seated_for: "Aquí desde hace {}",
    open_table: "Abrir mesa",
    opening: "Abriendo…",
    close_table: "Cerrar mesa",
    closing: "Cerrando…",
    close_sure: "¿Cerrar esta mesa? Los clientes ya no podrán pedir.",
    close_unserved: "Sin servir, y se anula: {}",
    close_unsent: "Sin enviar, y se anula: {}",
    close_yes: "Sí, cerrar",
    serve: "Marcar servido",
    guests_here: "Clientes",
    nobody_yet: "Nadie ha escaneado aún el código",
    cart: "Sin enviar",
    total: "Total enviado",
    sent_nothing: "Nada enviado aún",
    tables_taken: "{} de {} mesas ocupadas",
};

static FR: StaffWords = StaffWords {
    signed_out: "Connectez-vous",
    signed_out_hint: "Cet écran est réservé au personnel.",
    sign_out: "Se déconnecter",
    table: "Table",
    round: "Tournée",
    received: "Reçu",
    cooking: "En préparation",
    ready: "Prêt",
    served: "Servi",
    sending: "Envoi…",
    sound_on: "Activer le son",
    sound_is_on: "Son activé",
    undo: "Annuler",
    staff_name: "Nom",
    password: "Mot de passe",
    work_at: "Où travaillez-vous ?",
    signing_in: "Connexion…",
    wrong_password: "Ce nom et ce mot de passe ne correspondent pas.",
    too_many_tries: "Trop d’essais. Attendez une minute, puis réessayez.",
    stations: "Postes",
    all_stations: "Tout",
    tickets: "Bons",
    watch: "À suivre",
    late: "En retard",
    new: "Nouveau",
    start: "Commencer",
    done: "Terminé",
    also_at: "Aussi à",
    owes: "reste {}",
    quiet: "Tout est prêt",
    quiet_hint: "Les nouveaux bons arrivent ici tout seuls.",
    finished: "Terminés",
    nothing_finished: "Rien encore",
    recall: "Rappeler",
    page: "Page {} sur {}",
    earlier: "Page précédente",
    later: "Page suivante",
    all_day: "Totaux",
    all_day_hint: "en cours",
    keys: "Touches",
    keys_hint: "1–9 choisir · Entrée commencer, puis terminé · B terminé · R rappeler · ← → pages · ↑ ↓ plats",
    sold_out_title: "Épuisés",
    find_dish: "Chercher un plat",
    mark_sold_out: "Marquer épuisé",
    mark_back: "Remettre en vente",
    no_dish_found: "Aucun plat de ce nom",
    options: "Options",
    not_live: "Hors ligne",
    known_at: "Affichage de ce qui était connu à {}, depuis {} s",
    will_send: "Continuez : chaque geste est gardé et envoyé au retour de la connexion.",
    withdrawn: "Table fermée : ne pas préparer",
    seen: "Vu",
    tables: "Tables",
    needs: "À faire",
    no_needs: "Aucune table n’attend.",
    free: "Libre",
    choosing: "Choix en cours",
    in_kitchen: "{} en cuisine",
    to_serve: "{} à servir",
    all_served: "Tout est servi",
    not_sent: "{} à envoyer",
    late_count: "{} en retard",
    late_at: "{} en retard en cuisine",
    nothing_ordered: "Rien commandé",
    guests: "{} sur {} places",
    seats: "{} places",
    seated_for: "Ici depuis {}",
    open_table: "Ouvrir la table",
    opening: "Ouverture…",
    close_table: "Fermer la table",
    closing: "Fermeture…",
    close_sure: "Fermer cette table ? Les convives ne pourront plus commander.",
    close_unserved: "Pas encore servi, et annulé : {}",
    close_unsent: "Pas encore envoyé, et annulé : {}",
    close_yes: "Oui, fermer",
    serve: "Marquer servi",
    guests_here: "Convives",
    nobody_yet: "Personne n’a encore scanné le code",
    cart: "Pas encore envoyé",
    total: "Total envoyé",
    sent_nothing: "Rien d’envoyé",
    tables_taken: "{} tables occupées sur {}",
};

static DE: StaffWords = StaffWords {
    signed_out: "Bitte anmelden",
    signed_out_hint: "Dieser Bildschirm ist für das Personal.",
    sign_out: "Abmelden",
    table: "Tisch",
    round: "Runde",
    received: "Eingegangen",
    cooking: "In Arbeit",
    ready: "Fertig",
    served: "Serviert",
    sending: "Wird gesendet…",
    sound_on: "Ton an",
    sound_is_on: "Ton ist an",
    undo: "Zurück",
    staff_name: "Name",
    password: "Passwort",
    work_at: "Wo arbeiten Sie?",
    signing_in: "Anmelden…",
    wrong_password: "Name und Passwort passen nicht zusammen.",
    too_many_tries: "Zu viele Versuche. Warten Sie eine Minute.",
    stations: "Stationen",
    all_stations: "Alle",
    tickets: "Bons",
    watch: "Achtung",
    late: "Spät",
    new: "Neu",
    start: "Beginnen",
    done: "Fertig",
    also_at: "Auch bei",
    owes: "noch {}",
    quiet: "Alles erledigt",
    quiet_hint: "Neue Bons erscheinen hier von selbst.",
    finished: "Gerade fertig",
    nothing_finished: "Noch nichts",
    recall: "Zurückholen",
    page: "Seite {} von {}",
    earlier: "Vorige Seite",
    later: "Nächste Seite",
    all_day: "Gesamt",
    all_day_hint: "offen",
    keys: "Tasten",
    keys_hint: "1–9 wählen · Enter beginnen, dann fertig · B fertig · R zurückholen · ← → Seiten · ↑ ↓ Posten",
    sold_out_title: "Ausverkauft",
    find_dish: "Gericht suchen",
    mark_sold_out: "Ausverkauft melden",
    mark_back: "Wieder da",
    no_dish_found: "Kein Gericht heißt so",
    options: "Optionen",
    not_live: "Nicht verbunden",
    known_at: "Stand von {}, seit {} s",
    will_send: "Einfach weiter: jeder Tipp wird behalten und später gesendet.",
    withdrawn: "Tisch geschlossen: nicht zubereiten",
    seen: "Gesehen",
    tables: "Tische",
    needs: "Zu tun",
    no_needs: "Kein Tisch wartet.",
    free: "Frei",
    choosing: "Wählt",
    in_kitchen: "{} in Arbeit",
    to_serve: "{} fertig",
    all_served: "Alles serviert",
    not_sent: "{} nicht gesendet",
    late_count: "{} verspätet",
    late_at: "{} verspätet in der Küche",
    nothing_ordered: "Noch nichts bestellt",
    guests: "{} von {} Plätzen",
    seats: "{} Plätze",
    seated_for: "Da seit {}",
    open_table: "Tisch öffnen",
    opening: "Wird geöffnet…",
    close_table: "Tisch schließen",
    closing: "Wird geschlossen…",
    close_sure: "Diesen Tisch schließen? Die Gäste können dann nicht mehr bestellen.",
    close_unserved: "Noch nicht serviert, entfällt: {}",
    close_unsent: "Noch nicht gesendet, entfällt: {}",
    close_yes: "Ja, schließen",
    serve: "Serviert",
    guests_here: "Gäste",
    nobody_yet: "Noch niemand hat den Code gescannt",
    cart: "Noch nicht gesendet",
    total: "Summe gesendet",
    sent_nothing: "Noch nichts gesendet",
    tables_taken: "{} von {} Tischen besetzt",
};
