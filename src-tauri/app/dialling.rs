//! Telephone numbers as people write them, and on the way into a phone. Pure.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// The longest number, in characters.
const MAX_CHARS: usize = 32;
/// The least white around a code, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// Whether a telephone can dial it: digits, `+`, `*`, `#`, and what people write between them.
pub fn is_dialable(number: &str) -> bool {
    number.chars().any(|character| character.is_ascii_digit())
        && number.chars().count() <= MAX_CHARS
        && number
            .chars()
            .all(|character| character.is_ascii_digit() || " +*#()-./".contains(character))
}

/// The number as a QR code for a phone's camera: dark on light whatever the theme, at any size. None for what cannot be
/// dialled.
pub fn qr_svg(number: &str) -> Option<String> {
    if !is_dialable(number) {
        return None;
    }
    let code = QRBuilder::new(address(number).as_bytes())
        .ecl(ECL::M)
        .build()
        .ok()?;
    let side = code.size + 2 * QUIET_ZONE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
    );
    for row in 0..code.size {
        for column in 0..code.size {
            if code[row][column].value() {
                // Writing into a string cannot fail.
                let _ = write!(svg, "M{} {}h1v1h-1z", column + QUIET_ZONE, row + QUIET_ZONE);
            }
        }
    }
    svg.push_str("\"/></svg>");
    Some(svg)
}

/// The link that dials it (RFC 3966). What has a meaning of its own in an address is written in its code.
fn address(number: &str) -> String {
    let dialled = number
        .chars()
        .filter(|character| character.is_ascii_digit() || "+*#".contains(*character));
    let mut address = "tel:".to_owned();
    for character in dialled {
        match character {
            '#' => address.push_str("%23"),
            other => address.push(other),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_as_people_write_it() {
        for (written, dialled) in [
            ("112", "tel:112"),
            ("+34 910 000 000", "tel:+34910000000"),
            ("(0)20 7946-0123", "tel:02079460123"),
            ("*31#600.000", "tel:*31%23600000"),
        ] {
            assert_eq!(address(written), dialled, "{written}");
        }
    }

    #[test]
    fn a_code_is_read_by_a_camera_as_the_number_and_has_white_around_it() {
        for number in ["112", "+34 910 000 000", "*31#600000"] {
            let svg = qr_svg(number).unwrap();
            let side: usize = svg
                .split("viewBox=\"0 0 ")
                .nth(1)
                .unwrap()
                .split(' ')
                .next()
                .unwrap()
                .parse()
                .unwrap();
            let dark: Vec<(usize, usize)> = svg
                .rsplit("<path d=\"")
                .next()
                .unwrap()
                .split('M')
                .filter_map(|module| module.split_once('h')?.0.split_once(' '))
                .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                .collect();
            let inside = QUIET_ZONE..side - QUIET_ZONE;
            assert!(dark.iter().all(|(x, y)| inside.contains(x) && inside.contains(y)));
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 8, side * 8, |x, y| {
                if dark.contains(&(x / 8, y / 8)) { 0 } else { 255 }
            });
            let (_, read) = image.detect_grids()[0].decode().unwrap();
            assert_eq!(read, address(number));
        }
    }

    #[test]
    fn what_no_telephone_can_dial_has_no_code() {
        for number in ["", "ring", "+", "1".repeat(33).as_str()] {
            assert_eq!(qr_svg(number), None, "{number}");
        }
    }
}
