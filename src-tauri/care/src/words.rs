//! Finds what a question is about: "can i go swiming tomorrow?" is about swimming.
//!
//! Both the question and the words it is compared with are folded (case, accents, punctuation), and the
//! words that every question has are left out, in English and in Spanish. Then:
//!
//! - the longest phrase wins: "mineral makeup" is not "makeup";
//! - a typing mistake never beats a word that stands there, and never turns one known word into another;
//! - what is named as absent does not count: "toner without alcohol" is a toner, and only a phrase that says
//!   "without" itself may use the word after it;
//! - "not", "skip", "stop" and their like turn the question round: what follows them is to be left out;
//! - a word that only describes another thing does not count: a pool table is no pool;
//! - the session itself, as in "after microneedling", is when, not what;
//! - a mistake that is as near to one meaning as to another finds neither.

use std::cmp::Reverse;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Keys, each with a word or phrase, made ready for many questions.
#[derive(Debug, Clone)]
pub(crate) struct Index<K> {
    phrases: Vec<(K, Vec<Token>)>,
    known: HashSet<String>,
}

impl<K: Copy + PartialEq> Index<K> {
    /// An index of keys with a word or phrase each.
    pub(crate) fn new<'a>(entries: impl Iterator<Item = (K, &'a str)>) -> Self {
        let phrases: Vec<(K, Vec<Token>)> = entries.map(|(key, words)| (key, tokens(words))).collect();
        let known = phrases
            .iter()
            .flat_map(|(_, words)| words)
            .map(|token| token.text.clone())
            .collect();
        Self { phrases, known }
    }

    /// What the typed text is about.
    pub(crate) fn read(&self, typed: &str) -> Reading<K> {
        let mut tokens = tokens(typed);
        for token in &mut tokens {
            token.means_itself = means_itself(&token.text, &self.known);
        }
        let matches = self.matches(&tokens);
        let (live, absent) = part_absent(&tokens, matches);
        let hits = best_of_each_place(&tokens, live);
        let absent = best_of_each_place(&tokens, absent);
        let absent = absent
            .into_iter()
            .filter(|gone| !hits.iter().any(|hit| hit.key == gone.key))
            .collect();
        let stops_unknown = hits.is_empty()
            && tokens
                .iter()
                .any(|token| token.stopped && !token.negates && !token.means_itself);
        Reading {
            hits,
            absent,
            stops_unknown,
            words: fold(typed),
        }
    }

    /// What the typed text may be the beginning of: every key of which a word begins with the text's last word, those
    /// whose phrase begins with it first, each once. Nothing for a single letter.
    pub(crate) fn begun(&self, typed: &str) -> Vec<K> {
        let Some(last) = fold(typed).pop().filter(|last| last.chars().count() > 1) else {
            return Vec::new();
        };
        let begins = |token: &Token| token.text.starts_with(&last);
        let first = |words: &[Token]| words.first().is_some_and(begins);
        let begun = |at_front: bool| {
            self.phrases
                .iter()
                .filter(move |(_, words)| first(words) == at_front && words.iter().any(begins))
                .map(|(key, _)| *key)
        };
        let mut keys = Vec::new();
        for key in begun(true).chain(begun(false)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn matches(&self, tokens: &[Token]) -> Vec<Match<K>> {
        let mut matches: Vec<Match<K>> = Vec::new();
        for (order, (key, words)) in self.phrases.iter().enumerate() {
            for start in 0..tokens.len() {
                matches.extend(match_at(tokens, start, words).map(|found| {
                    Match {
                        key: *key,
                        order,
                        text: tokens[found.start..found.end]
                            .iter()
                            .map(|token| token.text.len())
                            .sum(),
                        found,
                    }
                }));
            }
        }
        matches
    }
}

/// What a text is about.
#[derive(Debug)]
pub(crate) struct Reading<K> {
    /// What it names, best first, each key once.
    ///
    /// No two of them rest on the same part of the text. Exact ones come before those with typing
    /// mistakes, longer ones before shorter ones, and after that the order of the entries decides.
    pub(crate) hits: Vec<Hit<K>>,
    /// What it names as absent: the alcohol of "toner without alcohol".
    pub(crate) absent: Vec<Hit<K>>,
    /// It asks to stop something that no entry names.
    pub(crate) stops_unknown: bool,
    /// All its words, folded.
    pub(crate) words: Vec<String>,
}

/// An entry that a text names.
#[derive(Debug)]
pub(crate) struct Hit<K> {
    pub(crate) key: K,
    /// The text's words for it, folded, without fillers.
    pub(crate) named: String,
    /// Whether the text asks to leave it out.
    pub(crate) left_out: bool,
    /// Whether the text asks to stop it, as one stops a medicine.
    pub(crate) stopped: bool,
    /// Which of the text's parts it stands in; an "and" or "or" begins another.
    pub(crate) part: usize,
}

/// A word of a question or of an entry, folded.
#[derive(Debug, Clone)]
struct Token {
    text: String,
    /// It says that something is absent: "without", "free".
    negates: bool,
    /// The token that says this one is absent.
    absent_by: Option<usize>,
    /// It is a word of its own, so no other word was meant.
    means_itself: bool,
    /// The token of the negation that asks to leave it out; [`NO_TOKEN`] for one that has none.
    left_out_by: Option<usize>,
    /// That negation is one that fits a medicine: "stop", "not take".
    stopped: bool,
    /// How many words that part a text stand before it.
    part: usize,
}

/// Where an entry stands in the typed text, and how well.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
    /// Typing mistakes.
    edits: usize,
    /// The same word in another form: a plural, or written apart.
    other_form: bool,
}

