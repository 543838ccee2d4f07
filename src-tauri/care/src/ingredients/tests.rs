//! The dictionary and the reader, by tables.

use std::collections::HashMap;

use super::dictionary::Data;
use super::*;
use IngredientGroup::{
    BenzoylPeroxide, ChemicalUvFilter, ComedogenicOil, DryingAlcohol, EssentialOil, ExfoliatingAcid,
    Fragrance, Retinoid, VitaminC,
};

fn data() -> Data {
    toml::from_str(include_str!("../../plans/ingredients.toml")).unwrap()
}

/// The verdicts of a list: `-` fine, `?` unknown, else the groups.
fn told(text: &str) -> Vec<String> {
    read_list(text)
        .into_iter()
        .map(|listed| match listed.verdict {
            Verdict::Fine => format!("{} -", listed.name),
            Verdict::Unknown => format!("{} ?", listed.name),
            Verdict::Groups(groups) => {
                let groups: Vec<_> = groups.into_iter().map(IngredientGroup::name).collect();
                format!("{} {}", listed.name, groups.join("+"))
            }
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text), expected, "{text}");
}

#[track_caller]
fn all_in(group: IngredientGroup, names: &[&str]) {
    assert!(names.len() >= 12, "a table has at least twelve names");
    for name in names {
        let verdicts: Vec<_> = read_list(name).into_iter().map(|listed| listed.verdict).collect();
        assert_eq!(verdicts, [Verdict::Groups(vec![group])], "{name}");
    }
}

#[track_caller]
fn all_fine(names: &[&str]) {
    for name in names {
        let verdicts: Vec<_> = read_list(name).into_iter().map(|listed| listed.verdict).collect();
        assert_eq!(verdicts, [Verdict::Fine], "{name}");
    }
}

#[test]
fn drying_alcohols() {
    all_in(
        DryingAlcohol,
        &[
            "Alcohol",
            "ALCOHOL DENAT.",
            "Alcohol Denat",
            "SD Alcohol 40-B",
            "SD Alcohol 39-C (Alcohol Denat.)",
            "Ethanol",
            "Isopropyl Alcohol",
            "Isopropylalcohol",
            "Alkohol",
            "Alcool",
            "alcool dénaturé",
            "Denatured Alcohol",
            "Methyl Alcohol",
            "Alcohol desnaturalizado",
            "Organic Alcohol*",
            "Hamamelis Virginiana (Witch Hazel) Water",
            "Witch Hazel",
            "Äthanol",
        ],
    );
}

#[test]
fn retinoids() {
    all_in(
        Retinoid,
        &[
            "Retinol",
            "RETINAL",
            "Retinaldehyde",
            "Retinyl Palmitate",
            "retinyl palmitat",
            "Retinyl-Acetate",
            "Hydroxypinacolone Retinoate",
            "Tretinoin 0.05%",
            "Retinoic Acid",
            "Adapalene (0.1%)",
            "Tazarotene",
            "Trifarotene",
            "Vitamin A Palmitate",
            "Tretinoína",
            "Encapsulated Retinol",
            "Rétinol",
            "Isotretinoin.",
        ],
    );
}

#[test]
fn exfoliating_acids() {
    all_in(
        ExfoliatingAcid,
        &[
            "Glycolic Acid",
            "GLYCOLIC ACID 10 %",
            "Lactic Acid",
            "Mandelic acid",
            "Salicylic Acid (2%)",
            "Salicilic Acid",
            "Azelaic Acid",
            "Potassium Azeloyl Diglycinate",
            "Gluconolactone",
            "Lactobionic Acid",
            "Capryloyl Salicylic Acid",
            "Ácido glicólico",
            "Milchsäure",
            "AHA",
            "Betaine Salicylate",
            "Ammonium Lactate",
            "Papain",
            "Tartaric Acid",
            "Saccharum Officinarum (Sugar Cane) Extract",
            "Citric Acid 5%",
            "Urea 40%",
            "Trichloroacetic Acid",
        ],
    );
}

