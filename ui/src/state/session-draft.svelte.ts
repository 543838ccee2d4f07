import type { Adjunct } from '../ipc/generated/Adjunct';
import type { Area } from '../ipc/generated/Area';
import type { Concern } from '../ipc/generated/Concern';
import type { SessionFault } from '../ipc/generated/SessionFault';
import type { SessionInput } from '../ipc/generated/SessionInput';
import type { SessionView } from '../ipc/generated/SessionView';
import type { Setting } from '../ipc/generated/Setting';
import type { Supply } from '../ipc/generated/Supply';
import { parseDepth } from '../lib/depth';
import { m } from '../lib/messages.svelte';
import { roundedDown } from '../lib/time';
import { Faults } from './faults.svelte';

/** What may be wrong with a session that is typed: what the shell finds, and a moment that is not whole. */
export type DraftFault = SessionFault | 'no_end';

/** Areas that clothes usually cover: they count as exposed to the sun only where the patient says so. */
const COVERED: readonly Area[] = ['abdomen', 'back', 'buttocks'];

/** A session while it is typed. Whoever holds it lets it outlive the form, so that nothing is lost on the way back and forth. */
export class SessionDraft {
  date = $state('');
  time = $state('');
  depth = $state('');
  depthUnknown = $state(false);
  areas = $state<Area[]>([]);
  setting = $state<Setting>('clinic');
  device = $state('');
  concerns = $state<Concern[]>([]);
  clinicGave = $state<Supply[]>([]);
  adjuncts = $state<Adjunct[]>([]);
  exposed = $state(false);
  /** The course that it is of. */
  course = $state<string | null>(null);

  /** What is wrong with it. */
  readonly faults = new Faults<DraftFault>(
    {
      no_end: 'ended-date',
      ends_in_future: 'ended-date',
      ended_over_a_year_ago: 'ended-date',
      depth_out_of_range: 'depth',
      no_area: 'area-face',
      device_too_long: 'device',
    },
    (fault) => (fault === 'no_end' ? m.session_missing_end() : m[`fault_${fault}`]()),
  );

  /** The zone in which the session ended. */
  readonly zone: string;

  /** What stood there before anything was typed. */
  readonly #begun: string;
  /** The course that it was put into before anything was chosen; undefined before the courses were known. */
  #proposed: string | null | undefined = undefined;

  /** A new one that ended about now, or one that is corrected; `depthWords` says a depth as the patient would. */
  constructor(now: string, zone: string, known?: SessionView, depthWords?: (mm: number) => string) {
    this.zone = known?.zone ?? zone;
    const opened = roundedDown(now, zone, 5);
    this.date = known?.ended_local.slice(0, 10) ?? opened.date;
    this.time = known?.ended_local.slice(11, 16) ?? opened.time;
    if (known) this.#fill(known, depthWords);
    this.#begun = this.#typed();
  }

  #fill(known: SessionView, depthWords?: (mm: number) => string): void {
    const { depth_mm: mm } = known;
    this.depth = mm === null ? '' : (depthWords?.(mm) ?? String(mm));
    this.depthUnknown = mm === null;
    this.areas = known.areas;
    this.setting = known.setting;
    this.device = known.device ?? '';
    this.concerns = known.concerns;
    this.clinicGave = known.clinic_gave;
    this.adjuncts = known.adjuncts;
    this.exposed = known.exposed;
  }

  /** Everything that can be typed; a course is chosen. */
  #typed(): string {
    return JSON.stringify([
      this.date,
      this.time,
      this.depth,
      this.depthUnknown,
      this.areas,
      this.setting,
      this.device,
      this.concerns,
      this.clinicGave,
      this.adjuncts,
      this.exposed,
    ]);
  }

  /** Whether anything was typed. */
  get touched(): boolean {
    return this.#typed() !== this.#begun || (this.#proposed !== undefined && this.course !== this.#proposed);
  }

  /** Puts it into a course, unless one was chosen that still takes it. */
  propose(course: string | null, courses: readonly string[]): void {
    const chosen = this.#proposed !== undefined && (this.course === null || courses.includes(this.course));
    if (!chosen) this.course = course;
    this.#proposed = course;
  }

  /** Whether the depth is left open. */
  get unknown(): boolean {
    return this.depthUnknown || this.depth.trim() === '';
  }

  /** Whether it has to be asked if covered skin is in the sun. */
  get asksExposed(): boolean {
    return this.areas.some((area) => COVERED.includes(area));
  }

  /** As the shell takes it; none, with its faults marked, where it cannot cross as a date or a number. */
  input(): SessionInput | null {
    const mm = this.unknown ? null : parseDepth(this.depth);
    if (!this.date || !this.time) void this.faults.mark(['no_end']);
    else if (mm === null && !this.unknown) void this.faults.mark(['depth_out_of_range']);
    else {
      return {
        ended_at: `${this.date}T${this.time}:00`,
        setting: this.setting,
        device: this.device.trim() === '' ? null : this.device.trim(),
        depth_mm: mm,
        areas: this.areas,
        concerns: this.concerns,
        clinic_gave: this.setting === 'clinic' ? this.clinicGave : [],
        adjuncts: this.adjuncts,
        exposed: this.exposed && this.asksExposed,
        course: this.course,
      };
    }
    return null;
  }
}
