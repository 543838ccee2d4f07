import type { AppointmentInput } from '../../src/ipc/generated/AppointmentInput';
import type { CallAnswer } from '../../src/ipc/generated/CallAnswer';
import type { CourseEnd } from '../../src/ipc/generated/CourseEnd';
import type { CourseInput } from '../../src/ipc/generated/CourseInput';
import type { FollowUpInput } from '../../src/ipc/generated/FollowUpInput';
import type { MedicineInput } from '../../src/ipc/generated/MedicineInput';
import type { ProgressInput } from '../../src/ipc/generated/ProgressInput';
import type { Reach } from '../../src/ipc/generated/Reach';
import type { ReminderChoicesView } from '../../src/ipc/generated/ReminderChoicesView';
import type { SessionInCourse } from '../../src/ipc/generated/SessionInCourse';
import type { Status } from '../../src/ipc/generated/Status';
import type { World } from './worlds';

/**
 * Stands where the shell would: answers commands from a world, and keeps settings and check-ins
 * that are sent to it. Runs inside the page, so it may use nothing from outside itself.
 */
export function installShell(world: World): void {
  const callbacks = new Map<number, (message: unknown) => void>();
  const calls: { command: string; input: unknown }[] = [];
  let made = 0;

  const holds = {
    sessions: 1,
    check_ins: 4,
    photos: 0,
    form: 3,
    newest_entry: '2026-11-23T18:02:00Z',
  };
  const copies = {
    last: { at: '2026-11-24T07:12:00Z', failure: null },
    copies: [
      { name: 'diary-2026-11-24.db', made: { kind: 'daily', date: '2026-11-24' }, bytes: 143_360, holds },
      { name: 'diary-2026-11-23.db', made: { kind: 'daily', date: '2026-11-23' }, bytes: 139_264, holds },
    ],
  };
  let reach: Reach = {
    health: { state: 'ready', server: 'dunst 1.9' },
    since: '2026-11-24T07:01:00Z',
    next: { label: 'Gentle wash', at: '2026-11-24T20:00:00Z' },
    last_shown: { label: null, at: '2026-11-24T08:00:00Z' },
    server: 'dunst 1.9',
    buttons: true,
    paused_until: null,
    mended: [],
    at_login: { state: 'off' },
  };
  let choices: ReminderChoicesView = {
    chosen: { sound: true, repeat_until_done: false, morning: null, evening: null, switched_off: [] },
    usual: { morning: '08:00:00', evening: '21:00:00' },
    instructions: [
      { instruction: 'no_makeup', label: 'No makeup', restricts: true },
      { instruction: 'moisturise', label: 'Moisturise', restricts: false },
    ],
    untold: [],
  };
  /** A list with what was entered in the place of what it changes, or at its end. */
  const kept = <T extends { id: string }>(
    list: T[] | undefined,
    { id }: { id: string | null },
    entry: Omit<T, 'id'>,
  ) => {
    made += 1;
    const named = { ...entry, id: id ?? `entered-${made}` } as T;
    const others = list ?? [];
    return id ? others.map((one) => (one.id === id ? { ...one, ...named } : one)) : [...others, named];
  };
  const without = <T extends { id: string }>(list: T[] | undefined, id: string) =>
    (list ?? []).filter((one) => one.id !== id);
  const status = (changes: Partial<Status>) => {
    const { overview } = world;
    if (overview) world.overview = { ...overview, status: { ...overview.status, ...changes } };
    return null;
  };
  const guard = (changes: Record<string, boolean>) => {
    const { overview } = world;
    if (!overview) return;
    const protection = { ...overview.status.protection, ...changes };
    world.overview = { ...overview, status: { ...overview.status, protection } };
  };

  const commands: Record<string, (input: never) => unknown> = {
    overview: () => world.overview,
    timeline: () => world.timeline,
    can: (question: string) => world.can?.[question.toLowerCase()] ?? { answers: [], begun: [] },
    check_ingredients: () => world.ingredients ?? null,
    progress: ({ session, over }: ProgressInput) => {
      const proposed = world.progress;
      if (!proposed) return null;
      const front = session ?? proposed.recoveries[0]?.session;
      const chosen = over ?? proposed.recoveries.map((recovery) => recovery.session);
      const all = (world.every_progress ?? proposed).recoveries;
      const others = all.filter((one) => one.session !== front && chosen.includes(one.session));
      return { ...proposed, recoveries: [...all.filter((one) => one.session === front), ...others] };
    },
    tick_care: (input: { key: string; done: boolean }) => {
      const { overview } = world;
      if (!overview?.recovery) return null;
      const care = overview.recovery.care.map((one) => ({
        ...one,
        ticks: one.ticks.map((tick) => (tick.key === input.key ? { ...tick, done: input.done } : tick)),
      }));
      world.overview = { ...overview, recovery: { ...overview.recovery, care } };
      return null;
    },
    opening_screen: () => null,
    sync_reminders: () => world.overview?.status.reminders ?? null,
    start_reminders: () => {
      status({ reminders: reach.health });
      return reach.health;
    },
    check_session: () => null,
    correct_session: () => world.overview?.recovery?.session ?? null,
    care_plan: () => world.care_plan ?? null,
    keep_course: ({ id, sessions, ...input }: CourseInput) => {
      const { care_plan } = world;
      if (!care_plan) return null;
      const known = care_plan.courses.find((course) => course.id === id);
      made += 1;
      const course = {
        ...(known ?? {
          id: `course-${made}`,
          ended: null,
          next: null,
          is_next: !care_plan.courses.some(({ is_next }) => is_next),
        }),
        ...input,
        sessions,
        runs: sessions.length < input.planned_sessions,
      };
      const courses = known
        ? care_plan.courses.map((one) => (one === known ? course : one))
        : [course, ...care_plan.courses];
      world.care_plan = { ...care_plan, courses };
      return null;
    },
    end_course: ({ course, ended }: CourseEnd) => {
      const { care_plan } = world;
      if (!care_plan) return null;
      const courses = care_plan.courses
        .map((one) =>
          one.id === course
            ? { ...one, runs: !ended, is_next: !ended, ended: ended ? '2026-11-24' : null }
            : one,
        )
        .filter((one) => one.ended === null || one.sessions.length > 0);
      world.care_plan = { ...care_plan, courses };
      return null;
    },
    put_in_course: ({ session, course }: SessionInCourse) => {
      const { care_plan } = world;
      if (!care_plan) return null;
      const sessions = care_plan.sessions.map((one) =>
        one.session.id === session ? { ...one, course } : one,
      );
      const courses = care_plan.courses.map((one) => ({
        ...one,
        sessions: sessions
          .filter((entry) => entry.course === one.id)
          .map((entry) => entry.session.id)
          .reverse(),
      }));
      world.care_plan = { ...care_plan, sessions, courses };
      return null;
    },
    add_session: () => world.overview?.recovery?.session ?? null,
    withdraw_session: (session?: string) => {
      const { care_plan } = world;
      const left = care_plan?.sessions.filter((one) => session !== undefined && one.session.id !== session);
      if (care_plan && left) world.care_plan = { ...care_plan, sessions: left };
      if (left && left.length > 0) return null;
      if (world.overview) world.overview = { ...world.overview, recovery: null, call: null };
      world.timeline = null;
      return null;
    },
    export_calendar: () => ({ path: '/home/alba/Downloads/afterglow.ics' }),
    act_on_reminder: (input: { key: string }) => {
      const { overview } = world;
      if (overview?.recovery) {
        const due = overview.recovery.due.filter(({ key }) => key !== input.key);
        world.overview = { ...overview, recovery: { ...overview.recovery, due } };
      }
      return null;
    },
    reach: () => {
      const health = world.overview?.status.reminders;
      return health?.state === 'stopped'
        ? { ...reach, health, since: null, server: null, buttons: null }
        : reach;
    },
    test_reminder: () => null,
    pause_today: (paused: boolean) => {
      reach = { ...reach, paused_until: paused ? '2026-11-24T23:00:00Z' : null };
      return status({ reminders_paused_until: reach.paused_until });
    },
    remind_at_login: (wanted: boolean) => {
      reach = { ...reach, at_login: { state: wanted ? 'on' : 'off' } };
      return status({ at_login: reach.at_login });
    },
    reminder_choices: () => choices,
    change_reminder_choices: (chosen: typeof choices.chosen) => {
      const untold = choices.instructions
        .filter(({ instruction, restricts }) => restricts && chosen.switched_off.includes(instruction))
        .map(({ label }) => label);
      choices = { ...choices, chosen, untold };
      return choices;
    },
    medicines: () => world.medicines ?? [],
    keep_medicine: (input: MedicineInput) => {
      world.medicines = kept(world.medicines, input, input);
      return world.medicines;
    },
    withdraw_medicine: (id: string) => {
      world.medicines = without(world.medicines, id);
      return world.medicines;
    },
    appointments: () => world.appointments ?? [],
    keep_appointment: (input: AppointmentInput) => {
      const zone = world.overview?.zone ?? 'UTC';
      world.appointments = kept(world.appointments, input, { zone, ...input });
      return world.appointments;
    },
    withdraw_appointment: (id: string) => {
      world.appointments = without(world.appointments, id);
      return world.appointments;
    },
    call_numbers: () => world.numbers ?? null,
    keep_numbers_outside: (wanted: boolean) => {
      const { overview } = world;
      if (overview) world.overview = { ...overview, status: { ...overview.status, numbers_outside: wanted } };
      return null;
    },
    start_anew: () => ({ path: '/home/alba/diary-locked-20261124T190000000Z', reminders_left: null }),
    unlock: () => null,
    lock: () => null,
    set_passphrase: () => {
      guard({ keyring: false, key_file: false, passphrase: true });
      return null;
    },
    change_passphrase: () => null,
    remove_passphrase: () => {
      guard({ keyring: true, passphrase: false });
      return null;
    },
    keep_in_keyring: () => {
      guard({ keyring: true, key_file: false });
      return null;
    },
    leave_keyring: () => {
      guard({ keyring: false });
      return null;
    },
    new_recovery_code: () => {
      guard({ recovery_code: true });
      return {
        groups: ['QPZR', 'Y9X8', 'GF2T', 'VDW0', 'S3JN', '54KH', 'CE6M', 'UA7L'],
        qr_svg:
          '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#fff" d="M0 0h9v9H0z"/><path d="M3 3h3v3H3z"/></svg>',
      };
    },
    remove_recovery_code: () => {
      guard({ recovery_code: false });
      return null;
    },
    backups: () => copies,
    back_up_now: () => copies,
    restore_backup: () => ({ holds, set_aside: 'replaced-20261124T190000000Z.db' }),
    export_diary: () => ({ path: '/home/alba/Downloads/afterglow-2026-11-24.age' }),
    importable: () => [
      {
        path: '/home/alba/Downloads/afterglow-2026-11-23.age',
        name: 'afterglow-2026-11-23.age',
        bytes: 84_312,
        modified: '2026-11-23T18:04:00Z',
      },
    ],
    inspect_import: () => ({ holds, made_at: '2026-11-23T18:04:00Z', app: '0.1.0' }),
    restore_import: () => ({ holds, set_aside: 'replaced-20261124T190000000Z.db' }),
    merge_import: () => ({ sessions: 1, check_ins: 2, corrections: 0, photos: 0, erased: 0 }),
    erase_session: () => {
      commands['withdraw_session']?.(undefined as never);
      return { copies_left: null };
    },
    erase_photo: () => ({ copies_left: null }),
    erase_everything: () => {
      commands['withdraw_session']?.(undefined as never);
      return { keyring_entry_left: false, reminders_left: null };
    },
    add_photo: () => null,
    photos: (session: string) =>
      (world.every_progress ?? world.progress)?.recoveries
        .filter((one) => one.session === session)
        .flatMap(({ photos }) => photos.map(({ photo }) => photo)) ?? [],
    answer_call: ({ check_in, outcome }: CallAnswer) => {
      const { overview } = world;
      if (!overview) return null;
      const outcome_asked = outcome === 'entered_by_mistake' ? null : { check_in, outcome, at: overview.now };
      world.overview = { ...overview, call: null, outcome_asked };
      return null;
    },
    answer_follow_up: ({ reached }: FollowUpInput) => {
      const { overview } = world;
      if (!overview) return null;
      if (reached) world.overview = { ...overview, outcome_asked: null };
      else if (overview.call)
        world.overview = { ...overview, call: { ...overview.call, not_reached_at: overview.now } };
      return null;
    },
    change_settings: (settings) => {
      if (world.overview) world.overview = { ...world.overview, settings };
      return settings;
    },
    assess_check_in: () =>
      world.assessed ?? { level: 'expected', complete: false, findings: [], closing: '' },
    past_calls: () => world.past_calls ?? [],
    dial_code: () => world.dial_code ?? null,
    record_check_in: () => {
      const { overview, recorded } = world;
      if (overview?.recovery && recorded) {
        const recovery = {
          ...overview.recovery,
          last_check_in: recorded,
          checked_in_today: recorded.assessment.complete,
        };
        const { level } = recorded.assessment;
        const call =
          level === 'call_clinic' || level === 'emergency'
            ? {
                check_in: recorded,
                session: recovery.session,
                level,
                summary: world.read_out ?? '',
                not_reached_at: null,
              }
            : null;
        world.overview = { ...overview, recovery, call };
      }
      return recorded;
    },
  };

  Object.assign(window, {
    afterglowCalls: calls,
    afterglowShow: (screen: string) => {
      for (const callback of callbacks.values()) callback({ event: 'show', id: 1, payload: { screen } });
    },
    __TAURI_EVENT_PLUGIN_INTERNALS__: { unregisterListener: () => undefined },
    __TAURI_INTERNALS__: {
      transformCallback: (callback: (message: unknown) => void) => {
        made += 1;
        callbacks.set(made, callback);
        return made;
      },
      // Whoever serves the window serves its photos.
      convertFileSrc: (path: string, protocol: string) => `/${protocol}/${path}`,
      invoke: async (command: string, { input }: { input?: unknown } = {}) => {
        if (command.startsWith('plugin:event|')) return made;
        calls.push({ command, input });
        const refusal = world.refusals[command];
        if (refusal) throw refusal;
        const answer = commands[command];
        if (!answer) throw new Error(`no command is called ${command}`);
        return structuredClone(answer(input as never));
      },
    },
  });
}

/** What was called, for a test that looks at it. */
export function callsOf(command: string): unknown[] {
  const { afterglowCalls } = window as unknown as {
    afterglowCalls: { command: string; input: unknown }[];
  };
  return afterglowCalls.filter((one) => one.command === command).map((one) => one.input);
}