#[test]
fn vitamin_c() {
    all_in(
        VitaminC,
        &[
            "Ascorbic Acid",
            "L-Ascorbic Acid",
            "Ascorbic Acid (Vitamin C)",
            "3-O-Ethyl Ascorbic Acid",
            "3-O-ethyl ascorbic-acid",
            "Sodium Ascorbyl Phosphate",
            "Magnesium Ascorbyl Phosphate",
            "Ascorbyl Glucoside",
            "ASCORBYL PALMITATE",
            "Tetrahexyldecyl Ascorbate",
            "Ascorbyl Tetraisopalmitate",
            "Vitamina C",
            "Ácido ascórbico",
            "Ascorbinsäure",
            "Aminopropyl Ascorbyl Phosphate",
            "Potassium Ascorbyl Novelate",
        ],
    );
}

#[test]
fn benzoyl_peroxide() {
    all_in(
        BenzoylPeroxide,
        &[
            "Benzoyl Peroxide",
            "BENZOYL PEROXIDE",
            "benzoyl peroxide 5%",
            "Benzoyl Peroxide (2.5%)",
            "Benzoylperoxid",
            "Peróxido de benzoílo",
            "peroxido de benzoilo",
            "Peroxyde de benzoyle",
            "Dibenzoyl Peroxide",
            "Benzoyl-Peroxide",
            "Hydrous Benzoyl Peroxide",
            "Benzoyl peroxid",
            "BPO",
            "Microencapsulated Benzoyl Peroxide",
        ],
    );
}

#[test]
fn fragrances() {
    all_in(
        Fragrance,
        &[
            "Parfum",
            "Parfum (Fragrance)",
            "Fragrance/Parfum",
            "PERFUME",
            "Aroma",
            "Limonene",
            "limonen",
            "d-Limonene",
            "Linalool*",
            "Linalool#",
            "Citral",
            "Geraniol",
            "Eugenol",
            "Coumarin",
            "Hexyl Cinnamal",
            "Alpha-Isomethyl Ionone",
            "α-Isomethyl Ionone",
            "Benzyl Alcohol",
            "Benzyl Salicylate",
            "Butylphenyl Methylpropional",
            "Menthol",
            "Camphor",
            "Vanillin",
            "Fragancia",
            "Evernia Prunastri (Oakmoss) Extract",
            "Hydroxyisohexyl 3-Cyclohexene Carboxaldehyde",
            "Linalyl Acetate",
            "Tetramethyl Acetyloctahydronaphthalenes",
            "Citronellol",
            "Amyl Cinnamal",
            "Methyl Salicylate",
        ],
    );
}

#[test]
fn essential_oils() {
    all_in(
        EssentialOil,
        &[
            "Lavandula Angustifolia (Lavender) Oil",
            "Melaleuca Alternifolia (Tea Tree) Leaf Oil",
            "Tea tree oil",
            "Lavender Oil",
            "Citrus Aurantium Dulcis (Orange) Peel Oil",
            "Citrus Limon Peel Oil",
            "Mentha Piperita Oil",
            "EUCALYPTUS GLOBULUS LEAF OIL",
            "Rosmarinus Officinalis (Rosemary) Leaf Oil",
            "Rosa Damascena Flower Oil",
            "Pelargonium Graveolens Oil",
            "Neroli oil",
            "Cananga Odorata Flower Oil",
            "Aceite esencial de lavanda",
            "Teebaumöl",
            "Huile essentielle de lavande",
            "Pogostemon Cablin Leaf Oil",
            "Anthemis Nobilis Flower Oil",
            "Juniperus Mexicana Oil",
            "Lavandula Stoechas Extract",
            "Citrus Aurantium Dulcis (Orange, Sweet) Peel Oil",
        ],
    );
}

