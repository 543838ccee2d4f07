// Generated from src-tauri/app/commands/list.rs by `cargo xtask types`. Do not edit.
import type { ActInput } from "./ActInput";
import type { AppointmentInput } from "./AppointmentInput";
import type { AppointmentView } from "./AppointmentView";
import type { AssessmentView } from "./AssessmentView";
import type { Backups } from "./Backups";
import type { CallAnswer } from "./CallAnswer";
import type { CallNumbers } from "./CallNumbers";
import type { CanView } from "./CanView";
import type { CarePlanView } from "./CarePlanView";
import type { ChangedPassphrase } from "./ChangedPassphrase";
import type { CheckInInput } from "./CheckInInput";
import type { CheckInView } from "./CheckInView";
import type { CourseEnd } from "./CourseEnd";
import type { CourseInput } from "./CourseInput";
import type { EraseEverything } from "./EraseEverything";
import type { ErasePhoto } from "./ErasePhoto";
import type { EraseSession } from "./EraseSession";
import type { ErasedView } from "./ErasedView";
import type { EverythingErased } from "./EverythingErased";
import type { ExportInput } from "./ExportInput";
import type { Exported } from "./Exported";
import type { FollowUpInput } from "./FollowUpInput";
import type { ImportInput } from "./ImportInput";
import type { Importable } from "./Importable";
import type { IngredientsView } from "./IngredientsView";
import type { InspectedView } from "./InspectedView";
import type { MedicineInput } from "./MedicineInput";
import type { MedicineView } from "./MedicineView";
import type { MergedView } from "./MergedView";
import type { NewPassphrase } from "./NewPassphrase";
import type { Overview } from "./Overview";
import type { PastCall } from "./PastCall";
import type { PhotoInput } from "./PhotoInput";
import type { PhotoView } from "./PhotoView";
import type { ProgressInput } from "./ProgressInput";
import type { ProgressView } from "./ProgressView";
import type { ProtectionView } from "./ProtectionView";
import type { Reach } from "./Reach";
import type { RecoveryCodeView } from "./RecoveryCodeView";
import type { ReminderChoices } from "./ReminderChoices";
import type { ReminderChoicesView } from "./ReminderChoicesView";
import type { ReminderHealth } from "./ReminderHealth";
import type { RemovedPassphrase } from "./RemovedPassphrase";
import type { RestoreImport } from "./RestoreImport";
import type { RestoreInput } from "./RestoreInput";
import type { RestoredView } from "./RestoredView";
import type { Screen } from "./Screen";
import type { Secret } from "./Secret";
import type { SessionCorrection } from "./SessionCorrection";
import type { SessionId } from "./SessionId";
import type { SessionInCourse } from "./SessionInCourse";
import type { SessionInput } from "./SessionInput";
import type { SessionView } from "./SessionView";
import type { Settings } from "./Settings";
import type { StartAnew } from "./StartAnew";
import type { StartedAnew } from "./StartedAnew";
import type { TickInput } from "./TickInput";
import type { TimelineView } from "./TimelineView";

