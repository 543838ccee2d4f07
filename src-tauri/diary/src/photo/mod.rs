//! A photo on its way into the diary: bytes in, bytes out.
//!
//! What comes out is always a JPEG made anew from pixels, upright and in sRGB, so nothing of the file that came
//! in is kept: no place, no camera, no name, no hidden preview. What is not asked here: whose photo it is, and
//! where it is kept.
//!
//! | question | file |
//! |---|---|
//! | What kind of file is this, and is all of it there? | `sniff.rs` |
//! | What do its pixels become? | this one |

mod sniff;

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::error::LimitErrorKind;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

pub use sniff::Refused;

/// The largest file that is looked at, in bytes.
pub const MOST_BYTES: usize = 50 * 1024 * 1024;
/// The longest side that is decoded, in pixels.
pub const MOST_PIXELS_A_SIDE: u32 = 12_000;
/// The most memory that decoding may take, in bytes.
pub const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The long side of what is kept, in pixels.
pub const LONG_SIDE: u32 = 2048;
/// The long side of the thumbnail, in pixels.
pub const THUMBNAIL_LONG_SIDE: u32 = 320;
/// The kind of what is kept.
pub const MEDIA_TYPE: &str = "image/jpeg";

/// Skin shows no blocks at this quality, and half the size of 95.
const QUALITY: u8 = 85;

/// A photo as the diary keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The kind of [`image`](Self::image) and [`thumbnail`](Self::thumbnail): always [`MEDIA_TYPE`].
    pub media_type: &'static str,
    /// The photo.
    pub image: Vec<u8>,
    /// The same, small.
    pub thumbnail: Vec<u8>,
    /// The photo's width in pixels, upright.
    pub width: u32,
    /// The photo's height in pixels, upright.
    pub height: u32,
}

/// Sizes only: a photo of a patient has no place in a log.
impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("bytes", &self.image.len())
            .finish_non_exhaustive()
    }
}

/// Why a photo was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// The file is larger than [`MOST_BYTES`].
    #[error(
        "this file has {} MB and a photo may have {} MB: choose a smaller copy of it",
        .bytes.div_ceil(1024 * 1024),
        MOST_BYTES / (1024 * 1024)
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It has more pixels than can be decoded safely.
    #[error(
        "this picture has too many pixels (at most {MOST_PIXELS_A_SIDE} a side): choose a smaller copy of it"
    )]
    TooManyPixels,
    /// It is not a JPEG, PNG or WebP.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It begins like a picture but cannot be read to its end.
    #[error("this picture is damaged or not complete ({0}): copy it again, or choose another one")]
    Damaged(String),
    /// The app is being closed.
    #[error("the app was closed before the photo was ready: add it again")]
    Stopped,
}

impl From<ImageError> for PhotoError {
    fn from(error: ImageError) -> Self {
        match &error {
            ImageError::Limits(limit) if !matches!(limit.kind(), LimitErrorKind::Unsupported { .. }) => {
                Self::TooManyPixels
            }
            _ => Self::Damaged(error.to_string()),
        }
    }
}

/// [`prepare`] beside the threads that serve the window: it can take a second.
pub async fn prepare_off_thread(bytes: Vec<u8>) -> Result<Prepared, PhotoError> {
    tokio::task::spawn_blocking(move || prepare(&bytes))
        .await
        .unwrap_or(Err(PhotoError::Stopped))
}

/// Makes of a photo's file what the diary keeps.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PhotoError> {
    if bytes.len() > MOST_BYTES {
        return Err(PhotoError::TooLarge { bytes: bytes.len() });
    }
    let format = sniff::accepted(bytes)?;
    if !sniff::is_whole(format, bytes) {
        return Err(PhotoError::Damaged("its end is missing".to_owned()));
    }
    let upright = decode(format, bytes)?;
    let kept = no_longer_than(upright, LONG_SIDE);
    let thumbnail = no_longer_than(DynamicImage::ImageRgb8(kept.clone()), THUMBNAIL_LONG_SIDE);
    Ok(Prepared {
        media_type: MEDIA_TYPE,
        width: kept.width(),
        height: kept.height(),
        image: encode(&kept)?,
        thumbnail: encode(&thumbnail)?,
    })
}

fn decode(format: image::ImageFormat, bytes: &[u8]) -> Result<DynamicImage, PhotoError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS_A_SIDE);
    limits.max_image_height = Some(MOST_PIXELS_A_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // The pixels themselves are the largest part, and not every decoder counts them.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    // A picture whose metadata cannot be read is a picture all the same.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(in_srgb(image, profile.as_deref()))
}

/// Phones photograph in wider colours than sRGB and say so in the metadata, which is dropped: without this, red
/// skin would look paler in the diary than it was.
fn in_srgb(image: DynamicImage, profile: Option<&[u8]>) -> DynamicImage {
    let Some(profile) = profile.and_then(|profile| ColorProfile::new_from_slice(profile).ok()) else {
        return image;
    };
    if profile.color_space != DataColorSpace::Rgb || !image.color().has_color() {
        return image;
    }
    let Ok(transform) = profile.create_transform_8bit(
        Layout::Rgba,
        &ColorProfile::new_srgb(),
        Layout::Rgba,
        TransformOptions::default(),
    ) else {
        return image;
    };
    let theirs = image.to_rgba8();
    let mut ours = theirs.clone();
    match transform.transform(&theirs, &mut ours) {
        Ok(()) => DynamicImage::ImageRgba8(ours),
        Err(_) => image,
    }
}

/// Made smaller where it is longer; never larger. What is see-through becomes white.
fn no_longer_than(image: DynamicImage, long_side: u32) -> RgbImage {
    let fits = image.width().max(image.height()) <= long_side;
    let image = if fits {
        image
    } else {
        // Roughly first where there is much to take away: the good filter alone would need more memory than
        // the picture itself. A phone's usual 12 megapixels stay below.
        let rough = 2 * long_side;
        let image = if image.width().max(image.height()) > rough {
            image.thumbnail(rough, rough)
        } else {
            image
        };
        image.resize(long_side, long_side, FilterType::Lanczos3)
    };
    if image.color().has_alpha() {
        on_white(&image)
    } else {
        image.into_rgb8()
    }
}

fn on_white(image: &DynamicImage) -> RgbImage {
    let rgba = image.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [red, green, blue, alpha] = rgba.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|part| {
            let mixed = (u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha)) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    })
}

fn encode(image: &RgbImage) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
    Ok(bytes)
}
