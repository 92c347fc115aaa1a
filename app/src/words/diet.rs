//! What is in a dish, and whom it suits.

use domain::menu::{Allergen, Diet};

use super::declare::words;

words! {
    /// What is in a dish, and whom it suits.
    pub struct DietWords {
        /// An allergen.
        gluten { en: "Gluten", pt: "Glúten", es: "Gluten", fr: "Gluten", de: "Gluten" }
        /// An allergen.
        crustaceans { en: "Crustaceans", pt: "Crustáceos", es: "Crustáceos", fr: "Crustacés", de: "Krebstiere" }
        /// An allergen.
        eggs { en: "Eggs", pt: "Ovos", es: "Huevos", fr: "Œufs", de: "Eier" }
        /// An allergen.
        fish { en: "Fish", pt: "Peixe", es: "Pescado", fr: "Poisson", de: "Fisch" }
        /// An allergen.
        peanuts { en: "Peanuts", pt: "Amendoins", es: "Cacahuetes", fr: "Arachides", de: "Erdnüsse" }
        /// An allergen.
        soy { en: "Soy", pt: "Soja", es: "Soja", fr: "Soja", de: "Soja" }
        /// An allergen.
        milk { en: "Milk", pt: "Leite", es: "Leche", fr: "Lait", de: "Milch" }
        /// An allergen.
        nuts { en: "Nuts", pt: "Frutos de casca rija", es: "Frutos de cáscara", fr: "Fruits à coque", de: "Schalenfrüchte" }
        /// An allergen.
        celery { en: "Celery", pt: "Aipo", es: "Apio", fr: "Céleri", de: "Sellerie" }
        /// An allergen.
        mustard { en: "Mustard", pt: "Mostarda", es: "Mostaza", fr: "Moutarde", de: "Senf" }
        /// An allergen.
        sesame { en: "Sesame", pt: "Sésamo", es: "Sésamo", fr: "Sésame", de: "Sesam" }
        /// An allergen.
        sulphites { en: "Sulphites", pt: "Sulfitos", es: "Sulfitos", fr: "Sulfites", de: "Sulfite" }
        /// An allergen.
        lupin { en: "Lupin", pt: "Tremoço", es: "Altramuces", fr: "Lupin", de: "Lupinen" }
        /// An allergen.
        molluscs { en: "Molluscs", pt: "Moluscos", es: "Moluscos", fr: "Mollusques", de: "Weichtiere" }
        /// An allergen of a later release.
        unknown {
            en: "Others (please ask)",
            pt: "Outros (pergunte-nos)",
            es: "Otros (pregúntenos)",
            fr: "Autres (demandez-nous)",
            de: "Weitere (bitte fragen Sie uns)",
        }
        /// Suits vegetarians.
        vegetarian { en: "Vegetarian", pt: "Vegetariano", es: "Vegetariano", fr: "Végétarien", de: "Vegetarisch" }
        /// Suits vegans.
        vegan { en: "Vegan", pt: "Vegano", es: "Vegano", fr: "Végan", de: "Vegan" }
        /// Which allergens are in it.
        contains(allergens) {
            en: "Contains {allergens}",
            pt: "Contém {allergens}",
            es: "Contiene {allergens}",
            fr: "Contient : {allergens}",
            de: "Enthält {allergens}",
        }
        /// None is declared.
        no_allergens {
            en: "No declared allergens",
            pt: "Sem alergénios declarados",
            es: "Sin alérgenos declarados",
            fr: "Aucun allergène déclaré",
            de: "Keine deklarierten Allergene",
        }
        /// At the end of the menu: who declares them.
        allergens_footnote {
            en: "Allergens are listed as the kitchen declares them. If you have an allergy, please also tell somebody who works here.",
            pt: "Os alergénios são os que a cozinha declara. Se tem alguma alergia, avise também quem trabalha aqui.",
            es: "Los alérgenos son los que declara la cocina. Si tiene alguna alergia, dígaselo también al personal.",
            fr: "Les allergènes sont ceux que la cuisine déclare. En cas d’allergie, prévenez aussi le personnel.",
            de: "Allergene stehen hier, wie die Küche sie angibt. Bei einer Allergie sagen Sie es bitte auch dem Personal.",
        }
    }
}

impl DietWords {
    /// The name of an allergen.
    pub const fn allergen(&self, allergen: Allergen) -> &'static str {
        match allergen {
            Allergen::Gluten => self.gluten,
            Allergen::Crustaceans => self.crustaceans,
            Allergen::Eggs => self.eggs,
            Allergen::Fish => self.fish,
            Allergen::Peanuts => self.peanuts,
            Allergen::Soy => self.soy,
            Allergen::Milk => self.milk,
            Allergen::Nuts => self.nuts,
            Allergen::Celery => self.celery,
            Allergen::Mustard => self.mustard,
            Allergen::Sesame => self.sesame,
            Allergen::Sulphites => self.sulphites,
            Allergen::Lupin => self.lupin,
            Allergen::Molluscs => self.molluscs,
            Allergen::Unknown => self.unknown,
        }
    }

    /// The name of a diet.
    pub const fn diet(&self, diet: Diet) -> &'static str {
        match diet {
            Diet::Vegetarian => self.vegetarian,
            Diet::Vegan => self.vegan,
            Diet::Unknown => "",
        }
    }
}
