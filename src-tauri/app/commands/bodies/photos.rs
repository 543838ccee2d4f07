//! Photos of a session. Their bytes reach the window by the scheme `photo`, not by a command.

use afterglow_care::session::SessionId;
use afterglow_diary::Diary;
use afterglow_diary::photo::{MOST_BYTES, PhotoError, prepare_off_thread};
use afterglow_diary::photos::{NewPhoto, PhotoId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::views;
use crate::wire::{Failure, PhotoInput, PhotoView};
use chrono::{DateTime, NaiveDate, Utc};

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
    let taken_at = match input.day {
        None => moment.now,
        Some(day) => on_day(&diary, moment, input.session, day).await?,
    };
    let (width, height) = (prepared.width, prepared.height);
    let photo = NewPhoto {
        id,
        session: input.session,
        check_in: input.check_in,
        taken_at,
        pose: input.pose,
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
        taken_at,
        pose: input.pose,
        width,
        height,
    })
}

/// When a photo of a past day was taken, as far as anybody knows: never after now.
async fn on_day(
    diary: &Diary,
    moment: &Moment,
    session: SessionId,
    day: NaiveDate,
) -> Result<DateTime<Utc>, Failure> {
    let sessions = diary.sessions().await?;
    let session = sessions.iter().find(|one| one.id == session);
    let session = session.ok_or(Failure::NotFound)?;
    Ok(session.evening_of(&moment.zone, day).min(moment.now))
}

/// A session's photos, oldest first.
pub async fn photos(app: &App, _moment: &Moment, session: SessionId) -> Result<Vec<PhotoView>, Failure> {
    let photos = app.diary().await?.photos(session).await?;
    Ok(photos.iter().map(views::photo).collect())
}
