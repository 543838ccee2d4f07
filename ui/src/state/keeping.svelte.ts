import { call, type CallFailure } from '../ipc';
import type { PhotoInput } from '../ipc/generated/PhotoInput';

/**
 * Photos on their way into the diary. What it does not take waits here, in this window's memory alone, until it is tried
 * again or left out: the check-in that it was taken for is kept already.
 */
export class Keeping {
  /** Those that are not kept yet, the next one first. */
  waiting = $state.raw<PhotoInput[]>([]);
  /** Why the first of them was not kept. */
  failure = $state.raw<CallFailure | null>(null);
  /** Which of how many is being kept, from 0; none while nothing is. */
  part = $state.raw<{ done: number; of: number } | null>(null);

  readonly #changed: () => Promise<void>;

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Keeps them, after those that wait already. */
  keep(photos: readonly PhotoInput[]): Promise<void> {
    this.waiting = [...this.waiting, ...photos];
    return this.again();
  }

  /** One after the other, until one is refused. */
  async again(): Promise<void> {
    if (this.part) return;
    this.failure = null;
    let done = 0;
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      this.part = { done, of: done + this.waiting.length };
      const photo = next;
      const answer = await call('add_photo', photo);
      if (!answer.ok) {
        this.failure = answer.failure;
        break;
      }
      this.waiting = this.waiting.filter((one) => one !== photo);
      done += 1;
    }
    this.part = null;
    if (done > 0) await this.#changed();
  }

  /** Gives up the one that was refused, and goes on with the others. */
  leaveOut(): Promise<void> {
    this.waiting = this.waiting.slice(1);
    return this.again();
  }

  /** Holds nothing any more: it may be another diary now. */
  forget(): void {
    this.waiting = [];
    this.failure = null;
  }
}
