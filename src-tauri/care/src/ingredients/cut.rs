//! Cuts a list as it stands on a package into its entries.

use super::names::is_mark;
use super::{MAX_LIST_CHARS, MAX_LOCANT_CHARS, MAX_SYNONYM_CHARS};

/// What stood behind a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Separator,
    Sentence,
    Line,
    Colon,
}

pub(super) struct Piece {
    pub(super) text: String,
    pub(super) end: End,
}

/// Cuts a text at its separators. Line breaks that may only wrap a line are left inside the pieces.
pub(super) fn cut(text: &str) -> Vec<Piece> {
    let chars = joined_lines(text);
    let closing = closing_parentheses(&chars);
    let lines_part = line_breaks_part(&chars);
    let starred = chars
        .windows(3)
        .filter(|w| w[0] == '\n' && w[1] == '*' && w[2] == ' ')
        .count()
        > 1;
    let mut cutter = Cutter {
        pieces: Vec::new(),
        text: String::new(),
    };
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1).copied();
        match c {
            '(' => match closing[at] {
                Some(close) if is_and(&chars[at + 1..close]) => {
                    cutter.end(End::Separator);
                    at = close;
                }
                Some(close) if holds_list(&chars, at, close) => cutter.end(End::Separator),
                Some(close) => {
                    let inside = &chars[at..=close];
                    if inside.iter().any(|c| c.is_alphanumeric()) {
                        cutter
                            .text
                            .extend(inside.iter().map(|&c| if c == '\n' { ' ' } else { c }));
                    }
                    at = close;
                }
                None => cutter.text.push(' '),
            },
            // Closes a list that was cut open, unless it stands alone, as in "1) Aqua".
            ')' if cutter
                .text
                .chars()
                .all(|c| c.is_ascii_digit() || c.is_whitespace()) =>
            {
                cutter.text.push(')');
            }
            ')' | ';' | '[' | ']' | '{' | '}' | '•' | '·' | '‧' | '∙' | '●' | '▪' | '◦' | '|' | '\t'
            | '、' | '，' | '；' => {
                cutter.end(End::Separator);
            }
            ',' if !is_number_comma(&chars, at, &cutter.text) => cutter.end(End::Separator),
            ':' => cutter.end(End::Colon),
            '.' if ends_sentence(after, &cutter.text) => cutter.end(End::Sentence),
            '\n' if lines_part || after == Some('\n') => cutter.end(End::Line),
            '&' if before == Some(' ') && after == Some(' ') => cutter.end(End::Separator),
            c if is_mark(c) && before.is_none_or(char::is_whitespace) => {
                // A mark in front opens a footnote or, where several lines begin so, is a bullet.
                cutter.end(if before == Some('\n') {
                    End::Line
                } else {
                    End::Separator
                });
                if !starred {
                    cutter.text.push(c);
                }
            }
            c => cutter.text.push(c),
        }
        at += 1;
    }
    cutter.end(End::Line);
    cutter.pieces
}

pub(super) struct Cutter {
    pub(super) pieces: Vec<Piece>,
    pub(super) text: String,
}

impl Cutter {
    /// Ends the current piece. An empty one is kept only as the end of the sentence or line it stands for.
    pub(super) fn end(&mut self, end: End) {
        let text = std::mem::take(&mut self.text);
        if text.chars().any(char::is_alphanumeric) {
            self.pieces.push(Piece { text, end });
        } else if let Some(last) = self.pieces.last_mut()
            && last.end == End::Separator
            && end != End::Colon
        {
            last.end = end;
        }
    }
}

