import { call, type CallFailure } from '../ipc';
import type { ProgressInput } from '../ipc/generated/ProgressInput';
import type { ProgressView } from '../ipc/generated/ProgressView';
import type { SessionId } from '../ipc/generated/SessionId';

/** How recoveries went, and which of them are looked at. */
export class Looking {
  /** As it was read last; none before that, and none without a session. */
  view = $state.raw<ProgressView | null>(null);
  /** Whether it was read. */
  read = $state(false);
  /** Why the newest reading failed, while an older one may be shown. */
  failure = $state.raw<CallFailure | null>(null);

  /** What was asked for; at first what the shell proposes. */
  #asked: ProgressInput = { session: null, over: null };
  #reading = 0;

  /** Reads anew what is looked at. */
  async refresh(): Promise<void> {
    const reading = ++this.#reading;
    const answer = await call('progress', this.#asked);
    if (reading !== this.#reading) return;
    if (answer.ok) {
      this.view = answer.value;
      this.read = true;
      this.failure = null;
    } else if (answer.failure.code === 'not_found' && this.#asked.session !== null) {
      // The session in front was withdrawn or erased meanwhile.
      await this.look(null);
    } else {
      this.failure = answer.failure;
    }
  }

  /** Puts another recovery in front; what lies over it is proposed anew. */
  look(session: SessionId | null): Promise<void> {
    this.#asked = { session, over: null };
    return this.refresh();
  }

  /** Lays recoveries over the one in front. */
  layOver(over: SessionId[]): Promise<void> {
    this.#asked = { session: this.view?.recoveries[0]?.session ?? null, over };
    return this.refresh();
  }

  /** Holds nothing any more: the diary that it was read from is closed. */
  forget(): void {
    this.#reading += 1;
    this.#asked = { session: null, over: null };
    this.view = null;
    this.read = false;
    this.failure = null;
  }
}
