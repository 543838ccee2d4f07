import type { Area } from '../ipc/generated/Area';
import type { CheckInView } from '../ipc/generated/CheckInView';
import type { Pose } from '../ipc/generated/Pose';
import type { Sign } from '../ipc/generated/Sign';

/** Says to the next window that something had been begun, and nothing of what. */
const BEGUN = 'check-in-begun';

/** A photo that is kept together with its check-in. */
export interface NewPhoto {
  pose: Pose;
  /** As a `data:` address: what stands behind the comma is the file in base64. */
  address: string;
}

/** A check-in that is being typed. */
export class Draft {
  /** None while the question is not answered; an empty list says "none of these". */
  signs = $state.raw<Sign[] | null>(null);
  severities = $state.raw<CheckInView['severities']>({});
  areas = $state.raw<Area[]>([]);
  /** As typed. */
  temperature = $state('');
  /** What was typed as the temperature when the patient said that it is meant so. */
  confirmed = $state<string | null>(null);
  note = $state('');
  /** The time of a past day, `HH:MM`; empty is its evening. */
  time = $state('');
  /** The day that the patient says it is about, where that is asked. */
  meant = $state<string | null>(null);
  photos = $state.raw<NewPhoto[]>([]);
  /** The date on which typing began; the form moves it on while nothing is typed. */
  begunOn = $state('');
  /** The check-in that was filled in from. */
  filledFrom = $state.raw<CheckInView | null>(null);

  /** The check-in that this corrects. */
  readonly revises: CheckInView | null;

  constructor(begunOn: string, revises: CheckInView | null, written: string) {
    this.begunOn = begunOn;
    this.revises = revises;
    if (!revises) return;
    this.signs = revises.signs;
    this.severities = { ...revises.severities };
    this.areas = revises.areas;
    this.temperature = written;
    this.confirmed = written;
    this.note = revises.note;
  }

  /** Nothing that could be judged: a note alone cannot. */
  get unanswered(): boolean {
    return this.signs === null && Object.keys(this.severities).length === 0 && this.temperature.trim() === '';
  }

  /** Nothing that could be lost. */
  get empty(): boolean {
    return this.unanswered && this.note.trim() === '' && this.photos.length === 0;
  }
}

/**
 * Check-ins that are being typed. They are kept by this window's memory alone: they outlive another screen and a lock,
 * and are nowhere in the clear.
 */
export class Drafts {
  /** Whether the window before this one ended with something begun. */
  lost = $state(false);

  #drafts: { about: string; draft: Draft }[] = [];

  constructor() {
    this.lost = localStorage.getItem(BEGUN) !== null;
    localStorage.removeItem(BEGUN);
  }

  /** What was begun about it, or nothing yet: a form that was only looked at begins anew. */
  of(about: string, begin: () => Draft): Draft {
    const begun = this.#of(about);
    if (begun && !begun.empty) return begun;
    this.#drafts = this.#drafts.filter((one) => one.about !== about);
    const draft = begin();
    this.#drafts.push({ about, draft });
    return draft;
  }

  /** Whether something was begun about it. */
  has(about: string): boolean {
    return this.#of(about)?.empty === false;
  }

  /** That something was lost was said. */
  told(): void {
    this.lost = false;
  }

  /** It was kept, or given up. */
  drop(about: string): void {
    this.#drafts = this.#drafts.filter((one) => one.about !== about);
    this.remember();
  }

  /** Lets the next window know whether something is lost with this one. */
  remember(): void {
    if (this.#drafts.some(({ draft }) => !draft.empty)) localStorage.setItem(BEGUN, '1');
    else localStorage.removeItem(BEGUN);
  }

  /** What is not about this session cannot be gone on with: it is of another one, or of another diary. */
  keepOnly(session: string | null): void {
    const kept = this.#drafts.filter(({ about }) => session !== null && about.startsWith(session));
    if (kept.length === this.#drafts.length) return;
    this.#drafts = kept;
    this.remember();
  }

  #of(about: string): Draft | undefined {
    return this.#drafts.find((one) => one.about === about)?.draft;
  }
}
