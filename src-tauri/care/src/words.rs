//! Finds what a question is about: "can i go swiming tomorrow?" is about swimming.
//!
//! Both the question and the words it is compared with are folded (case, accents, punctuation), and the
//! words that every question has are left out, in English and in Spanish. Then:
//!
//! - the longest phrase wins: "mineral makeup" is not "makeup";
//! - a typing mistake never beats a word that stands there, and never turns one known word into another;
//! - what is named as absent does not count: "toner without alcohol" is a toner, and only a phrase that says
//!   "without" itself may use the word after it;
//! - the session itself, as in "after microneedling", is when, not what;
//! - a mistake that is as near to one meaning as to another finds neither.

use std::cmp::Reverse;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Every one of `entries` that the typed text names, best first, each key once.
///
/// No two of them rest on the same part of the text. Exact ones come before those with typing mistakes,
/// longer ones before shorter ones, and after that the order of `entries` decides.
pub(crate) fn find_all<'a, K: Copy + PartialEq>(
    typed: &str,
    entries: impl Iterator<Item = (K, &'a str)>,
) -> Vec<K> {
    Index::new(entries).find_all(typed)
}

/// Entries made ready for many questions; [`find_all`] makes one for a single question.
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

    /// As [`find_all`].
    pub(crate) fn find_all(&self, typed: &str) -> Vec<K> {
        let mut tokens = tokens(typed);
        for token in &mut tokens {
            token.means_itself = means_itself(&token.text, &self.known);
        }
        let mut matches: Vec<Match<K>> = Vec::new();
        for (order, (key, words)) in self.phrases.iter().enumerate() {
            for start in 0..tokens.len() {
                matches.extend(match_at(&tokens, start, words).map(|found| {
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
        drop_absent(&tokens, &mut matches);
        best_of_each_place(matches)
    }
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

/// Takes away matches on what the text names as absent.
fn drop_absent<K>(tokens: &[Token], matches: &mut Vec<Match<K>>) {
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
    matches.retain(|candidate| blocked_by(&absent_by, candidate.found).is_none());
}

fn best_of_each_place<K: Copy + PartialEq>(matches: Vec<Match<K>>) -> Vec<K> {
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
    let mut keys: Vec<K> = Vec::new();
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
        if !unclear && !keys.contains(&candidate.key) {
            keys.push(candidate.key);
        }
    }
    keys
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

/// The folded words of a text without the fillers, and which of them the text names as absent.
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
    for (place, word) in words.iter().enumerate() {
        let next = words.get(place + 1).map(String::as_str);
        let negation = match word.as_str() {
            "without" | "sin" | "non" => Some(Negation::OfNext),
            "libre" | "free" if matches!(next, Some("of" | "from" | "de")) => Some(Negation::OfNext),
            "free" if place > 0 && is_content(place - 1) => Some(Negation::OfLast),
            "no" if is_content(place + 1) && is_content(place + 2) => Some(Negation::OfNext),
            _ => None,
        };
        let mut token = Token {
            text: word.clone(),
            negates: negation.is_some(),
            absent_by: None,
            means_itself: true,
        };
        match negation {
            Some(Negation::OfNext) => open = Some(tokens.len()),
            Some(Negation::OfLast) => {
                let here = tokens.len();
                if let Some(last) = tokens.last_mut() {
                    last.absent_by = Some(here);
                }
            }
            None if is_filler(&words, place, word) => {
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

/// Marks words of food as absent, so that "ice cream" is neither ice nor a cream.
fn apart(tokens: &mut [Token]) {
    for place in 1..tokens.len() {
        if FOOD.contains(&(tokens[place - 1].text.as_str(), tokens[place].text.as_str())) {
            // No match holds a place outside the text, so nothing can use the two words.
            tokens[place - 1].absent_by = Some(usize::MAX);
            tokens[place].absent_by = Some(usize::MAX);
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
    "a", "an", "any", "of", "from", "the", "my", "or", "de", "un", "una", "el", "la", "mi", "o", "ni",
];

/// What sounds like a product and is eaten.
const FOOD: &[(&str, &str)] = &[
    ("ice", "cream"),
    ("ice", "creams"),
    ("cream", "cheese"),
    ("sour", "cream"),
    ("olive", "oil"),
    ("aceite", "oliva"),
    ("crema", "calabacin"),
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
    "tomar",
    "tomarme",
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
    "hablar", "carrera", "corte", "corto", "sacar", "saltar", "salud", "quantum", "physics",
];
