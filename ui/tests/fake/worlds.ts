/**
 * What the shell answers in the situations that the tests and pictures look at. The answers are
 * recorded from the commands themselves (`cargo xtask types`); only the shell's own health and
 * refusals are set here, because a recording has neither.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CallFailure } from '../../src/ipc';
import type { AssessmentView } from '../../src/ipc/generated/AssessmentView';
import type { AppointmentView } from '../../src/ipc/generated/AppointmentView';
import type { BackupView } from '../../src/ipc/generated/BackupView';
import type { CarePlanView } from '../../src/ipc/generated/CarePlanView';
import type { CallNumbers } from '../../src/ipc/generated/CallNumbers';
import type { CanView } from '../../src/ipc/generated/CanView';
import type { CheckInView } from '../../src/ipc/generated/CheckInView';
import type { DiaryTrouble } from '../../src/ipc/generated/DiaryTrouble';
import type { IngredientsView } from '../../src/ipc/generated/IngredientsView';
import type { Locale } from '../../src/ipc/generated/Locale';
import type { MedicineView } from '../../src/ipc/generated/MedicineView';
import type { Overview } from '../../src/ipc/generated/Overview';
import type { ProgressView } from '../../src/ipc/generated/ProgressView';
import type { PastCall } from '../../src/ipc/generated/PastCall';
import type { Protection } from '../../src/ipc/generated/Protection';
import type { Status } from '../../src/ipc/generated/Status';
import type { TimelineView } from '../../src/ipc/generated/TimelineView';

/** Everything that the fake shell needs; plain data, because it crosses into a browser. */
export interface World {
  overview: Overview | null;
  timeline: TimelineView | null;
  /** Refusals by command; the diary's trouble is one of `overview`. */
  refusals: Record<string, CallFailure>;
  /** What a saved check-in turns into. */
  recorded: CheckInView | null;
  /** What is kept outside the diary. */
  numbers?: CallNumbers;
  /** What the patient entered to be reminded of. */
  medicines?: MedicineView[];
  appointments?: AppointmentView[];
  /** Answers to "Can I …?" by what is typed. */
  can?: Record<string, CanView>;
  /** What a product's list means. */
  ingredients?: IngredientsView;
  /** What is read out of a check-in that is saved. */
  read_out?: string;
  /** What is said of a check-in before it is saved; nothing unusual so far where none is given. */
  assessed?: AssessmentView;
  /** Every check-in that asked for a call. */
  past_calls?: PastCall[];
  /** A number as a code, whichever number it is. */
  dial_code?: string;
  /** How recoveries went, as it is proposed, and with all of them. */
  progress?: ProgressView | null;
  every_progress?: ProgressView;
  /** The care plan, the sessions and their courses. */
  care_plan?: CarePlanView;
  /** A screen whose file does not come. */
  missing?: string;
}

interface Recording {
  care_plan: CarePlanView;
  overview: Overview;
  timeline: TimelineView | null;
  past_calls: PastCall[];
  dial_code?: string;
  can?: Record<string, CanView>;
  ingredients?: IngredientsView;
  progress?: ProgressView | null;
  every_progress?: ProgressView;
}

const IN_KEYRING: Protection = { keyring: true, key_file: false, passphrase: false, recovery_code: false };

const HEALTHY: Status = {
  protection: IN_KEYRING,
  access: 'read_write',
  notes: [],
  reminders: { state: 'ready', server: 'dunst 1.9' },
  reminders_mended: false,
  reminders_paused_until: null,
  at_login: { state: 'on' },
  numbers_outside: false,
};

/** With a passphrase and a recovery code. */
export const GUARDED: Status = {
  ...HEALTHY,
  protection: { keyring: true, key_file: false, passphrase: true, recovery_code: true },
};

/** A backup that could take a damaged diary's place. */
export const BACKUP: BackupView = {
  name: 'diary-2026-11-24.db',
  made: { kind: 'daily', date: '2026-11-24' },
  bytes: 143_360,
  holds: { sessions: 1, check_ins: 4, photos: 2, form: 3, newest_entry: '2026-11-23T18:02:00Z' },
};

