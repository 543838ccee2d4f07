//! The table of photos, ready for the screen: made small and without metadata before they come here.

use afterglow_care::check_in::CheckInId;
use afterglow_care::photo::Pose;
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO photo (id, session, check_in, taken_at, pose, media_type, width, height, \
    entered_at, thumbnail, image) \
    SELECT ?1, ?2, (SELECT id FROM check_in WHERE entry = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 \
    WHERE EXISTS (SELECT 1 FROM session WHERE entry = ?2 AND id = ?2) \
    AND (?3 IS NULL OR EXISTS (SELECT 1 FROM check_in WHERE entry = ?3 AND session = ?2))";
// A photo hangs on a check-in's first entry; it is given with the one that counts.
const OF_SESSION: &str = "SELECT id, session, (SELECT entry FROM check_in_now WHERE id = photo.check_in) AS check_in, \
    taken_at, pose, media_type, width, height, entered_at FROM photo WHERE session = ?1 ORDER BY taken_at, id";
const IMAGE: &str = "SELECT media_type, image AS bytes FROM photo WHERE id = ?1";
const THUMBNAIL: &str = "SELECT media_type, thumbnail AS bytes FROM photo WHERE id = ?1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_SESSION, IMAGE, THUMBNAIL];

/// Identifies a photo for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhotoId(pub Uuid);

/// A photo to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Its identity.
    pub id: PhotoId,
    /// The session that it shows the skin of.
    pub session: SessionId,
    /// The check-in that it was taken for.
    pub check_in: Option<CheckInId>,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// From where.
    pub pose: Pose,
    /// Of both the image and the thumbnail: `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// Its width in pixels, at most 2,048.
    pub width: u32,
    /// Its height in pixels, at most 2,048.
    pub height: u32,
    /// The image.
    pub image: Vec<u8>,
    /// The image made small for lists.
    pub thumbnail: Vec<u8>,
}

/// A photo without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its identity.
    pub id: PhotoId,
    /// The session that it shows the skin of.
    pub session: SessionId,
    /// The check-in that it was taken for, by the entry that counts now.
    pub check_in: Option<CheckInId>,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// From where.
    pub pose: Pose,
    /// Of both the image and the thumbnail.
    pub media_type: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// When it was added.
    pub entered_at: DateTime<Utc>,
}

/// A photo's bytes, as a window takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoBytes {
    /// What they are.
    pub media_type: String,
    /// They.
    pub bytes: Vec<u8>,
}

impl Diary {
    /// Keeps a photo; durable on return. False when there is no such session, or it has no such check-in.
    pub async fn add_photo(&self, photo: NewPhoto, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let done = sqlx::query(INSERT)
            .bind(photo.id.0.to_string())
            .bind(photo.session.to_string())
            .bind(photo.check_in.map(|check_in| check_in.0.to_string()))
            .bind(millis(photo.taken_at))
            .bind(name(&photo.pose))
            .bind(photo.media_type)
            .bind(i64::from(photo.width))
            .bind(i64::from(photo.height))
            .bind(millis(now))
            .bind(photo.thumbnail)
            .bind(photo.image)
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A session's photos without their bytes, oldest first.
    pub async fn photos(&self, session: SessionId) -> Result<Vec<Photo>, DiaryError> {
        let rows = sqlx::query(OF_SESSION)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| read(Reader { table: "photo", row }))
            .collect()
    }

    /// A photo's image.
    pub async fn photo_image(&self, photo: PhotoId) -> Result<Option<PhotoBytes>, DiaryError> {
        self.photo_bytes(IMAGE, photo).await
    }

    /// A photo's thumbnail.
    pub async fn photo_thumbnail(&self, photo: PhotoId) -> Result<Option<PhotoBytes>, DiaryError> {
        self.photo_bytes(THUMBNAIL, photo).await
    }

    async fn photo_bytes(
        &self,
        statement: &'static str,
        photo: PhotoId,
    ) -> Result<Option<PhotoBytes>, DiaryError> {
        let row = sqlx::query(statement)
            .bind(photo.0.to_string())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref()
            .map(|row| {
                let row = Reader { table: "photo", row };
                Ok(PhotoBytes {
                    media_type: row.text("media_type")?,
                    bytes: row.bytes("bytes")?,
                })
            })
            .transpose()
    }
}

fn read(row: Reader<'_>) -> Result<Photo, DiaryError> {
    let check_in = match row.optional_text("check_in")? {
        None => None,
        Some(_) => Some(CheckInId(row.parsed("check_in")?)),
    };
    Ok(Photo {
        id: PhotoId(row.parsed("id")?),
        session: SessionId(row.parsed("session")?),
        check_in,
        taken_at: row.instant("taken_at")?,
        pose: row.named("pose")?,
        media_type: row.text("media_type")?,
        width: row.small("width")?,
        height: row.small("height")?,
        entered_at: row.instant("entered_at")?,
    })
}