#[test]
fn uv_filters() {
    all_in(
        ChemicalUvFilter,
        &[
            "Avobenzone",
            "Butyl Methoxydibenzoylmethane",
            "Octocrylene",
            "Homosalate 10%",
            "Ethylhexyl Salicylate",
            "Ethylhexyl Salicylate (Octisalate)",
            "Octinoxate",
            "Ethylhexyl Methoxycinnamate",
            "Benzophenone-3",
            "Oxybenzone",
            "Bis-Ethylhexyloxyphenol Methoxyphenyl Triazine",
            "Tinosorb S",
            "Mexoryl SX",
            "Uvinul A Plus",
            "Ethylhexyl Triazone",
            "Methylene Bis-Benzotriazolyl Tetramethylbutylphenol [nano]",
            "Drometrizole Trisiloxane",
            "4-Methylbenzylidene Camphor",
            "Terephthalylidene Dicamphor Sulfonic Acid",
            "Phenylbenzimidazole Sulfonic Acid",
            "Octocrileno",
            "Polysilicone-15",
        ],
    );
}

#[test]
fn comedogenic_oils() {
    all_in(
        ComedogenicOil,
        &[
            "Cocos Nucifera Oil",
            "Cocos Nucifera (Coconut) Oil*",
            "Coconut oil",
            "Aceite de coco",
            "Cocoa Butter",
            "Theobroma Cacao (Cocoa) Seed Butter",
            "Triticum Vulgare (Wheat) Germ Oil",
            "Linseed Oil",
            "Isopropyl Myristate",
            "ISOPROPYL PALMITATE",
            "Isopropyl Isostearate",
            "Myristyl Myristate",
            "Laureth-4",
            "Acetylated Lanolin Alcohol",
            "Elaeis Guineensis (Palm) Oil",
            "Virgin Coconut Oil",
            "Ethylhexyl Palmitate",
            "Chondrus Crispus Extract",
        ],
    );
}

#[test]
fn fatty_alcohols_and_their_like_are_fine() {
    all_fine(&[
        "Cetyl Alcohol",
        "Stearyl Alcohol",
        "Cetearyl Alcohol",
        "CETEARYL-ALCOHOL",
        "Behenyl Alcohol",
        "Myristyl Alcohol",
        "Lauryl Alcohol",
        "Arachidyl Alcohol",
        "Lanolin Alcohol",
        "Isostearyl Alcohol",
        "Octyldodecanol",
        "C14-22 Alcohols",
        "C12-16 Alcohols",
        "Batyl Alcohol",
        "Phenethyl Alcohol",
        "Alcohol cetílico",
        "Propylene Glycol",
        "Tocopherol",
        "Panthenol",
        "Phenoxyethanol",
    ]);
}

#[test]
fn known_names_are_fine_in_many_spellings() {
    all_fine(&[
        "Aqua",
        "Aqua / Water / Eau",
        "Water (Aqua)",
        "Sodium  Hyaluronate",
        "1,2-Hexanediol",
        "1, 2-Hexanediol",
        "Phenoxy-\nethanol",
        "Butyrospermum Parkii (Shea) Butter",
        "C12-15 Alkyl Benzoate",
        "C12–15 Alkyl Benzoate",
        "Acrylates/C10-30 Alkyl Acrylate Crosspolymer",
        "Caprylic/Capric Triglyceride",
        "CI 77491",
        "PEG-40 Stearate",
        "Zinc Oxide (nano)",
        "Titanium Dioxide [Nano]",
        "Citric Acid",
        "Urea",
        "Niacinamide 0,5 %",
        "Tocopherol (Vitamin E)®",
        "Polysorbate 60",
        "Palmitoyl Tetrapeptide-7",
        "Zinc oxide (non-nano)",
        "Sodium Lactate",
    ]);
}

#[test]
fn what_the_dictionary_does_not_hold_is_unknown() {
    for name in [
        "Bakuchiol",
        "Sclerocarya Birrea Seed Oil",
        "Unobtanium",
        "Rosa Damascena Flower Water",
        "Glycerin/Xyz Copolymer",
        "Foo (Glycerin)",
        "神の水",
        "Vaccinium Myrtillus Fruit Extract",
        "Hydroxytestosterol",
    ] {
        check(name, &[&format!("{name} ?")]);
    }
}

