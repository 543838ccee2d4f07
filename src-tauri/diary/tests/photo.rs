//! What becomes of a photo before it is kept: upright, no longer than promised, nothing but pixels, and
//! whatever is not a whole photo refused in words.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::io::Cursor;

use afterglow_diary::photo::{
    LONG_SIDE, MOST_BYTES, PhotoError, Prepared, Refused, THUMBNAIL_LONG_SIDE, prepare, prepare_off_thread,
};
use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

const RED: Rgb<u8> = Rgb([200, 20, 20]);
const GREEN: Rgb<u8> = Rgb([20, 160, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 200]);
const WHITE: Rgb<u8> = Rgb([240, 240, 240]);

/// Four quarters of four colours, so that every turn and mirror image looks different:
/// red green over blue white.
fn quarters(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        }
    }))
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A TIFF header with one entry for the orientation and one that points to a GPS block with a latitude.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38]);
    exif.extend([0, 0, 0, 0]);
    // At 38: the latitude's letter, then where its three fractions stand.
    exif.extend([0, 2]);
    exif.extend([0, 1, 0, 2, 0, 0, 0, 2, b'N', 0, 0, 0]);
    exif.extend([0, 2, 0, 5, 0, 0, 0, 3, 0, 0, 0, 68]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(b"GPS-LATITUDE-40-25-1234");
    exif
}

/// A JPEG with an APP1 segment right behind its beginning.
fn jpeg_with_exif(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let plain = file(image, ImageFormat::Jpeg);
    let exif = exif(orientation);
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend(u16::try_from(2 + 6 + exif.len()).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

fn open(jpeg: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap()
}

/// The colours in the middle of the four quarters: top left, top right, bottom left, bottom right.
fn corners(image: &DynamicImage) -> [Rgb<u8>; 4] {
    let (width, height) = image.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| {
        let Rgba([red, green, blue, _]) = image.get_pixel(x * width / 4, y * height / 4);
        nearest(Rgb([red, green, blue]))
    })
}

fn nearest(colour: Rgb<u8>) -> Rgb<u8> {
    let distance = |other: &Rgb<u8>| {
        colour
            .0
            .iter()
            .zip(other.0)
            .map(|(a, b)| u32::from(a.abs_diff(b)))
            .sum::<u32>()
    };
    let found = [RED, GREEN, BLUE, WHITE]
        .into_iter()
        .min_by_key(distance)
        .unwrap();
    assert!(distance(&found) < 60, "{colour:?}");
    found
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn refused(bytes: &[u8]) -> Refused {
    match prepare(bytes) {
        Err(PhotoError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_of_the_eight_orientations_comes_out_upright() {
    // What the eight numbers mean: EXIF 2.32, tag 274. Where the stored quarters belong when shown.
    let rows = [
        (1, [RED, GREEN, BLUE, WHITE]),
        (2, [GREEN, RED, WHITE, BLUE]),
        (3, [WHITE, BLUE, GREEN, RED]),
        (4, [BLUE, WHITE, RED, GREEN]),
        (5, [RED, BLUE, GREEN, WHITE]),
        (6, [BLUE, RED, WHITE, GREEN]),
        (7, [WHITE, GREEN, BLUE, RED]),
        (8, [GREEN, WHITE, RED, BLUE]),
    ];
    for (orientation, expected) in rows {
        let prepared = prepare(&jpeg_with_exif(&quarters(64, 48), orientation)).unwrap();
        let size = if orientation < 5 { (64, 48) } else { (48, 64) };
        assert_eq!((prepared.width, prepared.height), size, "{orientation}");
        let kept = open(&prepared.image);
        assert_eq!(kept.dimensions(), size, "{orientation}");
        assert_eq!(corners(&kept), expected, "{orientation}");
        assert_eq!(corners(&open(&prepared.thumbnail)), expected, "{orientation}");
    }
}

#[test]
fn place_camera_and_hidden_previews_are_gone() {
    let given = jpeg_with_exif(&quarters(64, 48), 6);
    assert!(contains(&given, b"GPS-LATITUDE") && contains(&given, b"Exif"));
    let Prepared { image, thumbnail, .. } = prepare(&given).unwrap();
    for kept in [image, thumbnail] {
        for word in [
            &b"GPS-LATITUDE"[..],
            b"Exif",
            b"http",
            b"Photoshop",
            b"ICC_PROFILE",
        ] {
            assert!(!contains(&kept, word));
        }
        // No APP1 to APP15 and no comment: only JFIF's own APP0 may stand there.
        for marker in (0xe1..=0xef).chain([0xfe]) {
            assert!(!contains(&kept, &[0xff, marker]), "{marker:x}");
        }
    }
}

#[test]
fn jpeg_png_and_webp_are_taken_whatever_their_name() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let prepared = prepare(&file(&quarters(100, 60), format)).unwrap();
        assert_eq!(prepared.media_type, "image/jpeg");
        assert_eq!((prepared.width, prepared.height), (100, 60), "{format:?}");
        assert_eq!(
            corners(&open(&prepared.image)),
            [RED, GREEN, BLUE, WHITE],
            "{format:?}"
        );
    }
}

#[test]
fn a_large_photo_is_made_smaller_and_a_small_one_never_larger() {
    for (given, kept, thumbnail) in [
        ((4600, 2300), (2048, 1024), (320, 160)),
        ((1500, 3000), (1024, 2048), (160, 320)),
        ((2048, 10), (2048, 10), (320, 2)),
        ((200, 100), (200, 100), (200, 100)),
        ((1, 1), (1, 1), (1, 1)),
        ((6000, 1), (2048, 1), (320, 1)),
    ] {
        let prepared = prepare(&file(&quarters(given.0, given.1), ImageFormat::Jpeg)).unwrap();
        assert_eq!((prepared.width, prepared.height), kept, "{given:?}");
        assert_eq!(open(&prepared.image).dimensions(), kept, "{given:?}");
        assert_eq!(open(&prepared.thumbnail).dimensions(), thumbnail, "{given:?}");
        assert!(kept.0.max(kept.1) <= LONG_SIDE && thumbnail.0.max(thumbnail.1) <= THUMBNAIL_LONG_SIDE);
    }
}

#[test]
fn what_is_see_through_becomes_white() {
    let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(16, 16, Rgba([0, 0, 0, 0])));
    let kept = open(&prepare(&file(&glass, ImageFormat::Png)).unwrap().image);
    assert!(kept.get_pixel(8, 8).0.iter().all(|part| *part > 250));
}

#[test]
fn a_phones_wide_colours_stay_as_red_as_they_were() {
    use image::ImageEncoder as _;
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let skin = RgbImage::from_pixel(16, 16, Rgb([200, 80, 80]));
    let mut given = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(&mut given);
    encoder.set_icc_profile(profile).unwrap();
    encoder
        .write_image(&skin, 16, 16, image::ExtendedColorType::Rgb8)
        .unwrap();
    let Rgba([red, green, blue, _]) = open(&prepare(&given).unwrap().image).get_pixel(8, 8);
    // Display P3 (200, 80, 80) is about (216, 73, 76) in sRGB.
    assert!(
        red.abs_diff(216) < 6 && green.abs_diff(73) < 6 && blue.abs_diff(76) < 6,
        "{red} {green} {blue}"
    );
}

#[test]
fn other_kinds_are_refused_in_words() {
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    heic.resize(4096, 7);
    assert_eq!(refused(&heic), Refused::Heic);
    assert!(refused(&heic).to_string().contains("Most compatible"));
    for (bytes, expected) in [
        (&b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix"[..], Refused::Heic),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avifmiaf", Refused::Avif),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Refused::Avif),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", Refused::Video),
        (b"GIF89a\x01\0\x01\0", Refused::Gif),
        (b"II*\0\x08\0\0\0", Refused::Tiff),
        (b"MM\0*\0\0\0\x08", Refused::Tiff),
        (b"BM\0\0", Refused::Bmp),
        (b"%PDF-1.7", Refused::Pdf),
        (b"<?xml version='1.0'?><svg/>", Refused::Svg),
        (b"", Refused::Empty),
        (b"hello", Refused::Other),
    ] {
        assert_eq!(refused(bytes), expected, "{bytes:?}");
    }
}

/// A PNG that says how large it is and then has nothing to show for it.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    for chunk in [&header[..], b"IDAT", b"IEND"] {
        bytes.extend(u32::try_from(chunk.len() - 4).unwrap().to_be_bytes());
        bytes.extend(chunk);
        bytes.extend(crc32(chunk).to_be_bytes());
    }
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    assert_eq!(
        prepare(&png_claiming(30_000, 30_000)),
        Err(PhotoError::TooManyPixels)
    );
    assert_eq!(prepare(&png_claiming(12_001, 1)), Err(PhotoError::TooManyPixels));
    // Within the sides, but 412 MB of pixels.
    assert_eq!(
        prepare(&png_claiming(12_000, 12_000)),
        Err(PhotoError::TooManyPixels)
    );
    // A JPEG that says so in its frame header.
    let mut jpeg = file(&quarters(64, 48), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(prepare(&jpeg), Err(PhotoError::TooManyPixels));
    assert_eq!(
        prepare(&vec![0xff; MOST_BYTES + 1]),
        Err(PhotoError::TooLarge {
            bytes: MOST_BYTES + 1
        })
    );
}