impl Found {
    fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    fn same_place(self, other: Self) -> bool {
        self.start == other.start && self.end == other.end
    }

    fn lies_inside(self, other: Self) -> bool {
        other.start <= self.start && self.end <= other.end && !self.same_place(other)
    }
}

#[derive(Debug, Clone)]
struct Match<K> {
    key: K,
    order: usize,
    text: usize,
    found: Found,
}

/// Parts the matches into those that stand and those on what the text names as absent.
fn part_absent<K: Copy>(tokens: &[Token], matches: Vec<Match<K>>) -> (Vec<Match<K>>, Vec<Match<K>>) {
    let mut absent_by: Vec<Option<usize>> = tokens.iter().map(|token| token.absent_by).collect();
    let blocked_by = |absent_by: &[Option<usize>], found: Found| {
        (found.start..found.end)
            .filter_map(|place| absent_by[place])
            .find(|negation| !(found.start..found.end).contains(negation))
    };
    // "Without vitamin C" names one thing in two words: the whole phrase is absent, not its first word.
    let mut whole = absent_by.clone();
    for found in matches
        .iter()
        .map(|candidate| candidate.found)
        .filter(|found| found.edits == 0)
    {
        if let Some(negation) = blocked_by(&absent_by, found) {
            for place in &mut whole[found.start..found.end] {
                place.get_or_insert(negation);
            }
        }
    }
    absent_by = whole;
    let (absent, live): (Vec<_>, Vec<_>) = matches
        .into_iter()
        .partition(|candidate| blocked_by(&absent_by, candidate.found).is_some());
    let absent = absent.into_iter().filter(|candidate| {
        // What belongs to another thing is not even absent.
        !tokens[candidate.found.start..candidate.found.end]
            .iter()
            .any(|token| token.absent_by == Some(NO_TOKEN))
    });
    (live, absent.collect())
}

fn best_of_each_place<K: Copy + PartialEq>(tokens: &[Token], matches: Vec<Match<K>>) -> Vec<Hit<K>> {
    let places: Vec<Found> = matches.iter().map(|candidate| candidate.found).collect();
    // A word inside a longer phrase has no meaning of its own: the "sun" of "sun cream".
    let mut left: Vec<Match<K>> = matches
        .into_iter()
        .filter(|candidate| !places.iter().any(|place| candidate.found.lies_inside(*place)))
        .collect();
    left.sort_by_key(|candidate| {
        let Found {
            edits, other_form, ..
        } = candidate.found;
        (
            edits > 0,
            Reverse(candidate.text),
            edits,
            other_form,
            candidate.order,
        )
    });

    let mut taken: Vec<Found> = Vec::new();
    let mut hits: Vec<Hit<K>> = Vec::new();
    for candidate in &left {
        let found = candidate.found;
        if taken.iter().any(|place| place.overlaps(found)) {
            continue;
        }
        taken.push(found);
        let unclear = found.edits > 0
            && left.iter().any(|other| {
                other.found.same_place(found)
                    && other.found.edits == found.edits
                    && other.key != candidate.key
            });
        if unclear {
            continue;
        }
        let hit = hit(tokens, candidate.key, found);
        match hits.iter_mut().find(|known| known.key == hit.key) {
            // Named twice, once to be left out: "no sunscreen, not even mineral sunscreen".
            Some(known) => {
                known.left_out |= hit.left_out;
                known.stopped |= hit.stopped;
            }
            None => hits.push(hit),
        }
    }
    hits
}

