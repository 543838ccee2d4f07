import { tick } from 'svelte';

/** What is wrong with what a form was given, beside its fields. */
export class Faults<F extends string> {
  /** As they were found, the first one first. */
  found = $state.raw<readonly F[]>([]);

  readonly #field: Readonly<Record<F, string | null>>;
  readonly #words: (fault: F) => string;

  /** `field` is the id of the field that a fault stands beside; null for one that cannot come up. */
  constructor(field: Readonly<Record<F, string | null>>, words: (fault: F) => string) {
    this.#field = field;
    this.#words = words;
  }

  /** What is said beside a field. */
  at(field: string): string | undefined {
    const fault = this.found.find((one) => this.#field[one] === field);
    return fault && this.#words(fault);
  }

  /** Marks what was found and leads to the first of it, or to `instead`. */
  async mark(found: readonly F[], instead?: string): Promise<void> {
    this.found = found;
    await tick();
    const first = instead ?? found.map((fault) => this.#field[fault]).find(Boolean);
    if (first) document.getElementById(first)?.focus();
  }
}
