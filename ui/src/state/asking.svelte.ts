import { call, type CallFailure } from '../ipc';
import type { CanView } from '../ipc/generated/CanView';
import type { IngredientsView } from '../ipc/generated/IngredientsView';

/** How long nothing is typed before what was typed is asked. */
const TYPING_MS = 150;
/** How long an answer stands before it is said aloud: nobody wants to hear one for every letter. */
const SAYING_MS = 900;

/** "Can I …?": what is typed, and the answer to it. */
export class Asking {
  /** What is typed. */
  typed = $state('');
  /** The newest answer; none while nothing was asked. */
  answer = $state.raw<CanView | null>(null);
  /** The answer that has stood long enough to be said aloud. */
  said = $state.raw<CanView | null>(null);
  /** Why the newest question has no answer. */
  failure = $state.raw<CallFailure | null>(null);

  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;

  /** Takes what was typed, and asks it when the patient pauses. */
  type(text: string): void {
    this.typed = text;
    clearTimeout(this.#typing);
    if (text.trim() === '') this.clear();
    else this.#typing = setTimeout(() => void this.ask(), TYPING_MS);
  }

  /** Asks what is typed now, or asks it anew. An older question's answer never takes the place of a newer one's. */
  async ask(): Promise<void> {
    const question = this.typed.trim();
    if (!question) return;
    clearTimeout(this.#typing);
    const asked = ++this.#asked;
    const answer = await call('can', question);
    if (asked !== this.#asked) return;
    this.failure = answer.ok ? null : answer.failure;
    this.answer = answer.ok ? answer.value : null;
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.said = this.answer), SAYING_MS);
  }

  /** Forgets question and answer. */
  clear(): void {
    this.#asked += 1;
    clearTimeout(this.#typing);
    clearTimeout(this.#saying);
    this.typed = '';
    this.answer = null;
    this.said = null;
    this.failure = null;
  }
}

/** A product's list of ingredients, and what it means. */
export class Ingredients {
  /** The list as it was pasted. */
  list = $state('');
  /** What it means; none before it was asked. */
  found = $state.raw<IngredientsView | null>(null);
  /** Why it could not be read. */
  failure = $state.raw<CallFailure | null>(null);

  #asked = 0;

  /** Checks the list as it stands. */
  async check(): Promise<void> {
    const asked = ++this.#asked;
    const answer = await call('check_ingredients', this.list);
    if (asked !== this.#asked) return;
    this.failure = answer.ok ? null : answer.failure;
    this.found = answer.ok ? answer.value : null;
  }

  /** Takes another list; what was found is of the one before. */
  take(list: string): void {
    this.#asked += 1;
    this.list = list;
    this.found = null;
    this.failure = null;
  }
}
