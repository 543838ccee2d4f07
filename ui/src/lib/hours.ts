/** Opening hours in words. */
import type { OpenSpan } from '../ipc/generated/OpenSpan';
import type { Weekday } from '../ipc/generated/Weekday';
import type { Calendar } from './calendar';

/** The days of the week, Monday first. */
export const WEEKDAYS: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** `Mon–Fri, Sun`: three days in a row and more are said by their ends. */
export function daysWords(days: readonly Weekday[], calendar: Calendar): string {
  const names = calendar.weekdays('short');
  const runs: number[][] = [];
  WEEKDAYS.forEach((day, place) => {
    if (!days.includes(day)) return;
    const run = runs.at(-1);
    if (run?.at(-1) === place - 1) run.push(place);
    else runs.push([place]);
  });
  const said = runs.flatMap((run) => {
    const words = run.map((place) => names[place] ?? '');
    return run.length > 2 ? [`${words[0]}–${words.at(-1)}`] : words;
  });
  return said.join(', ');
}

/** One line for each group of days: `Mon–Fri`, `09:00–14:00, 16:00–20:00`. */
export function hoursWords(
  hours: readonly OpenSpan[],
  calendar: Calendar,
): { days: string; times: string }[] {
  const lines = new Map<string, string[]>();
  for (const { days, from, until } of hours) {
    const said = daysWords(days, calendar);
    lines.set(said, [...(lines.get(said) ?? []), `${from.slice(0, 5)}–${until.slice(0, 5)}`]);
  }
  return [...lines].map(([days, times]) => ({ days, times: times.sort().join(', ') }));
}
