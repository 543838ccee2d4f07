//! The floor of `cargo xtask bench`: the least that a Tauri window can be. One page of still text, no script, no
//! commands. What the app takes beyond this is the app's own.
//!
//! Called as `floor WIDTH HEIGHT` in logical pixels, so that its window is as large as the app's.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let mut size = std::env::args()
        .skip(1)
        .filter_map(|side| side.parse::<f64>().ok());
    let (width, height) = (size.next().unwrap_or(390.0), size.next().unwrap_or(844.0));
    tauri::Builder::default()
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "floor", WebviewUrl::default())
                .title("Floor")
                .inner_size(width, height)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("src-tauri/xtask/floor/tauri.conf.json"))
}
