//! Fills a diary with ten years of entries up to now, for `cargo xtask bench`. Called as `ten_years FOLDER`, the folder
//! that the diary is to lie in.

#[path = "../../diary/benches/diary/ten_years.rs"]
#[expect(dead_code, reason = "the diary's own benchmark needs smaller amounts too")]
mod ten_years;

use afterglow_diary::{Credential, Diary, NewKey};
use chrono::{TimeDelta, Utc};
use ten_years::{Amounts, fill};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("name the folder that the diary is to lie in")?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the entries end where the measured app's clock is"
    )]
    let now = Utc::now();
    let diary = Diary::open(folder.as_ref(), Credential::Unattended(NewKey::KeyFile))
        .await?
        .diary;
    fill(&diary, now - TimeDelta::days(3_650), Amounts::TEN_YEARS).await;
    diary.close().await;
    Ok(())
}
