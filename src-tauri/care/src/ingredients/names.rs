//! Names as they stand on packages, made comparable.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::cut::ends_in_abbreviation;

/// The words of a text, without case, accents, marks and punctuation.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_mark(*c)) {
        for c in std::iter::once(c)
            .nfkd()
            .filter(|c| !is_combining_mark(*c))
            .flat_map(char::to_lowercase)
        {
            match c {
                'α' => plain.push_str("alpha"),
                'β' => plain.push_str("beta"),
                'γ' => plain.push_str("gamma"),
                'δ' => plain.push_str("delta"),
                'ß' => plain.push_str("ss"),
                'œ' => plain.push_str("oe"),
                'æ' => plain.push_str("ae"),
                'ø' => plain.push('o'),
                'ł' => plain.push('l'),
                c if c.is_alphanumeric() => plain.push(c),
                // What is not seen parts nothing.
                '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
                _ => plain.push(' '),
            }
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

/// The compact key with every run of digits as one `#`.
pub(super) fn without_numbers(text: &str) -> String {
    let mut key = String::new();
    for c in words_of(text).concat().chars() {
        let c = if c.is_numeric() { '#' } else { c };
        if c != '#' || !key.ends_with('#') {
            key.push(c);
        }
    }
    key
}

/// Footnote and trade marks, which are no part of a name.
pub(super) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '*' | '†' | '‡' | '¹' | '²' | '³' | '⁴'
            ..='⁹' | '°' | 'º' | '˚' | '^' | '#' | '§' | '¤' | '®' | '™' | '©'
    )
}

/// Where each of the first `most` words ends, as byte offsets.
pub(super) fn word_ends(text: &str, most: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let part = c.is_alphanumeric() || is_combining_mark(c) || c == '-';
        if inside && !part {
            ends.push(at);
            if ends.len() == most {
                return ends;
            }
        }
        inside = part;
    }
    if inside {
        ends.push(text.len());
    }
    ends
}

/// Drops "1)" and a dash before an entry.
pub(super) fn strip_numbering(text: &str) -> &str {
    let text = text.trim_start_matches(['-', '–', '—', '+']).trim_start();
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if after.len() < text.len() {
        after.strip_prefix(')').map_or(text, str::trim_start)
    } else {
        text
    }
}

/// Takes the amounts out of a text, and gives the largest of them.
pub(super) fn strip_percent(text: &str) -> (String, Option<f64>) {
    let mut kept = String::new();
    let mut most: Option<f64> = None;
    for c in text.chars() {
        if c != '%' && c != '％' {
            kept.push(c);
            continue;
        }
        let trimmed = kept.trim_end().len();
        let number_from = kept[..trimmed]
            .char_indices()
            .rev()
            .take_while(|(_, c)| c.is_ascii_digit() || matches!(c, '.' | ','))
            .last()
            .map_or(trimmed, |(at, _)| at);
        if let Ok(value) = kept[number_from..trimmed].replace(',', ".").parse::<f64>() {
            most = Some(most.map_or(value, |largest| largest.max(value)));
        }
        kept.truncate(number_from);
        kept.push(' ');
    }
    (kept, most)
}

/// The text outside parentheses, and each text inside.
pub(super) fn split_parentheses(text: &str) -> (String, Vec<String>) {
    let mut outside = String::new();
    let mut inside = Vec::new();
    let mut current = String::new();
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !current.is_empty() {
                    inside.push(std::mem::take(&mut current));
                }
                outside.push(' ');
            }
            _ if depth > 0 => current.push(c),
            _ => outside.push(c),
        }
    }
    if !current.is_empty() {
        inside.push(current);
    }
    (outside, inside)
}

/// The two sides of each "and" that stands outside parentheses, from the first on.
pub(super) fn outer_ands(text: &str) -> Vec<(&str, &str)> {
    const ANDS: [&str; 5] = [" and ", " y ", " et ", " und ", " e "];
    let mut depth = 0_usize;
    let mut sides = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 => {
                let and = ANDS.iter().find(|and| {
                    text.get(at..at + and.len())
                        .is_some_and(|found| found.eq_ignore_ascii_case(and))
                });
                if let Some(and) = and {
                    sides.push((&text[..at], &text[at + and.len()..]));
                }
            }
            _ => {}
        }
    }
    sides.retain(|(first, rest)| {
        [first, rest]
            .iter()
            .all(|side| side.chars().any(char::is_alphabetic))
    });
    sides
}

/// Openings of "free from alcohol, perfume": everything to the end of the sentence is absent from the product.
pub(super) fn opens_free_from(words: &[String]) -> bool {
    const OPENINGS: [&str; 9] = [
        "free from",
        "free of",
        "libre de",
        "no contiene",
        "does not contain",
        "frei von",
        "exempt de",
        "formulated without",
        "formulado sin",
    ];
    let line = words.join(" ");
    OPENINGS.iter().any(|opening| line.starts_with(opening))
}

/// If the words claim something's absence ("alcohol-free"), what is left of them without the claim.
pub(super) fn without_claims(words: &[String]) -> Option<Vec<String>> {
    const OPENERS: [&str; 9] = [
        "sin", "sans", "ohne", "senza", "without", "no", "zero", "non", "sem",
    ];
    let first = words.first()?;
    if OPENERS.contains(&first.as_str()) || opens_free_from(words) {
        return Some(Vec::new());
    }
    let mut left: Vec<String> = Vec::new();
    let mut claimed = false;
    for (at, word) in words.iter().enumerate() {
        if word == "free" || word == "frei" {
            left.pop();
            claimed = true;
        } else if word.len() > 4 && (word.ends_with("frei") || word.ends_with("free")) {
            claimed = true;
        } else if word == "libre" && words.get(at + 1).is_some_and(|next| next == "de") {
            return Some(left);
        } else {
            left.push(word.clone());
        }
    }
    claimed.then_some(left)
}

/// The entry as told: without marks, brackets left open and the list's punctuation.
pub(super) fn tidy_name(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !is_mark(*c)).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let start = plain.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
    let end = start.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '%'));
    let dot = start[end.len()..].starts_with('.') && ends_in_abbreviation(end);
    if dot { format!("{end}.") } else { end.to_owned() }
}

/// Whether two keys become equal by one change of a letter; a different number is a different substance.
pub(super) fn one_letter_apart(left: &[char], right: &[char]) -> bool {
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    if long.len() - short.len() > 1 {
        return false;
    }
    let Some(at) = (0..short.len()).find(|&at| short[at] != long[at]) else {
        return !long[short.len()..].iter().any(|c| c.is_numeric());
    };
    if long[at].is_numeric() || short[at].is_numeric() {
        return false;
    }
    if short.len() < long.len() {
        return short[at..] == long[at + 1..];
    }
    let swapped = at + 1 < short.len()
        && short[at] == long[at + 1]
        && short[at + 1] == long[at]
        && short[at + 2..] == long[at + 2..];
    swapped || short[at + 1..] == long[at + 1..]
}
