import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { Pose } from '../../src/ipc/generated/Pose';
import type { PointView } from '../../src/ipc/generated/PointView';
import type { RecoveryProgress } from '../../src/ipc/generated/RecoveryProgress';
import {
  bandArea,
  dayScale,
  dayTicks,
  drawn,
  lastDay,
  pairs,
  severityScale,
  tableOf,
} from '../../src/lib/progress';
import { callsOf } from '../fake/shell';
import { onePhotoOf, WORLDS } from '../fake/worlds';
import { one, open } from './open';

const DAY = 24 * 60;

function point(day: number, severity: PointView['severity'], hour = 20): PointView {
  return { at: '2026-11-21T19:00:00Z', day, minute: day * DAY + hour * 60, severity, expected: 1 };
}

function recovery(
  session: string,
  points: PointView[],
  photoDays: number[] = [],
  pose: Pose = 'front',
): RecoveryProgress {
  return {
    session,
    today: 9,
    tracks: [{ symptom: 'erythema', band: [{ minute: 600, highest: 3 }], points }],
    logged: { done: [], missing: [], besides: [] },
    asked: [],
    photos: photoDays.map((day) => ({
      day,
      photo: {
        id: `${session}-${day}`,
        session,
        check_in: null,
        taken_at: '2026-11-21T19:00:00Z',
        pose,
        width: 3,
        height: 4,
      },
    })),
  };
}

describe('the scale of days', () => {
  test('the first two weeks have the whole width when nothing was logged later', () => {
    const x = dayScale(lastDay([recovery('a', [point(2, 1)])]), 300);
    expect(x(0)).toBe(0);
    expect(x(15 * DAY)).toBe(300);
    expect(x(DAY)).toBeCloseTo(20);
  });

  test('weeks are narrower than days and months narrower than weeks, and nothing falls back', () => {
    const x = dayScale(lastDay([recovery('a', [point(90, 0)])]), 300);
    const wide = [0, 20, 60].map((day) => x((day + 1) * DAY) - x(day * DAY));
    expect(wide[0]).toBeGreaterThan(wide[1] ?? 0);
    expect(wide[1]).toBeGreaterThan(wide[2] ?? 0);
    expect(wide[2]).toBeGreaterThan(0);
    expect(x(91 * DAY)).toBeCloseTo(300);
  });

  test.each([15, 16, 30, 31, 32, 180])('a chart to day %i ends at its width', (last) => {
    const x = dayScale(last, 300);
    expect(x(0)).toBe(0);
    expect(x((last + 1) * DAY)).toBeCloseTo(300);
  });

  test('days are named only as close as they can be read', () => {
    const ticks = dayTicks(180, dayScale(180, 300), 24);
    expect(ticks[0]?.day).toBe(0);
    ticks
      .slice(1)
      .forEach((tick, before) => expect(tick.at - (ticks[before]?.at ?? 0)).toBeGreaterThanOrEqual(24));
  });
});

describe('what is drawn', () => {
  const x = dayScale(14, 300);
  const y = severityScale(76, 9);

  test('a line joins days that follow each other and is broken where a day was not logged', () => {
    const track = { symptom: 'erythema' as const, band: [], points: [point(0, 3), point(1, 2), point(4, 1)] };
    const { dots, line, gaps } = drawn(track, x, y);
    expect(dots).toHaveLength(3);
    expect(line.match(/M/g)).toHaveLength(1);
    expect(gaps.match(/M/g)).toHaveLength(1);
  });

  test('one dot alone has no line, and none has nothing', () => {
    const track = { symptom: 'erythema' as const, band: [], points: [point(0, 3)] };
    expect(drawn(track, x, y)).toMatchObject({ line: '', gaps: '' });
    expect(drawn({ ...track, points: [] }, x, y)).toEqual({ dots: [], line: '', gaps: '' });
    expect(bandArea(track, 14, x, y)).toBe('');
  });

  test('a worse severity is higher', () => {
    expect(y(4)).toBeLessThan(y(0));
  });
});

describe('a chart’s table', () => {
  test('has a row for each day on which any recovery was graded, also twice a day', () => {
    const front = recovery('a', [point(0, 3, 9), point(0, 2), point(2, 1)]);
    expect(tableOf([front, recovery('b', [point(1, 2)])], 'erythema')).toEqual([
      { day: 0, graded: [[3, 2], []], expected: [1] },
      { day: 1, graded: [[], [2]], expected: [] },
      { day: 2, graded: [[1], []], expected: [1] },
    ]);
  });
});

describe('photos that are worth comparing', () => {
  test('the same day across sessions, newest first, then the first and the newest of one', () => {
    expect(pairs([recovery('a', [], [0, 1, 3]), recovery('b', [], [0, 3, 7])])).toEqual([
      { day: 3, before: 'b-3', after: 'a-3' },
      { day: 0, before: 'b-0', after: 'a-0' },
      { day: null, before: 'a-0', after: 'a-3' },
    ]);
  });

  test('only what is seen from the same side is the same', () => {
    const other = recovery('b', [], [3], 'left');
    expect(pairs([recovery('a', [], [3]), other])).toEqual([]);
    const turned = recovery('a', [], [0, 1, 3]);
    const photos = turned.photos.map((one, place) =>
      place === 0 ? one : { ...one, photo: { ...one.photo, pose: 'left' as const } },
    );
    expect(pairs([{ ...turned, photos }])).toEqual([{ day: null, before: 'a-1', after: 'a-3' }]);
    expect(pairs([{ ...turned, photos: photos.slice(0, 2) }])).toEqual([
      { day: null, before: 'a-0', after: 'a-1' },
    ]);
  });

  test('one photo alone is compared with nothing', () => {
    expect(pairs([recovery('a', [], [2])])).toEqual([]);
    expect(pairs([])).toEqual([]);
  });
});