fn hit<K>(tokens: &[Token], key: K, found: Found) -> Hit<K> {
    let range = found.start..found.end;
    let words = &tokens[range.clone()];
    // A phrase with its own "stop" is not turned round by it.
    let turned = |token: &&Token| token.left_out_by.is_some_and(|by| !range.contains(&by));
    Hit {
        key,
        named: words
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        left_out: words.iter().any(|token| turned(&token)),
        stopped: words.iter().any(|token| turned(&token) && token.stopped),
        part: words.first().map_or(0, |word| word.part),
    }
}

/// The entry `words` in the text from `start` on.
fn match_at(tokens: &[Token], start: usize, words: &[Token]) -> Option<Found> {
    let word_by_word = || {
        let end = start + words.len();
        let window = tokens.get(start..end).filter(|window| !window.is_empty())?;
        let mut found = Found {
            start,
            end,
            edits: 0,
            other_form: false,
        };
        for (typed, word) in window.iter().zip(words) {
            match likeness(typed, word)? {
                Likeness::Same => {}
                Likeness::OtherForm => found.other_form = true,
                Likeness::Mistyped(edits) => found.edits += edits,
            }
        }
        (found.edits <= MOST_EDITS).then_some(found)
    };
    word_by_word().or_else(|| match_joined(tokens, start, words))
}

/// "Sun screen" for "sunscreen", "hairdryer" for "hair dryer".
fn match_joined(tokens: &[Token], start: usize, words: &[Token]) -> Option<Found> {
    if words.iter().any(|word| word.negates) {
        return None;
    }
    let initial = |token: Option<&Token>| token.and_then(|token| token.text.chars().next());
    if initial(tokens.get(start)) != initial(words.first()) {
        return None;
    }
    let wanted: String = words.iter().map(|word| word.text.as_str()).collect();
    (1..=words.len() + 1)
        .filter(|count| *count != words.len())
        .find_map(|count| {
            let window = tokens.get(start..start + count)?;
            if window.iter().any(|token| token.negates) {
                return None;
            }
            let typed: String = window.iter().map(|token| token.text.as_str()).collect();
            let edits = if typed == wanted {
                0
            } else if window.iter().any(|token| !token.means_itself) {
                // A gap in the wrong place is a mistake already, so one more at most.
                (typed.len().min(wanted.len()) >= LONG && strsim::osa_distance(&typed, &wanted) == 1)
                    .then_some(1)?
            } else {
                return None;
            };
            Some(Found {
                start,
                end: start + count,
                edits,
                other_form: true,
            })
        })
}

enum Likeness {
    Same,
    OtherForm,
    Mistyped(usize),
}

/// From this length on a word is recognised with one mistake.
const SHORT: usize = 4;
/// From this length on a word is recognised with two.
const LONG: usize = 8;
/// The most mistakes in a whole phrase.
const MOST_EDITS: usize = 2;

fn likeness(typed: &Token, word: &Token) -> Option<Likeness> {
    if typed.text == word.text {
        return Some(Likeness::Same);
    }
    // A mistaken "free" or "sin" would turn the meaning round.
    if typed.negates || word.negates {
        return None;
    }
    // "A glass of wine" is not about glasses.
    let plural = !OTHER_WORDS.contains(&typed.text.as_str());
    if plural && (is_plural(&typed.text, &word.text) || is_plural(&word.text, &typed.text)) {
        return Some(Likeness::OtherForm);
    }
    if typed.means_itself {
        return None;
    }
    let allowed = match typed.text.len().min(word.text.len()) {
        ..SHORT => return None,
        SHORT..LONG => 1,
        _ => 2,
    };
    let edits = strsim::osa_distance(&typed.text, &word.text);
    (edits <= allowed && same_beginning(&typed.text, &word.text)).then_some(Likeness::Mistyped(edits))
}

