/** Times in words: the patient's language, zone and `now` together. */
import type { Locale } from '../ipc/generated/Locale';
import { m } from './messages.svelte';
import { toFahrenheit, type Degrees } from './temperature';
import { daysBetween, knownZone, remaining, wallClock } from './time';

/** Regional habits of a language: day before month, 24-hour clock. */
const TAGS: Record<Locale, string> = { en: 'en-GB', es: 'es-ES' };

/** Says instants and dates as the patient would. */
export class Calendar {
  readonly #locale: Locale;
  readonly #zone: string;
  readonly #now: string;
  readonly #degrees: Degrees;

  constructor(locale: Locale, zone: string, now: string, degrees: Degrees = 'celsius') {
    this.#locale = locale;
    this.#zone = zone;
    this.#now = now;
    this.#degrees = degrees;
  }

  /** Today's date (`YYYY-MM-DD`). */
  get today(): string {
    return wallClock(this.#now, this.#zone).date;
  }

  /** An instant's date (`YYYY-MM-DD`). */
  dateOf(at: string): string {
    return wallClock(at, this.#zone).date;
  }

  /** `17:30`. */
  clock(at: string): string {
    return wallClock(at, this.#zone).time;
  }

  /** `today 17:30`, `tomorrow 08:00`, `Thursday 17:30`, `Thu 3 Dec, 17:30`. */
  moment(at: string): string {
    const time = this.clock(at);
    const days = this.#daysAway(at);
    if (days === 0) return m.time_at_today({ time });
    if (days === 1) return m.time_at_tomorrow({ time });
    if (days === -1) return m.time_at_yesterday({ time });
    if (days > 1 && days < 7) return m.time_at_weekday({ weekday: this.#weekday(at), time });
    return m.time_at_date({ date: this.anyDate(this.dateOf(at)), time });
  }

  /** The date and the time, whatever day it is now: `Tue 24 Nov, 19:04`, `Mon 3 Jan 2028, 19:04`. */
  stamp(at: string): string {
    return m.time_at_date({ date: this.anyDate(this.dateOf(at)), time: this.clock(at) });
  }

  /** As `stamp`, of what a clock showed wherever it was (`YYYY-MM-DDTHH:MM`). */
  stampOfClock(local: string): string {
    return m.time_at_date({ date: this.anyDate(local.slice(0, 10)), time: local.slice(11, 16) });
  }

  /** Whether an instant is of today's date. */
  isToday(at: string): boolean {
    return this.#daysAway(at) === 0;
  }

  /** `until 17:30`, `until tomorrow 17:30`, `until Thursday 17:30`, `until Thu 3 Dec, 17:30`. */
  until(at: string): string {
    const time = this.clock(at);
    const days = this.#daysAway(at);
    if (days <= 0) return m.time_until_today({ time });
    if (days === 1) return m.time_until_tomorrow({ time });
    if (days < 7) return m.time_until_weekday({ weekday: this.#weekday(at), time });
    return m.time_until_date({ date: this.anyDate(this.dateOf(at)), time });
  }

  /** What is left: `12 min`, `3 h 12 min`, `2 days 5 h`, from a week on `12 days`. */
  countdown(until: string): string {
    const { days, hours, minutes } = remaining(until, this.#now);
    if (days >= 7) return m.left_days_only({ days });
    if (days >= 1) return m.left_days({ days, hours });
    if (hours >= 1) return m.left_hours({ hours, minutes });
    return m.left_minutes({ minutes });
  }

  /** A calendar date (`YYYY-MM-DD`): `Tue 24 Nov`. */
  date(date: string): string {
    return this.#format(`${date}T12:00:00Z`, { weekday: 'short', day: 'numeric', month: 'short' }, 'UTC');
  }

  /** A calendar date (`YYYY-MM-DD`) of any year: `Tue 24 Nov`, `Mon 3 Jan 2028`. */
  anyDate(date: string): string {
    const year = date.slice(0, 4);
    return year === this.today.slice(0, 4) ? this.date(date) : `${this.date(date)} ${year}`;
  }

  /** A calendar date without its weekday: `24 Nov`, `3 Jan 2028`. */
  shortDate(date: string): string {
    const short = this.#format(`${date}T12:00:00Z`, { day: 'numeric', month: 'short' }, 'UTC');
    const year = date.slice(0, 4);
    return year === this.today.slice(0, 4) ? short : `${short} ${year}`;
  }

  /** Several numbers in a sentence: `2, 5 and 9`, `2, 5 y 9`. */
  list(numbers: number[]): string {
    return new Intl.ListFormat(TAGS[this.#locale], { type: 'conjunction' }).format(numbers.map(String));
  }

  /** Millimetres with the language's decimal mark: `1.5`, `1,5`. */
  millimetres(mm: number): string {
    return new Intl.NumberFormat(TAGS[this.#locale], { maximumFractionDigits: 3 }).format(mm);
  }

  /** A share of a hundred: `150%`, `150 %`. */
  percent(percent: number): string {
    return new Intl.NumberFormat(TAGS[this.#locale], { style: 'percent' }).format(percent / 100);
  }

  /** A temperature to the tenth, in what is usual here: `38.4 °C`, `38,4 °C`, `101.1 °F`. */
  degrees(celsius: number, degrees: Degrees = this.#degrees): string {
    const value = degrees === 'celsius' ? celsius : toFahrenheit(celsius);
    const written = new Intl.NumberFormat(TAGS[this.#locale], {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }).format(value);
    return `${written} ${degrees === 'celsius' ? '°C' : '°F'}`;
  }

  /** The days of the week from Monday on: `Mon`, or `Monday`. */
  weekdays(length: 'short' | 'long'): string[] {
    // 2024 began with a Monday.
    return [1, 2, 3, 4, 5, 6, 7].map((day) =>
      this.#format(`2024-01-0${day}T12:00:00Z`, { weekday: length }, 'UTC'),
    );
  }

  /** The hour that the clock shows. */
  get hour(): number {
    return Number(wallClock(this.#now, this.#zone).time.slice(0, 2));
  }

  #daysAway(at: string): number {
    return daysBetween(this.today, wallClock(at, this.#zone).date);
  }

  #weekday(at: string): string {
    return this.#format(at, { weekday: 'long' }, this.#zone);
  }

  #format(at: string, options: Intl.DateTimeFormatOptions, zone: string): string {
    return new Intl.DateTimeFormat(TAGS[this.#locale], { ...options, timeZone: knownZone(zone) })
      .format(new Date(at))
      .replace(',', '');
  }
}
