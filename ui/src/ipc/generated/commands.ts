// Generated from src-tauri/app/commands/list.rs by `cargo xtask types`. Do not edit.
import type { CallAnswer } from "./CallAnswer";
import type { CheckInInput } from "./CheckInInput";
import type { CheckInView } from "./CheckInView";
import type { Exported } from "./Exported";
import type { Overview } from "./Overview";
import type { ReminderHealth } from "./ReminderHealth";
import type { Screen } from "./Screen";
import type { SessionId } from "./SessionId";
import type { SessionInput } from "./SessionInput";
import type { SessionView } from "./SessionView";
import type { Settings } from "./Settings";
import type { TimelineView } from "./TimelineView";

export interface Commands {
  /** What Today shows. */
  overview: { input: null; output: Overview };
  /** The newest session's days, past and to come; none before the first session. */
  timeline: { input: null; output: TimelineView | null };
  /** Keeps a session that ended. */
  add_session: { input: SessionInput; output: SessionView };
  /** Withdraws a session that was entered by mistake, with all that follows from it. */
  withdraw_session: { input: SessionId; output: null };
  /** Keeps a check-in about now and says what follows from it. */
  record_check_in: { input: CheckInInput; output: CheckInView };
  /** Notes what was done about a call card, which closes it. */
  answer_call: { input: CallAnswer; output: null };
  /** Keeps what the patient chose. */
  change_settings: { input: Settings; output: Settings };
  /** Writes the coming reminders as an iCalendar file into the downloads folder. */
  export_calendar: { input: null; output: Exported };
  /** Fetches what the alarm host did, arms it anew (starting it if need be) and says how it is. */
  sync_reminders: { input: null; output: ReminderHealth };
  /** The screen that a notification asked for when it started the app. */
  opening_screen: { input: null; output: Screen | null };
}
