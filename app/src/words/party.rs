//! Who sits at the table: what they are called, and who still chooses.

use super::declare::words;

words! {
    /// Who sits at the table.
    pub struct PartyWords {
        /// Heads the guests.
        at_this_table { en: "At this table", pt: "Nesta mesa", es: "En esta mesa", fr: "À cette table", de: "An diesem Tisch" }
        /// The guest whose phone it is, without a name.
        you { en: "You", pt: "Eu", es: "Yo", fr: "Moi", de: "Ich" }
        /// The guest whose phone it is.
        you_named(name) { en: "{name} (you)", pt: "{name} (eu)", es: "{name} (yo)", fr: "{name} (moi)", de: "{name} (ich)" }
        /// Whose a line is that nobody took for themselves.
        everybody { en: "For the table", pt: "Para a mesa", es: "Para la mesa", fr: "Pour la table", de: "Für den Tisch" }
        /// Heads the sheet in which one changes one’s name.
        rename_title {
            en: "What should the others call you?",
            pt: "Como quer que lhe chamem?",
            es: "¿Cómo quiere que le llamen?",
            fr: "Comment faut-il vous appeler ?",
            de: "Wie sollen die anderen Sie nennen?",
        }
        /// The field for the name.
        your_name { en: "Your name", pt: "O seu nome", es: "Su nombre", fr: "Votre nom", de: "Ihr Name" }
        /// Saves the name.
        save { en: "Save", pt: "Guardar", es: "Guardar", fr: "Enregistrer", de: "Speichern" }
        /// Opens that sheet.
        change_name {
            en: "change your name",
            pt: "mudar o nome",
            es: "cambiar el nombre",
            fr: "changer de nom",
            de: "Namen ändern",
        }
        /// What removing a guest does.
        take_off_hint {
            en: "What they chose and nobody has sent goes, too. From then on, everybody who comes has to be let in.",
            pt: "O que escolheram e ninguém enviou também sai. A partir daí, é preciso deixar entrar quem chega.",
            es: "Lo que eligió y nadie ha enviado también se quita. Desde entonces hay que dejar entrar a quien llegue.",
            fr: "Ce qui a été choisi sans être envoyé part aussi. Ensuite, il faudra laisser entrer chaque personne.",
            de: "Was gewählt und nicht gesendet ist, geht mit. Von da an muss jeder hereingelassen werden, der kommt.",
        }
        /// Says that one has chosen.
        i_am_ready { en: "I'm ready", pt: "Já escolhi", es: "Ya he elegido", fr: "J’ai choisi", de: "Ich habe gewählt" }
        /// A guest who has chosen.
        ready { en: "Ready", pt: "Já escolheu", es: "Ya eligió", fr: "A choisi", de: "Fertig" }
        /// Who of the others has not chosen.
        still_choose(#guests, names) {
            en: "{names} is still choosing" | "{names} are still choosing",
            pt: "{names} ainda está a escolher" | "{names} ainda estão a escolher",
            es: "{names} aún está eligiendo" | "{names} aún están eligiendo",
            fr: "{names} choisit encore" | "{names} choisissent encore",
            de: "{names} wählt noch" | "{names} wählen noch",
        }
        /// Between the last two names of a list.
        and { en: "and", pt: "e", es: "y", fr: "et", de: "und" }
        /// Everybody has chosen.
        all_ready {
            en: "Everybody is ready",
            pt: "Já todos escolheram",
            es: "Todos han elegido",
            fr: "Tout le monde a choisi",
            de: "Alle haben gewählt",
        }
        /// Everybody but oneself has chosen.
        others_ready {
            en: "The others are ready",
            pt: "Os outros já escolheram",
            es: "Los demás ya han elegido",
            fr: "Les autres ont choisi",
            de: "Die anderen haben gewählt",
        }
    }
}
