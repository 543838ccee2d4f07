/** What the shell would answer in the situations that the tests and pictures look at. */
import type { CallFailure } from '../../src/ipc';
import type { CheckInView } from '../../src/ipc/generated/CheckInView';
import type { DiaryTrouble } from '../../src/ipc/generated/DiaryTrouble';
import type { Locale } from '../../src/ipc/generated/Locale';
import type { Overview } from '../../src/ipc/generated/Overview';
import type { PhaseId } from '../../src/ipc/generated/PhaseId';
import type { PhaseSpan } from '../../src/ipc/generated/PhaseSpan';
import type { PhaseView } from '../../src/ipc/generated/PhaseView';
import type { Recovery } from '../../src/ipc/generated/Recovery';
import type { RestrictionView } from '../../src/ipc/generated/RestrictionView';
import type { SessionView } from '../../src/ipc/generated/SessionView';
import type { Settings } from '../../src/ipc/generated/Settings';
import type { TimelineRow } from '../../src/ipc/generated/TimelineRow';
import type { TimelineView } from '../../src/ipc/generated/TimelineView';
import { planIn } from './plan';

/** Everything that the fake shell needs; plain data, because it crosses into a browser. */
export interface World {
  overview: Overview | null;
  timeline: TimelineView | null;
  /** Refusals by command; the diary's trouble is one of `overview`. */
  refusals: Record<string, CallFailure>;
  /** What a saved check-in turns into. */
  recorded: CheckInView | null;
}

export const ZONE = 'Europe/Madrid';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 14:30 in Madrid. */
const ENDED = Date.parse('2026-11-21T13:30:00Z');
const iso = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');

const PHASES: readonly [PhaseId, PhaseSpan['accent'], number, number][] = [
  ['red_and_warm', 'redness', 0, 0],
  ['calming', 'redness', 1, 2],
  ['dry_and_flaky', 'dry', 3, 7],
  ['surface_healed', 'calm', 8, 13],
  ['early_change', 'results', 14, 29],
  ['building', 'results', 30, 89],
  ['review', 'results', 90, 180],
];

export const session: SessionView = {
  id: '019aa2f0-0000-7000-8000-000000000001',
  ended_at: iso(ENDED),
  setting: 'clinic',
  device: 'SkinPen',
  depth_mm: 1.5,
  areas: ['face'],
  concerns: ['acne_scars'],
};

function settingsIn(locale: Locale): Settings {
  return {
    locale,
    quiet_hours: { from: '22:00:00', until: '08:00:00' },
    wording: 'discreet',
    clinic: { name: 'Clínica Alba', phone: '+34 910 000 000' },
    emergency_number: '112',
  };
}

function spans(locale: Locale): PhaseSpan[] {
  const plan = planIn(locale);
  return PHASES.map(([id, accent, from_day, to_day]) => ({
    id,
    accent,
    name: plan.phase(id).name,
    from_day,
    to_day,
  }));
}

function phaseOn(day: number, locale: Locale): PhaseView {
  const all = spans(locale);
  const span = all.find((one) => day <= one.to_day) ?? all[all.length - 1];
  if (!span) throw new Error('there are phases');
  const { normal, care, results } = planIn(locale).phase(span.id);
  return {
    span,
    accent: span.id === 'dry_and_flaky' && day >= 5 ? 'peeling' : span.accent,
    normal,
    care,
    results,
  };
}

function restrictions(now: number, locale: Locale): RestrictionView[] {
  const plan = planIn(locale);
  return plan.windows
    .flatMap(({ id, kind, extrapolated, timing }): RestrictionView[] => {
      const [from, until] = timing.window?.hours.medium ?? [0, 0];
      const [starts, ends] = [ENDED + from * HOUR, ENDED + until * HOUR];
      if (starts > now || ends < now - DAY) return [];
      const { texts, sources } = plan.instruction(id);
      return [
        {
          ...texts,
          instruction: id,
          limit_only: kind === 'limit',
          sources,
          extrapolated: extrapolated ?? false,
          from: iso(starts),
          until: iso(ends),
          state: ends <= now ? 'ended' : 'holds',
        },
      ];
    })
    .sort((a, b) => a.state.localeCompare(b.state) * -1 || a.until.localeCompare(b.until));
}

