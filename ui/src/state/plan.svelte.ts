import { call, type Answer, type CallFailure } from '../ipc';
import type { CarePlanView } from '../ipc/generated/CarePlanView';
import type { CourseInput } from '../ipc/generated/CourseInput';
import type { SessionId } from '../ipc/generated/SessionId';

/** The care plan, the sessions under it and the courses that they are of. */
export class Planning {
  /** As it was read last; none before that. */
  view = $state.raw<CarePlanView | null>(null);

  readonly #changed: () => Promise<void>;
  #reading = 0;

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Reads it. */
  async read(): Promise<CallFailure | null> {
    const reading = ++this.#reading;
    const answer = await call('care_plan');
    if (!answer.ok) return answer.failure;
    // A newer reading is on its way.
    if (reading === this.#reading) this.view = answer.value;
    return null;
  }

  /** Keeps a course, or a correction of one, and which sessions are of it. */
  keepCourse(input: CourseInput): Promise<CallFailure | null> {
    return this.#then(call('keep_course', input));
  }

  /** Ends a course before its last session, or lets it go on after all. */
  endCourse(course: string, ended: boolean): Promise<CallFailure | null> {
    return this.#then(call('end_course', { course, ended }));
  }

  /** Says which course a session is of, or that it is of none. */
  put(session: SessionId, course: string | null): Promise<CallFailure | null> {
    return this.#then(call('put_in_course', { session, course }));
  }

  /** Holds nothing any more: the diary that it was read from is closed. */
  forget(): void {
    this.#reading += 1;
    this.view = null;
  }

  async #then(pending: Promise<Answer<unknown>>): Promise<CallFailure | null> {
    const answer = await pending;
    if (!answer.ok) return answer.failure;
    await this.read();
    await this.#changed();
    return null;
  }
}
