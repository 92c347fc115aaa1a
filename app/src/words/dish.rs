//! A dish being put together: its questions, a note, how many.

use super::declare::words;

words! {
    /// A dish being put together.
    pub struct DishWords {
        /// A question that wants one answer.
        choose_one { en: "Choose one", pt: "Escolha uma opção", es: "Elija una opción", fr: "Un choix", de: "Eines wählen" }
        /// A question that wants one answer, or none.
        choose_if_wanted { en: "If you like", pt: "Se quiser", es: "Si quiere", fr: "Si vous voulez", de: "Wenn Sie mögen" }
        /// A question that wants so many answers.
        choose_exactly(count) {
            en: "Choose {count}",
            pt: "Escolha {count}",
            es: "Elija {count}",
            fr: "{count} choix",
            de: "{count} wählen",
        }
        /// A question that wants so many answers at the most.
        choose_up_to(most) {
            en: "Choose up to {most}, or none",
            pt: "Escolha até {most}, ou nada",
            es: "Elija hasta {most}, o nada",
            fr: "Jusqu’à {most} choix, ou aucun",
            de: "Bis zu {most} wählen, oder nichts",
        }
        /// A question that wants from so many to so many answers.
        choose_between(least, most) {
            en: "Choose {least} to {most}",
            pt: "Escolha {least} a {most}",
            es: "Elija de {least} a {most}",
            fr: "De {least} à {most} choix",
            de: "{least} bis {most} wählen",
        }
        /// The answer that is none.
        nothing_extra { en: "No, thanks", pt: "Não, obrigado", es: "No, gracias", fr: "Non merci", de: "Nein, danke" }
        /// The field for a note.
        note {
            en: "Note for the kitchen",
            pt: "Nota para a cozinha",
            es: "Nota para la cocina",
            fr: "Note pour la cuisine",
            de: "Notiz für die Küche",
        }
        /// The field for a note: an example.
        note_hint {
            en: "For example: sauce on the side",
            pt: "Por exemplo: molho à parte",
            es: "Por ejemplo: la salsa aparte",
            fr: "Par exemple : sauce à part",
            de: "Zum Beispiel: Soße extra",
        }
        /// How many of it.
        quantity { en: "Quantity", pt: "Quantidade", es: "Cantidad", fr: "Quantité", de: "Menge" }
        /// One more of it.
        one_more(dish) {
            en: "One more {dish}",
            pt: "Mais um: {dish}",
            es: "Uno más: {dish}",
            fr: "Un de plus : {dish}",
            de: "Eins mehr: {dish}",
        }
        /// One fewer of it.
        one_fewer(dish) {
            en: "One fewer {dish}",
            pt: "Menos um: {dish}",
            es: "Uno menos: {dish}",
            fr: "Un de moins : {dish}",
            de: "Eins weniger: {dish}",
        }
        /// Puts it into the cart, at that price.
        add_for(price) {
            en: "Add · {price}",
            pt: "Juntar · {price}",
            es: "Añadir · {price}",
            fr: "Ajouter · {price}",
            de: "Hinzufügen · {price}",
        }
        /// Changes the line, to that price.
        save_for(price) {
            en: "Save · {price}",
            pt: "Guardar · {price}",
            es: "Guardar · {price}",
            fr: "Enregistrer · {price}",
            de: "Speichern · {price}",
        }
        /// Which questions want an answer.
        still_to_choose(questions) {
            en: "Still to choose: {questions}",
            pt: "Falta escolher: {questions}",
            es: "Falta elegir: {questions}",
            fr: "Reste à choisir : {questions}",
            de: "Noch zu wählen: {questions}",
        }
        /// The dish is no longer on the menu.
        gone {
            en: "This is no longer on the menu.",
            pt: "Já não está na ementa.",
            es: "Ya no está en la carta.",
            fr: "Ce n’est plus à la carte.",
            de: "Das ist nicht mehr auf der Karte.",
        }
        /// The note has a character that can’t be sent.
        bad_note {
            en: "The note has a character that can't be sent.",
            pt: "A nota tem um carácter que não pode ser enviado.",
            es: "La nota tiene un carácter que no se puede enviar.",
            fr: "La note contient un caractère qui ne peut pas être envoyé.",
            de: "Die Notiz enthält ein Zeichen, das nicht gesendet werden kann.",
        }
    }
}
