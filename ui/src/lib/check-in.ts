/** A check-in in the plan's words. */
import type { CheckInView } from '../ipc/generated/CheckInView';
import type { Questions } from '../ipc/generated/Questions';
import type { Severity } from '../ipc/generated/Severity';
import type { SymptomQuestion } from '../ipc/generated/SymptomQuestion';
import { m } from './messages.svelte';

/** What was graded and is worth telling: the core symptoms as answered, of the others what was there. */
export function gradedIn(
  { severities }: CheckInView,
  { symptoms }: Questions,
): { words: SymptomQuestion; grade: Severity }[] {
  return symptoms.flatMap((words) => {
    const grade = severities[words.symptom];
    return grade !== undefined && (words.core || grade > 0) ? [{ words, grade }] : [];
  });
}

/** What was seen, as it is said in a sentence. */
export function seenIn({ signs }: CheckInView, { sign_groups }: Questions): string[] {
  const asked = sign_groups.flatMap((group) => group.signs);
  return asked.filter(({ sign }) => signs?.includes(sign)).map(({ short }) => short);
}

/** What is left to answer before it can be judged: the signs, then core symptoms. */
export function missingIn(checkIn: CheckInView, questions: Questions): string[] {
  return [...(checkIn.signs === null ? [m.check_missing_signs()] : []), ...ungraded(checkIn, questions)];
}

/** The core symptoms that were not answered. */
function ungraded({ severities }: CheckInView, { symptoms }: Questions): string[] {
  return symptoms
    .filter(({ core, symptom }) => core && severities[symptom] === undefined)
    .map(({ short }) => short);
}
