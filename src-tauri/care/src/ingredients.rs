//! What a pasted ingredient list (INCI) means for healing skin.
//!
//! The dictionary is `plans/ingredients.toml`: names that are flagged, rules for families of them, and names known
//! to be fine. The reader cuts a list as it stands on a package into entries and looks each one up. It errs to one
//! side: an entry is fine only by a name the dictionary holds, unknown is better than fine, and flagged is better
//! than unknown where a known stem is present.

mod cut;
mod dictionary;
mod names;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use cut::{End, cut};
use dictionary::{DICTIONARY, Meaning};
use names::{opens_free_from, words_of};

/// How much of a pasted text is read. A longer text is the caller's error; what stands beyond is not looked at.
pub const MAX_LIST_CHARS: usize = 20_000;

/// Parentheses longer than this hold a list, not a synonym.
const MAX_SYNONYM_CHARS: usize = 200;

/// Numbers with commas before or in a name ("1,2,4-") are no longer than this.
const MAX_LOCANT_CHARS: usize = 16;

/// The least length at which one wrong letter is forgiven; shorter names are too close to each other.
const MIN_TYPO_CHARS: usize = 8;

/// From this length of a list on, an entry's place tells something about its amount.
const MIN_LIST_FOR_PLACE: usize = 10;

/// A family of cosmetic ingredients that healing skin is spared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IngredientGroup {
    /// Short-chain alcohols that evaporate; not fatty alcohols.
    DryingAlcohol,
    /// Vitamin A, its esters and its medicines.
    Retinoid,
    /// Alpha, beta and poly hydroxy acids, azelaic acid and enzymes that loosen scales.
    ExfoliatingAcid,
    /// Ascorbic acid and its derivatives.
    VitaminC,
    /// Benzoyl peroxide.
    BenzoylPeroxide,
    /// Perfume and single fragrance substances.
    Fragrance,
    /// Volatile oils of aromatic plants; not fixed plant oils.
    EssentialOil,
    /// Organic UV filters; not zinc oxide or titanium dioxide.
    ChemicalUvFilter,
    /// Oils, butters and oily esters rated 4 or 5 of 5 for comedones.
    ComedogenicOil,
}

impl IngredientGroup {
    /// Every group, in the order they are told.
    pub const ALL: [Self; 9] = [
        Self::DryingAlcohol,
        Self::Retinoid,
        Self::ExfoliatingAcid,
        Self::VitaminC,
        Self::BenzoylPeroxide,
        Self::Fragrance,
        Self::EssentialOil,
        Self::ChemicalUvFilter,
        Self::ComedogenicOil,
    ];

    /// The name on the wire and in the data.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DryingAlcohol => "drying_alcohol",
            Self::Retinoid => "retinoid",
            Self::ExfoliatingAcid => "exfoliating_acid",
            Self::VitaminC => "vitamin_c",
            Self::BenzoylPeroxide => "benzoyl_peroxide",
            Self::Fragrance => "fragrance",
            Self::EssentialOil => "essential_oil",
            Self::ChemicalUvFilter => "chemical_uv_filter",
            Self::ComedogenicOil => "comedogenic_oil",
        }
    }
}

/// What is known of one entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The entry as it stood on the package, without footnote marks and the list's punctuation.
    pub name: String,
    /// What the dictionary says of it.
    pub verdict: Verdict,
}

/// What the dictionary says of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "groups", rename_all = "snake_case")]
pub enum Verdict {
    /// It belongs to these groups, sorted; never empty, and most entries have one.
    Groups(Vec<IngredientGroup>),
    /// It is known and in no group.
    Fine,
    /// The dictionary does not hold it.
    Unknown,
}

/// How firmly a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Law or an official register.
    Official,
    /// A study that tells little about people's skin.
    Weak,
    /// No source of its own; reasoned from related ingredients.
    Extrapolated,
}

/// Who says that an ingredient belongs to a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The source's title, with its place where it has one.
    pub title: String,
    /// How firmly it stands.
    pub strength: Strength,
}

