import { call, type CallFailure } from '../ipc';
import type { SessionId } from '../ipc/generated/SessionId';
import type { SessionInput } from '../ipc/generated/SessionInput';
import type { SessionView } from '../ipc/generated/SessionView';
import type { SessionDraft } from './session-draft.svelte';

/** The sessions that were entered. */
export class Sessions {
  /** The one that the form in front corrects; none is a new one. */
  correcting = $state.raw<SessionView | null>(null);

  readonly #changed: () => Promise<void>;
  /** What is being typed, by the session that it corrects; none is a new one. */
  #drafts: { about: SessionId | null; draft: SessionDraft }[] = [];

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

  /** What was typed about it and is not kept yet, or nothing yet: a form that was only looked at begins anew. */
  draftOf(session: SessionId | null, begin: () => SessionDraft): SessionDraft {
    const typed = this.#drafts.find(({ about }) => about === session)?.draft;
    if (typed?.touched) return typed;
    this.drop(session);
    const draft = begin();
    this.#drafts.push({ about: session, draft });
    return draft;
  }

  /** It was kept, or given up. */
  drop(session: SessionId | null): void {
    this.#drafts = this.#drafts.filter(({ about }) => about !== session);
  }

  /** Holds nothing that was read from the diary, which is closed; a new session that is being typed is not in it. */
  lock(): void {
    this.correcting = null;
    this.#drafts = this.#drafts.filter(({ about }) => about === null);
  }

  /** Holds nothing any more: it may be another diary now. */
  forget(): void {
    this.correcting = null;
    this.#drafts = [];
  }
}
