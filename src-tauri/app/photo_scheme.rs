//! The window's way to a photo's bytes: `photo://localhost/<id>` and `photo://localhost/<id>/thumbnail`.
//!
//! It knows ids and nothing else: no list, no path, no other method than GET. What is not there, and what
//! cannot be given now (the diary is locked), is the same 404.

use afterglow_diary::photos::{PhotoBytes, PhotoId};
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{Manager as _, UriSchemeContext, UriSchemeResponder, Wry};
use uuid::Uuid;

use crate::app::App;

/// The scheme's name. Where web views take no scheme of one's own, it is `http://photo.localhost`.
pub(crate) const NAME: &str = "photo";

/// Which bytes of which photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Image(PhotoId),
    Thumbnail(PhotoId),
}

/// Answers the window.
#[expect(clippy::needless_pass_by_value, reason = "the shape that Tauri calls")]
pub(crate) fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let tauri = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let found = match (wanted(&request), tauri.try_state::<App>()) {
            (Some(wanted), Some(app)) => bytes(&app, wanted).await,
            _ => None,
        };
        responder.respond(response(found));
    });
}

fn wanted(request: &Request<Vec<u8>>) -> Option<Wanted> {
    if request.method() != Method::GET || request.uri().query().is_some() {
        return None;
    }
    address(request.uri().path())
}

fn address(path: &str) -> Option<Wanted> {
    let path = path.strip_prefix('/')?;
    let id = |text: &str| {
        let id = Uuid::try_parse(text).ok()?;
        // The other ways to write an id are no addresses.
        (id.to_string() == text).then_some(PhotoId(id))
    };
    match path.split_once('/') {
        None => id(path).map(Wanted::Image),
        Some((text, "thumbnail")) => id(text).map(Wanted::Thumbnail),
        Some(_) => None,
    }
}

async fn bytes(app: &App, wanted: Wanted) -> Option<PhotoBytes> {
    let diary = app.diary().await.ok()?;
    match wanted {
        Wanted::Image(id) => diary.photo_image(id).await,
        Wanted::Thumbnail(id) => diary.photo_thumbnail(id).await,
    }
    .ok()?
}

fn response(found: Option<PhotoBytes>) -> Response<Vec<u8>> {
    let status = if found.is_some() {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    let (media_type, bytes) = found.map_or_else(
        || ("text/plain".to_owned(), Vec::new()),
        |photo| (photo.media_type, photo.bytes),
    );
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(media_type) = media_type.parse() {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    // Nothing of the diary may stay in the web view's cache.
    headers.insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        header::HeaderValue::from_static("nosniff"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "019aa2f0-0000-7000-8000-000000000001";

    #[test]
    fn an_id_is_the_only_address() {
        let id = PhotoId(Uuid::try_parse(ID).unwrap());
        assert_eq!(address(&format!("/{ID}")), Some(Wanted::Image(id)));
        assert_eq!(address(&format!("/{ID}/thumbnail")), Some(Wanted::Thumbnail(id)));
        for other in [
            String::new(),
            "/".to_owned(),
            ID.to_owned(),
            format!("/{ID}/"),
            format!("//{ID}"),
            format!("/{ID}/image"),
            format!("/{ID}/thumbnail/"),
            format!("/{{{ID}}}"),
            format!("/{}", ID.replace('-', "")),
            format!("/{}", ID.to_uppercase()),
            format!("/urn:uuid:{ID}"),
            "/../diary.db".to_owned(),
            "/%2e%2e/diary.db".to_owned(),
        ] {
            assert_eq!(address(&other), None, "{other}");
        }
    }

    #[test]
    fn only_get_is_answered_and_no_question() {
        for (method, query, answered) in [
            (Method::GET, "", true),
            (Method::GET, "?size=1", false),
            (Method::POST, "", false),
            (Method::HEAD, "", false),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(format!("photo://localhost/{ID}{query}"))
                .body(Vec::new())
                .unwrap();
            assert_eq!(wanted(&request).is_some(), answered);
        }
    }

    #[test]
    fn an_answer_is_never_cached_and_never_guessed_at() {
        let photo = PhotoBytes {
            media_type: "image/jpeg".to_owned(),
            bytes: vec![1, 2, 3],
        };
        for (found, status, length) in [(Some(photo), 200, 3), (None, 404, 0)] {
            let response = response(found);
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.body().len(), length);
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }
}
