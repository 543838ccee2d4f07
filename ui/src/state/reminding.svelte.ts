import { call, type CallFailure } from '../ipc';
import type { Act } from '../ipc/generated/Act';
import type { Reach } from '../ipc/generated/Reach';
import type { ReminderChoices } from '../ipc/generated/ReminderChoices';
import type { ReminderChoicesView } from '../ipc/generated/ReminderChoicesView';

/** What a patient can do about reminders, and whether one would reach them. */
export class Reminding {
  /** Whether a reminder would be seen; none before it was first asked for. */
  reach = $state.raw<Reach | null>(null);
  /** What can be chosen; none before it was first asked for. */
  choices = $state.raw<ReminderChoicesView | null>(null);

  readonly #changed: () => Promise<void>;
  /** One change after the other: each begins with what the one before has left. */
  #choosing: Promise<unknown> = Promise.resolve();

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Says what was done about a reminder that is due. */
  async act(key: string, act: Act): Promise<CallFailure | null> {
    const answer = await call('act_on_reminder', { key, act });
    if (!answer.ok) return answer.failure;
    await this.#changed();
    return null;
  }

  /** Asks the service how it is. */
  async readReach(): Promise<CallFailure | null> {
    const answer = await call('reach');
    if (!answer.ok) return answer.failure;
    this.reach = answer.value;
    return null;
  }

  /** Shows a real notification now. */
  async test(): Promise<CallFailure | null> {
    const answer = await call('test_reminder');
    const read = await this.readReach();
    return answer.ok ? read : answer.failure;
  }

  /** Shows nothing more today that can wait, or goes on. */
  async pauseToday(paused: boolean): Promise<CallFailure | null> {
    const answer = await call('pause_today', paused);
    return answer.ok ? this.#readBoth() : answer.failure;
  }

  /** Lets the service start when the patient logs in, or no longer. */
  async remindAtLogin(wanted: boolean): Promise<CallFailure | null> {
    const answer = await call('remind_at_login', wanted);
    return answer.ok ? this.#readBoth() : answer.failure;
  }

  /** Today tells of it too. */
  async #readBoth(): Promise<CallFailure | null> {
    const read = await this.readReach();
    await this.#changed();
    return read;
  }

  /** Reads what can be chosen. */
  async readChoices(): Promise<CallFailure | null> {
    const answer = await call('reminder_choices');
    if (!answer.ok) return answer.failure;
    this.choices = answer.value;
    return null;
  }

  /** Keeps changed choices, one change after the other; everything else stays as it was. */
  choose(changes: (now: ReminderChoices) => Partial<ReminderChoices>): Promise<CallFailure | null> {
    const choosing = this.#choosing.then(async () => {
      if (!this.choices) return null;
      const { chosen } = this.choices;
      const answer = await call('change_reminder_choices', { ...chosen, ...changes(chosen) });
      if (!answer.ok) return answer.failure;
      this.choices = answer.value;
      await this.#changed();
      return null;
    });
    this.#choosing = choosing;
    return choosing;
  }

  /** Holds nothing any more: the diary that it was read from is closed. */
  forget(): void {
    this.reach = null;
    this.choices = null;
  }
}