/// The sources of a whole group. Single entries may differ: see [`sources_of_name`].
pub fn sources_of(group: IngredientGroup) -> &'static [Source] {
    DICTIONARY.group_sources.get(&group).map_or(&[], Vec::as_slice)
}

/// The sources behind a single name, or none if it is not flagged.
pub fn sources_of_name(name: &str) -> &'static [Source] {
    let dictionary = &*DICTIONARY;
    let words = words_of(name);
    if let Some(meaning) = dictionary.exact(&words) {
        return match meaning {
            Meaning::Flagged { sources, .. } | Meaning::Amount { sources, .. } => sources,
            Meaning::Fine => &[],
        };
    }
    dictionary
        .rules
        .iter()
        .find(|rule| rule.holds(&words))
        .map_or(&[], |rule| rule.sources.as_slice())
}

/// Reads a pasted list in its order; the same name twice is told once, another name of the same ingredient is
/// told again.
///
/// No more than [`MAX_LIST_CHARS`] characters are read.
pub fn read_list(text: &str) -> Vec<Listed> {
    let dictionary = &*DICTIONARY;
    let mut found = Vec::new();
    let mut inside_claim = false;
    for piece in cut(text) {
        let mut rest = piece.text.as_str();
        if inside_claim {
            // A "free from" list goes on to the end of its sentence or line, and no further.
            let Some((_, after)) = rest.split_once('\n') else {
                inside_claim = !matches!(piece.end, End::Sentence | End::Line);
                continue;
            };
            rest = after;
            inside_claim = false;
        }
        let last_line = rest.rsplit('\n').next().unwrap_or_default();
        if opens_free_from(&words_of(last_line)) {
            inside_claim = !matches!(piece.end, End::Sentence | End::Line);
        }
        dictionary.read_piece(rest, piece.end, &mut found);
    }
    settle(found)
}

/// An entry whose verdict may still hang on its place in the list.
struct Found {
    name: String,
    key: String,
    judgement: Judgement,
    percent: Option<f64>,
}

impl Found {
    /// The groups it belongs to wherever it stands in the list.
    fn sure_groups(&self) -> Vec<IngredientGroup> {
        match &self.judgement {
            Judgement::Flagged(groups) => groups.clone(),
            Judgement::Amount {
                groups, from_percent, ..
            } if self.percent.is_some_and(|percent| percent >= *from_percent) => groups.clone(),
            _ => Vec::new(),
        }
    }
}

/// What one look-up gave.
#[derive(Clone)]
enum Judgement {
    Flagged(Vec<IngredientGroup>),
    Amount {
        groups: Vec<IngredientGroup>,
        from_percent: f64,
        within_first: usize,
    },
    Fine,
    Unknown,
}

/// Drops repetitions and decides the entries that count only from a certain amount on.
fn settle(found: Vec<Found>) -> Vec<Listed> {
    // A repetition is dropped only if it tells nothing new, by its name or its groups: whoever looks for a name
    // of the list finds it.
    let mut seen = HashSet::new();
    let kept: Vec<Found> = found
        .into_iter()
        .filter(|entry| seen.insert((entry.key.clone(), entry.sure_groups())))
        .collect();
    let long_enough = kept.len() >= MIN_LIST_FOR_PLACE;
    kept.into_iter()
        .enumerate()
        .map(|(place, entry)| {
            let verdict = match entry.judgement {
                Judgement::Flagged(groups) => Verdict::Groups(groups),
                Judgement::Amount {
                    groups,
                    from_percent,
                    within_first,
                } => {
                    let much = match entry.percent {
                        Some(percent) => percent >= from_percent,
                        None => long_enough && place < within_first,
                    };
                    if much {
                        Verdict::Groups(groups)
                    } else {
                        Verdict::Fine
                    }
                }
                Judgement::Fine => Verdict::Fine,
                Judgement::Unknown => Verdict::Unknown,
            };
            Listed {
                name: entry.name,
                verdict,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