/// The text's characters with one kind of line break and words put together again that a hyphen broke.
pub(super) fn joined_lines(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = Vec::new();
    let mut source = text.chars().take(MAX_LIST_CHARS).peekable();
    while let Some(c) = source.next() {
        match c {
            '\r' => {
                if source.peek() != Some(&'\n') {
                    push_break(&mut chars);
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => push_break(&mut chars),
            '\u{a0}' | '\u{202f}' | '\u{3000}' => chars.push(' '),
            // A break behind a hyphen: the word goes on in the next line.
            c if ends_with_broken_word(&chars) && c.is_alphanumeric() => {
                chars.pop();
                if c.is_lowercase() {
                    chars.pop();
                }
                chars.push(c);
            }
            ' ' if chars.last() == Some(&'\n') => {}
            c => chars.push(c),
        }
    }
    chars
}

pub(super) fn push_break(chars: &mut Vec<char>) {
    while chars.last() == Some(&' ') {
        chars.pop();
    }
    chars.push('\n');
}

pub(super) fn ends_with_broken_word(chars: &[char]) -> bool {
    matches!(chars, [.., letter, '-' | '‐' | '‑', '\n'] if letter.is_alphanumeric())
}

/// Whether each line is an entry: then there are more line breaks than other separators.
pub(super) fn line_breaks_part(chars: &[char]) -> bool {
    let breaks = chars.iter().filter(|&&c| c == '\n').count();
    let others = chars
        .iter()
        .filter(|&&c| matches!(c, ',' | ';' | '•' | '·' | '●' | '▪' | '|'))
        .count();
    breaks > others
}

/// For each opening parenthesis the place of its closing one.
pub(super) fn closing_parentheses(chars: &[char]) -> Vec<Option<usize>> {
    let mut closing = vec![None; chars.len()];
    let mut open = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '(' => open.push(at),
            ')' => {
                if let Some(from) = open.pop() {
                    closing[from] = Some(at);
                }
            }
            _ => {}
        }
    }
    closing
}

/// Whether parentheses hold the "and" of a blend.
pub(super) fn is_and(inside: &[char]) -> bool {
    let word: String = inside.iter().collect();
    matches!(
        word.trim().to_lowercase().as_str(),
        "and" | "y" | "et" | "und" | "e"
    )
}

/// Whether parentheses hold entries of their own, as in "Parfum (Linalool, Limonene)".
pub(super) fn holds_list(chars: &[char], open: usize, close: usize) -> bool {
    if close - open > MAX_SYNONYM_CHARS {
        return true;
    }
    let inside = &chars[open + 1..close];
    let mut before = String::new();
    let mut list = false;
    for (at, &c) in inside.iter().enumerate() {
        let parts = c == ';' || c == '•' || (c == ',' && !is_number_comma(inside, at, &before));
        list |= parts;
        if parts { before.clear() } else { before.push(c) }
    }
    let tail = chars[close + 1..]
        .iter()
        .find(|c| !c.is_whitespace() && !is_mark(**c));
    list && tail.is_none_or(|c| !c.is_alphanumeric())
}

/// Whether a comma belongs to a number: "1,2-Hexanediol", "0,5 %".
pub(super) fn is_number_comma(chars: &[char], at: usize, before: &str) -> bool {
    let behind = &chars[at + 1..];
    let spaces = behind
        .iter()
        .take(MAX_LOCANT_CHARS)
        .take_while(|c| **c == ' ')
        .count();
    // A space behind the comma is only forgiven where nothing but the number stands before it.
    let only_number =
        before.len() <= MAX_LOCANT_CHARS && before.trim().chars().all(|c| c.is_ascii_digit() || c == ',');
    if !before.ends_with(|c: char| c.is_ascii_digit() || c == '\'' || c == '′')
        || (spaces > 0 && !only_number)
    {
        return false;
    }
    let run = behind[spaces..]
        .iter()
        .take(MAX_LOCANT_CHARS)
        .take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '\'' | '′'))
        .count();
    let rest = &behind[spaces + run..];
    let then = rest.iter().take(MAX_LOCANT_CHARS).find(|c| **c != ' ');
    run > 0
        && (rest
            .first()
            .is_some_and(|c| matches!(c, '-' | '‐' | '‑' | '–' | ')'))
            || then.is_some_and(|c| *c == '%'))
}

/// Whether a full stop ends a sentence rather than an abbreviation or a number.
pub(super) fn ends_sentence(after: Option<char>, before: &str) -> bool {
    after.is_none_or(|c| c.is_whitespace() || is_mark(c)) && !ends_in_abbreviation(before)
}

pub(super) fn ends_in_abbreviation(text: &str) -> bool {
    const ABBREVIATIONS: [&str; 20] = [
        "denat", "sp", "spp", "ssp", "subsp", "var", "ext", "extr", "no", "st", "vit", "incl", "max", "min",
        "approx", "alc", "hydrol", "hydr", "desnat", "dénat",
    ];
    let last = text
        .trim_end()
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_lowercase();
    ABBREVIATIONS.contains(&last.as_str())
        || (last.chars().count() == 1 && last.chars().all(char::is_alphabetic))
}
