import { tick } from 'svelte';
import { call, type CallFailure } from '../ipc';
import type { OpenSpan } from '../ipc/generated/OpenSpan';
import type { SettingFault } from '../ipc/generated/SettingFault';
import { ANYWHERE, proposedEmergency, type Proposal } from '../lib/emergency';
import { wallClock } from '../lib/time';
import type { Companion } from './companion.svelte';
import { SessionDraft } from './session-draft.svelte';

/** The steps of the first run, in their order. */
export const STEPS = ['session', 'numbers', 'reminders', 'end'] as const;

/** A step of the first run. */
export type Step = (typeof STEPS)[number];

/** The first run: what was typed so far. It outlives each step, so that nothing is lost on the way back and forth. */
export class Setup {
  /** None before the patient begins. */
  step = $state<Step | null>(null);
  /** What there is to enter. */
  kind = $state<'over' | 'booked' | 'none'>('over');
  /** The session that is over. */
  readonly session: SessionDraft;
  /** When the booked one begins, on the wall clock. */
  bookedDate = $state('');
  bookedTime = $state('');
  bookedFault = $state<'no_moment' | 'past' | null>(null);
  /** Whom to call. */
  clinicName = $state('');
  clinicPhone = $state('');
  afterHoursPhone = $state('');
  hours = $state.raw<OpenSpan[]>([]);
  emergency = $state('');
  /** The emergency number that is proposed; none where the patient chose one before. */
  readonly proposed: Proposal | null;
  faults = $state<SettingFault[]>([]);
  /** Whether a real notification was seen. */
  tested = $state<'no' | 'asking' | 'seen' | 'not_seen'>('no');
  busy = $state(false);
  failure = $state.raw<CallFailure | null>(null);
  /** Why the reminder to try was not shown, or the service's start not changed. */
  reminderFailure = $state.raw<CallFailure | null>(null);

  readonly #app: Companion;

  constructor(app: Companion, language: string) {
    this.#app = app;
    const { now, zone, settings } = app.overview ?? {};
    this.session = new SessionDraft(now ?? '1970-01-01T00:00:00Z', zone ?? 'UTC');
    this.clinicName = settings?.clinic.name ?? '';
    this.clinicPhone = settings?.clinic.phone ?? '';
    this.afterHoursPhone = settings?.clinic.after_hours_phone ?? '';
    this.hours = settings?.clinic.hours ?? [];
    const usual = settings?.emergency_number ?? ANYWHERE;
    this.proposed = usual === ANYWHERE ? proposedEmergency(zone ?? '', language) : null;
    this.emergency = this.proposed?.number ?? usual;
  }

  /** Begins, or goes to a step; what was typed stays. */
  go(step: Step | null): void {
    this.failure = null;
    this.reminderFailure = null;
    this.step = step;
  }

  /** Goes one step back. */
  back(): void {
    this.go(this.step ? (STEPS[STEPS.indexOf(this.step) - 1] ?? null) : null);
  }

  /** Goes on without what this step asks; the emergency number is then the one that was proposed. */
  async skip(): Promise<void> {
    if (this.busy) return;
    if (this.step === 'session') this.kind = 'none';
    if (this.step === 'numbers' && this.proposed && !this.#numbersKept) {
      const { number } = this.proposed;
      this.busy = true;
      this.failure = await this.#app.change(() => ({ emergency_number: number }));
      this.busy = false;
      if (this.failure) return;
    }
    this.#forth();
  }

  /** Goes on, if what was typed will do. */
  async next(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    const will = this.step === 'session' ? await this.#sessionWill() : await this.#numbersWill();
    this.busy = false;
    if (will) this.#forth();
  }

  /** Keeps the session that is over or booked; Today follows by itself. */
  async finish(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = await this.#keep();
    this.busy = false;
    if (!this.failure) this.step = null;
    // What was fine when it was typed may be no longer: back to where it can be mended.
    else if (this.failure.code === 'invalid_session') {
      this.go('session');
      void this.session.faults.mark(this.#sessionFaults());
    } else if (this.failure.code === 'invalid_appointment') {
      this.go('session');
      this.#markBooked('past');
    }
  }

  #refused: CallFailure | null = null;
  #numbersKept = false;

  #sessionFaults() {
    return this.#refused?.code === 'invalid_session' ? this.#refused.faults : [];
  }

  async #keep(): Promise<CallFailure | null> {
    const { agenda } = this.#app;
    this.#refused = null;
    if (this.kind === 'booked') {
      return agenda.keepAppointment({ id: null, at: this.#booked, note: '' });
    }
    const input = this.kind === 'over' ? this.session.input() : null;
    if (!input) return null;
    this.#refused = await this.#app.addSession(input);
    return this.#refused;
  }

  async #sessionWill(): Promise<boolean> {
    if (this.kind === 'none') return true;
    if (this.kind === 'booked') {
      const { now, zone } = this.#app.overview ?? { now: 0, zone: 'UTC' };
      const clock = wallClock(now, zone);
      if (!this.bookedDate || !this.bookedTime) return this.#markBooked('no_moment');
      if (this.#booked <= `${clock.date}T${clock.time}:00`) return this.#markBooked('past');
      this.bookedFault = null;
      return true;
    }
    const input = this.session.input();
    if (!input) return false;
    const refused = await this.#app.sessions.check(input);
    void this.session.faults.mark(refused?.code === 'invalid_session' ? refused.faults : []);
    if (refused && refused.code !== 'invalid_session') this.failure = refused;
    return refused === null;
  }

  async #numbersWill(): Promise<boolean> {
    if (this.step !== 'numbers') return true;
    const refused = await this.#app.change(() => ({
      clinic: {
        name: this.clinicName.trim(),
        phone: this.clinicPhone.trim(),
        after_hours_phone: this.afterHoursPhone.trim(),
        hours: this.hours,
      },
      emergency_number: this.emergency.trim(),
    }));
    this.faults = refused?.code === 'invalid_settings' ? refused.faults : [];
    if (refused && refused.code !== 'invalid_settings') this.failure = refused;
    if (this.faults.length > 0) {
      await tick();
      document.querySelector<HTMLElement>('.setup [aria-invalid="true"]')?.focus();
    }
    this.#numbersKept ||= refused === null;
    return refused === null;
  }

  /** Shows a real notification, and asks whether it was seen. */
  async test(): Promise<void> {
    this.busy = true;
    this.tested = 'no';
    const answer = await call('test_reminder');
    this.reminderFailure = answer.ok ? null : answer.failure;
    if (answer.ok) this.tested = 'asking';
    this.busy = false;
  }

  /** Has the service started at login, or no longer. */
  async remindAtLogin(on: boolean): Promise<void> {
    this.reminderFailure = await this.#app.reminders.remindAtLogin(on);
  }

  get #booked(): string {
    return `${this.bookedDate}T${this.bookedTime}:00`;
  }

  #markBooked(fault: 'no_moment' | 'past'): false {
    this.bookedFault = fault;
    void tick().then(() => document.getElementById('booked-date')?.focus());
    return false;
  }

  #forth(): void {
    const at = this.step ? STEPS.indexOf(this.step) : -1;
    this.go(STEPS[at + 1] ?? null);
  }
}
