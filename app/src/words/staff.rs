//! What the screens of the staff share: their bar, a table, a round.

use super::declare::words;

words! {
    /// What the screens of the staff share.
    pub struct StaffWords {
        /// The kitchen's page.
        kitchen { en: "Kitchen", pt: "Cozinha", es: "Cocina", fr: "Cuisine", de: "Küche" }
        /// The waiters' page.
        floor { en: "Floor", pt: "Sala", es: "Sala", fr: "Salle", de: "Gastraum" }
        /// The page of who works here, and of the devices.
        people {
            en: "Staff and devices",
            pt: "Equipa e dispositivos",
            es: "Equipo y dispositivos",
            fr: "Équipe et appareils",
            de: "Personal und Geräte",
        }
        /// Nobody is signed in: the heading.
        signed_out {
            en: "Please sign in",
            pt: "Entre, por favor",
            es: "Inicie sesión",
            fr: "Connectez-vous",
            de: "Bitte anmelden",
        }
        /// Nobody is signed in: why that matters.
        signed_out_hint {
            en: "This screen is for people who work here.",
            pt: "Este ecrã é para quem trabalha aqui.",
            es: "Esta pantalla es para quien trabaja aquí.",
            fr: "Cet écran est réservé au personnel.",
            de: "Dieser Bildschirm ist für das Personal.",
        }
        /// Signs this device out.
        sign_out { en: "Sign out", pt: "Sair", es: "Cerrar sesión", fr: "Se déconnecter", de: "Abmelden" }
        /// Lets somebody else take over the device.
        switch_person {
            en: "Somebody else",
            pt: "Outra pessoa",
            es: "Otra persona",
            fr: "Quelqu’un d’autre",
            de: "Jemand anderes",
        }
        /// Allows sounds.
        sound_on { en: "Sound on", pt: "Ligar som", es: "Activar sonido", fr: "Activer le son", de: "Ton an" }
        /// Sounds are allowed; a tap silences.
        sound_is_on { en: "Sound is on", pt: "Som ligado", es: "Sonido activado", fr: "Son activé", de: "Ton ist an" }
        /// Loads the page of a later release.
        new_version {
            en: "Update this page",
            pt: "Atualizar esta página",
            es: "Actualizar esta página",
            fr: "Actualiser cette page",
            de: "Diese Seite erneuern",
        }
        /// The connection is being made.
        connecting { en: "Connecting…", pt: "A ligar…", es: "Conectando…", fr: "Connexion…", de: "Verbinden…" }
        /// A command waits for the server.
        sending { en: "Sending…", pt: "A enviar…", es: "Enviando…", fr: "Envoi…", de: "Wird gesendet…" }
        /// Goes back without doing it.
        cancel { en: "Cancel", pt: "Cancelar", es: "Cancelar", fr: "Annuler", de: "Abbrechen" }
        /// A minute, abbreviated.
        minutes { en: "min", pt: "min", es: "min", fr: "min", de: "Min." }
        /// A table, before its label.
        table { en: "Table", pt: "Mesa", es: "Mesa", fr: "Table", de: "Tisch" }
        /// A round, before its number.
        round { en: "Round", pt: "Ronda", es: "Ronda", fr: "Tournée", de: "Runde" }
    }
}
