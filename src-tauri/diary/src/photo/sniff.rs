//! What kind of file this is, by its first bytes: names lie, and a phone names a HEIC "photo.jpg".

use image::ImageFormat;

/// A kind of file that is not taken, and what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The usual format of an iPhone.
    #[error(
        "this photo is a HEIC, which cannot be shown here: in the camera's settings choose \"Most compatible\" \
         (Settings, Camera, Formats), or share this photo as JPEG"
    )]
    Heic,
    /// AVIF.
    #[error("this picture is an AVIF, which cannot be shown here: save or share it as JPEG")]
    Avif,
    /// GIF.
    #[error("this picture is a GIF: take a photo, or save the picture as JPEG or PNG")]
    Gif,
    /// TIFF, and the raw formats of cameras that begin like it.
    #[error("this picture is a TIFF or a camera's raw file: save it as JPEG or PNG")]
    Tiff,
    /// BMP.
    #[error("this picture is a BMP: save it as JPEG or PNG")]
    Bmp,
    /// Drawn with text.
    #[error("this picture is a drawing (SVG): a photo has to be a JPEG, PNG or WebP")]
    Svg,
    /// A film.
    #[error("this is a video: take a still photo, or save one picture of it as JPEG")]
    Video,
    /// A document.
    #[error("this is a PDF: a photo has to be a JPEG, PNG or WebP")]
    Pdf,
    /// Nothing inside.
    #[error("this file is empty: copy it again, or choose another one")]
    Empty,
    /// Whatever else.
    #[error("this file is not a photo that can be shown here: choose a JPEG, PNG or WebP")]
    Other,
}

/// The format of a file that is taken.
pub(super) fn accepted(bytes: &[u8]) -> Result<ImageFormat, Refused> {
    match bytes {
        [] => Err(Refused::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(boxed(bytes)),
        [b'G', b'I', b'F', b'8', ..] => Err(Refused::Gif),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Err(Refused::Tiff),
        [b'B', b'M', ..] => Err(Refused::Bmp),
        [b'%', b'P', b'D', b'F', ..] => Err(Refused::Pdf),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Err(Refused::Video),
        _ if bytes.windows(4).take(512).any(|four| four == b"<svg") => Err(Refused::Svg),
        _ => Err(Refused::Other),
    }
}

/// A file of boxes (ISO 14496-12), of which the first lists the brands that it follows.
fn boxed(bytes: &[u8]) -> Refused {
    let length = bytes
        .iter()
        .take(4)
        .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    let brands = bytes
        .get(8..length.clamp(12, 256).min(bytes.len()))
        .unwrap_or_default();
    let has = |wanted: &[&[u8]]| brands.chunks_exact(4).any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        Refused::Avif
    } else if has(&[
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1",
    ]) {
        Refused::Heic
    } else {
        Refused::Video
    }
}

/// Whether the file goes on to its end. The decoders paint what is missing grey and say nothing.
pub(super) fn is_whole(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_ends(bytes).is_some(),
        ImageFormat::WebP => {
            let said = bytes
                .get(4..8)
                .and_then(|said| said.try_into().ok())
                .map(u32::from_le_bytes);
            said.is_some_and(|said| bytes.len() as u64 >= 8 + u64::from(said))
        }
        // The decoder of PNG notices by itself.
        _ => true,
    }
}

/// Walks a JPEG's segments to its end marker (ITU-T T.81, annex B); none when the bytes end before it.
fn jpeg_ends(bytes: &[u8]) -> Option<()> {
    let mut at = 2;
    loop {
        // To the next marker: 0xff and neither a stuffed zero, a restart nor a fill byte. After most segments
        // it stands right here; after a scan's header the scan's data come first.
        while *bytes.get(at)? != 0xff || matches!(*bytes.get(at + 1)?, 0 | 0xd0..=0xd7 | 0xff) {
            at += 1;
        }
        match *bytes.get(at + 1)? {
            // The end of the picture.
            0xd9 => return Some(()),
            // Markers that stand alone, without a length.
            0x01 | 0xd8 => at += 2,
            _ => {
                let length = usize::from(*bytes.get(at + 2)?) << 8 | usize::from(*bytes.get(at + 3)?);
                at += 2 + length.max(2);
            }
        }
    }
}
