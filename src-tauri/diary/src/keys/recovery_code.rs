//! The recovery code: 128 random bits that the patient prints and copies from paper.
//!
//! Bech32m gives it six check characters: up to four wrong characters, and neighbours that changed
//! places, are always found before any key is tried. The patient sees only the 32 characters behind
//! the constant prefix, in eight groups of four.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, Hrp};
use fast_qr::{ECL, QRBuilder};
use zeroize::Zeroizing;

use super::{KeyError, fill_random};

const BYTES: usize = 16;

/// What the check characters cover besides the code: a code made for something else is a typo here.
const PREFIX: Hrp = Hrp::parse_unchecked("afterglow");

/// 26 characters for 128 bits, and 6 check characters.
const CHARACTERS: usize = 32;

/// The characters between two spaces.
const GROUP: usize = 4;

/// White modules around a QR code, without which readers do not find it.
const QUIET_ZONE: usize = 4;

/// Why a recovery code was not even tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryCodeError {
    /// Its check characters do not fit.
    #[error("the recovery code was not copied exactly: compare it with the paper, group by group")]
    Typo,
    /// Too few or too many characters.
    #[error(
        "the recovery code has {CHARACTERS} letters and digits, this has {found}: compare it with the paper"
    )]
    Length {
        /// How many there were.
        found: usize,
    },
}

/// A code that opens the diary when everything else is lost; wiped from memory when dropped.
pub struct RecoveryCode(Zeroizing<[u8; BYTES]>);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCode(..)")
    }
}

impl RecoveryCode {
    pub(super) fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; BYTES]);
        fill_random(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The code that somebody typed: in any case, with or without spaces and dashes.
    pub fn parse(typed: &str) -> Result<Self, RecoveryCodeError> {
        let characters: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|character| !is_separator(*character))
                .map(|character| character.to_ascii_lowercase())
                .collect(),
        );
        let found = characters.chars().count();
        if found != CHARACTERS {
            return Err(RecoveryCodeError::Length { found });
        }
        let whole = Zeroizing::new(format!("{PREFIX}1{}", characters.as_str()));
        let checked = CheckedHrpstring::new::<Bech32m>(&whole).map_err(|_| RecoveryCodeError::Typo)?;
        let mut bytes = Zeroizing::new([0; BYTES]);
        let mut decoded = checked.byte_iter();
        for byte in bytes.iter_mut() {
            *byte = decoded.next().ok_or(RecoveryCodeError::Typo)?;
        }
        let code = Self(bytes);
        // The two bits that pad the last character are zero in every code that was printed.
        if *code.characters() == characters.to_ascii_uppercase() {
            Ok(code)
        } else {
            Err(RecoveryCodeError::Typo)
        }
    }

    /// As it is printed: upper case, in groups of four.
    pub fn printed(&self) -> Zeroizing<String> {
        let mut printed = Zeroizing::new(String::with_capacity(CHARACTERS + CHARACTERS / GROUP));
        for (index, character) in self.characters().chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                printed.push(' ');
            }
            printed.push(character);
        }
        printed
    }

    /// As a QR code, an SVG image that prints black on white at any size.
    pub fn qr_svg(&self) -> Result<Zeroizing<String>, KeyError> {
        use std::fmt::Write as _;
        let qr = QRBuilder::new(self.characters().as_bytes())
            .ecl(ECL::Q)
            .build()
            .map_err(|error| KeyError::Unusable {
                secret: super::Secret::RecoveryCode,
                reason: format!("{error:?}"),
            })?;
        let side = qr.size + 2 * QUIET_ZONE;
        let mut svg = Zeroizing::new(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
        ));
        for row in 0..qr.size {
            for column in 0..qr.size {
                if qr[row][column].value() {
                    // Writing into a string cannot fail.
                    let _ = write!(svg, "M{} {}h1v1h-1z", column + QUIET_ZONE, row + QUIET_ZONE);
                }
            }
        }
        svg.push_str("\"/></svg>");
        Ok(svg)
    }

    /// The 32 characters, upper case.
    fn characters(&self) -> Zeroizing<String> {
        let whole = Zeroizing::new(
            // The length of a code is a constant far below Bech32m's limit.
            bech32::encode_upper::<Bech32m>(PREFIX, self.bytes()).unwrap_or_default(),
        );
        let start = whole.len().saturating_sub(CHARACTERS);
        Zeroizing::new(whole[start..].to_owned())
    }
}

/// What people and phones put between groups: any space, and any of Unicode's dashes.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '_' | '.' | '\u{ad}' | '\u{200b}' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
}