fn is_plural(many: &str, one: &str) -> bool {
    one.len() >= 3
        && many
            .strip_prefix(one)
            .is_some_and(|ending| ending == "s" || ending == "es")
}

/// People rarely miss the first letter, and another first letter is mostly another word ("peel", "feel").
/// A long word may miss it, as an unspoken h in Spanish; a swap of the first two counts as the same.
fn same_beginning(typed: &str, word: &str) -> bool {
    let mut first = typed.chars();
    let mut second = word.chars();
    let (a, b, c, d) = (first.next(), first.next(), second.next(), second.next());
    a == c || (a == d && b == c) || typed.len().min(word.len()) >= LONG
}

fn means_itself(text: &str, known: &HashSet<String>) -> bool {
    let is_word = |text: &str| known.contains(text) || FILLERS.contains(&text) || OTHER_WORDS.contains(&text);
    is_word(text)
        || ["s", "es"]
            .iter()
            .any(|ending| text.strip_suffix(ending).is_some_and(is_word))
}

/// The folded words of a text without the fillers, which of them the text names as absent, and which it
/// asks to leave out.
fn tokens(text: &str) -> Vec<Token> {
    let words = without_session(&fold(text));
    let is_content = |place: usize| {
        words
            .get(place)
            .is_some_and(|word| !is_filler(&words, place, word))
    };
    let mut tokens: Vec<Token> = Vec::new();
    // The place of the negation whose thing is still to come.
    let mut open: Option<usize> = None;
    let mut turned: Option<Turned> = None;
    let mut part = 0;
    for (place, word) in words.iter().enumerate() {
        let next = words.get(place + 1).map(String::as_str);
        if PARTING.contains(&word.as_str()) {
            part += 1;
        }
        let negation = match word.as_str() {
            "without" | "sin" | "non" => Some(Negation::OfNext),
            "libre" | "free" if matches!(next, Some("of" | "from" | "de")) => Some(Negation::OfNext),
            "free" if place > 0 && is_content(place - 1) => Some(Negation::OfLast),
            "no" if is_content(place + 1) && is_content(place + 2) => Some(Negation::OfNext),
            _ => None,
        };
        let filler = negation.is_none() && is_filler(&words, place, word);
        if ENDS_TURN.contains(&word.as_str()) {
            turned = None;
        }
        if negation.is_none()
            && let Some(stops) = turns(&words[place..])
        {
            let by = if filler { NO_TOKEN } else { tokens.len() };
            // "Not stop" is no less turned round than "stop".
            turned = Some(Turned {
                by,
                stops: stops || turned.is_some_and(|turned| turned.stops),
            });
        } else if let Some(turned) = &mut turned {
            turned.stops |= TAKING.contains(&word.as_str());
        }
        let mut token = Token {
            text: word.clone(),
            negates: negation.is_some(),
            absent_by: None,
            means_itself: true,
            left_out_by: turned.map(|turned| turned.by),
            stopped: turned.is_some_and(|turned| turned.stops),
            part,
        };
        match negation {
            Some(Negation::OfNext) => open = Some(tokens.len()),
            Some(Negation::OfLast) => {
                let here = tokens.len();
                if let Some(last) = tokens.last_mut() {
                    last.absent_by = Some(here);
                }
            }
            None if filler => {
                // "Without retinol or acids" names two things, "without makeup to the gym" one.
                if !STILL_ABSENT.contains(&word.as_str()) {
                    open = None;
                }
                continue;
            }
            None => {
                token.absent_by = open;
                // Only an "or" after this one carries the negation on.
                if !matches!(next, Some("or" | "ni" | "o")) {
                    open = None;
                }
            }
        }
        tokens.push(token);
    }
    apart(&mut tokens);
    tokens
}

enum Negation {
    /// "without alcohol"
    OfNext,
    /// "alcohol free"
    OfLast,
}

