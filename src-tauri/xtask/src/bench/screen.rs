//! A virtual screen's picture, read from the file that Xvfb keeps it in (`-fbdir`, the XWD format).

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Every so many pixels in each direction one is looked at: fine enough for letters, coarse enough to look often.
const STRIDE: usize = 2;

/// A window's size in pixels, as seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Size {
    pub(super) width: usize,
    pub(super) height: usize,
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} x {}", self.width, self.height)
    }
}

/// An open screen file.
pub(super) struct Screen {
    file: File,
    layout: Layout,
    picture: Vec<u8>,
}

/// Where the pixels are, from the file's header (`XWDFile.h`): big-endian words, here by their position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Layout {
    start: u64,
    width: usize,
    height: usize,
    line: usize,
}

impl Layout {
    /// Reads the header; an error when it is no picture with four bytes per pixel.
    fn read(header: &[u8; 100]) -> io::Result<Self> {
        let word = |index: usize| {
            let bytes = &header[index * 4..index * 4 + 4];
            u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
        };
        let size = |index: usize| usize::try_from(word(index)).map_err(io::Error::other);
        if word(1) != 7 || word(11) != 32 {
            return Err(io::Error::other(
                "the screen file is no XWD picture with 32 bits per pixel",
            ));
        }
        let colours = u64::from(word(19)) * 12;
        Ok(Self {
            start: u64::from(word(0)) + colours,
            width: size(4)?,
            height: size(5)?,
            line: size(12)?,
        })
    }
}

impl Screen {
    /// Opens the file that Xvfb made.
    ///
    /// # Errors
    /// When it cannot be read or has another layout than Xvfb's.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut header = [0; 100];
        file.read_exact(&mut header)?;
        let layout = Layout::read(&header)?;
        Ok(Self {
            file,
            layout,
            picture: vec![0; layout.line * layout.height],
        })
    }

    /// The window's size once something is painted in it; none while the screen is empty or the window plain.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn painted(&mut self) -> io::Result<Option<Size>> {
        self.file.seek(SeekFrom::Start(self.layout.start))?;
        self.file.read_exact(&mut self.picture)?;
        Ok(content(&self.picture, self.layout))
    }
}

/// Looks for a window on a black screen that is not all of one colour.
///
/// At least one in a thousand of its pixels must differ from its background: less than a line of words has, more than
/// a cursor.
fn content(picture: &[u8], layout: Layout) -> Option<Size> {
    let pixel = |x: usize, y: usize| {
        let at = y * layout.line + x * 4;
        // The fourth byte is padding.
        [picture[at], picture[at + 1], picture[at + 2]]
    };
    let (mut right, mut bottom) = (0, 0);
    let mut seen: Vec<([u8; 3], usize)> = Vec::new();
    for y in (0..layout.height).step_by(STRIDE) {
        for x in (0..layout.width).step_by(STRIDE) {
            let colour = pixel(x, y);
            if colour == [0; 3] {
                continue;
            }
            (right, bottom) = (right.max(x + STRIDE), bottom.max(y + STRIDE));
            match seen.iter().position(|(known, _)| *known == colour) {
                Some(known) => seen[known].1 += 1,
                // A photograph has thousands; by then it is clear that the window is not plain.
                None if seen.len() < 64 => seen.push((colour, 1)),
                None => {}
            }
        }
    }
    let all: usize = seen.iter().map(|(_, count)| count).sum();
    let most = seen.iter().map(|(_, count)| *count).max()?;
    ((all - most) * 1000 > all).then_some(Size {
        width: right.min(layout.width),
        height: bottom.min(layout.height),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        start: 0,
        width: 100,
        height: 80,
        line: 400,
    };

    fn picture(paint: impl Fn(usize, usize) -> u8) -> Vec<u8> {
        (0..LAYOUT.height)
            .flat_map(|y| (0..LAYOUT.width).map(move |x| (x, y)))
            .flat_map(|(x, y)| [paint(x, y), paint(x, y), paint(x, y), 0])
            .collect()
    }

    #[test]
    fn a_window_counts_once_something_stands_in_it() {
        let window = |x: usize, y: usize| x < 60 && y < 40;
        let table: [(&str, Vec<u8>, Option<Size>); 4] = [
            ("an empty screen", picture(|_, _| 0), None),
            (
                "a plain window",
                picture(|x, y| if window(x, y) { 250 } else { 0 }),
                None,
            ),
            (
                "words in the window",
                picture(|x, y| {
                    if window(x, y) {
                        if y == 20 && x > 10 { 40 } else { 250 }
                    } else {
                        0
                    }
                }),
                Some(Size {
                    width: 60,
                    height: 40,
                }),
            ),
            (
                "one dot only",
                picture(|x, y| if (x, y) == (2, 2) { 9 } else { 250 }),
                None,
            ),
        ];
        for (name, picture, expected) in table {
            assert_eq!(content(&picture, LAYOUT), expected, "{name}");
        }
    }

    #[test]
    fn the_header_tells_where_the_pixels_are() {
        let mut header = [0; 100];
        for (index, word) in [
            (0, 160_u32),
            (1, 7),
            (4, 1280),
            (5, 1000),
            (11, 32),
            (12, 5120),
            (19, 256),
        ] {
            header[index * 4..index * 4 + 4].copy_from_slice(&word.to_be_bytes());
        }
        let expected = Layout {
            start: 160 + 256 * 12,
            width: 1280,
            height: 1000,
            line: 5120,
        };
        assert_eq!(Layout::read(&header).expect("a picture"), expected);
        header[47] = 16;
        assert!(Layout::read(&header).is_err(), "16 bits per pixel");
    }
}