describe('Progress', () => {
  async function opened(world = WORLDS.course('en')) {
    const container = await open(world);
    await fireEvent.click(one('#tab-progress'));
    return container;
  }

  test('every chart has a table, also while it is small', async () => {
    const container = await opened();
    await waitFor(() => expect(container.querySelectorAll('.strip')).toHaveLength(6));
    for (const strip of container.querySelectorAll('.strip')) {
      expect(strip.querySelectorAll('tbody tr').length).toBeGreaterThan(0);
    }
    const rows = [...container.querySelectorAll('[data-symptom=erythema] tbody tr')];
    const read = rows.map((row) => [...row.children].map((cell) => cell.textContent));
    expect(read[0]).toEqual(['0', '3', '3', '3']);
    expect(
      read.find(([day]) => day === '3'),
      'a day that only the earlier session has',
    ).toEqual(['3', '', '', '2']);
  });

  test('a tap enlarges a chart and shows its table', async () => {
    const container = await opened();
    await waitFor(() => one('#strip-erythema'));
    expect(container.querySelector('[data-symptom=erythema] .unseen')).not.toBeNull();
    await fireEvent.click(one('#strip-erythema'));
    expect(one('#strip-erythema').getAttribute('aria-expanded')).toBe('true');
    expect(container.querySelector('[data-symptom=erythema] .unseen')).toBeNull();
  });

  test('another session is laid over it, told by more than its colour', async () => {
    const container = await opened();
    await waitFor(() => one('fieldset input[type=checkbox]'));
    await fireEvent.click(one('fieldset input[type=checkbox]:not(:checked)'));
    await waitFor(() => expect(container.querySelector('.strip [data-place="2"] .dot')).not.toBeNull());
    const shapes = [0, 1, 2].map((place) => one(`.strip [data-place="${place}"] .dot`).getAttribute('d'));
    expect(new Set(shapes).size).toBe(3);
    expect(callsOf('progress').at(-1)).toMatchObject({ over: [expect.any(String), expect.any(String)] });
  });

  test('the oldest session can be put in front', async () => {
    const container = await opened();
    await waitFor(() => one('#progress-front'));
    const last = one<HTMLSelectElement>('#progress-front').options[2]?.value;
    await fireEvent.change(one('#progress-front'), { target: { value: last } });
    await waitFor(() => expect(callsOf('progress').at(-1)).toEqual({ session: last, over: null }));
    await waitFor(() => expect(container.querySelector('thead')?.textContent).toContain('22 Aug'));
  });

  test('only what was asked is counted, and a gap is named', async () => {
    const container = await opened();
    await waitFor(() => one('#asked-check-ins'));
    expect(one('#asked-check-ins').textContent).toContain('done 6 of 8 asked');
    expect(one('#asked-missing').textContent).toBe('Nothing was logged on days 3 and 7.');
    expect(container.textContent).not.toMatch(/streak|in a row|well done/i);
  });

  test('photos are compared with a slider that keys move, or by holding a key', async () => {
    await opened();
    await waitFor(() => one('#compare-range'));
    expect(one<HTMLSelectElement>('#compare-before').value).not.toBe(
      one<HTMLSelectElement>('#compare-after').value,
    );
    await fireEvent.input(one('#compare-range'), { target: { value: '30' } });
    expect(one('clipPath rect').getAttribute('x')).toBe('300');
    expect(one('#compare-range').getAttribute('aria-valuetext')).toBe('70 % of Day 3, Front, 21 Nov');

    await fireEvent.click(one('#compare-flip'));
    await waitFor(() => one('#compare-hold'));
    const hidden = () =>
      [...document.querySelectorAll('.compared')].map(
        (photo) => photo.getAttribute('visibility') === 'hidden',
      );
    expect(hidden()).toEqual([false, true]);
    await fireEvent.keyDown(one('#compare-hold'), { key: ' ' });
    expect(hidden()).toEqual([true, false]);
    await fireEvent.keyUp(one('#compare-hold'), { key: ' ' });
    expect(hidden()).toEqual([false, true]);
  });

  test('a photo that cannot be shown is said, and gone when another one is chosen', async () => {
    await opened();
    await waitFor(() => one('.compared'));
    await fireEvent.error(one('.compared'));
    await waitFor(() => screen.getByText(/could not be shown/));
    const other = one<HTMLSelectElement>('#compare-before').options[0]?.value;
    await fireEvent.change(one('#compare-before'), { target: { value: other } });
    await waitFor(() => expect(screen.queryByText(/could not be shown/)).toBeNull());
  });

  test('one photo waits for a second', async () => {
    await opened(onePhotoOf('en'));
    await waitFor(() => screen.getByText(/One photo so far/));
  });

  test('before the first check-in it shows what is expected and leads to the check-in', async () => {
    const container = await opened(WORLDS.day0('en'));
    await waitFor(() => one('#progress-check-in'));
    expect(container.querySelectorAll('.band').length).toBeGreaterThan(0);
    await fireEvent.click(one('#progress-check-in'));
    await waitFor(() => one('#none-of-these'));
  });

  test('what cannot be read is said and read again', async () => {
    const world = WORLDS.course('en');
    await opened({ ...world, refusals: { progress: { code: 'diary_failed', sentence: 'locked' } } });
    await waitFor(() => screen.getByText(/could not be read/));
    const before = callsOf('progress').length;
    await fireEvent.click(screen.getByText('Try again'));
    await waitFor(() => expect(callsOf('progress').length).toBeGreaterThan(before));
  });
});