#[test]
fn claims_and_notes_are_no_ingredients() {
    for text in [
        "Alcohol-free",
        "fragrance free",
        "Fragrance-Free.",
        "sin alcohol",
        "Sin perfume",
        "sans parfum",
        "ohne Alkohol",
        "parfümfrei",
        "Free from alcohol, fragrance and parabens.",
        "Libre de perfume, alcohol",
        "*from organic farming",
        "INGREDIENTS:",
        "",
        "**made using organic essential oils",
        "+/-",
        "10 %",
        "no fragrance",
        "0% alcohol-free",
    ] {
        check(text, &[]);
    }
    check(
        "Aqua. Free from: alcohol, parfum.\nGlycerin, Retinol",
        &["Aqua -", "Glycerin -", "Retinol retinoid"],
    );
    check(
        "Retinol fragrance free, Aqua",
        &["Retinol fragrance free retinoid", "Aqua -"],
    );
}

#[test]
fn an_acid_counts_by_its_amount_or_its_place() {
    let list =
        "Aqua, Citric Acid, Glycerin, Panthenol, Allantoin, Betaine, Trehalose, Carbomer, Silica, Talc";
    assert_eq!(told(list)[1], "Citric Acid exfoliating_acid");
    check(
        "Aqua, Sodium Chloride, Citric Acid",
        &["Aqua -", "Sodium Chloride -", "Citric Acid -"],
    );
    check("Citric Acid 0.2%", &["Citric Acid 0.2% -"]);
}

#[test]
fn a_wrapped_line_is_one_entry_and_a_line_of_its_own_is_not() {
    check(
        "Aqua, Cetearyl\nAlcohol, Talc",
        &["Aqua -", "Cetearyl Alcohol -", "Talc -"],
    );
    check(
        "Aqua, Glycerin\nRetinol, Talc",
        &["Aqua -", "Glycerin -", "Retinol retinoid", "Talc -"],
    );
    check(
        "Aqua\nLanolin\nAlcohol",
        &["Aqua -", "Lanolin -", "Alcohol drying_alcohol"],
    );
}

#[test]
fn one_wrong_letter_leads_to_a_flagged_name_only() {
    check("Isopropil Alcohol", &["Isopropil Alcohol drying_alcohol"]);
    check(
        "Avobezone, Tretinon",
        &["Avobezone chemical_uv_filter", "Tretinon retinoid"],
    );
    check(
        "Glycerinn, Niacinamid, Laureth-14, Benzophenone",
        &[
            "Glycerinn ?",
            "Niacinamid ?",
            "Laureth-14 -",
            "Benzophenone chemical_uv_filter",
        ],
    );
}

#[test]
fn whole_lists() {
    check(
        "Ingredients: Aqua / Water / Eau, Glycerin, Cetearyl Alcohol, Butyrospermum Parkii (Shea) Butter, 1,2-Hexanediol, \
           Phenoxyethanol, Parfum/Fragrance, Linalool*, Citric Acid. *from organic farming",
        &[
            "Aqua / Water / Eau -",
            "Glycerin -",
            "Cetearyl Alcohol -",
            "Butyrospermum Parkii (Shea) Butter -",
            "1,2-Hexanediol -",
            "Phenoxyethanol -",
            "Parfum/Fragrance fragrance",
            "Linalool fragrance",
            "Citric Acid -",
        ],
    );
    check(
        "Active ingredients: Avobenzone 3%, Homosalate 10%. Inactive ingredients: Water, Dimethicone, Alcohol Denat., Silica.",
        &[
            "Avobenzone 3% chemical_uv_filter",
            "Homosalate 10% chemical_uv_filter",
            "Water -",
            "Dimethicone -",
            "Alcohol Denat. drying_alcohol",
            "Silica -",
        ],
    );
    check(
        "INGREDIENTES: AGUA; GLICERINA; NIACINAMIDA; ALCOHOL DESNATURALIZADO; ÁCIDO SALICÍLICO; PERFUME; LIMONENO",
        &[
            "AGUA -",
            "GLICERINA -",
            "NIACINAMIDA -",
            "ALCOHOL DESNATURALIZADO drying_alcohol",
            "ÁCIDO SALICÍLICO exfoliating_acid",
            "PERFUME fragrance",
            "LIMONENO fragrance",
        ],
    );
    check(
        "Aqua\nGlycerin\nRetinol\nRetinol\nPhenoxy-\nethanol\nMysterium Ignotum Extract",
        &[
            "Aqua -",
            "Glycerin -",
            "Retinol retinoid",
            "Phenoxyethanol -",
            "Mysterium Ignotum Extract ?",
        ],
    );
    check(
        "Aqua • Squalane • Ceramide NP • Cholesterol • Sodium Hyaluronate • Tocopherol",
        &[
            "Aqua -",
            "Squalane -",
            "Ceramide NP -",
            "Cholesterol -",
            "Sodium Hyaluronate -",
            "Tocopherol -",
        ],
    );
    check(
        "Mica, Zinc Oxide, Dimethicone. May contain: [+/- Iron Oxides (CI 77491, CI 77492), Titanium Dioxide (CI 77891)]",
        &[
            "Mica -",
            "Zinc Oxide -",
            "Dimethicone -",
            "Iron Oxides -",
            "CI 77491 -",
            "CI 77492 -",
            "Titanium Dioxide (CI 77891) -",
        ],
    );
}

