//! Signing in, and taking over a device by PIN.

use super::declare::words;

words! {
    /// Signing in.
    pub struct SignInWords {
        /// The name with which somebody signs in.
        staff_name { en: "Name", pt: "Nome", es: "Nombre", fr: "Nom", de: "Name" }
        /// The password.
        password { en: "Password", pt: "Palavra-passe", es: "Contraseña", fr: "Mot de passe", de: "Passwort" }
        /// The PIN.
        pin { en: "PIN", pt: "PIN", es: "PIN", fr: "Code PIN", de: "PIN" }
        /// Which screen to go to.
        work_at {
            en: "Where do you work?",
            pt: "Onde trabalha?",
            es: "¿Dónde trabaja?",
            fr: "Où travaillez-vous ?",
            de: "Wo arbeiten Sie?",
        }
        /// Takes over a device that is signed in.
        take_over {
            en: "Take over this device",
            pt: "Ficar com este dispositivo",
            es: "Tomar este dispositivo",
            fr: "Prendre cet appareil",
            de: "Dieses Gerät übernehmen",
        }
        /// Why a PIN is enough.
        take_over_hint {
            en: "This device is signed in: your PIN is enough.",
            pt: "Este dispositivo já tem sessão iniciada: basta o seu PIN.",
            es: "Este dispositivo ya tiene la sesión iniciada: basta con su PIN.",
            fr: "Cet appareil est connecté : votre code PIN suffit.",
            de: "Dieses Gerät ist angemeldet: Ihre PIN genügt.",
        }
        /// Signs in by password instead.
        with_password {
            en: "Sign in with a password",
            pt: "Entrar com palavra-passe",
            es: "Entrar con contraseña",
            fr: "Se connecter avec un mot de passe",
            de: "Mit Passwort anmelden",
        }
        /// The name or the password is wrong.
        wrong_password {
            en: "This name and password don’t match.",
            pt: "Este nome e esta palavra-passe não coincidem.",
            es: "Este nombre y esta contraseña no coinciden.",
            fr: "Ce nom et ce mot de passe ne correspondent pas.",
            de: "Name und Passwort passen nicht zusammen.",
        }
        /// The PIN is wrong.
        wrong_pin {
            en: "That PIN is wrong.",
            pt: "Esse PIN está errado.",
            es: "Ese PIN no es correcto.",
            fr: "Ce code PIN est faux.",
            de: "Diese PIN ist falsch.",
        }
    }
}