function checkIn(day: number, hour: string, severities: CheckInView['severities']): CheckInView {
  const date = iso(ENDED + day * DAY).slice(0, 10);
  return {
    id: `019aa2f0-0000-7000-8000-0000000001${String(day).padStart(2, '0')}`,
    at: `${date}T${hour}:00Z`,
    day,
    severities,
    signs: [],
    note: '',
    assessment: { level: null, complete: true, findings: [] },
  };
}

const LOGGED: CheckInView[] = [
  checkIn(0, '16:40', { erythema: 3, edema: 2, warmth: 3, pain: 2 }),
  checkIn(1, '19:02', { erythema: 3, edema: 2, warmth: 1, pain: 1 }),
  checkIn(2, '19:11', { erythema: 2, edema: 1, warmth: 1, pain: 1 }),
];

function timelineOn(today: number, locale: Locale, logged: CheckInView[]): TimelineView {
  const plan = planIn(locale);
  const ranges: [TimelineRow['grain'], number, number][] = [
    ...Array.from({ length: 15 }, (_, day): [TimelineRow['grain'], number, number] => ['day', day, day]),
    ['week', 15, 21],
    ['week', 22, 29],
    ['month', 30, 59],
    ['month', 60, 89],
    ['month', 90, 120],
  ];
  let before: PhaseId | null = null;
  const rows = ranges.map(([grain, from, to]): TimelineRow => {
    const phase = phaseOn(from, locale);
    const begins = phase.span.id !== before;
    before = phase.span.id;
    const date = (day: number) => iso(ENDED + day * DAY).slice(0, 10);
    const ending = plan.windows.filter(({ timing }) => {
      const end = (timing.window?.hours.medium[1] ?? 0) / 24;
      return end >= from && end < to + 1;
    });
    return {
      grain,
      from_day: from,
      to_day: to,
      from_date: date(from),
      to_date: date(to),
      phase,
      phase_begins: begins,
      ends: ending.map(({ id, timing }) => ({
        over: plan.instruction(id).texts.over,
        at: iso(ENDED + (timing.window?.hours.medium[1] ?? 0) * HOUR),
      })),
      holds: plan.windows
        .filter(({ timing }) => (timing.window?.hours.medium[1] ?? 0) / 24 > to + 1)
        .map(({ id }) => plan.instruction(id).texts.label),
      check_ins: logged.filter((one) => one.day >= from && one.day <= to),
    };
  });
  return { session, zone: ZONE, today, rows };
}

function recoveryOn(day: number, now: number, locale: Locale, logged: CheckInView[]): Recovery {
  const plan = planIn(locale);
  const at = (time: string, days = day) => `${iso(ENDED + days * DAY).slice(0, 10)}T${time}:00Z`;
  const care = (instruction: string, times: string[]) => {
    const { texts, sources } = plan.instruction(instruction);
    return { ...texts, instruction, sources, times: times.map((time) => at(time)) };
  };
  const last = logged[logged.length - 1] ?? null;
  return {
    session,
    day,
    phase: phaseOn(day, locale),
    phases: spans(locale),
    restrictions: restrictions(now, locale),
    care: [
      care('gentle_cleanse', ['07:00', '20:00']),
      care('moisturise', ['07:00', '12:00', '17:00', '20:30']),
      care('sunscreen', ['07:00']),
      care('pain_relief', []),
    ],
    next_reminder: { label: plan.instruction('moisturise').texts.label, what: 'daily', at: at('20:30') },
    past_reminders: [
      {
        key: 'a',
        label: plan.instruction('moisturise').texts.label,
        due_at: at('17:00'),
        at: at('17:00'),
        state: 'opened',
      },
      {
        key: 'b',
        label: plan.instruction('moisturise').texts.label,
        due_at: at('12:00'),
        at: at('12:01'),
        state: 'shown',
      },
      {
        key: 'c',
        label: plan.instruction('gentle_cleanse').texts.label,
        due_at: at('20:00', day - 1),
        at: at('07:02'),
        state: 'missed',
      },
    ],
    last_check_in: last,
    checked_in_today: last?.day === day,
    plan: { ...plan.texts, version: 1 },
  };
}