#[test]
fn whole_lists_with_blends_notes_and_bullets() {
    check(
        "Aqua (Water), Ascorbic Acid (Vitamin C), Ethoxydiglycol, Propylene\nGlycol, Tocopherol, Ferulic Acid,\nSodium\nHyaluronate, \
           Phenoxyethanol",
        &[
            "Aqua (Water) -",
            "Ascorbic Acid (Vitamin C) vitamin_c",
            "Ethoxydiglycol -",
            "Propylene Glycol -",
            "Tocopherol -",
            "Ferulic Acid -",
            "Sodium Hyaluronate -",
            "Phenoxyethanol -",
        ],
    );
    check(
        "INCI: Helianthus Annuus (Sunflower) Seed Oil**, Cocos Nucifera (Coconut) Oil**, Lavandula Angustifolia Oil¹, Tocopherol, \
           Limonene¹. **certified organic ¹natural component of essential oils",
        &[
            "Helianthus Annuus (Sunflower) Seed Oil -",
            "Cocos Nucifera (Coconut) Oil comedogenic_oil",
            "Lavandula Angustifolia Oil essential_oil",
            "Tocopherol -",
            "Limonene fragrance",
        ],
    );
    check(
        "Water, Glycerin (and) Xanthan Gum (and) Retinyl Palmitate, Fragrance (Linalool, Citral), Fragrance free!",
        &[
            "Water -",
            "Glycerin -",
            "Xanthan Gum -",
            "Retinyl Palmitate retinoid",
            "Fragrance fragrance",
            "Linalool fragrance",
            "Citral fragrance",
        ],
    );
    check(
        "* Aqua\n* Benzoyl Peroxide 5%\n* Carbomer\n* Sodium Hydroxide\n* Disodium EDTA",
        &[
            "Aqua -",
            "Benzoyl Peroxide 5% benzoyl_peroxide",
            "Carbomer -",
            "Sodium Hydroxide -",
            "Disodium EDTA -",
        ],
    );
    check(
        "1. Aqua\n2. Isopropyl Myristate\n3. Tea Tree Oil\n4. Glycolic Acid",
        &[
            "Aqua -",
            "Isopropyl Myristate comedogenic_oil",
            "Tea Tree Oil essential_oil",
            "Glycolic Acid exfoliating_acid",
        ],
    );
}

#[test]
fn every_name_reads_as_its_own_group() {
    let data = data();
    for block in &data.flagged {
        for name in &block.names {
            let found = DICTIONARY.judge(name);
            assert!(
                matches!(&found, Judgement::Flagged(groups) if *groups == block.groups),
                "{name}"
            );
            let verdicts: Vec<_> = read_list(name).into_iter().map(|listed| listed.verdict).collect();
            assert_eq!(verdicts, [Verdict::Groups(block.groups.clone())], "{name}");
            assert!(!sources_of_name(name).is_empty(), "{name}");
        }
    }
    for name in data.amount.iter().flat_map(|block| &block.names) {
        all_fine(&[name]);
    }
    for name in data.fine.iter().flat_map(|block| &block.names) {
        all_fine(&[&name.replace('#', "7")]);
    }
}

