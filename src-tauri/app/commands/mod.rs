//! The commands: everything that the window can ask of the app.
//!
//! Each is declared once in `list.rs`. From that declaration come its adapter to Tauri (below),
//! the window's permission to call it (`build.rs`) and its TypeScript (`bindings`). Its body is a
//! function of the same name in [`bodies`], which runs without a window; a command without one
//! does not compile.

// First: what follows sees the macro.
include!("list.rs");

use tauri::State;

use crate::app::App;
use crate::clock;
use crate::wire::{
    ActInput, AppointmentInput, AppointmentView, AssessmentView, Backups, CallAnswer, CallNumbers, CanView,
    CarePlanView, ChangedPassphrase, CheckInInput, CheckInView, CourseEnd, CourseInput, EraseEverything,
    ErasePhoto, EraseSession, ErasedView, EverythingErased, ExportInput, Exported, Failure, FollowUpInput,
    ImportInput, Importable, IngredientsView, InspectedView, MedicineInput, MedicineView, MergedView,
    NewPassphrase, Overview, PastCall, PhotoInput, PhotoView, ProgressInput, ProgressView, ProtectionView,
    Reach, RecoveryCodeView, ReminderChoices, ReminderChoicesView, ReminderHealth, RemovedPassphrase,
    RestoreImport, RestoreInput, RestoredView, Secret, SessionCorrection, SessionInCourse, SessionInput,
    SessionView, Settings, StartAnew, StartedAnew, TickInput, TimelineView,
};
use afterglow_care::session::SessionId;
use afterglow_reminders::alarms::Screen;
use uuid::Uuid;

#[cfg(test)]
mod bindings;
pub mod bodies;
#[cfg(test)]
mod recordings;

macro_rules! adapters {
    ($($(#[$doc:meta])* $name:ident($($input:ty)?) -> $output:ty;)*) => {
        $(
            $(#[$doc])*
            #[tauri::command]
            async fn $name(app: State<'_, App>, $(input: $input)?) -> Result<$output, Failure> {
                bodies::$name(&app, &clock::moment() $(, { let input: $input = input; input })?).await
            }
        )*

        /// Answers the window's calls.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

every_command!(adapters);
