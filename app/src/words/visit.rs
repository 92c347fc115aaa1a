//! The top of a guest’s page: the table, the language, a visit that has ended.

use super::declare::words;

words! {
    /// The top of a guest’s page.
    pub struct VisitWords {
        /// Which table it is.
        table(label) { en: "Table {label}", pt: "Mesa {label}", es: "Mesa {label}", fr: "Table {label}", de: "Tisch {label}" }
        /// The language switch.
        language { en: "Language", pt: "Idioma", es: "Idioma", fr: "Langue", de: "Sprache" }
        /// Leads past the top of the page, for the keyboard.
        skip_to_menu {
            en: "Skip to the menu",
            pt: "Ir para a ementa",
            es: "Ir a la carta",
            fr: "Aller à la carte",
            de: "Zur Karte",
        }
        /// With which number others join.
        join_number(number) {
            en: "Others join with the number {number}",
            pt: "Os outros entram com o número {number}",
            es: "Los demás entran con el número {number}",
            fr: "Les autres entrent avec le numéro {number}",
            de: "Andere kommen mit der Nummer {number} dazu",
        }
        /// What was tapped while there was no connection.
        changes_wait(#changes) {
            en: "{changes} change waits." | "{changes} changes wait.",
            pt: "{changes} alteração à espera." | "{changes} alterações à espera.",
            es: "{changes} cambio en espera." | "{changes} cambios en espera.",
            fr: "{changes} changement en attente." | "{changes} changements en attente.",
            de: "{changes} Änderung wartet." | "{changes} Änderungen warten.",
        }
        /// The stay was closed: the farewell.
        visit_ended {
            en: "Thank you for coming",
            pt: "Obrigado pela visita",
            es: "Gracias por su visita",
            fr: "Merci de votre visite",
            de: "Danke für Ihren Besuch",
        }
        /// The stay was closed: what is still here.
        visit_ended_hint {
            en: "This visit has ended. The menu is still here to read.",
            pt: "Esta visita terminou. A ementa continua aqui para ler.",
            es: "Esta visita ha terminado. La carta sigue aquí para leerla.",
            fr: "Cette visite est terminée. La carte reste ici à lire.",
            de: "Dieser Besuch ist zu Ende. Die Karte bleibt zum Lesen hier.",
        }
        /// This guest was removed: the heading.
        taken_off {
            en: "You are not at this table any more",
            pt: "Já não está nesta mesa",
            es: "Ya no está en esta mesa",
            fr: "Vous n’êtes plus à cette table",
            de: "Sie sind nicht mehr an diesem Tisch",
        }
        /// This guest was removed: why, and what to do.
        taken_off_hint {
            en: "Somebody took you off the table. If that was a mistake, ask to join again.",
            pt: "Alguém o tirou da mesa. Se foi engano, peça para entrar outra vez.",
            es: "Alguien le ha quitado de la mesa. Si fue un error, pida entrar otra vez.",
            fr: "Quelqu’un vous a retiré de la table. Si c’est une erreur, demandez à revenir.",
            de: "Jemand hat Sie vom Tisch genommen. War das ein Versehen, bitten Sie wieder um Einlass.",
        }
        /// The page of a table’s code that is not in use any more: its heading.
        stale_link {
            en: "This code is no longer in use",
            pt: "Este código já não está em uso",
            es: "Este código ya no se usa",
            fr: "Ce code n’est plus utilisé",
            de: "Dieser Code gilt nicht mehr",
        }
        /// The page of a table’s code that is not in use any more: what to do.
        stale_link_hint {
            en: "The table is not there any more, or has a new code. Scan the code that is on your table now, or ask somebody who works here.",
            pt: "A mesa já não existe ou tem um código novo. Leia o código que está agora na sua mesa ou pergunte a alguém da casa.",
            es: "La mesa ya no existe o tiene un código nuevo. Escanee el código que hay ahora en su mesa o pregunte al personal.",
            fr: "La table n’existe plus, ou son code est nouveau. Scannez le code qui est sur votre table, ou demandez au personnel.",
            de: "Den Tisch gibt es nicht mehr, oder er hat einen neuen Code. Scannen Sie den Code auf Ihrem Tisch, oder fragen Sie das Personal.",
        }
        /// The server does not answer: what to do.
        unreachable_hint {
            en: "Check that you are on the restaurant's Wi-Fi or have mobile data, or ask for a printed menu.",
            pt: "Veja se tem Wi-Fi ou dados móveis, ou peça uma ementa em papel.",
            es: "Compruebe que tiene wifi o datos móviles, o pida una carta en papel.",
            fr: "Vérifiez le Wi-Fi ou vos données mobiles, ou demandez une carte imprimée.",
            de: "Prüfen Sie WLAN oder mobile Daten, oder bitten Sie um eine gedruckte Karte.",
        }
    }
}