#[test]
fn no_name_stands_in_two_places() {
    let data = data();
    let flagged = data.flagged.iter().flat_map(|block| {
        block
            .names
            .iter()
            .map(|name| (name, format!("{:?}", block.groups)))
    });
    let amount = data
        .amount
        .iter()
        .flat_map(|block| block.names.iter().map(|name| (name, "amount".to_owned())));
    let fine = data
        .fine
        .iter()
        .flat_map(|block| block.names.iter().map(|name| (name, "fine".to_owned())));
    let mut seen: HashMap<String, String> = HashMap::new();
    for (name, place) in flagged.chain(amount).chain(fine) {
        let key = words_of(name).concat();
        if let Some(other) = seen.insert(key, place.clone()) {
            assert_eq!(other, place, "{name}");
        }
    }
}

#[test]
fn every_group_and_every_block_has_its_source() {
    let data = data();
    for group in IngredientGroup::ALL {
        assert!(!sources_of(group).is_empty(), "{}", group.name());
        assert_eq!(serde_name(group), group.name());
    }
    let own = data.flagged.iter().filter_map(|block| block.source.as_ref());
    let own = own.chain(data.rule.iter().filter_map(|rule| rule.source.as_ref()));
    let own = own.chain(data.amount.iter().filter_map(|block| block.source.as_ref()));
    for id in own.chain(data.groups.values()).flatten() {
        assert!(data.sources.contains_key(id), "{id}");
    }
    assert_eq!(sources_of_name("Kojic Acid")[0].strength, Strength::Extrapolated);
    assert_eq!(sources_of_name("Coconut Oil")[0].strength, Strength::Weak);
    assert!(sources_of_name("Glycerin").is_empty());
}

fn serde_name(group: IngredientGroup) -> String {
    toml::Value::try_from(group).unwrap().as_str().unwrap().to_owned()
}

#[test]
fn rules_are_written_as_keys() {
    for rule in data().rule {
        let lists = [
            &rule.starts,
            &rule.ends,
            &rule.contains,
            &rule.phrase,
            &rule.with,
            &rule.unless,
        ];
        for text in lists.into_iter().flatten() {
            assert_eq!(words_of(text).join(" "), *text);
        }
    }
}

#[test]
fn only_so_much_is_read() {
    let mut text = "a".repeat(MAX_LIST_CHARS - 1);
    text.push_str(", Retinol");
    assert_eq!(read_list(&text).len(), 1);
}

#[test]
fn arbitrary_text_is_read_without_panic() {
    const ALPHABET: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        ",",
        ";",
        ".",
        ":",
        "/",
        "\n",
        "\r",
        "-",
        " ",
        "*",
        "%",
        "1",
        "2",
        "¹",
        "™",
        "é",
        "ß",
        "α",
        "水",
        "\u{301}",
        "Aqua",
        "Retinol",
        "alcohol",
        "free",
        "free from",
        "and",
        "Ingredients",
        "CI 77891",
        "& ",
        "•",
        "oil",
        "\u{ad}",
        "😀",
        "İ",
        "'",
    ];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for _ in 0..3000 {
        let text: String = (0..next(40)).map(|_| ALPHABET[next(ALPHABET.len())]).collect();
        for listed in read_list(&text) {
            assert!(!listed.name.is_empty(), "{text:?}");
            assert!(
                !matches!(&listed.verdict, Verdict::Groups(groups) if groups.is_empty()),
                "{text:?}"
            );
        }
    }
    for text in [
        "(".repeat(20_000),
        ")".repeat(20_000),
        "()".repeat(10_000),
        "abcdefghij,".repeat(1818),
        "1,".repeat(10_000),
        "Free from 1,2".repeat(1500),
    ] {
        read_list(&text);
    }
}

#[test]
fn a_repetition_that_tells_more_is_kept() {
    check("Aqua, aqua, AQUA*", &["Aqua -"]);
    check(
        "Complex, Complex (Retinol)",
        &["Complex ?", "Complex (Retinol) retinoid"],
    );
    check(
        "Citric Acid, Citric Acid 5%",
        &["Citric Acid -", "Citric Acid 5% exfoliating_acid"],
    );
}
