// The one list of commands: the build script makes the window's permissions from it, the app its
// handlers, and the UI's TypeScript its `Commands` (see `commands::mod`).
macro_rules! every_command {
    ($with:ident) => {
        $with! {
            /// What Today shows.
            overview() -> Overview;
            /// The newest session's days, past and to come; none before the first session.
            timeline() -> Option<TimelineView>;
            /// Whether what the patient asks about may be done yet. Called while they type.
            can(String) -> CanView;
            /// Which of a product's ingredients have to wait.
            check_ingredients(String) -> IngredientsView;
            /// Keeps that something of today's care was done, or was not after all.
            tick_care(TickInput) -> ();
            /// Keeps a session that ended.
            add_session(SessionInput) -> SessionView;
            /// Says what is wrong with a session that is not kept yet.
            check_session(SessionInput) -> ();
            /// Keeps what a session should have been entered as; what was entered before is kept too.
            correct_session(SessionCorrection) -> SessionView;
            /// The plan as it is for the newest session, every session, and the courses.
            care_plan() -> CarePlanView;
            /// Keeps a course, or a correction, and which sessions are of it.
            keep_course(CourseInput) -> ();
            /// Ends a course before its last session, or lets it go on after all.
            end_course(CourseEnd) -> ();
            /// Says which course a session is of, or that it is of none.
            put_in_course(SessionInCourse) -> ();
            /// Withdraws a session that was entered by mistake, with all that follows from it.
            withdraw_session(SessionId) -> ();
            /// Keeps a check-in, or a correction beside what it corrects, and says what follows from it.
            record_check_in(CheckInInput) -> CheckInView;
            /// What would follow from a check-in if it were kept; nothing is kept.
            assess_check_in(CheckInInput) -> AssessmentView;
            /// Every check-in that asked for a call, and what came of it, the newest first.
            past_calls() -> Vec<PastCall>;
            /// A number as a QR code that a phone dials from, an SVG image; none for what cannot be dialled.
            dial_code(String) -> Option<String>;
            /// Notes what was done about a call card, which closes it.
            answer_call(CallAnswer) -> ();
            /// Keeps what came of a call, also that nobody was reached yet.
            answer_follow_up(FollowUpInput) -> ();
            /// Keeps what the patient chose.
            change_settings(Settings) -> Settings;
            /// Writes the coming reminders as an iCalendar file into the downloads folder.
            export_calendar() -> Exported;
            /// Fetches what the alarm host did, arms it anew (starting it if need be) and says how it is.
            sync_reminders() -> ReminderHealth;
            /// Starts the reminders again that the patient had stopped.
            start_reminders() -> ReminderHealth;
            /// Says what was done about a reminder that is due.
            act_on_reminder(ActInput) -> ();
            /// Whether a reminder would reach the patient.
            reach() -> Reach;
            /// Shows a real notification now.
            test_reminder() -> ();
            /// Shows nothing more today that can wait, or goes on.
            pause_today(bool) -> ();
            /// Lets the reminder service start when the patient logs in, or no longer.
            remind_at_login(bool) -> ();
            /// What can be chosen about reminders.
            reminder_choices() -> ReminderChoicesView;
            /// Keeps what was chosen about reminders, and arms them by it.
            change_reminder_choices(ReminderChoices) -> ReminderChoicesView;
            /// What the clinic prescribed.
            medicines() -> Vec<MedicineView>;
            /// Keeps a medicine, or a correction, and arms its reminders.
            keep_medicine(MedicineInput) -> Vec<MedicineView>;
            /// Withdraws a medicine and its reminders.
            withdraw_medicine(Uuid) -> Vec<MedicineView>;
            /// The booked sessions to come, soonest first.
            appointments() -> Vec<AppointmentView>;
            /// Keeps a booked session, or a correction, and arms its reminders.
            keep_appointment(AppointmentInput) -> Vec<AppointmentView>;
            /// Withdraws a booked session and its reminders.
            withdraw_appointment(Uuid) -> Vec<AppointmentView>;
            /// Opens the diary with what the patient typed.
            unlock(Secret) -> ();
            /// Closes the diary until the patient opens it; only where a passphrase is set.
            lock() -> ();
            /// Sets a diary aside that nothing opens any more, and begins an empty one. What is set aside is kept.
            start_anew(StartAnew) -> StartedAnew;
            /// The numbers that are kept outside the diary; none without the patient's consent.
            call_numbers() -> Option<CallNumbers>;
            /// Keeps the clinic's and the emergency number outside the diary, or no longer.
            keep_numbers_outside(bool) -> ();
            /// How the diary's key is kept.
            protection() -> ProtectionView;
            /// Sets the first passphrase.
            set_passphrase(NewPassphrase) -> ProtectionView;
            /// Replaces the passphrase.
            change_passphrase(ChangedPassphrase) -> ProtectionView;
            /// Removes the passphrase.
            remove_passphrase(RemovedPassphrase) -> ProtectionView;
            /// Puts the key into the system's keyring.
            keep_in_keyring() -> ProtectionView;
            /// Takes the key out of the system's keyring.
            leave_keyring() -> ProtectionView;
            /// Makes a recovery code, shown once; one that was made before opens nothing any more.
            new_recovery_code() -> RecoveryCodeView;
            /// Removes the recovery code.
            remove_recovery_code() -> ProtectionView;
            /// The copies of the diary on this device.
            backups() -> Backups;
            /// Makes today's backup anew.
            back_up_now() -> Backups;
            /// Puts a backup in the diary's place, also where the diary is damaged. What is replaced is kept.
            restore_backup(RestoreInput) -> RestoredView;
            /// Writes everything into one file in the downloads folder, which a passphrase opens.
            export_diary(ExportInput) -> Exported;
            /// The files in the downloads folder that may be exports, newest first.
            importable() -> Vec<Importable>;
            /// Checks an export and tells what it holds; nothing is changed.
            inspect_import(ImportInput) -> InspectedView;
            /// Checks an export again and puts it in the diary's place. What is replaced is kept.
            restore_import(RestoreImport) -> RestoredView;
            /// Checks an export again and joins it with the diary; both keep what they hold.
            merge_import(ImportInput) -> MergedView;
            /// Erases a session with everything about it, also from the copies on this device.
            erase_session(EraseSession) -> ErasedView;
            /// Erases a photo, also from the copies on this device.
            erase_photo(ErasePhoto) -> ErasedView;
            /// Erases the diary with its key and its copies, and lets the reminder service forget.
            erase_everything(EraseEverything) -> EverythingErased;
            /// Keeps a photo of a session.
            add_photo(PhotoInput) -> PhotoView;
            /// A session's photos, oldest first; their bytes come by the scheme `photo`.
            photos(SessionId) -> Vec<PhotoView>;
            /// How recoveries went, laid over each other; none without a session.
            progress(ProgressInput) -> Option<ProgressView>;
            /// The screen that a notification asked for when it started the app.
            opening_screen() -> Option<Screen>;
        }
    };
}
