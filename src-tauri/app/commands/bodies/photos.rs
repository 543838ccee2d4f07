//! Photos of a session. Their bytes reach the window by the scheme `photo`, not by a command.

use afterglow_care::session::SessionId;
use afterglow_diary::Diary;
use afterglow_diary::photo::{MOST_BYTES, PhotoError, prepare_off_thread};
use afterglow_diary::photos::{NewPhoto, PhotoId};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::check_ins::standing;
use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::views;
use crate::wire::{Failure, PhotoInput, PhotoView};
use chrono::{DateTime, Utc};

/// Keeps a photo, made anew without what its file said about place and camera.
pub async fn add_photo(app: &App, moment: &Moment, input: PhotoInput) -> Result<PhotoView, Failure> {
    let diary = app.diary().await?;
    // Four characters for three bytes: too many are not even decoded.
    let bytes = input.file.len() / 4 * 3;
    if bytes > MOST_BYTES {
        return Err(PhotoError::TooLarge { bytes }.into());
    }
    let (session, taken_at) = about(&diary, moment, &input).await?;
    let file = STANDARD
        .decode(input.file)
        .map_err(|error| PhotoError::Damaged(error.to_string()))?;
    let prepared = prepare_off_thread(file).await?;
    let id = PhotoId(new_id(moment.now));
    let (width, height) = (prepared.width, prepared.height);
    let photo = NewPhoto {
        id,
        session,
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
        session,
        check_in: input.check_in,
        taken_at,
        pose: input.pose,
        width,
        height,
    })
}

/// Whose skin a photo shows and when it was taken, as far as anybody knows: never after now. What was taken for a check-in
/// is of the check-in's session, and that of a past day may be an earlier one than the window shows.
async fn about(
    diary: &Diary,
    moment: &Moment,
    input: &PhotoInput,
) -> Result<(SessionId, DateTime<Utc>), Failure> {
    let sessions = diary.sessions().await?;
    let of = match input.check_in {
        None => input.session,
        Some(check_in) => {
            standing(diary, &sessions, check_in)
                .await?
                .ok_or(Failure::NotFound)?
                .session
        }
    };
    let session = sessions.iter().find(|one| one.id == of);
    let session = session.ok_or(Failure::NotFound)?;
    let taken_at = input.day.map_or(moment.now, |day| {
        session.evening_of(&moment.zone, day).min(moment.now)
    });
    Ok((of, taken_at))
}

/// A session's photos, oldest first.
pub async fn photos(app: &App, _moment: &Moment, session: SessionId) -> Result<Vec<PhotoView>, Failure> {
    let photos = app.diary().await?.photos(session).await?;
    Ok(photos.iter().map(views::photo).collect())
}
