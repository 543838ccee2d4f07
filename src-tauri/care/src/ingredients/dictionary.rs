//! The dictionary: names that are flagged, families of them, and names known to be fine.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::cut::End;
use super::names::{
    is_mark, one_letter_apart, outer_ands, split_parentheses, strip_numbering, strip_percent, tidy_name,
    without_claims, without_numbers, word_ends, words_of,
};
use super::{Found, IngredientGroup, Judgement, MIN_TYPO_CHARS, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    pub(super) sources: HashMap<String, Source>,
    pub(super) groups: HashMap<IngredientGroup, Vec<String>>,
    pub(super) flagged: Vec<FlaggedData>,
    pub(super) amount: Vec<AmountData>,
    pub(super) rule: Vec<RuleData>,
    pub(super) fine: Vec<FineData>,
    pub(super) label: LabelData,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlaggedData {
    pub(super) groups: Vec<IngredientGroup>,
    pub(super) source: Option<Vec<String>>,
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AmountData {
    pub(super) groups: Vec<IngredientGroup>,
    pub(super) source: Option<Vec<String>>,
    pub(super) from_percent: f64,
    #[serde(default)]
    pub(super) within_first: usize,
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleData {
    pub(super) groups: Vec<IngredientGroup>,
    pub(super) source: Option<Vec<String>>,
    #[serde(default)]
    pub(super) starts: Vec<String>,
    #[serde(default)]
    pub(super) ends: Vec<String>,
    #[serde(default)]
    pub(super) contains: Vec<String>,
    #[serde(default)]
    pub(super) phrase: Vec<String>,
    #[serde(default)]
    pub(super) with: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FineData {
    // Orders the file for its readers; the program asks only whether a name is there.
    #[serde(rename = "kind")]
    pub(super) _kind: String,
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LabelData {
    pub(super) headings: Vec<String>,
    pub(super) qualifiers: Vec<String>,
    pub(super) noise: Vec<String>,
    pub(super) notes: Vec<String>,
}

pub(super) enum Meaning {
    Flagged {
        groups: Vec<IngredientGroup>,
        sources: Vec<Source>,
    },
    Amount {
        groups: Vec<IngredientGroup>,
        sources: Vec<Source>,
        from_percent: f64,
        within_first: usize,
    },
    Fine,
}

impl Meaning {
    pub(super) fn judgement(&self) -> Judgement {
        match self {
            Self::Flagged { groups, .. } => Judgement::Flagged(groups.clone()),
            Self::Amount {
                groups,
                from_percent,
                within_first,
                ..
            } => Judgement::Amount {
                groups: groups.clone(),
                from_percent: *from_percent,
                within_first: *within_first,
            },
            Self::Fine => Judgement::Fine,
        }
    }
}

pub(super) struct Rule {
    pub(super) data: RuleData,
    pub(super) sources: Vec<Source>,
}

impl Rule {
    pub(super) fn new(mut data: RuleData, sources: Vec<Source>) -> Self {
        // With a space on both sides a phrase is found in a line of words as whole words only.
        for phrase in data.phrase.iter_mut().chain(&mut data.with) {
            *phrase = format!(" {phrase} ");
        }
        Self { data, sources }
    }

    pub(super) fn holds(&self, words: &[String]) -> bool {
        let rule = &self.data;
        let line = format!(" {} ", words.join(" "));
        let has = |phrase: &String| line.contains(phrase.as_str());
        let stem = words.iter().any(|word| {
            rule.starts.iter().any(|stem| word.starts_with(stem.as_str()))
                || rule.ends.iter().any(|stem| word.ends_with(stem.as_str()))
                || rule.contains.iter().any(|stem| word.contains(stem.as_str()))
        });
        (stem || rule.phrase.iter().any(has))
            && (rule.with.is_empty() || rule.with.iter().any(has))
            && !words
                .iter()
                .any(|word| rule.unless.iter().any(|stem| word.starts_with(stem.as_str())))
    }
}

pub(super) struct Dictionary {
    pub(super) group_sources: HashMap<IngredientGroup, Vec<Source>>,
    /// By compact key.
    pub(super) names: HashMap<String, Meaning>,
    /// Fine names with `#` for any number, by compact key.
    pub(super) numbered: HashSet<String>,
    pub(super) rules: Vec<Rule>,
    /// The flagged keys long enough to be known in spite of one wrong letter, sorted.
    pub(super) long_keys: Vec<(Vec<char>, Vec<IngredientGroup>)>,
    pub(super) headings: HashSet<String>,
    pub(super) longest_heading: usize,
    pub(super) qualifiers: HashSet<String>,
    pub(super) noise: HashSet<String>,
    pub(super) notes: HashSet<String>,
}

pub(super) static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    toml::from_str(include_str!("../../plans/ingredients.toml")).map_or_else(
        |error| panic!("plans/ingredients.toml cannot be read: {error}"),
        Dictionary::new,
    )
});

impl Dictionary {
    pub(super) fn new(data: Data) -> Self {
        let with_ids = |ids: &[String]| -> Vec<Source> {
            ids.iter()
                .filter_map(|id| data.sources.get(id))
                .cloned()
                .collect()
        };
        let group_sources: HashMap<_, _> = data
            .groups
            .iter()
            .map(|(group, ids)| (*group, with_ids(ids)))
            .collect();
        let sources = |groups: &[IngredientGroup], own: Option<&Vec<String>>| match own {
            Some(ids) => with_ids(ids),
            None => groups
                .iter()
                .filter_map(|group| group_sources.get(group))
                .flatten()
                .cloned()
                .collect(),
        };
        let mut names = HashMap::new();
        let mut numbered = HashSet::new();
        for name in data.fine.iter().flat_map(|block| &block.names) {
            if name.contains('#') {
                numbered.insert(without_numbers(&name.replace('#', "0")));
            } else {
                names.insert(words_of(name).concat(), Meaning::Fine);
            }
        }
        for block in &data.amount {
            for name in &block.names {
                let meaning = Meaning::Amount {
                    groups: block.groups.clone(),
                    sources: sources(&block.groups, block.source.as_ref()),
                    from_percent: block.from_percent,
                    within_first: block.within_first,
                };
                names.insert(words_of(name).concat(), meaning);
            }
        }
        // Last, so that a name written twice by mistake stays flagged.
        for block in &data.flagged {
            for name in &block.names {
                let meaning = Meaning::Flagged {
                    groups: block.groups.clone(),
                    sources: sources(&block.groups, block.source.as_ref()),
                };
                names.insert(words_of(name).concat(), meaning);
            }
        }
        let rules = data
            .rule
            .into_iter()
            .map(|rule| {
                let sources = sources(&rule.groups, rule.source.as_ref());
                Rule::new(rule, sources)
            })
            .collect();
        let mut long_keys: Vec<(Vec<char>, Vec<IngredientGroup>)> = names
            .iter()
            .filter_map(|(key, meaning)| match meaning {
                Meaning::Flagged { groups, .. } => Some((key.chars().collect(), groups.clone())),
                _ => None,
            })
            .filter(|(key, _): &(Vec<char>, _)| key.len() >= MIN_TYPO_CHARS)
            .collect();
        long_keys.sort_unstable();
        let set = |list: &[String]| -> HashSet<String> {
            list.iter().map(|text| words_of(text).join(" ")).collect()
        };
        let headings = set(&data.label.headings);
        Self {
            longest_heading: headings
                .iter()
                .map(|heading| heading.split(' ').count())
                .max()
                .unwrap_or(0),
            headings,
            qualifiers: set(&data.label.qualifiers),
            noise: set(&data.label.noise),
            notes: set(&data.label.notes),
            group_sources,
            names,
            numbered,
            rules,
            long_keys,
        }
    }

    pub(super) fn exact(&self, words: &[String]) -> Option<&Meaning> {
        self.names.get(&words.concat())
    }

    pub(super) fn without_qualifiers(&self, words: &[String]) -> Vec<String> {
        words
            .iter()
            .filter(|word| !self.qualifiers.contains(*word))
            .cloned()
            .collect()
    }

    /// Reads what stands between two separators; a line break in it may part two entries or wrap one.
    pub(super) fn read_piece(&self, text: &str, end: End, found: &mut Vec<Found>) {
        let lines: Vec<&str> = text
            .split('\n')
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let mut from = 0;
        while let Some(rest) = lines.get(from..).filter(|rest| !rest.is_empty()) {
            let taken = self.lines_of_one_entry(rest);
            let is_label = end == End::Colon && taken == rest.len();
            self.read_entry(&rest[..taken].join(" "), is_label, found);
            from += taken;
        }
    }

    /// How many of the lines belong to the first entry: the longest run that is a name, else one known line, else
    /// everything up to the next line that is known.
    pub(super) fn lines_of_one_entry(&self, lines: &[&str]) -> usize {
        let longest = lines.len().min(4);
        let is_name = |run: &[&str]| {
            let text = strip_percent(&run.join(" ")).0;
            self.exact(&words_of(&text)).is_some()
                || self.exact(&words_of(&split_parentheses(&text).0)).is_some()
        };
        if let Some(taken) = (2..=longest).rev().find(|&taken| is_name(&lines[..taken])) {
            return taken;
        }
        let stands_alone = |line: &str| {
            let text = strip_percent(line).0;
            let words = words_of(&text);
            self.is_heading(&words)
                || self.noise.contains(&words.join(" "))
                || !matches!(self.judge(&text), Judgement::Unknown)
        };
        if lines.first().is_some_and(|line| stands_alone(line)) {
            return 1;
        }
        let next = (1..lines.len()).find(|&at| {
            let to = lines.len().min(at + 3);
            stands_alone(lines[at]) || (at + 2..=to).any(|to| is_name(&lines[at..to]))
        });
        next.unwrap_or(lines.len())
    }

    pub(super) fn is_heading(&self, words: &[String]) -> bool {
        self.headings.contains(&words.join(" "))
    }

    pub(super) fn read_entry(&self, text: &str, is_label: bool, found: &mut Vec<Found>) {
        let marked = text.trim_start().starts_with(is_mark);
        let text = self.strip_headings(strip_numbering(text.trim()));
        if let Some((first, rest)) = self.joined(text) {
            self.read_entry(first, is_label, found);
            self.read_entry(rest, is_label, found);
            return;
        }
        let (bare, percent) = strip_percent(text);
        let words = words_of(&bare);
        if !words.iter().any(|word| word.chars().any(char::is_alphabetic))
            || self.noise.contains(&words.join(" "))
        {
            return;
        }
        if self.is_note(&words, marked) {
            return;
        }
        let judgement = match without_claims(&words) {
            None => self.judge(&bare),
            // Beside a claim only a flagged name is worth telling: "retinol, fragrance free" with its comma lost.
            Some(left) => match self.judge_words(&left) {
                Judgement::Flagged(groups) => Judgement::Flagged(groups),
                _ => return,
            },
        };
        if is_label && matches!(judgement, Judgement::Unknown) {
            return;
        }
        let name = tidy_name(text);
        let key = words_of(&name).join(" ");
        found.push(Found {
            name,
            key,
            judgement,
            percent,
        });
    }

    /// The two names that an "and" joins, unless the whole is a name, a claim or a note of its own.
    fn joined<'a>(&self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let words = words_of(&strip_percent(text).0);
        let whole = self.exact(&words).is_some() || self.exact(&self.without_qualifiers(&words)).is_some();
        let claim = without_claims(&words).is_some() || self.noise.contains(&words.join(" "));
        if whole || claim || self.is_note(&words, false) {
            return None;
        }
        let known = |name: &str| !matches!(self.judge(&strip_percent(name).0), Judgement::Unknown);
        outer_ands(text)
            .into_iter()
            .find(|(first, rest)| known(first) || known(rest))
    }

    /// Drops the words that open a list, with or without their colon.
    pub(super) fn strip_headings<'a>(&self, text: &'a str) -> &'a str {
        let mut rest = text;
        loop {
            let ends = word_ends(rest, self.longest_heading);
            let heading = ends
                .iter()
                .rev()
                .find(|&&end| self.is_heading(&words_of(&rest[..end])));
            match heading {
                Some(&end) => {
                    rest = rest[end..].trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
                }
                None => return rest,
            }
        }
    }

    /// Whether this is a footnote such as "*from organic farming".
    pub(super) fn is_note(&self, words: &[String], marked: bool) -> bool {
        const OPENERS: [&str; 8] = [
            "from",
            "made",
            "derived",
            "issu",
            "issus",
            "aus",
            "procedente",
            "obtenido",
        ];
        let opened = words.first().is_some_and(|word| OPENERS.contains(&word.as_str()));
        let left = self.without_qualifiers(words);
        if marked && left.is_empty() {
            return true;
        }
        (marked || opened) && self.exact(words).is_none() && left.iter().any(|word| self.notes.contains(word))
    }

    /// Judges an entry with its synonyms in parentheses or behind slashes.
    pub(super) fn judge(&self, text: &str) -> Judgement {
        let words = words_of(text);
        if let Some(meaning) = self.exact(&words) {
            return meaning.judgement();
        }
        let (outside, inside) = split_parentheses(text);
        if !inside.is_empty() && !words_of(&outside).is_empty() {
            let main = self.judge_slashes(&outside);
            let synonyms = inside.iter().map(|text| self.judge_slashes(text));
            return self.united(main, synonyms, &words);
        }
        self.judge_slashes(text)
    }

    /// One of several names being flagged flags them all; only the main name makes them fine.
    pub(super) fn united(
        &self,
        main: Judgement,
        synonyms: impl Iterator<Item = Judgement>,
        words: &[String],
    ) -> Judgement {
        let mut groups = Vec::new();
        if let Judgement::Flagged(own) = &main {
            groups.extend(own);
        }
        for synonym in synonyms {
            if let Judgement::Flagged(own) = synonym {
                groups.extend(own);
            }
        }
        if groups.is_empty() && matches!(main, Judgement::Unknown) {
            groups = self.by_rules(words);
        }
        groups.sort_unstable();
        groups.dedup();
        if groups.is_empty() {
            main
        } else {
            Judgement::Flagged(groups)
        }
    }

    pub(super) fn judge_slashes(&self, text: &str) -> Judgement {
        let words = without_claims(&words_of(text)).unwrap_or_else(|| words_of(text));
        let whole = self.judge_words(&words);
        if !text.contains('/') || !matches!(whole, Judgement::Unknown | Judgement::Flagged(_)) {
            return whole;
        }
        if self.exact(&words).is_some() {
            return whole;
        }
        let parts: Vec<Judgement> = text
            .split('/')
            .map(words_of)
            .filter(|part| !part.is_empty())
            .map(|part| self.judge_words(&part))
            .collect();
        let unknown = parts.iter().any(|part| matches!(part, Judgement::Unknown));
        let amount = parts
            .iter()
            .find(|part| matches!(part, Judgement::Amount { .. }))
            .cloned();
        let main = if unknown || parts.is_empty() {
            Judgement::Unknown
        } else {
            amount.unwrap_or(Judgement::Fine)
        };
        self.united(main, parts.into_iter(), &words)
    }

    pub(super) fn judge_words(&self, words: &[String]) -> Judgement {
        let plain = self.without_qualifiers(words);
        if let Some(meaning) = self.exact(words).or_else(|| self.exact(&plain)) {
            return meaning.judgement();
        }
        let groups = self.by_rules(words);
        if !groups.is_empty() {
            return Judgement::Flagged(groups);
        }
        if self.numbered.contains(&without_numbers(&words.concat())) {
            return Judgement::Fine;
        }
        self.by_typo(&plain.concat())
            .map_or(Judgement::Unknown, Judgement::Flagged)
    }

    pub(super) fn by_rules(&self, words: &[String]) -> Vec<IngredientGroup> {
        let holding = self.rules.iter().filter(|rule| rule.holds(words));
        let mut groups: Vec<_> = holding
            .flat_map(|rule| rule.data.groups.iter().copied())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// One wrong, missing, doubled or swapped letter leads to a flagged name, never to a fine one.
    pub(super) fn by_typo(&self, key: &str) -> Option<Vec<IngredientGroup>> {
        let key: Vec<char> = key.chars().collect();
        if key.len() < MIN_TYPO_CHARS {
            return None;
        }
        let near = self
            .long_keys
            .iter()
            .find(|(name, _)| one_letter_apart(&key, name));
        near.map(|(_, groups)| groups.clone())
    }
}
