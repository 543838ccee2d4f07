import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { BookedView } from '../../src/ipc/generated/BookedView';
import type { TimelineView } from '../../src/ipc/generated/TimelineView';
import { road } from '../../src/lib/timeline';
import { callsOf } from '../fake/shell';
import { WORLDS } from '../fake/worlds';
import { one, open } from './open';

function course(): TimelineView {
  const { timeline } = WORLDS.course('en');
  if (!timeline) throw new Error('the course has a timeline');
  return timeline;
}

function booked(date: string, from: string[]): BookedView {
  const before = from.map((from_date) => ({
    instruction: from_date,
    label: from_date,
    text: '',
    why: '',
    sources: [],
    extrapolated: false,
    from: `${from_date}T10:00:00Z`,
    from_date,
  }));
  return { at: `${date}T10:00:00Z`, date, note: '', before };
}

/** What stands on the road beside the rows, each after the day on which the row before it begins. */
function ahead(timeline: TimelineView, today: string) {
  let day = -1;
  return road(timeline, today).flatMap((stop) => {
    if (stop.kind !== 'row') return [`${stop.kind} ${stop.date} after ${day}`];
    day = stop.row.from_day;
    return [];
  });
}

describe('the road', () => {
  test('a booked session and what comes before it stand after the rows that their dates lie in', () => {
    const timeline = {
      ...course(),
      booked: [booked('2026-12-04', ['2026-12-01', '2026-12-03'])],
      next_session: null,
    };
    expect(ahead(timeline, '2026-11-30')).toEqual([
      'before 2026-12-01 after 10',
      'before 2026-12-03 after 12',
      'booked 2026-12-04 after 13',
    ]);
  });

  test('what is asked for already stands at today, said as of now', () => {
    const timeline = {
      ...course(),
      booked: [booked('2026-12-04', ['2026-11-20', '2026-11-30'])],
      next_session: null,
    };
    const stops = road(timeline, '2026-11-30').filter((stop) => stop.kind === 'before');
    expect(stops).toMatchObject([{ date: '2026-11-30', since: true, items: [{}, {}] }]);
  });

  test('a session after the last row ends the road, and one of today comes after its care', () => {
    const timeline = {
      ...course(),
      booked: [booked('2026-11-30', ['2026-11-28']), booked('2028-01-01', [])],
      next_session: null,
    };
    const stops = road(timeline, '2026-11-30');
    expect(stops.at(-1)).toMatchObject({ kind: 'booked', date: '2028-01-01' });
    expect(ahead(timeline, '2026-11-30').slice(0, 2)).toEqual([
      'before 2026-11-30 after 9',
      'booked 2026-11-30 after 9',
    ]);
  });

  test('a planned session stands where it may be at the earliest, and never in the past', () => {
    const next_session = { earliest: '2026-11-25', latest: '2026-12-20', number: 3, planned: null };
    expect(ahead({ ...course(), booked: [], next_session }, '2026-11-30')).toEqual([
      'next 2026-11-30 after 9',
    ]);
  });

  test('every photo stands in one row, the one of its day', () => {
    const timeline = course();
    const rows = road(timeline, '2026-11-30').flatMap((stop) => (stop.kind === 'row' ? [stop] : []));
    const placed = rows.flatMap(({ row, photos }) => photos.map(({ day }) => [row.from_day, day]));
    expect(placed).toEqual(timeline.photos.map(({ day }) => [day, day]));
    expect(placed.length).toBeGreaterThan(0);
  });
});

describe('Timeline', () => {
  test('a past day without a check-in leads to the check-in of that day', async () => {
    const container = await open(WORLDS.course('en'));
    await fireEvent.click(one('#tab-timeline'));
    const offered = [...container.querySelectorAll('.row:has(.add)')].map((row) =>
      row.getAttribute('data-day'),
    );
    expect(offered).toEqual(['3', '7']);
    await fireEvent.click(one('[data-day="3"] .add'));
    await waitFor(() => one('[data-place=check_in]'));
  });

  test('a photo is enlarged in its place and made small again', async () => {
    const container = await open(WORLDS.course('en'));
    await fireEvent.click(one('#tab-timeline'));
    await fireEvent.click(one('[data-day="1"] .thumb'));
    expect(container.querySelector('[data-day="1"] .large')).not.toBeNull();
    await fireEvent.click(one('[data-day="1"] .thumb'));
    expect(container.querySelector('[data-day="1"] .large')).toBeNull();
  });

  test('what comes before a booked session says why and who says so', async () => {
    const container = await open(WORLDS.course('en'));
    await fireEvent.click(one('#tab-timeline'));
    expect(container.querySelectorAll('[data-stop=before] details').length).toBeGreaterThan(2);
    expect(one('[data-stop=booked]').textContent).toContain('10:30');
    expect(one('[data-stop=before] details').textContent).toContain('Why');
  });
});

describe('the skin in the pictures', () => {
  const skin = (container: HTMLElement) =>
    container.querySelector('[data-day="0"] .disc stop')?.getAttribute('stop-color');

  test('is neutral until a tone is chosen, and goes back to it', async () => {
    const container = await open(WORLDS.course('en'));
    await fireEvent.click(one('#tab-timeline'));
    const neutral = skin(container);
    await fireEvent.click(one('#open-settings'));
    await fireEvent.click(one('#skin-5'));
    await waitFor(() => expect(callsOf('change_settings').at(-1)).toMatchObject({ skin_tone: 5 }));
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => expect(skin(container)).not.toBe(neutral));
    await fireEvent.click(one('#open-settings'));
    await fireEvent.click(one('#skin-neutral'));
    await waitFor(() => expect(callsOf('change_settings').at(-1)).toMatchObject({ skin_tone: null }));
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => expect(skin(container)).toBe(neutral));
  });
});