export interface Commands {
  /** What Today shows. */
  overview: { input: null; output: Overview };
  /** The newest session's days, past and to come; none before the first session. */
  timeline: { input: null; output: TimelineView | null };
  /** Whether what the patient asks about may be done yet. Called while they type. */
  can: { input: string; output: CanView };
  /** Which of a product's ingredients have to wait. */
  check_ingredients: { input: string; output: IngredientsView };
  /** Keeps that something of today's care was done, or was not after all. */
  tick_care: { input: TickInput; output: null };
  /** Keeps a session that ended. */
  add_session: { input: SessionInput; output: SessionView };
  /** Says what is wrong with a session that is not kept yet. */
  check_session: { input: SessionInput; output: null };
  /** Keeps what a session should have been entered as; what was entered before is kept too. */
  correct_session: { input: SessionCorrection; output: SessionView };
  /** The plan as it is for the newest session, every session, and the courses. */
  care_plan: { input: null; output: CarePlanView };
  /** Keeps a course, or a correction, and which sessions are of it. */
  keep_course: { input: CourseInput; output: null };
  /** Ends a course before its last session, or lets it go on after all. */
  end_course: { input: CourseEnd; output: null };
  /** Says which course a session is of, or that it is of none. */
  put_in_course: { input: SessionInCourse; output: null };
  /** Withdraws a session that was entered by mistake, with all that follows from it. */
  withdraw_session: { input: SessionId; output: null };
  /** Keeps a check-in, or a correction beside what it corrects, and says what follows from it. */
  record_check_in: { input: CheckInInput; output: CheckInView };
  /** What would follow from a check-in if it were kept; nothing is kept. */
  assess_check_in: { input: CheckInInput; output: AssessmentView };
  /** Every check-in that asked for a call, and what came of it, the newest first. */
  past_calls: { input: null; output: Array<PastCall> };
  /** A number as a QR code that a phone dials from, an SVG image; none for what cannot be dialled. */
  dial_code: { input: string; output: string | null };
  /** Notes what was done about a call card, which closes it. */
  answer_call: { input: CallAnswer; output: null };
  /** Keeps what came of a call, also that nobody was reached yet. */
  answer_follow_up: { input: FollowUpInput; output: null };
  /** Keeps what the patient chose. */
  change_settings: { input: Settings; output: Settings };
  /** Writes the coming reminders as an iCalendar file into the downloads folder. */
  export_calendar: { input: null; output: Exported };
  /** Fetches what the alarm host did, arms it anew (starting it if need be) and says how it is. */
  sync_reminders: { input: null; output: ReminderHealth };
  /** Starts the reminders again that the patient had stopped. */
  start_reminders: { input: null; output: ReminderHealth };
  /** Says what was done about a reminder that is due. */
  act_on_reminder: { input: ActInput; output: null };
  /** Whether a reminder would reach the patient. */
  reach: { input: null; output: Reach };
  /** Shows a real notification now. */
  test_reminder: { input: null; output: null };
  /** Shows nothing more today that can wait, or goes on. */
  pause_today: { input: boolean; output: null };
  /** Lets the reminder service start when the patient logs in, or no longer. */
  remind_at_login: { input: boolean; output: null };
  /** What can be chosen about reminders. */
  reminder_choices: { input: null; output: ReminderChoicesView };
  /** Keeps what was chosen about reminders, and arms them by it. */
  change_reminder_choices: { input: ReminderChoices; output: ReminderChoicesView };
  /** What the clinic prescribed. */
  medicines: { input: null; output: Array<MedicineView> };
  /** Keeps a medicine, or a correction, and arms its reminders. */
  keep_medicine: { input: MedicineInput; output: Array<MedicineView> };
  /** Withdraws a medicine and its reminders. */
  withdraw_medicine: { input: string; output: Array<MedicineView> };
  /** The booked sessions to come, soonest first. */
  appointments: { input: null; output: Array<AppointmentView> };
  /** Keeps a booked session, or a correction, and arms its reminders. */
  keep_appointment: { input: AppointmentInput; output: Array<AppointmentView> };
  /** Withdraws a booked session and its reminders. */
  withdraw_appointment: { input: string; output: Array<AppointmentView> };
  /** Opens the diary with what the patient typed. */
  unlock: { input: Secret; output: null };
  /** Closes the diary until the patient opens it; only where a passphrase is set. */
  lock: { input: null; output: null };
  /** Sets a diary aside that nothing opens any more, and begins an empty one. What is set aside is kept. */
  start_anew: { input: StartAnew; output: StartedAnew };
  /** The numbers that are kept outside the diary; none without the patient's consent. */
  call_numbers: { input: null; output: CallNumbers | null };
  /** Keeps the clinic's and the emergency number outside the diary, or no longer. */
  keep_numbers_outside: { input: boolean; output: null };
  /** How the diary's key is kept. */
  protection: { input: null; output: ProtectionView };
  /** Sets the first passphrase. */
  set_passphrase: { input: NewPassphrase; output: ProtectionView };
  /** Replaces the passphrase. */
  change_passphrase: { input: ChangedPassphrase; output: ProtectionView };
  /** Removes the passphrase. */
  remove_passphrase: { input: RemovedPassphrase; output: ProtectionView };
  /** Puts the key into the system's keyring. */
  keep_in_keyring: { input: null; output: ProtectionView };
  /** Takes the key out of the system's keyring. */
  leave_keyring: { input: null; output: ProtectionView };
  /** Makes a recovery code, shown once; one that was made before opens nothing any more. */
  new_recovery_code: { input: null; output: RecoveryCodeView };
  /** Removes the recovery code. */
  remove_recovery_code: { input: null; output: ProtectionView };
  /** The copies of the diary on this device. */
  backups: { input: null; output: Backups };
  /** Makes today's backup anew. */
  back_up_now: { input: null; output: Backups };
  /** Puts a backup in the diary's place, also where the diary is damaged. What is replaced is kept. */
  restore_backup: { input: RestoreInput; output: RestoredView };
  /** Writes everything into one file in the downloads folder, which a passphrase opens. */
  export_diary: { input: ExportInput; output: Exported };
  /** The files in the downloads folder that may be exports, newest first. */
  importable: { input: null; output: Array<Importable> };
  /** Checks an export and tells what it holds; nothing is changed. */
  inspect_import: { input: ImportInput; output: InspectedView };
  /** Checks an export again and puts it in the diary's place. What is replaced is kept. */
  restore_import: { input: RestoreImport; output: RestoredView };
  /** Checks an export again and joins it with the diary; both keep what they hold. */
  merge_import: { input: ImportInput; output: MergedView };
  /** Erases a session with everything about it, also from the copies on this device. */
  erase_session: { input: EraseSession; output: ErasedView };
  /** Erases a photo, also from the copies on this device. */
  erase_photo: { input: ErasePhoto; output: ErasedView };
  /** Erases the diary with its key and its copies, and lets the reminder service forget. */
  erase_everything: { input: EraseEverything; output: EverythingErased };
  /** Keeps a photo of a session. */
  add_photo: { input: PhotoInput; output: PhotoView };
  /** A session's photos, oldest first; their bytes come by the scheme `photo`. */
  photos: { input: SessionId; output: Array<PhotoView> };
  /** How recoveries went, laid over each other; none without a session. */
  progress: { input: ProgressInput; output: ProgressView | null };
  /** The screen that a notification asked for when it started the app. */
  opening_screen: { input: null; output: Screen | null };
}