/// From here on the text tells what is to be left out.
#[derive(Clone, Copy)]
struct Turned {
    /// The token of the word that says so; [`NO_TOKEN`] for one that has none.
    by: usize,
    /// That word fits a medicine.
    stops: bool,
}

/// Whether the first word asks to leave out what follows, and if so, whether as one stops a medicine.
fn turns(words: &[String]) -> Option<bool> {
    let word = |place: usize| words.get(place).map_or("", String::as_str);
    let later = |wanted: &[&str]| words.iter().skip(1).any(|word| wanted.contains(&word.as_str()));
    let first = word(0);
    if STOPPING.contains(&first) {
        return Some(true);
    }
    let turns = match first {
        // "I am not sure", "no sé si": a doubt, no wish.
        "not" | "no" | "dont" => !(DOUBT.contains(&word(1)) || (word(1), word(2)) == ("se", "si")),
        "leave" | "leaving" | "left" => later(&["off", "out"]),
        "come" | "coming" | "came" | "go" | "going" => return (word(1) == "off").then_some(true),
        "give" | "giving" => return (word(1) == "up").then_some(true),
        "cut" | "cutting" => word(1) == "out",
        "instead" => word(1) == "of",
        "rather" => word(1) == "than",
        "vez" | "lugar" | "pasar" => word(1) == "de",
        "break" => word(1) == "from",
        _ => NOT_DOING.contains(&first),
    };
    turns.then_some(false)
}

/// The place of what is not in the text.
const NO_TOKEN: usize = usize::MAX;

/// Marks words of another thing as absent, so that "ice cream" is neither ice nor a cream.
fn apart(tokens: &mut [Token]) {
    for place in 1..tokens.len() {
        let (first, second) = (tokens[place - 1].text.as_str(), tokens[place].text.as_str());
        let plain = second.strip_suffix('s').unwrap_or(second);
        if OTHER_PAIRS.contains(&(first, second))
            || OTHER_HEADS.contains(&plain)
            || OTHER_HEADS_FIRST.contains(&first)
        {
            // No match holds a place outside the text, so nothing can use the two words.
            tokens[place - 1].absent_by = Some(NO_TOKEN);
            tokens[place].absent_by = Some(NO_TOKEN);
        }
    }
}

fn is_filler(words: &[String], place: usize, word: &str) -> bool {
    // The letter of a vitamin is its name.
    let names_vitamin = word.len() == 1
        && place > 0
        && matches!(
            words[place - 1].as_str(),
            "vitamin" | "vitamina" | "vitamins" | "vitaminas"
        );
    let is_number = word.chars().all(|letter| letter.is_ascii_digit());
    !names_vitamin && (is_number || word == "free" || word == "no" || FILLERS.contains(&word))
}

