// The one list of commands: the build script makes the window's permissions from it, the app its
// handlers, and the UI's TypeScript its `Commands` (see `commands::mod`).
macro_rules! every_command {
    ($with:ident) => {
        $with! {
            /// What Today shows.
            overview() -> Overview;
            /// The newest session's days, past and to come; none before the first session.
            timeline() -> Option<TimelineView>;
            /// Keeps a session that ended.
            add_session(SessionInput) -> SessionView;
            /// Withdraws a session that was entered by mistake, with all that follows from it.
            withdraw_session(SessionId) -> ();
            /// Keeps a check-in about now and says what follows from it.
            record_check_in(CheckInInput) -> CheckInView;
            /// Notes what was done about a call card, which closes it.
            answer_call(CallAnswer) -> ();
            /// Keeps what the patient chose.
            change_settings(Settings) -> Settings;
            /// Writes the coming reminders as an iCalendar file into the downloads folder.
            export_calendar() -> Exported;
            /// Fetches what the alarm host did, arms it anew (starting it if need be) and says how it is.
            sync_reminders() -> ReminderHealth;
            /// The screen that a notification asked for when it started the app.
            opening_screen() -> Option<Screen>;
        }
    };
}
