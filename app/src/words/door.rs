//! Letting somebody in at a table, and taking somebody off it: guests who sit there do, and waiters.

use super::declare::words;

words! {
    /// Letting somebody in at a table, and taking somebody off it.
    pub struct DoorWords {
        /// Somebody asks to be let in.
        wants_in(name) {
            en: "{name} wants to join",
            pt: "{name} quer juntar-se",
            es: "{name} quiere unirse",
            fr: "{name} veut vous rejoindre",
            de: "{name} möchte dazukommen",
        }
        /// Somebody asks to be let in, and says that they were here already.
        says_was_here(name) {
            en: "{name} was here already, and wants back",
            pt: "{name} já estava aqui e quer voltar",
            es: "{name} ya estaba aquí y quiere volver",
            fr: "{name} était déjà là et veut revenir",
            de: "{name} war schon da und möchte zurück",
        }
        /// Who asks and gave no name.
        somebody { en: "Somebody", pt: "Alguém", es: "Alguien", fr: "Quelqu’un", de: "Jemand" }
        /// Lets somebody in.
        let_in { en: "Let in", pt: "Deixar entrar", es: "Dejar entrar", fr: "Laisser entrer", de: "Hereinlassen" }
        /// Does not let somebody in.
        turn_away { en: "No", pt: "Não", es: "No", fr: "Non", de: "Nein" }
        /// As which guest somebody is let in.
        who_is_it { en: "Who is it?", pt: "Quem é?", es: "¿Quién es?", fr: "Qui est-ce ?", de: "Wer ist das?" }
        /// As none of the guests who sit here.
        somebody_new {
            en: "Somebody new",
            pt: "Uma pessoa nova",
            es: "Alguien nuevo",
            fr: "Une nouvelle personne",
            de: "Jemand Neues",
        }
        /// A guest who gave no name.
        guest_numbered(number) {
            en: "Guest {number}",
            pt: "Convidado {number}",
            es: "Invitado {number}",
            fr: "Convive {number}",
            de: "Gast {number}",
        }
        /// Removes a guest: the question.
        take_off(guest) {
            en: "Take {guest} off the table",
            pt: "Tirar {guest} da mesa",
            es: "Quitar a {guest} de la mesa",
            fr: "Retirer {guest} de la table",
            de: "{guest} vom Tisch nehmen",
        }
        /// Removes a guest.
        take_off_yes {
            en: "Take off the table",
            pt: "Tirar da mesa",
            es: "Quitar de la mesa",
            fr: "Retirer de la table",
            de: "Vom Tisch nehmen",
        }
    }
}