function base(day: number, hoursIn: number, locale: Locale, logged: CheckInView[]): World {
  const now = ENDED + day * DAY + hoursIn * HOUR;
  return {
    overview: {
      now: iso(now),
      zone: ZONE,
      status: { key_protection: 'keyring', reminders: { state: 'ready', server: 'dunst 1.9' } },
      settings: settingsIn(locale),
      recovery: recoveryOn(day, now, locale, logged),
      call: null,
    },
    timeline: timelineOn(day, locale, logged),
    refusals: {},
    recorded: checkIn(day, '18:04', { erythema: 2, edema: 1, warmth: 0, pain: 1 }),
  };
}

function raised(level: 'call_clinic' | 'emergency', locale: Locale): CheckInView {
  const rules =
    level === 'emergency' ? ['anaphylaxis_signs', 'worse_instead_of_better'] : ['worse_instead_of_better'];
  return {
    ...checkIn(3, '18:04', { erythema: 4, edema: 2, warmth: 2, pain: 3 }),
    signs: level === 'emergency' ? ['breathing_difficulty'] : [],
    assessment: {
      level,
      complete: true,
      findings: rules.map((rule, index) => ({
        rule,
        level: index === 0 ? level : 'call_clinic',
        advice: planIn(locale).advice(rule).replace('{n}', '3'),
        sources: [],
      })),
    },
  };
}

function withCall(level: 'call_clinic' | 'emergency', locale: Locale): World {
  const check_in = raised(level, locale);
  const world = base(3, 4.6, locale, [...LOGGED, check_in]);
  if (world.overview) world.overview = { ...world.overview, call: { check_in, session, level } };
  return world;
}

function edited(world: World, edit: (overview: Overview) => Overview): World {
  return world.overview ? { ...world, overview: edit(world.overview) } : world;
}

/** The situations by name. */
export const WORLDS = {
  first: (locale: Locale): World => ({
    ...edited(base(0, 1, locale, []), (overview) => ({ ...overview, recovery: null })),
    timeline: null,
  }),
  day0: (locale: Locale): World =>
    edited(base(0, 2.2, locale, []), (overview) => ({
      ...overview,
      status: {
        key_protection: 'key_file',
        reminders: { state: 'not_running', reason: 'afterglow-remind: the file was not found' },
      },
    })),
  day1: (locale: Locale): World => base(1, 0.5, locale, LOGGED.slice(0, 1)),
  day3: (locale: Locale): World => base(3, 4.57, locale, LOGGED),
  checked: (locale: Locale): World =>
    base(3, 4.6, locale, [...LOGGED, checkIn(3, '18:04', { erythema: 2, edema: 1, warmth: 0, pain: 1 })]),
  day40: (locale: Locale): World =>
    edited(base(40, 4, locale, LOGGED), (overview) => ({
      ...overview,
      status: {
        key_protection: 'keyring',
        reminders: { state: 'not_shown', reason: 'org.freedesktop.Notifications did not answer in 5 s' },
      },
    })),
  call_clinic: (locale: Locale): World => withCall('call_clinic', locale),
  call_no_number: (locale: Locale): World =>
    edited(withCall('call_clinic', locale), (overview) => ({
      ...overview,
      settings: { ...overview.settings, clinic: { name: '', phone: '' } },
    })),
  emergency: (locale: Locale): World => withCall('emergency', locale),
} satisfies Record<string, (locale: Locale) => World>;

/** A world in which the diary does not open. */
export function troubled(trouble: DiaryTrouble): World {
  const path = '/home/alba/.local/share/care.afterglow.companion/diary.db';
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
