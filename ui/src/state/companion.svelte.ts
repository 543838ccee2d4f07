import { getContext, setContext, tick } from 'svelte';
import { call, type Answer, type CallFailure } from '../ipc';
import type { AssessmentView } from '../ipc/generated/AssessmentView';
import type { CallNumbers } from '../ipc/generated/CallNumbers';
import type { CallOutcome } from '../ipc/generated/CallOutcome';
import type { CheckInInput } from '../ipc/generated/CheckInInput';
import type { CheckInView } from '../ipc/generated/CheckInView';
import type { Failure } from '../ipc/generated/Failure';
import type { Locale } from '../ipc/generated/Locale';
import type { Overview } from '../ipc/generated/Overview';
import type { PastCall } from '../ipc/generated/PastCall';
import type { PhotoView } from '../ipc/generated/PhotoView';
import type { Questions } from '../ipc/generated/Questions';
import type { Screen } from '../ipc/generated/Screen';
import type { Secret } from '../ipc/generated/Secret';
import type { SessionId } from '../ipc/generated/SessionId';
import type { SessionInput } from '../ipc/generated/SessionInput';
import type { SessionView } from '../ipc/generated/SessionView';
import type { Settings } from '../ipc/generated/Settings';
import type { TimelineView } from '../ipc/generated/TimelineView';
import { Calendar } from '../lib/calendar';
import { ANYWHERE, emergencyOfZone, type Proposal } from '../lib/emergency';
import { speak } from '../lib/messages.svelte';
import { usualDegrees, type Degrees } from '../lib/temperature';
import { Agenda } from './agenda.svelte';
import { Custody } from './custody.svelte';
import { Drafts } from './drafts.svelte';
import { Keeping } from './keeping.svelte';
import { Planning } from './plan.svelte';
import { Looking } from './progress.svelte';
import { Reminding } from './reminding.svelte';
import { Sessions } from './sessions.svelte';

/** A screen of the window; the shell may ask for the first three. */
export type Place =
  'today' | 'timeline' | 'check_in' | 'new_session' | 'settings' | 'progress' | 'clinic' | 'plan';

/** A part of the care plan's screen, by the id of its heading. */
export type PlanPart = 'courses';

/** Where the window keeps the patient's language, for when the diary that knows it does not open. */
const LANGUAGE = 'language';

/** The diary could not be opened. */
export type Trouble = Extract<Failure, { code: 'diary_unavailable' }>;

/**
 * What the window knows: the newest answers of the shell, and where the patient is. Facts live in
 * the diary; every verb asks the shell and then reads anew.
 */
export class Companion {
  /** What Today shows; none before the first answer. */
  overview = $state.raw<Overview | null>(null);
  /** The newest session's days. */
  timeline = $state.raw<TimelineView | null>(null);
  /** Set while the diary cannot be opened: the whole window is about that. */
  trouble = $state.raw<Trouble | null>(null);
  /** Whom to call while the diary cannot be opened; none that the patient did not agree to keep outside it. */
  numbers = $state.raw<CallNumbers | null>(null);
  /** Where a diary is kept that was set aside since the window opened. */
  setAside = $state<string | null>(null);
  /** Why the newest reading failed, while an older one is shown. */
  stale = $state.raw<CallFailure | null>(null);
  /** The screen in front. */
  place = $state<Place>('today');
  /** The part of the care plan that was asked for, until it is in front; none is its beginning. */
  part: PlanPart | null = null;
  /** Whether the patient comes from a notification: Today then shows what is due at once. */
  seeksDue = $state(false);
  /** The past day (`YYYY-MM-DD`, in the patient's zone) that the check-in in front is about; none is now. */
  checkInDay = $state<string | null>(null);

  /** The kept check-in whose form is in front; none is a new one. */
  revising = $state.raw<CheckInView | null>(null);

  /** The diary itself: its key, its copies, its end. */
  readonly custody = new Custody(() => {
    // It may be of another diary from now on.
    this.agenda.forget();
    this.progress.forget();
    this.sessions.forget();
    this.photosToKeep.forget();
    this.plan.forget();
    if (this.reminders.choices) void this.reminders.readChoices();
    return this.#changed();
  });

