//! Joining a table, or asking to be let in.

use super::declare::words;

words! {
    /// Joining a table, or asking to be let in.
    pub struct JoiningWords {
        /// Heads the form.
        join_table(label) {
            en: "Join table {label}",
            pt: "Juntar-se à mesa {label}",
            es: "Unirse a la mesa {label}",
            fr: "Rejoindre la table {label}",
            de: "An Tisch {label} dazukommen",
        }
        /// Heads the form after a visit has ended.
        start_new_visit {
            en: "Start a new visit",
            pt: "Começar uma nova visita",
            es: "Empezar una nueva visita",
            fr: "Commencer une nouvelle visite",
            de: "Neuen Besuch beginnen",
        }
        /// Nobody sits at the table.
        join_first {
            en: "Nobody sits here yet: you open the table.",
            pt: "Ainda ninguém está aqui: é a primeira pessoa da mesa.",
            es: "Aún no hay nadie: usted abre la mesa.",
            fr: "Personne n’est encore là : vous ouvrez la table.",
            de: "Hier sitzt noch niemand: Sie eröffnen den Tisch.",
        }
        /// A party sits at the table, and whoever comes joins.
        join_party(#people) {
            en: "{people} person is here already." | "{people} people are here already.",
            pt: "Já está {people} pessoa à mesa." | "Já estão {people} pessoas à mesa.",
            es: "Ya hay {people} persona en la mesa." | "Ya hay {people} personas en la mesa.",
            fr: "{people} personne est déjà là." | "{people} personnes sont déjà là.",
            de: "{people} Person ist schon da." | "{people} Personen sind schon da.",
        }
        /// A party sits at the table, which lets in, or tells its number.
        join_asking(#people) {
            en: "{people} person is here already. They let you in, or tell you the number on their phone."
                | "{people} people are here already. One of them lets you in, or tells you the number on their phones.",
            pt: "Já está {people} pessoa à mesa: deixa-o entrar, ou diz-lhe o número no telemóvel."
                | "Já estão {people} pessoas à mesa: uma delas deixa-o entrar, ou diz-lhe o número nos telemóveis.",
            es: "Ya hay {people} persona en la mesa: le deja entrar o le dice el número de su móvil."
                | "Ya hay {people} personas en la mesa: una le deja entrar o le dice el número de sus móviles.",
            fr: "{people} personne est déjà là : elle vous laisse entrer ou vous dit le numéro sur son téléphone."
                | "{people} personnes sont déjà là : l’une d’elles vous laisse entrer ou vous dit le numéro sur leurs téléphones.",
            de: "{people} Person ist schon da. Sie lässt Sie herein oder nennt Ihnen die Nummer auf dem Handy."
                | "{people} Personen sind schon da. Eine lässt Sie herein oder nennt Ihnen die Nummer auf den Handys.",
        }
        /// A party sits at the table, which lets in.
        join_by_consent(#people) {
            en: "{people} person is here already, and can let you in."
                | "{people} people are here already. One of them can let you in.",
            pt: "Já está {people} pessoa à mesa, que o pode deixar entrar."
                | "Já estão {people} pessoas à mesa. Uma delas pode deixá-lo entrar.",
            es: "Ya hay {people} persona en la mesa, que puede dejarle entrar."
                | "Ya hay {people} personas en la mesa. Una de ellas puede dejarle entrar.",
            fr: "{people} personne est déjà là et peut vous laisser entrer."
                | "{people} personnes sont déjà là. L’une d’elles peut vous laisser entrer.",
            de: "{people} Person ist schon da und kann Sie hereinlassen."
                | "{people} Personen sind schon da. Eine davon kann Sie hereinlassen.",
        }
        /// The staff let in.
        join_by_staff {
            en: "Somebody who works here lets you in.",
            pt: "Quem trabalha aqui deixa-o entrar.",
            es: "El personal le deja entrar.",
            fr: "Le personnel vous laisse entrer.",
            de: "Das Personal lässt Sie herein.",
        }
        /// A dish was tapped before its guest has joined.
        join_to_add(dish) {
            en: "Join to add “{dish}” to the table's order.",
            pt: "Entre para juntar “{dish}” ao pedido da mesa.",
            es: "Únase para añadir «{dish}» al pedido de la mesa.",
            fr: "Rejoignez la table pour ajouter « {dish} » à la commande.",
            de: "Kommen Sie dazu, um „{dish}“ zur Bestellung hinzuzufügen.",
        }
        /// The field for a name.
        name_optional {
            en: "Your name (optional)",
            pt: "O seu nome (opcional)",
            es: "Su nombre (opcional)",
            fr: "Votre nom (facultatif)",
            de: "Ihr Name (freiwillig)",
        }
        /// The field for the party’s number, in short.
        number { en: "Number", pt: "Número", es: "Número", fr: "Numéro", de: "Nummer" }
        /// The field for the party’s number.
        number_if_known {
            en: "Number on their phones",
            pt: "Número nos telemóveis deles",
            es: "Número en sus móviles",
            fr: "Numéro sur leurs téléphones",
            de: "Nummer auf deren Handys",
        }
        /// Says that one is a guest of this stay already.
        was_here {
            en: "I was here already (new phone, lost page)",
            pt: "Já estava aqui (outro telemóvel, página perdida)",
            es: "Ya estaba aquí (otro móvil, página perdida)",
            fr: "J’étais déjà là (autre téléphone, page perdue)",
            de: "Ich war schon da (anderes Handy, Seite verloren)",
        }
        /// Joins.
        join { en: "Join", pt: "Entrar", es: "Unirse", fr: "Rejoindre", de: "Dazukommen" }
        /// Joins, and adds the dish that was tapped.
        join_and_add {
            en: "Join and add",
            pt: "Entrar e juntar",
            es: "Unirse y añadir",
            fr: "Rejoindre et ajouter",
            de: "Dazukommen und hinzufügen",
        }
        /// Asks to be let in.
        ask_to_join {
            en: "Ask to join",
            pt: "Pedir para entrar",
            es: "Pedir entrar",
            fr: "Demander à rejoindre",
            de: "Um Einlass bitten",
        }
        /// The server is asked.
        joining { en: "Joining…", pt: "A entrar…", es: "Un momento…", fr: "Un instant…", de: "Einen Moment…" }
        /// Somebody has to let one in: the heading.
        asked {
            en: "Waiting to be let in…",
            pt: "À espera que o deixem entrar…",
            es: "Esperando a que le dejen entrar…",
            fr: "En attente de votre admission…",
            de: "Warten auf Einlass…",
        }
        /// Somebody has to let one in: who can.
        asked_hint {
            en: "Somebody at the table can let you in now. The menu is here to read.",
            pt: "Alguém à mesa pode deixá-lo entrar agora. A ementa já se pode ler.",
            es: "Alguien en la mesa puede dejarle entrar ahora. La carta ya se puede leer.",
            fr: "Quelqu’un à la table peut vous laisser entrer. La carte est déjà là.",
            de: "Jemand am Tisch kann Sie jetzt hereinlassen. Die Karte ist schon zu lesen.",
        }
        /// Loads the page, to see whether one was let in.
        look_again {
            en: "Look again",
            pt: "Ver de novo",
            es: "Mirar de nuevo",
            fr: "Regarder à nouveau",
            de: "Noch einmal nachsehen",
        }
        /// One was not let in.
        turned_away {
            en: "You were not let in. Talk to the people at the table, or to somebody who works here.",
            pt: "Não o deixaram entrar. Fale com as pessoas à mesa ou com quem trabalha aqui.",
            es: "No le han dejado entrar. Hable con las personas de la mesa o con el personal.",
            fr: "Vous n’avez pas été admis. Parlez aux personnes à la table ou au personnel.",
            de: "Sie wurden nicht hereingelassen. Sprechen Sie mit den Leuten am Tisch oder dem Personal.",
        }
        /// The number is wrong.
        wrong_number {
            en: "That is not the number on their phones.",
            pt: "Esse não é o número nos telemóveis deles.",
            es: "Ese no es el número en sus móviles.",
            fr: "Ce n’est pas le numéro sur leurs téléphones.",
            de: "Das ist nicht die Nummer auf deren Handys.",
        }
        /// The name has a character that can’t be shown.
        bad_name {
            en: "That can't be used as a name. Please try another.",
            pt: "Esse nome não pode ser usado. Tente outro.",
            es: "Ese nombre no se puede usar. Pruebe con otro.",
            fr: "Ce nom ne peut pas être utilisé. Essayez-en un autre.",
            de: "Das geht nicht als Name. Bitte einen anderen.",
        }
        /// The name is too long.
        long_name {
            en: "That name is too long. A shorter one, please.",
            pt: "Esse nome é comprido demais. Escolha um mais curto.",
            es: "Ese nombre es demasiado largo. Elija uno más corto.",
            fr: "Ce nom est trop long. Choisissez-en un plus court.",
            de: "Dieser Name ist zu lang. Bitte einen kürzeren.",
        }
        /// The log can’t be written.
        cant_join_now {
            en: "Nothing can be saved right now. Please try again in a moment.",
            pt: "De momento não é possível guardar. Tente novamente daqui a pouco.",
            es: "Ahora no se puede guardar nada. Inténtelo de nuevo en un momento.",
            fr: "Rien ne peut être enregistré pour l’instant. Réessayez dans un moment.",
            de: "Im Moment kann nichts gespeichert werden. Bitte gleich noch einmal versuchen.",
        }
    }
}