/// Lower case without accents, words only. An apostrophe belongs to its word, a number does not.
fn fold(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for letter in text.nfkd().flat_map(char::to_lowercase) {
        if matches!(letter, '\'' | '’' | 'ʼ') || is_combining_mark(letter) {
            continue;
        }
        let changes = word
            .chars()
            .next_back()
            .is_some_and(|last| last.is_ascii_digit() != letter.is_ascii_digit());
        if (changes || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.push(letter);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Leaves out the session as a time: "after microneedling", "I had micro-needling yesterday".
fn without_session(words: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    let mut place = 0;
    while place < words.len() {
        let length = session_words(&words[place..]);
        if length > 0 {
            let before = kept.iter().rev().find(|word| !BETWEEN.contains(&word.as_str()));
            let is_time = before.is_some_and(|word| BEFORE_SESSION.contains(&word.as_str()))
                || words
                    .get(place + length)
                    .is_some_and(|word| AFTER_SESSION.contains(&word.as_str()));
            if is_time {
                place += length;
                continue;
            }
        }
        kept.push(words[place].clone());
        place += 1;
    }
    kept
}

/// How many of the first words name the session.
fn session_words(words: &[String]) -> usize {
    let long = |word: &str| {
        ["microneedling", "dermapen", "dermaroller"]
            .iter()
            .any(|session| {
                word == *session || (word.len() >= LONG && strsim::osa_distance(word, session) <= 2)
            })
    };
    match words {
        [first, second, ..]
            if matches!(
                (first.as_str(), second.as_str()),
                ("micro", "needling") | ("derma", "roller" | "pen")
            ) =>
        {
            2
        }
        [first, ..] if long(first) || first == "needling" || first == "microagujas" => 1,
        _ => 0,
    }
}

const BEFORE_SESSION: &[&str] = &[
    "after",
    "since",
    "following",
    "post",
    "from",
    "had",
    "got",
    "did",
    "despues",
    "tras",
    "desde",
    "hice",
    "hicieron",
    "hizo",
    "hecho",
    "hecha",
];
const AFTER_SESSION: &[&str] = &["was", "yesterday", "ago", "fue", "ayer", "hace"];
const BETWEEN: &[&str] = &[
    "my", "the", "a", "of", "some", "getting", "having", "doing", "de", "del", "el", "la", "mi", "un", "una",
    "me",
];

/// Words between "without" and what is absent.
const STILL_ABSENT: &[&str] = &[
    "a",
    "an",
    "any",
    "of",
    "from",
    "the",
    "my",
    "or",
    "on",
    "using",
    "wearing",
    "putting",
    "applying",
    "having",
    "doing",
    "taking",
    "some",
    "de",
    "un",
    "una",
    "el",
    "la",
    "mi",
    "mis",
    "o",
    "ni",
    "usar",
    "utilizar",
    "llevar",
    "poner",
    "ponerme",
    "aplicar",
    "aplicarme",
    "echarme",
    "hacer",
    "nada",
];

/// Words that ask to stop what follows, as one stops a medicine.
const STOPPING: &[&str] = &[
    "stop",
    "stops",
    "stopping",
    "stopped",
    "quit",
    "quitting",
    "pause",
    "pausing",
    "paused",
    "skip",
    "skipping",
    "skipped",
    "discontinue",
    "discontinuing",
    "discontinued",
    "cease",
    "wean",
    "dejar",
    "dejo",
    "dejarme",
    "deje",
    "dejando",
    "suspender",
    "suspendo",
    "suspendiendo",
    "parar",
    "pausar",
    "interrumpir",
    "abandonar",
    "saltarme",
    "saltarse",
    "saltarnos",
    "retirar",
    "descontinuar",
];

/// Words that ask to leave out what follows.
const NOT_DOING: &[&str] = &[
    "cant",
    "cannot",
    "couldnt",
    "shouldnt",
    "wouldnt",
    "doesnt",
    "didnt",
    "wont",
    "havent",
    "isnt",
    "neednt",
    "never",
    "avoid",
    "avoiding",
    "forget",
    "forgetting",
    "forgot",
    "forgotten",
    "omit",
    "omitting",
    "miss",
    "missing",
    "missed",
    "ditch",
    "neglect",
    "ignore",
    "ignoring",
    "refrain",
    "bypass",
    "nunca",
    "tampoco",
    "evitar",
    "evito",
    "evitando",
    "omitir",
    "olvidar",
    "olvidarme",
    "olvide",
    "olvido",
    "prescindir",
    "ahorrarme",
    "renunciar",
    "nada",
];

/// What makes a "not" a doubt.
const DOUBT: &[&str] = &[
    "sure",
    "know",
    "certain",
    "yet",
    "only",
    "mind",
    "understand",
    "entiendo",
];

/// What is done with a medicine.
const TAKING: &[&str] = &["take", "taking", "tomar", "tomarme", "tomando", "tome"];

/// Words that begin another thought: "no makeup but sunscreen".
const ENDS_TURN: &[&str] = &[
    "but", "only", "just", "can", "may", "could", "should", "pero", "sino", "solo", "puedo", "podria", "debo",
];

/// Words that part what is asked together.
const PARTING: &[&str] = &["and", "or", "then", "plus", "y", "e", "o", "u", "ni"];

/// Pairs that name another thing than either word.
const OTHER_PAIRS: &[(&str, &str)] = &[
    ("ice", "cream"),
    ("ice", "creams"),
    ("cream", "cheese"),
    ("sour", "cream"),
    ("olive", "oil"),
    ("aceite", "oliva"),
    ("crema", "calabacin"),
    ("brush", "teeth"),
    ("brush", "hair"),
    ("hair", "brush"),
    ("drinking", "water"),
    ("ice", "water"),
    ("ice", "skating"),
    ("ice", "tea"),
    ("sea", "view"),
    ("car", "pool"),
    ("cell", "block"),
    ("cycle", "day"),
];

/// Things that the word before them only describes: a pool table is no pool.
const OTHER_HEADS: &[&str] = &[
    "table",
    "food",
    "pointer",
    "expression",
    "printer",
    "book",
    "movie",
    "song",
    "photo",
    "picture",
    "video",
    "toy",
    "shop",
    "store",
    "price",
    "recipe",
    "cue",
    "recognition",
    "scanner",
];

/// The same in Spanish, where they stand before it: "puntero láser".
const OTHER_HEADS_FIRST: &[&str] = &[
    "puntero",
    "expresion",
    "expresiones",
    "mesa",
    "comida",
    "foto",
    "fotos",
    "libro",
    "impresora",
    "receta",
    "precio",
];

/// What every question has, in both languages; it says nothing about what is asked.
const FILLERS: &[&str] = &[
    "a",
    "about",
    "again",
    "allowed",
    "already",
    "also",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "bad",
    "be",
    "been",
    "before",
    "after",
    "but",
    "by",
    "can",
    "cant",
    "could",
    "day",
    "days",
    "did",
    "do",
    "does",
    "doing",
    "dont",
    "during",
    "for",
    "from",
    "get",
    "getting",
    "go",
    "going",
    "good",
    "had",
    "harmful",
    "has",
    "have",
    "having",
    "hello",
    "hey",
    "hi",
    "hour",
    "hours",
    "how",
    "i",
    "if",
    "im",
    "in",
    "is",
    "it",
    "its",
    "ive",
    "just",
    "later",
    "long",
    "may",
    "me",
    "might",
    "month",
    "months",
    "must",
    "my",
    "need",
    "next",
    "not",
    "now",
    "of",
    "ok",
    "okay",
    "on",
    "onto",
    "or",
    "please",
    "possible",
    "put",
    "putting",
    "safe",
    "should",
    "since",
    "some",
    "soon",
    "start",
    "still",
    "take",
    "taking",
    "that",
    "the",
    "their",
    "then",
    "there",
    "this",
    "to",
    "today",
    "tomorrow",
    "tonight",
    "too",
    "try",
    "until",
    "use",
    "using",
    "want",
    "was",
    "we",
    "wear",
    "wearing",
    "week",
    "weeks",
    "what",
    "whats",
    "when",
    "why",
    "will",
    "with",
    "would",
    "yes",
    "yesterday",
    "yet",
    "you",
    "your",
    "apply",
    "applying",
    "morning",
    "evening",
    "afternoon",
    "night",
    "ahora",
    "al",
    "algo",
    "antes",
    "aplicar",
    "aplicarme",
    "aun",
    "ayer",
    "bien",
    "buena",
    "bueno",
    "como",
    "con",
    "cuando",
    "cuanto",
    "de",
    "debo",
    "deberia",
    "del",
    "desde",
    "despues",
    "dia",
    "dias",
    "donde",
    "echar",
    "echarme",
    "el",
    "en",
    "es",
    "esta",
    "este",
    "esto",
    "estoy",
    "estar",
    "fue",
    "gracias",
    "ha",
    "hacer",
    "hasta",
    "hay",
    "he",
    "hola",
    "hora",
    "horas",
    "hoy",
    "ir",
    "irme",
    "la",
    "las",
    "le",
    "les",
    "llevar",
    "lo",
    "los",
    "luego",
    "malo",
    "manana",
    "mas",
    "me",
    "mes",
    "mi",
    "mis",
    "mismo",
    "necesito",
    "ni",
    "noche",
    "nuevo",
    "o",
    "para",
    "permitido",
    "pero",
    "podemos",
    "podre",
    "podria",
    "poner",
    "ponerme",
    "ponerse",
    "por",
    "porque",
    "puede",
    "puedo",
    "que",
    "querer",
    "quiero",
    "quisiera",
    "se",
    "segura",
    "seguro",
    "semana",
    "semanas",
    "ser",
    "si",
    "sobre",
    "su",
    "sus",
    "tal",
    "tambien",
    "tarde",
    "tengo",
    "tener",
    "todavia",
    "tu",
    "un",
    "una",
    "unas",
    "unos",
    "usar",
    "utilizar",
    "va",
    "vez",
    "voy",
    "y",
    "ya",
    "yo",
];

/// Words that are one letter away from an entry and mean something else.
const OTHER_WORDS: &[&str] = &[
    "back", "bank", "bare", "base", "beach", "bear", "beat", "been", "beef", "beer", "bell", "belt", "bench",
    "best", "blow", "boat", "book", "bread", "breach", "brush", "cake", "call", "card", "care", "case",
    "cash", "clock", "cool", "cook", "coat", "cold", "corner", "cream", "dear", "deer", "dream", "face",
    "facts", "fall", "feel", "fill", "film", "fine", "fish", "flu", "flat", "food", "foot", "fool", "game",
    "general", "glass", "gold", "hair", "half", "hand", "hard", "hate", "head", "heat", "help", "hide",
    "hike", "hole", "home", "hope", "host", "hotel", "kids", "kick", "kill", "kind", "king", "lamp", "land",
    "last", "late", "leaf", "like", "line", "list", "look", "lose", "love", "luck", "mail", "main", "make",
    "mass", "math", "meal", "mean", "meat", "milk", "mind", "moon", "move", "name", "neck", "news", "nice",
    "nose", "page", "paid", "paint", "park", "part", "pass", "past", "path", "pay", "peak", "pear", "phase",
    "piano", "pink", "place", "plan", "plant", "plate", "play", "poem", "poll", "poor", "pork", "post",
    "pour", "price", "pray", "rain", "read", "real", "rest", "rice", "ride", "rise", "road", "roll", "room",
    "rule", "sail", "salt", "save", "score", "scream", "seat", "seem", "sell", "send", "shake", "shape",
    "share", "sharp", "shirt", "shoe", "shop", "shore", "show", "side", "sign", "sing", "sink", "size",
    "skin", "skip", "sky", "sleep", "slim", "smell", "smile", "snow", "soak", "soap", "sock", "soft", "song",
    "soup", "space", "speak", "spend", "spray", "stay", "steak", "steal", "stream", "swam", "swap", "swear",
    "sweet", "table", "talk", "tank", "tape", "task", "taste", "taxi", "team", "tell", "test", "text",
    "time", "toes", "tone", "tour", "town", "toxin", "train", "tree", "trip", "tuna", "vase", "voice",
    "wait", "wake", "wall", "warm", "wash", "watch", "water", "wave", "week", "well", "west", "wind", "wing",
    "wipe", "wise", "wish", "wood", "word", "work", "world", "wrap", "yard", "agua", "alma", "bajo", "boca",
    "bota", "bote", "cada", "caja", "cama", "cara", "carta", "casa", "caso", "causa", "cena", "cerca",
    "cero", "cine", "clase", "cobra", "cola", "comer", "coser", "cosa", "costa", "crear", "dedo", "dolor",
    "fecha", "fuego", "gasto", "gota", "gorra", "hija", "hijo", "hoja", "lado", "lana", "leche", "leer",
    "libro", "luna", "llamar", "madre", "mano", "mapa", "marca", "mesa", "miel", "mover", "nada", "nata",
    "nariz", "niebla", "nino", "olor", "pasa", "paso", "pasta", "pata", "pato", "pelo", "pera", "perro",
    "peso", "pesa", "piel", "pista", "plaza", "playa", "plato", "queso", "rama", "rato", "ropa", "rosa",
    "saber", "sala", "salsa", "santo", "subir", "taza", "techo", "tela", "tema", "tierra", "tocar", "tono",
    "torta", "unir", "vaca", "vaso", "vela", "vena", "vender", "viaje", "vida", "viento", "visto", "vivir",
    "shade", "sure", "skating", "fast", "rent", "shadow", "sit", "stand", "bleed", "bleeding", "itch",
    "itching", "redness", "swelling", "swollen", "pain", "burning", "directly", "tinted", "eat", "eating",
    "drink", "worry", "worrying", "crying", "cry", "laugh", "sneeze", "teeth", "sombra", "sangrado", "picor",
    "rojez", "llorar", "hablar", "carrera", "corte", "corto", "sacar", "saltar", "salud", "quantum",
    "physics",
];