  /** Reminders: what is done about them, and whether they arrive. */
  readonly reminders = new Reminding(() => this.#changed());

  /** What the patient entered to be reminded of. */
  readonly agenda = new Agenda(() => this.#changed());

  /** The sessions that were entered. */
  readonly sessions = new Sessions(() => this.#changed());

  /** The care plan and the courses. */
  readonly plan = new Planning(() => this.#changed());

  /** How recoveries went. */
  readonly progress = new Looking();

  /** Check-ins that are being typed. */
  readonly drafts = new Drafts();

  /** Photos that are not kept yet. */
  readonly photosToKeep = new Keeping(() => this.refresh());

  /** In what temperatures are measured here. */
  readonly degrees: Degrees;

  /** The emergency number where the device is, for when the diary that knows the patient's does not open. */
  readonly emergencyHere: Proposal;

  readonly #systemLocale: Locale;
  /** What opened the key of a diary that is damaged or gone: a restore needs it once more. */
  #secret: Secret | null = null;
  /** One sync after the other: the last one has seen every change before it. */
  #synced: Promise<unknown> = Promise.resolve();
  #changing: Promise<unknown> = Promise.resolve();
  #reading = 0;
  /** The newest reading of all. */
  #read: Promise<void> = Promise.resolve();
  /** From which screen each was opened last. */
  readonly #from: Partial<Record<Place, Place>> = {};

  constructor(systemLanguage: string, systemZone: string) {
    this.degrees = usualDegrees(systemLanguage);
    this.emergencyHere = emergencyOfZone(systemZone);
    const chosen = localStorage.getItem(LANGUAGE);
    const language = chosen ?? systemLanguage.toLowerCase();
    this.#systemLocale = language.startsWith('es') ? 'es' : 'en';
  }

  /** The patient's language; the system's until the diary is open. */
  get locale(): Locale {
    return this.overview?.settings.locale ?? this.#systemLocale;
  }

  /** Says times in the patient's language and zone, as of the newest answer. */
  readonly calendar = $derived.by(() => {
    const zone = this.overview?.zone ?? 'UTC';
    return new Calendar(this.locale, zone, this.overview?.now ?? '1970-01-01T00:00:00Z', this.degrees);
  });

  /** What a check-in asks, and so its words; none before the first session. */
  get questions(): Questions {
    return this.overview?.recovery?.questions ?? { symptoms: [], sign_groups: [] };
  }

  /** Shows a screen. */
  show(place: Place): void {
    if (place !== this.place) this.#from[place] = this.place;
    this.#open(place);
  }

  /** Shows the screen that the one in front was opened from. */
  back(): void {
    this.#open(this.#from[this.place] ?? 'today');
  }

  /** Shows the care plan, or a part of it, once it is read: nothing of it moves afterwards. */
  async openPlan(part: PlanPart | null = null): Promise<void> {
    await this.plan.read();
    this.part = part;
    this.show('plan');
  }

  #open(place: Place): void {
    this.checkInDay = null;
    this.revising = null;
    this.sessions.correcting = null;
    this.place = place;
  }

  /** Shows the screen that a notification or the tray asked for, then syncs: what they are about may be new. */
  async follow(screen: Screen): Promise<void> {
    this.#bring(screen);
    await this.sync();
    this.#brought();
  }

  #bring(screen: Screen): void {
    this.show(screen);
    this.seeksDue = screen === 'today';
  }

  /** Nothing was due: what is due later must not move the screen. */
  #brought(): void {
    void tick().then(() => (this.seeksDue = false));
  }

  /** Shows the form of a session that was entered wrongly. */
  correct(session: SessionView): void {
    this.show('new_session');
    this.sessions.correcting = session;
  }

  /** Shows the check-in about a past day (`YYYY-MM-DD`), or about now. */
  checkIn(day: string | null): void {
    this.show('check_in');
    this.checkInDay = day === this.calendar.today ? null : day;
  }

  /** Shows the form of a check-in that is kept, to be finished or put right. */
  revise(checkIn: CheckInView): void {
    this.show('check_in');
    this.revising = checkIn;
  }

  /** Shows what the diary knows, opens the screen that a notification asked for, then syncs. */
  async start(): Promise<void> {
    const [opening] = await Promise.all([call('opening_screen'), this.refresh()]);
    if (opening.ok && opening.value) this.#bring(opening.value);
    if (!this.trouble) await this.sync();
    this.#brought();
  }

  /** Reads everything anew. Once it is done what is shown is as new, or newer. */
  refresh(): Promise<void> {
    this.#read = this.#readAnew(++this.#reading);
    return this.#read;
  }

  async #readAnew(reading: number): Promise<void> {
    const overview = await call('overview');
    // Words in another language than their facts must not flash by.
    if (overview.ok) await speak(overview.value.settings.locale);
    // A newer reading is on its way; an older answer must not replace it, and who asked for this one waits for that.
    if (reading !== this.#reading) return this.#read;
    if (overview.ok) {
      this.overview = overview.value;
      localStorage.setItem(LANGUAGE, overview.value.settings.locale);
      this.drafts.keepOnly(overview.value.recovery?.session.id ?? null);
      this.trouble = null;
      this.stale = null;
      this.#secret = null;
      // What nobody sees first must not keep Today waiting.
      const timeline = await call('timeline');
      if (reading !== this.#reading) return this.#read;
      if (timeline.ok) this.timeline = timeline.value;
      else this.stale = timeline.failure;
    } else if (overview.failure.code === 'diary_unavailable') {
      // What the patient unlocked and found damaged or gone is not merely locked.
      if (!this.#secret) this.trouble = overview.failure;
      const numbers = await call('call_numbers');
      this.numbers = numbers.ok ? numbers.value : null;
      // What a locked window knew is not to be found in it.
      this.overview = null;
      this.timeline = null;
      this.agenda.forget();
      this.progress.forget();
      this.sessions.lock();
      this.plan.forget();
      this.reminders.forget();
      this.custody.forget();
      this.#open('today');
    } else {
      this.stale = overview.failure;
    }
  }

  /** Opens the diary with what was typed. */
  async unlock(secret: Secret): Promise<CallFailure | null> {
    const answer = await call('unlock', secret);
    if (answer.ok) {
      await this.#changed();
      return null;
    }
    const { failure } = answer;
    if (failure.code === 'diary_unavailable' && 'backups' in failure.trouble) {
      this.#secret = secret;
      this.trouble = failure;
    }
    return failure;
  }

  /** Puts a backup in the place of a diary that is damaged or gone. */
  async repair(name: string): Promise<CallFailure | null> {
    const answer = await call('restore_backup', { name, secret: this.#secret });
    if (!answer.ok) return answer.failure;
    this.#secret = null;
    await this.#changed();
    return null;
  }

  /** Puts an export in the place of a diary that is damaged or gone. */
  async repairFromExport(path: string, passphrase: string): Promise<CallFailure | null> {
    const answer = await call('restore_import', { path, passphrase, secret: this.#secret });
    if (!answer.ok) return answer.failure;
    this.#secret = null;
    await this.#changed();
    return null;
  }

  /** Sets a diary aside that nothing opens any more, and begins an empty one. */
  async startAnew(confirmation: string): Promise<CallFailure | null> {
    const answer = await call('start_anew', { confirmation });
    if (!answer.ok) return answer.failure;
    this.#secret = null;
    this.setAside = answer.value.path;
    await this.#changed();
    return null;
  }

  /** Keeps the clinic's and the emergency number outside the diary, or no longer. */
  async keepNumbersOutside(wanted: boolean): Promise<CallFailure | null> {
    // A number that was typed right before is on its way.
    await this.#changing;
    return this.#then(call('keep_numbers_outside', wanted));
  }

  /** Closes the diary until the patient opens it again. */
  async lock(): Promise<CallFailure | null> {
    const answer = await call('lock');
    if (!answer.ok) return answer.failure;
    await this.refresh();
    return null;
  }

  /** Keeps a session, then shows Today. */
  async addSession(input: SessionInput): Promise<CallFailure | null> {
    const failure = await this.#then(call('add_session', input));
    if (failure) return failure;
    this.sessions.drop(null);
    this.show('today');
    return null;
  }

  /** Keeps the emergency number of the place, before the first session of a patient who never said whom to call. */
  async settleEmergency(): Promise<CallFailure | null> {
    const { recovery, settings, zone } = this.overview ?? {};
    if (recovery || !settings || !zone) return null;
    const { name, phone, after_hours_phone } = settings.clinic;
    const { number } = emergencyOfZone(zone);
    const chosen = settings.emergency_number !== ANYWHERE || name || phone || after_hours_phone;
    return chosen || number === ANYWHERE ? null : this.change(() => ({ emergency_number: number }));
  }

  /** Keeps what a session should have been entered as, then shows where its form was opened from. */
  async correctSession(session: SessionId, input: SessionInput): Promise<CallFailure | null> {
    const failure = await this.sessions.correct(session, input);
    if (failure) return failure;
    this.sessions.drop(session);
    this.back();
    return null;
  }

  /** Withdraws a session that was entered by mistake, then shows Today; the list of sessions stays in front. */
  async withdrawSession(session: SessionId): Promise<CallFailure | null> {
    const failure = await this.#then(call('withdraw_session', session));
    if (!failure && this.place !== 'plan') this.show('today');
    return failure;
  }

  /** Erases a session for good, then shows Today; the list of sessions stays in front. */
  async eraseSession(session: SessionId, confirmation: string): Promise<CallFailure | null> {
    const answer = await this.custody.erased(call('erase_session', { session, confirmation }));
    if (!answer && this.place !== 'plan') this.show('today');
    return answer;
  }

  /** A session's photos; their bytes come by `photoAddress`. */
  async photos(session: SessionId): Promise<Answer<PhotoView[]>> {
    return call('photos', session);
  }

  /** Keeps a photo of a session. */
  async addPhoto(session: SessionId, file: string): Promise<CallFailure | null> {
    const answer = await call('add_photo', { session, check_in: null, day: null, pose: 'other', file });
    return answer.ok ? null : answer.failure;
  }

  /** Erases a photo for good. */
  async erasePhoto(photo: string, confirmation: string): Promise<CallFailure | null> {
    return this.custody.erased(call('erase_photo', { photo, confirmation }));
  }

  /** What would follow from a check-in if it were kept. */
  async assess(input: CheckInInput): Promise<Answer<AssessmentView>> {
    return call('assess_check_in', input);
  }

  /** Every check-in that asked for a call, and what came of it. */
  async pastCalls(): Promise<Answer<PastCall[]>> {
    return call('past_calls');
  }

  /** A number as a code that another phone dials from; none where there is none. */
  async dialCode(number: string): Promise<string | null> {
    const answer = await call('dial_code', number);
    return answer.ok ? answer.value : null;
  }

  /** Keeps a check-in; the answer says what follows from it. */
  async record(input: CheckInInput): Promise<Answer<CheckInView>> {
    const answer = await call('record_check_in', input);
    if (answer.ok) await this.#changed();
    return answer;
  }

  /** Notes what was done about the call card, which closes it. */
  async answerCall(checkIn: string, outcome: CallOutcome): Promise<CallFailure | null> {
    return this.#then(call('answer_call', { check_in: checkIn, outcome }));
  }

  /** Notes that nobody was reached yet, which leaves the call card open. */
  async reachedNobody(checkIn: string): Promise<CallFailure | null> {
    return this.#then(call('answer_follow_up', { check_in: checkIn, reached: false, note: '' }));
  }

  /** Notes what came of a call, or that there is nothing to note. */
  async cameOfCall(checkIn: string, note: string): Promise<CallFailure | null> {
    return this.#then(call('answer_follow_up', { check_in: checkIn, reached: true, note }));
  }

  /** Keeps that something of today's care was done, or was not after all. */
  async tickCare(key: string, done: boolean): Promise<CallFailure | null> {
    return this.#then(call('tick_care', { key, done }));
  }

  /** Keeps changed settings, one change after the other; everything else stays as it was. */
  change(changes: (now: Settings) => Partial<Settings>): Promise<CallFailure | null> {
    const changing = this.#changing.then(async () => {
      if (!this.overview) return null;
      const { settings } = this.overview;
      return this.#then(call('change_settings', { ...settings, ...changes(settings) }));
    });
    this.#changing = changing;
    return changing;
  }

  /** Writes the calendar file; the answer is its path. */
  async exportCalendar(): Promise<Answer<string>> {
    const answer = await call('export_calendar');
    return answer.ok ? { ok: true, value: answer.value.path } : answer;
  }

  /** Brings the reminder service and the diary's ledger together, then reads everything anew. */
  sync(): Promise<CallFailure | null> {
    return this.#sync('sync_reminders');
  }

  /** As `sync`, but also where the patient had stopped reminders: now they want them again. */
  startReminders(): Promise<CallFailure | null> {
    return this.#sync('start_reminders');
  }

  #sync(command: 'sync_reminders' | 'start_reminders'): Promise<CallFailure | null> {
    const syncing = this.#synced.then(async () => {
      const answer = await call(command);
      await this.refresh();
      return answer.ok ? null : answer.failure;
    });
    this.#synced = syncing;
    return syncing;
  }

  async #then(pending: Promise<Answer<unknown>>): Promise<CallFailure | null> {
    const answer = await pending;
    if (!answer.ok) return answer.failure;
    await this.#changed();
    return null;
  }

  /** The screen follows at once; the alarms, which depend on what changed, right after. */
  async #changed(): Promise<void> {
    await this.refresh();
    void this.sync();
  }
}

const KEY = Symbol('companion');

/** Hands the companion to the components below. */
export function provideCompanion(companion: Companion): Companion {
  return setContext(KEY, companion);
}

/** The companion of the window around this component. */
export function companion(): Companion {
  return getContext<Companion>(KEY);
}
