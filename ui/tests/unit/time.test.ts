import { expect, test } from 'vitest';
import { Calendar } from '../../src/lib/calendar';
import {
  daysBetween,
  knownZone,
  remaining,
  roundedDown,
  shareLeft,
  toNextMinute,
  wallClock,
} from '../../src/lib/time';
import { speak } from '../../src/lib/messages.svelte';

const NOW = '2026-11-24T18:04:00Z';

test.each([
  ['a whole window', '2026-11-26T20:05:00Z', { days: 2, hours: 2, minutes: 1 }],
  ['a begun minute counts', '2026-11-24T18:04:01Z', { days: 0, hours: 0, minutes: 1 }],
  ['an end that is reached', NOW, { days: 0, hours: 0, minutes: 0 }],
  ['an end that is past', '2026-11-24T10:00:00Z', { days: 0, hours: 0, minutes: 0 }],
  ['just under a day', '2026-11-25T18:03:00Z', { days: 0, hours: 23, minutes: 59 }],
])('what remains: %s', (_, until, left) => {
  expect(remaining(until, NOW)).toEqual(left);
});

test.each([
  ['before its start', '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z', 1],
  ['half-way', '2026-11-24T17:04:00Z', '2026-11-24T19:04:00Z', 0.5],
  ['after its end', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', 0],
  ['without any length', NOW, NOW, 0],
])('the share of a window that is left: %s', (_, from, until, share) => {
  expect(shareLeft(from, until, NOW)).toBe(share);
});

test.each([
  ['across midnight', '2026-11-24T23:30:00Z', 'Europe/Madrid', { date: '2026-11-25', time: '00:30' }],
  ['behind UTC', '2026-11-24T03:00:00Z', 'America/Los_Angeles', { date: '2026-11-23', time: '19:00' }],
  ['a quarter-hour zone', NOW, 'Asia/Kathmandu', { date: '2026-11-24', time: '23:49' }],
  ['midnight is 00, not 24', '2026-11-24T23:00:00Z', 'Europe/Madrid', { date: '2026-11-25', time: '00:00' }],
])('the wall clock: %s', (_, at, zone, shown) => {
  expect(wallClock(at, zone)).toEqual(shown);
});

test('the form opens at the last full five minutes', () => {
  expect(roundedDown(NOW, 'Europe/Madrid', 5)).toEqual({ date: '2026-11-24', time: '19:00' });
});

test('a zone that the web view does not know falls back to the system’s', () => {
  expect(knownZone('Mars/Olympus')).toBeUndefined();
  expect(() => wallClock(NOW, 'Mars/Olympus')).not.toThrow();
});

test('calendar days are counted across a clock change', () => {
  expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  expect(daysBetween('2026-11-24', '2026-11-23')).toBe(-1);
});

test('the next tick falls on the full minute', () => {
  expect(toNextMinute(Date.parse('2026-11-24T18:04:59.250Z'))).toBe(750);
  expect(toNextMinute(Date.parse(NOW))).toBe(60_000);
});

type Row = readonly [at: string, until: string, moment: string, left: string];
const DAYS: Record<'en' | 'es', readonly Row[]> = {
  en: [
    ['2026-11-24T20:30:00Z', 'until 21:30', 'today 21:30', '2 h 26 min'],
    ['2026-11-25T16:30:00Z', 'until tomorrow 17:30', 'tomorrow 17:30', '22 h 26 min'],
    ['2026-11-26T20:30:00Z', 'until Thursday 21:30', 'Thursday 21:30', '2 days 2 h'],
    ['2026-12-03T16:30:00Z', 'until Thu 3 Dec, 17:30', 'Thu 3 Dec, 17:30', '8 days'],
  ],
  es: [
    ['2026-11-24T20:30:00Z', 'hasta las 21:30', 'hoy a las 21:30', '2 h 26 min'],
    ['2026-11-25T16:30:00Z', 'hasta mañana a las 17:30', 'mañana a las 17:30', '22 h 26 min'],
    ['2026-11-26T20:30:00Z', 'hasta el jueves a las 21:30', 'el jueves a las 21:30', '2 días 2 h'],
    ['2026-12-03T16:30:00Z', 'hasta el jue 3 dic a las 17:30', 'el jue 3 dic a las 17:30', '8 días'],
  ],
};

for (const locale of ['en', 'es'] as const) {
  test.each([...DAYS[locale]])(`times are exact in ${locale}: %s`, async (at, until, moment, left) => {
    await speak(locale);
    const calendar = new Calendar(locale, 'Europe/Madrid', NOW);
    expect([calendar.until(at), calendar.moment(at), calendar.countdown(at)]).toEqual([until, moment, left]);
    await speak('en');
  });
}

test.each([
  ['of this year', '2026-11-24T18:04:00Z', 'Tue 24 Nov, 19:04'],
  ['of an earlier year', '2019-03-05T09:00:00Z', 'Tue 5 Mar 2019, 10:00'],
  ['of the next year, in the zone', '2026-12-31T23:30:00Z', 'Fri 1 Jan 2027, 00:30'],
])('a date with a time names a year that is not this one: %s', async (_, at, said) => {
  await speak('en');
  const calendar = new Calendar('en', 'Europe/Madrid', NOW);
  expect(calendar.stamp(at)).toBe(said);
});

test('far away, every way to say when names the year', async () => {
  await speak('en');
  const calendar = new Calendar('en', 'Europe/Madrid', NOW);
  expect(calendar.moment('2024-03-05T09:00:00Z')).toBe('Tue 5 Mar 2024, 10:00');
  expect(calendar.until('2027-03-05T09:00:00Z')).toBe('until Fri 5 Mar 2027, 10:00');
  expect(calendar.shortDate('2024-03-05')).toBe('5 Mar 2024');
  expect(calendar.shortDate('2026-03-05')).toBe('5 Mar');
  expect(calendar.stampOfClock('2024-03-05T09:30:00')).toBe('Tue 5 Mar 2024, 09:30');
});
