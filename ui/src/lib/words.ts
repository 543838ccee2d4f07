/** Sentences made of several facts. */
import type { CallFailure } from '../ipc';
import type { BackupView } from '../ipc/generated/BackupView';
import type { CheckInView } from '../ipc/generated/CheckInView';
import type { Holdings } from '../ipc/generated/Holdings';
import { m } from './messages.svelte';
import type { Calendar } from './calendar';

/** What the thermometer said: `temperature 38.4 °C`; nothing where it was not asked. */
export function measured({ temperature_c }: CheckInView, calendar: Calendar): string {
  return temperature_c === null ? '' : m.summary_temperature({ degrees: calendar.degrees(temperature_c) });
}

const GROUPS = {
  breathing: m.signs_breathing,
  head: m.signs_head,
  skin: m.signs_skin,
  eyes: m.signs_eyes,
  body: m.signs_body,
  surface: m.signs_surface,
  later: m.signs_later,
};

/** The name of a group of signs; a plan's own group has none here. */
export function groupName(group: string): string {
  return group in GROUPS ? GROUPS[group as keyof typeof GROUPS]() : m.signs_other();
}

/** Why a call failed and what to do next, for people. */
export function failureWords(failure: CallFailure): string {
  switch (failure.code) {
    case 'not_found':
      return m.failure_not_found();
    case 'no_answer':
      return m.failure_no_answer();
    case 'invalid_session':
      return m.save_failed();
    case 'invalid_check_in':
    case 'invalid_settings':
      return failure.faults.map((fault) => m[`fault_${fault}`]()).join(' ');
    case 'invalid_medicine':
      return failure.faults.map((fault) => m[`medicine_fault_${fault}`]()).join(' ');
    case 'invalid_appointment':
      return failure.faults.map((fault) => m[`appointment_fault_${fault}`]()).join(' ');
    case 'invalid_course':
      return failure.faults.map((fault) => m[`course_fault_${fault}`]()).join(' ');
    case 'note_too_long':
      return m.fault_note_too_long();
    case 'empty_check_in':
      return m.check_empty();
    case 'read_only':
      return m.failure_read_only();
    case 'disk_full':
      return m.failure_disk_full();
    case 'passphrase_too_short':
      return m.failure_passphrase_too_short({ least: failure.least });
    case 'not_confirmed':
      return m.failure_not_confirmed();
    case 'key_refused':
      return m[`key_fault_${failure.fault}`]();
    case 'import_refused':
      return m[`import_fault_${failure.fault}`]();
    case 'photo_refused':
      return m[`photo_fault_${failure.fault}`]();
    case 'diary_unavailable':
      return `${m[`trouble_${failure.trouble.kind}_why`]()} ${m[`trouble_${failure.trouble.kind}_do`]()}`;
    case 'diary_damaged':
      return `${m.trouble_damaged_why()} ${m.failure_diary_damaged_do()}`;
    case 'diary_opens':
      return m.failure_diary_opens();
    case 'numbers_not_kept':
      return m.failure_numbers_not_kept();
    case 'reminders_stopped':
      return m.failure_reminders_stopped();
    case 'reminders_refused':
      return m.failure_reminders_refused();
    case 'copy_failed':
      return m.failure_copy_failed();
    case 'diary_failed':
      return m.failure_diary_failed();
    case 'export_failed':
      return m.failure_export_failed();
  }
}

/** What the system said about it, where our own words cannot tell all that may help; nothing where they do. */
export function systemSaid(failure: CallFailure): string | null {
  switch (failure.code) {
    case 'key_refused':
    case 'import_refused':
      return failure.fault === 'other' ? failure.sentence : null;
    case 'no_answer':
    case 'numbers_not_kept':
    case 'reminders_refused':
    case 'copy_failed':
    case 'diary_failed':
    case 'export_failed':
      return failure.sentence;
    default:
      return null;
  }
}

/** What a copy of the diary holds, in numbers. */
export function holdingsWords({ sessions, check_ins, photos }: Counted): string {
  return m.diary_holds({ sessions, check_ins, photos });
}

type Counted = Pick<Holdings, 'sessions' | 'check_ins' | 'photos'>;

/** How a copy of the diary came about. */
export function backupWords({ made }: BackupView, calendar: Calendar): string {
  switch (made.kind) {
    case 'daily':
      return m.diary_backup_daily({ date: calendar.date(made.date) });
    case 'before_update':
      return m.diary_backup_before_update();
    case 'replaced':
      return m.diary_backup_replaced({ time: calendar.moment(made.at) });
    case 'damaged':
      return m.diary_backup_damaged({ time: calendar.moment(made.at) });
  }
}

/** The link that dials a number as people write it. */
export function dialled(number: string): string {
  return `tel:${number.replace(/[^+\d*#]/g, '')}`;
}
