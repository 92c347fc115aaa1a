//! Who works here, and the devices.

use domain::Role;

use super::declare::words;

words! {
    /// Who works here, and the devices.
    pub struct PeopleWords {
        /// Who works here.
        people {
            en: "Who works here",
            pt: "Quem trabalha aqui",
            es: "Quién trabaja aquí",
            fr: "Qui travaille ici",
            de: "Wer hier arbeitet",
        }
        /// Loads the page as it is now.
        reload { en: "Look again", pt: "Atualizar", es: "Actualizar", fr: "Actualiser", de: "Neu laden" }
        /// Lets somebody else work here.
        add_person {
            en: "Add somebody",
            pt: "Acrescentar alguém",
            es: "Añadir a alguien",
            fr: "Ajouter quelqu’un",
            de: "Jemanden hinzufügen",
        }
        /// As what somebody signs in.
        sign_in_name {
            en: "Signs in as (a–z, 0–9, -)",
            pt: "Entra como (a–z, 0–9, -)",
            es: "Entra como (a–z, 0–9, -)",
            fr: "Se connecte comme (a–z, 0–9, -)",
            de: "Meldet sich an als (a–z, 0–9, -)",
        }
        /// What somebody does.
        works_as { en: "Works as", pt: "Trabalha como", es: "Trabaja como", fr: "Travaille comme", de: "Arbeitet als" }
        /// A role.
        waiter { en: "Waiter", pt: "Sala", es: "Sala", fr: "Salle", de: "Service" }
        /// A role.
        cook { en: "Kitchen", pt: "Cozinha", es: "Cocina", fr: "Cuisine", de: "Küche" }
        /// A role: waiter and kitchen.
        allrounder {
            en: "Floor and kitchen",
            pt: "Sala e cozinha",
            es: "Sala y cocina",
            fr: "Salle et cuisine",
            de: "Service und Küche",
        }
        /// A role.
        manager { en: "Manager", pt: "Gerência", es: "Gerencia", fr: "Direction", de: "Leitung" }
        /// Whoever reads it.
        you { en: "you", pt: "eu", es: "yo", fr: "vous", de: "ich" }
        /// Another password for somebody.
        new_password {
            en: "New password",
            pt: "Nova palavra-passe",
            es: "Nueva contraseña",
            fr: "Nouveau mot de passe",
            de: "Neues Passwort",
        }
        /// A password can not be read again.
        password_hint {
            en: "Write it down for them: nobody can look it up later.",
            pt: "Aponte-a para a pessoa: depois ninguém a pode ver.",
            es: "Apúntela para la persona: luego nadie puede verla.",
            fr: "Notez-le pour la personne : personne ne peut le relire.",
            de: "Für die Person notieren: später kann es niemand nachsehen.",
        }
        /// Which PINs there can be.
        pin_hint {
            en: "4 to 8 digits, a manager’s 6 to 8. Empty: none.",
            pt: "4 a 8 algarismos, na gerência 6 a 8. Vazio: nenhum.",
            es: "4 a 8 cifras, en gerencia 6 a 8. Vacío: ninguno.",
            fr: "4 à 8 chiffres, direction 6 à 8. Vide : aucun.",
            de: "4 bis 8 Ziffern, Leitung 6 bis 8. Leer: keine.",
        }
        /// Somebody has a PIN.
        has_pin { en: "has a PIN", pt: "tem PIN", es: "tiene PIN", fr: "a un code PIN", de: "hat eine PIN" }
        /// Saves what was changed.
        change { en: "Save", pt: "Guardar", es: "Guardar", fr: "Enregistrer", de: "Speichern" }
        /// Signs somebody out on all devices.
        sign_out_everywhere {
            en: "Sign out everywhere",
            pt: "Terminar sessão em todo o lado",
            es: "Cerrar sesión en todas partes",
            fr: "Déconnecter partout",
            de: "Überall abmelden",
        }
        /// Ends somebody’s work here: the question.
        remove_person { en: "Remove…", pt: "Remover…", es: "Quitar…", fr: "Retirer…", de: "Entfernen…" }
        /// Ends somebody’s work here.
        remove_person_yes(name) {
            en: "Yes, remove {name}",
            pt: "Sim, remover {name}",
            es: "Sí, quitar a {name}",
            fr: "Oui, retirer {name}",
            de: "Ja, {name} entfernen",
        }
        /// The devices that are known.
        devices { en: "Devices", pt: "Dispositivos", es: "Dispositivos", fr: "Appareils", de: "Geräte" }
        /// A device that has no name.
        device_numbered(number) {
            en: "Device {number}",
            pt: "Dispositivo {number}",
            es: "Dispositivo {number}",
            fr: "Appareil {number}",
            de: "Gerät {number}",
        }
        /// What a device is to be called.
        device_name { en: "Call it", pt: "Chamar-lhe", es: "Llamarlo", fr: "L’appeler", de: "Nennen" }
        /// The device that shows the page.
        this_device { en: "this device", pt: "este dispositivo", es: "este dispositivo", fr: "cet appareil", de: "dieses Gerät" }
        /// By whom a device was signed in, and how long ago.
        signed_in_by(name, time) {
            en: "Signed in by {name}, {time} ago",
            pt: "Ligado por {name}, há {time}",
            es: "Sesión de {name}, hace {time}",
            fr: "Connecté par {name}, il y a {time}",
            de: "Angemeldet von {name}, vor {time}",
        }
        /// Who is on a device now.
        used_by(name) {
            en: "{name} is on it now",
            pt: "{name} está a usá-lo",
            es: "{name} lo usa ahora",
            fr: "{name} l’utilise",
            de: "{name} ist gerade daran",
        }
        /// Hours, abbreviated.
        hours { en: "h", pt: "h", es: "h", fr: "h", de: "Std." }
        /// Days, abbreviated.
        days { en: "d", pt: "d", es: "d", fr: "j", de: "T." }
        /// A device is signed out.
        is_signed_out { en: "Signed out", pt: "Sessão terminada", es: "Sesión cerrada", fr: "Déconnecté", de: "Abgemeldet" }
        /// Forgets a device.
        forget_device { en: "Forget", pt: "Esquecer", es: "Olvidar", fr: "Oublier", de: "Vergessen" }
        /// Signs every device out: the question.
        sign_out_all {
            en: "Sign everybody out…",
            pt: "Terminar todas as sessões…",
            es: "Cerrar todas las sesiones…",
            fr: "Déconnecter tout le monde…",
            de: "Alle abmelden…",
        }
        /// Signs every device out.
        sign_out_all_yes {
            en: "Yes, every device, this one too",
            pt: "Sim, todos, este também",
            es: "Sí, todos, este también",
            fr: "Oui, tous, celui-ci aussi",
            de: "Ja, alle Geräte, auch dieses",
        }
        /// Who is signed in by PIN has to sign in by password.
        needs_password {
            en: "For this, sign in with your password.",
            pt: "Para isto, entre com a sua palavra-passe.",
            es: "Para esto, entre con su contraseña.",
            fr: "Pour cela, connectez-vous avec votre mot de passe.",
            de: "Melden Sie sich dafür mit Passwort an.",
        }
        /// Which passwords and PINs there can be.
        bad_secret {
            en: "A password has 8 to 200 characters; a PIN 4 to 8 digits that are not all the same, a manager’s 6 to 8.",
            pt: "Uma palavra-passe tem 8 a 200 caracteres; um PIN 4 a 8 algarismos não todos iguais, na gerência 6 a 8.",
            es: "Una contraseña tiene de 8 a 200 caracteres; un PIN de 4 a 8 cifras no todas iguales, en gerencia de 6 a 8.",
            fr: "Un mot de passe a de 8 à 200 caractères ; un code PIN de 4 à 8 chiffres différents, direction de 6 à 8.",
            de: "Ein Passwort hat 8 bis 200 Zeichen; eine PIN 4 bis 8 nicht lauter gleiche Ziffern, für die Leitung 6 bis 8.",
        }
        /// Which names there can be.
        bad_entry {
            en: "A name has up to 40 characters; whoever signs in is called by a–z, 0–9 and -.",
            pt: "Um nome tem até 40 caracteres; quem entra é chamado por a–z, 0–9 e -.",
            es: "Un nombre tiene hasta 40 caracteres; quien entra se llama con a–z, 0–9 y -.",
            fr: "Un nom a 40 caractères au plus ; on se connecte avec a–z, 0–9 et -.",
            de: "Ein Name hat bis zu 40 Zeichen; zum Anmelden a–z, 0–9 und -.",
        }
        /// Somebody else has that name already.
        id_taken {
            en: "Somebody signs in as that already.",
            pt: "Já alguém entra com esse nome.",
            es: "Ya hay alguien con ese nombre.",
            fr: "Quelqu’un se connecte déjà ainsi.",
            de: "So meldet sich schon jemand an.",
        }
    }
}

impl PeopleWords {
    /// What somebody does.
    pub const fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Waiter => self.waiter,
            Role::Kitchen => self.cook,
            Role::Allrounder => self.allrounder,
            Role::Manager => self.manager,
            Role::Unknown => "",
        }
    }
}
