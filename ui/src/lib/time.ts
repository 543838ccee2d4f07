/** Instants, wall clocks and what is left of a window: pure, `now` and the zone are arguments. */

const MINUTE = 60_000;

/** What a wall clock shows: a calendar date (`YYYY-MM-DD`) and a time (`HH:MM`). */
export interface WallClock {
  date: string;
  time: string;
}

/** Whole minutes, hours and days, rounded up to the minute. */
export interface Remaining {
  days: number;
  hours: number;
  minutes: number;
}

/** The zone, if this web view's own tz database knows it; else none, which is the system's zone. */
export function knownZone(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What the wall clock shows in a zone at an instant (ISO 8601 or milliseconds). */
export function wallClock(at: string | number, zone: string): WallClock {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: knownZone(zone),
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

/** The wall clock at `now`, rounded down to whole steps of so many minutes. */
export function roundedDown(now: string, zone: string, stepMinutes: number): WallClock {
  const { date, time } = wallClock(now, zone);
  const [hours = '00', minutes = '00'] = time.split(':');
  const rounded = Math.floor(Number(minutes) / stepMinutes) * stepMinutes;
  return { date, time: `${hours}:${String(rounded).padStart(2, '0')}` };
}

/** Calendar days from one date to another (`YYYY-MM-DD`); negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / (24 * 60 * MINUTE));
}

/** The date before a date (`YYYY-MM-DD`). */
export function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 24 * 60 * MINUTE).toISOString().slice(0, 10);
}

/** What is left until an instant; all zero once it is reached. A begun minute counts. */
export function remaining(until: string, now: string): Remaining {
  const total = Math.max(0, Math.ceil((Date.parse(until) - Date.parse(now)) / MINUTE));
  return { days: Math.floor(total / 1440), hours: Math.floor((total % 1440) / 60), minutes: total % 60 };
}

/** The share of a window that is still to come: 1 at its start and before, 0 at its end and after. */
export function shareLeft(from: string, until: string, now: string): number {
  const whole = Date.parse(until) - Date.parse(from);
  if (whole <= 0) return 0;
  return Math.min(1, Math.max(0, (Date.parse(until) - Date.parse(now)) / whole));
}

/** Milliseconds until the next full minute of the clock that `nowMs` was read from. */
export function toNextMinute(nowMs: number): number {
  return MINUTE - (nowMs % MINUTE);
}
