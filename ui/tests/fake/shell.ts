import type { World } from './worlds';

/**
 * Stands where the shell would: answers commands from a world, and keeps settings and check-ins
 * that are sent to it. Runs inside the page, so it may use nothing from outside itself.
 */
export function installShell(world: World): void {
  const callbacks = new Map<number, (message: unknown) => void>();
  const calls: { command: string; input: unknown }[] = [];
  let made = 0;

  const commands: Record<string, (input: never) => unknown> = {
    overview: () => world.overview,
    timeline: () => world.timeline,
    opening_screen: () => null,
    sync_reminders: () => world.overview?.status.reminders ?? null,
    add_session: () => world.overview?.recovery?.session ?? null,
    withdraw_session: () => {
      if (world.overview) world.overview = { ...world.overview, recovery: null, call: null };
      world.timeline = null;
      return null;
    },
    export_calendar: () => ({ path: '/home/alba/Downloads/afterglow.ics' }),
    answer_call: () => {
      if (world.overview) world.overview = { ...world.overview, call: null };
      return null;
    },
    change_settings: (settings) => {
      if (world.overview) world.overview = { ...world.overview, settings };
      return settings;
    },
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
            ? { check_in: recorded, session: recovery.session, level }
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
