//! What every page may say: closing, signing in, the connection.

use super::declare::words;

words! {
    /// What every page may say.
    pub struct CommonWords {
        /// Goes back.
        close { en: "Close", pt: "Fechar", es: "Cerrar", fr: "Fermer", de: "Schließen" }
        /// Not on the menu now.
        sold_out { en: "Sold out", pt: "Esgotado", es: "Agotado", fr: "Épuisé", de: "Ausverkauft" }
        /// The page of signing in, and what leads there.
        sign_in { en: "Sign in", pt: "Entrar", es: "Entrar", fr: "Se connecter", de: "Anmelden" }
        /// The connection is lost.
        offline {
            en: "No connection. Keep going: everything is sent when it is back.",
            pt: "Sem ligação. Continue: tudo é enviado quando voltar.",
            es: "Sin conexión. Siga: todo se envía cuando vuelva.",
            fr: "Pas de connexion. Continuez : tout sera envoyé à son retour.",
            de: "Keine Verbindung. Einfach weiter: alles wird gesendet, sobald sie da ist.",
        }
        /// The server does not answer.
        unreachable {
            en: "The restaurant's server can't be reached right now.",
            pt: "Não é possível contactar o servidor do restaurante.",
            es: "No se puede contactar con el servidor del restaurante.",
            fr: "Le serveur du restaurant est injoignable pour l’instant.",
            de: "Der Server des Restaurants ist gerade nicht erreichbar.",
        }
        /// Loads the page again.
        try_again { en: "Try again", pt: "Tentar de novo", es: "Reintentar", fr: "Réessayer", de: "Noch einmal" }
        /// Too many tries.
        too_many_tries {
            en: "Too many tries. Wait a minute, then try again.",
            pt: "Demasiadas tentativas. Espere um minuto e tente de novo.",
            es: "Demasiados intentos. Espere un minuto y vuelva a intentarlo.",
            fr: "Trop d’essais. Attendez une minute, puis réessayez.",
            de: "Zu viele Versuche. Warten Sie eine Minute.",
        }
    }
}