function recording(name: string, locale: Locale): Recording {
  // Vitest runs in `ui`; a URL would be the page's in happy-dom.
  const path = resolve(process.cwd(), `tests/recorded/${name}.${locale}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Recording;
}

const DIAL_CODE = recording('call_clinic', 'en').dial_code ?? '';

function world(name: string, locale: Locale, change: Partial<Overview> = {}): World {
  const { overview, timeline, ...asked } = recording(name, locale);
  return {
    ...asked,
    dial_code: DIAL_CODE,
    overview: { ...overview, status: HEALTHY, ...change },
    timeline,
    refusals: {},
    recorded: answerOf('expected', locale),
  };
}

/** The check-in that a situation ends with, as the command answered it. */
function answerOf(name: string, locale: Locale): CheckInView | null {
  return recording(name, locale).overview.recovery?.last_check_in ?? null;
}

/** Day 3 before a check-in that turns out as in another situation. */
export function aboutToBe(name: keyof typeof WORLDS, locale: Locale): World {
  const { overview, past_calls } = recording(name, locale);
  return {
    ...world('day3', locale),
    recorded: answerOf(name, locale),
    read_out: overview.call?.summary ?? '',
    past_calls,
  };
}

/** A call about which nobody was reached when it was last tried. */
export function nobodyReached(name: 'call_clinic' | 'emergency', locale: Locale): World {
  const { overview, ...rest } = world(name, locale);
  if (!overview?.call) throw new Error(`${name} has no call card`);
  return { ...rest, overview: { ...overview, call: { ...overview.call, not_reached_at: overview.now } } };
}

/** A call that was answered a while ago, and nothing was said yet about what came of it. */
export function answered(locale: Locale): World {
  const { overview, ...rest } = world('call_clinic', locale);
  if (!overview?.call) throw new Error('call_clinic has no call card');
  const { id, at } = overview.call.check_in;
  return {
    ...rest,
    overview: { ...overview, call: null, outcome_asked: { check_in: id, outcome: 'reached_clinic', at } },
  };
}

/** Day 3 with a medicine until the end of the week and a session booked elsewhere. */
export function prescribed(locale: Locale): World {
  return {
    ...world('day3', locale),
    medicines: [
      {
        id: '019aa2f0-0000-7000-8000-000000000201',
        name: 'Aciclovir 400 mg',
        from: '2026-11-21',
        to: '2026-11-28',
        times: ['08:00:00', '14:00:00', '20:00:00'],
      },
    ],
    appointments: [
      {
        id: '019aa2f0-0000-7000-8000-000000000301',
        at: '2027-01-04T10:30:00',
        zone: 'Europe/Lisbon',
        note: locale === 'es' ? 'Llegar sin maquillaje' : 'Come without makeup',
      },
    ],
  };
}

/** The newest session of a course alone, with its first photo. */
export function onePhotoOf(locale: Locale): World {
  const course = world('course', locale);
  const [front] = course.progress?.recoveries ?? [];
  if (!course.progress || !front) throw new Error('the course has no recovery');
  const progress = { ...course.progress, recoveries: [{ ...front, photos: front.photos.slice(0, 1) }] };
  return { ...course, progress, every_progress: progress };
}

/** The situations by name. */
export const WORLDS = {
  first: (locale: Locale): World => world('first', locale),
  before: (locale: Locale): World => world('before', locale),
  day0: (locale: Locale): World =>
    world('day0', locale, {
      status: {
        ...HEALTHY,
        protection: { ...IN_KEYRING, keyring: false, key_file: true },
        notes: [{ kind: 'keyring_not_taken', reason: 'org.freedesktop.secrets was not provided' }],
        reminders: { state: 'not_running', reason: 'afterglow-remind: the file was not found' },
        at_login: { state: 'off' },
      },
    }),
  day1: (locale: Locale): World => world('day1', locale),
  day3: (locale: Locale): World => world('day3', locale),
  stopped: (locale: Locale): World =>
    world('day3', locale, { status: { ...HEALTHY, reminders: { state: 'stopped' } } }),
  expected: (locale: Locale): World => world('expected', locale),
  unfinished: (locale: Locale): World => world('unfinished', locale),
  watch: (locale: Locale): World => world('watch', locale),
  day40: (locale: Locale): World =>
    world('day40', locale, {
      status: {
        ...HEALTHY,
        access: 'read_only_folder',
        reminders: { state: 'not_shown', reason: 'org.freedesktop.Notifications did not answer in 5 s' },
      },
    }),
  call_clinic: (locale: Locale): World => world('call_clinic', locale),
  call_no_number: (locale: Locale): World => {
    const { settings } = recording('call_clinic', locale).overview;
    return world('call_clinic', locale, {
      settings: { ...settings, clinic: { ...settings.clinic, name: '', phone: '' } },
    });
  },
  fever: (locale: Locale): World => world('fever', locale),
  worse: (locale: Locale): World => world('worse', locale),
  emergency: (locale: Locale): World => world('emergency', locale),
  course: (locale: Locale): World => world('course', locale),
} satisfies Record<string, (locale: Locale) => World>;

/** A world in which the diary does not open. */
export function troubled(trouble: DiaryTrouble): World {
  const path = '/home/alba/.local/share/care.afterglow.companion/diary/diary.db';
  return {
    overview: null,
    timeline: null,
    recorded: null,
    refusals: {
      overview: {
        code: 'diary_unavailable',
        trouble,
        path,
        sentence: 'org.freedesktop.secrets: the collection is locked',
      },
    },
  };
}
