import { call, type CallFailure } from '../ipc';
import type { SessionId } from '../ipc/generated/SessionId';
import type { SessionInput } from '../ipc/generated/SessionInput';
import type { SessionView } from '../ipc/generated/SessionView';

/** The sessions that were entered. */
export class Sessions {
  /** The one that the form in front corrects; none is a new one. */
  correcting = $state.raw<SessionView | null>(null);

  readonly #changed: () => Promise<void>;

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Says what is wrong with one that is not kept yet. */
  async check(input: SessionInput): Promise<CallFailure | null> {
    const answer = await call('check_session', input);
    return answer.ok ? null : answer.failure;
  }

  /** Keeps what one should have been entered as. */
  async correct(session: SessionId, input: SessionInput): Promise<CallFailure | null> {
    const answer = await call('correct_session', { session, input });
    if (!answer.ok) return answer.failure;
    await this.#changed();
    return null;
  }

  /** Holds nothing any more: the diary that they were read from is closed. */
  forget(): void {
    this.correcting = null;
  }
}
