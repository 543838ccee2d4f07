//! Photos of a session. Their bytes reach the window by the scheme `photo`, not by a command.

use afterglow_care::session::SessionId;
use afterglow_diary::photo::{MOST_BYTES, PhotoError, prepare_off_thread};
use afterglow_diary::photos::{NewPhoto, PhotoId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::views;
use crate::wire::{Failure, PhotoInput, PhotoView};

/// Keeps a photo, made anew without what its file said about place and camera.
pub async fn add_photo(app: &App, moment: &Moment, input: PhotoInput) -> Result<PhotoView, Failure> {
    let diary = app.diary().await?;
    // Four characters for three bytes: too many are not even decoded.
    let bytes = input.file.len() / 4 * 3;
    if bytes > MOST_BYTES {
        return Err(PhotoError::TooLarge { bytes }.into());
    }
    let file = STANDARD
        .decode(input.file)
        .map_err(|error| PhotoError::Damaged(error.to_string()))?;
    let prepared = prepare_off_thread(file).await?;
    let id = PhotoId(new_id(moment.now));
    let (width, height) = (prepared.width, prepared.height);
    let photo = NewPhoto {
        id,
        session: input.session,
        check_in: input.check_in,
        taken_at: moment.now,
        media_type: prepared.media_type.to_owned(),
        width,
        height,
        image: prepared.image,
        thumbnail: prepared.thumbnail,
    };
    if !diary.add_photo(photo, moment.now).await? {
        return Err(Failure::NotFound);
    }
    Ok(PhotoView {
        id: id.0,
        session: input.session,
        check_in: input.check_in,
        taken_at: moment.now,
        width,
        height,
    })
}

/// A session's photos, oldest first.
pub async fn photos(app: &App, _moment: &Moment, session: SessionId) -> Result<Vec<PhotoView>, Failure> {
    let photos = app.diary().await?.photos(session).await?;
    Ok(photos.iter().map(views::photo).collect())
}