#[test]
fn a_file_cut_short_is_refused() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = file(&quarters(64, 48), format);
        // PNG's last chunk says only that it was the last.
        let needed = whole.len() - if format == ImageFormat::Png { 12 } else { 0 };
        for length in 12..needed {
            assert!(
                matches!(prepare(&whole[..length]), Err(PhotoError::Damaged(_))),
                "{format:?} {length} of {needed}"
            );
        }
    }
}

#[test]
fn errors_say_what_to_do() {
    assert_eq!(
        PhotoError::TooLarge {
            bytes: MOST_BYTES + 1
        }
        .to_string(),
        "this file has 51 MB and a photo may have 50 MB: choose a smaller copy of it"
    );
    assert!(
        PhotoError::TooManyPixels
            .to_string()
            .contains("choose a smaller copy")
    );
}

#[tokio::test]
async fn it_is_prepared_off_the_async_threads() {
    let given = file(&quarters(64, 48), ImageFormat::Jpeg);
    assert_eq!(prepare_off_thread(given.clone()).await, prepare(&given));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn garbage_never_panics(kind in 0_usize..5, garbage in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let begin: [&[u8]; 5] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftyp"];
        let _ = prepare(&[begin[kind], &garbage].concat());
    }

    #[test]
    fn a_damaged_photo_never_panics(
        format in 0_usize..3,
        damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][format];
        let mut bytes = if format == ImageFormat::Jpeg {
            jpeg_with_exif(&quarters(40, 30), 6)
        } else {
            file(&quarters(40, 30), format)
        };
        for (place, byte) in damages {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(prepared) = prepare(&bytes) {
            prop_assert!(prepared.width.max(prepared.height) <= LONG_SIDE);
        }
    }
}
