/** What stands on the road, in the order in which one comes by it. */
import type { BeforeView } from '../ipc/generated/BeforeView';
import type { BookedView } from '../ipc/generated/BookedView';
import type { NextSessionView } from '../ipc/generated/NextSessionView';
import type { PhotoOfDay } from '../ipc/generated/PhotoOfDay';
import type { TimelineRow } from '../ipc/generated/TimelineRow';
import type { TimelineView } from '../ipc/generated/TimelineView';

/** Something on the road. */
export type Stop =
  | { kind: 'row'; key: string; row: TimelineRow; photos: PhotoOfDay[] }
  /** What is asked for before a booked session; `since` is set where it holds already. */
  | { kind: 'before'; key: string; date: string; since: boolean; booked: BookedView; items: BeforeView[] }
  | { kind: 'booked'; key: string; date: string; booked: BookedView }
  | { kind: 'next'; key: string; date: string; next: NextSessionView };

type Milestone = Exclude<Stop, { kind: 'row' }>;

/**
 * The rows, and what comes between them: each session to come after the row that its date lies in, and what is asked
 * for before it on the date from which it holds. What holds already stands at today.
 */
export function road(timeline: TimelineView, today: string): Stop[] {
  const ahead = milestones(timeline, today);
  const stops: Stop[] = [];
  for (const row of timeline.rows) {
    while (ahead[0] && ahead[0].date < row.from_date) stops.push(...ahead.splice(0, 1));
    const photos = timeline.photos.filter(({ day }) => row.from_day <= day && day <= row.to_day);
    stops.push({ kind: 'row', key: `day-${row.from_day}`, row, photos });
  }
  return [...stops, ...ahead];
}

/** What is ahead, soonest first; of one date what comes before a session before it. */
function milestones({ booked, next_session }: TimelineView, today: string): Milestone[] {
  const later = (date: string) => (date < today ? today : date);
  const found = booked.flatMap((one): Milestone[] => {
    const dates = [...new Set(one.before.map(({ from_date }) => later(from_date)))];
    const before = dates.map((date): Milestone => {
      const items = one.before.filter(({ from_date }) => later(from_date) === date);
      const since = items.some(({ from_date }) => from_date < today);
      return { kind: 'before', key: `before-${one.at}-${date}`, date, since, booked: one, items };
    });
    return [...before, { kind: 'booked', key: `booked-${one.at}`, date: one.date, booked: one }];
  });
  if (next_session) {
    found.push({ kind: 'next', key: 'next', date: later(next_session.earliest), next: next_session });
  }
  // Sorting keeps the order of what is of one date.
  return found.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
