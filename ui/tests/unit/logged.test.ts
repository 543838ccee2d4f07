/** A check-in's form from its beginning until everything of it is kept, and what is put right afterwards. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test, vi } from 'vitest';
import { Draft, Drafts } from '../../src/state/drafts.svelte';
import { callsOf, installShell } from '../fake/shell';
import { aboutToBe, WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

async function openCheckIn(world: World): Promise<HTMLElement> {
  const container = await open(world);
  await fireEvent.click(one('#open-check-in'));
  await waitFor(() => one('#save-check-in'));
  return container;
}

/** As of another instant. */
function at(world: World, now: string): World {
  return { ...world, overview: world.overview && { ...world.overview, now } };
}

/** Time passes in the same window. */
async function passes(world: World) {
  installShell(structuredClone(world));
  window.dispatchEvent(new Event('focus'));
  await waitFor(() => expect(callsOf('timeline')).not.toEqual([]));
}

async function type(selector: string, value: string) {
  await fireEvent.input(one(selector), { target: { value } });
}

const photo = () => new File(['skin'], 'skin.png', { type: 'image/png' });

async function takes(photos: number) {
  for (let number = 1; number <= photos; number += 1) {
    await fireEvent.change(one('#choose-photo'), { target: { files: [photo()] } });
    await waitFor(() => expect(document.querySelectorAll('li img')).toHaveLength(number));
  }
}

describe('a check-in that is kept', () => {
  test('and not finished is finished from Today, in its place', async () => {
    const world = { ...aboutToBe('expected', 'en'), overview: WORLDS.unfinished('en').overview };
    await open(world);
    const kept = world.overview?.recovery?.last_check_in;
    await fireEvent.click(one('#finish-today'));
    await waitFor(() => one('#save-check-in'));
    expect(one('h1').textContent).toBe('Change the check-in');
    await fireEvent.click(one('#none-of-these'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('.answered'));
    expect(callsOf('record_check_in')).toMatchObject([
      { revises: kept?.id, signs: [], severities: kept?.severities },
    ]);
  });

  test('and watched, but not finished, says on Today what is open', async () => {
    const world = WORLDS.watch('en');
    const recovery = world.overview?.recovery;
    if (!recovery?.last_check_in) throw new Error('what is watched was logged');
    const last = recovery.last_check_in;
    recovery.last_check_in = { ...last, signs: null, assessment: { ...last.assessment, complete: false } };
    await open(world);
    expect(one('.check').textContent).toContain('Still open: the questions at the top');
    one('#finish-today');
  });

  test('and finished can be changed from Today', async () => {
    const world = WORLDS.expected('en');
    await open(world);
    expect(document.querySelector('#finish-today')).toBeNull();
    await fireEvent.click(one('#change-today'));
    await waitFor(() => one('#save-check-in'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(callsOf('record_check_in')).toMatchObject([
        { revises: world.overview?.recovery?.last_check_in?.id },
      ]),
    );
  });

  test('about a past day is changed from its row, and back is the timeline', async () => {
    await open(aboutToBe('expected', 'en'));
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => one('[data-day="1"] [data-revise]'));
    const id = one('[data-day="1"] [data-revise]').dataset['revise'];
    await fireEvent.click(one('[data-day="1"] [data-revise]'));
    await waitFor(() => one('#save-check-in'));
    expect(one('form').textContent).toContain('How your skin was, on day 1.');
    expect(one('#symptoms-title').textContent).toBe('How strong was it, at its worst?');
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => expect(callsOf('record_check_in')).toMatchObject([{ revises: id }]));
    await waitFor(() => one('.answered'));
    await fireEvent.click(one('[data-place=check_in] header button'));
    await waitFor(() => expect(one('#tab-timeline').getAttribute('aria-current')).toBe('page'));
  });
});

describe('the day that a check-in is about', () => {
  test('is not asked the next morning where nothing had been typed, be the form left or open', async () => {
    const world = WORLDS.day3('en');
    await openCheckIn(world);
    await fireEvent.click(one('header button'));
    await passes(at(world, '2026-11-25T09:00:00Z'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#save-check-in'));
    expect(document.querySelector('#meant-other')).toBeNull();
    await passes(at(world, '2026-11-26T09:00:00Z'));
    await type('#note', 'Tight');
    expect(document.querySelector('#meant-other')).toBeNull();
  });

  test('is asked where something had been typed the day before', async () => {
    const world = WORLDS.day3('en');
    await openCheckIn(world);
    await type('#note', 'Tight');
    await passes(at(world, '2026-11-25T09:00:00Z'));
    await waitFor(() => one('#meant-other'));
  });

  test('is spoken of as over once yesterday is chosen', async () => {
    await openCheckIn(at(aboutToBe('expected', 'en'), '2026-11-24T23:40:00Z'));
    await fireEvent.click(one('#meant-other'));
    await waitFor(() => expect(one('form').textContent).toContain('How your skin was, on day'));
    expect(one('#symptoms-title').textContent).toBe('How strong was it, at its worst?');
  });

  test('is changed on a word, which brings its title and its beginning', async () => {
    await openCheckIn(aboutToBe('expected', 'en'));
    await type('#other-day', '2026-11-23');
    expect(one('h1').textContent).toBe('Check-in');
    await fireEvent.click(one('#open-other-day'));
    await waitFor(() => expect(one('h1').textContent).toBe('Check-in, Mon 23 Nov'));
    await waitFor(() => expect(document.activeElement).toBe(one('[data-place=check_in] h1')));
  });

  test.each(['', '2026-11-20', '2026-11-24', '2030-01-01'])(
    'as “%s” is refused in words, and keeps nothing else from being saved',
    async (typed) => {
      await openCheckIn(aboutToBe('expected', 'en'));
      await type('#other-day', typed);
      await fireEvent.click(one('#open-other-day'));
      await waitFor(() =>
        expect(one('#other-day-fault').textContent).toContain('from Sat 21 Nov to Mon 23 Nov'),
      );
      expect(document.activeElement?.id).toBe('other-day');
      await fireEvent.click(one('#none-of-these'));
      expect(one('#other-day').closest('form')).not.toBe(one('#save-check-in').closest('form'));
      await fireEvent.click(one('#save-check-in'));
      await waitFor(() => expect(callsOf('record_check_in')).toHaveLength(1));
    },
  );
});

describe('photos', () => {
  test('of the same file are two, and the focus stays among them when one is left out', async () => {
    await openCheckIn(WORLDS.day3('en'));
    await takes(2);
    const [, second] = document.querySelectorAll<HTMLElement>('li img + button');
    if (!second) throw new Error('two photos were added');
    await fireEvent.click(second);
    await waitFor(() => expect(document.querySelectorAll('li img')).toHaveLength(1));
    expect(document.activeElement).toBe(one('li img + button'));
    await fireEvent.click(one('li img + button'));
    await waitFor(() => expect(document.activeElement?.id).toBe('choose-photo'));
  });

  test('that were refused leave no check-in behind, and are tried again or left out', async () => {
    const refusals = { add_photo: { code: 'disk_full' as const } };
    const world = aboutToBe('expected', 'en');
    await openCheckIn({ ...world, refusals });
    await fireEvent.click(one('#none-of-these'));
    await takes(2);
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#photos-again'));
    expect(Object.values({ ...localStorage })).not.toContain('1');
    // Whatever else is opened, they wait.
    await fireEvent.click(one('#back-to-today'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#photos-again'));
    expect(one<HTMLInputElement>('#sign-pus').checked).toBe(false);
    expect(document.querySelector('#change-signs')).toBeNull();
    await fireEvent.click(one('#photos-again'));
    await waitFor(() => expect(callsOf('add_photo')).toHaveLength(2));
    installShell(structuredClone(world));
    await fireEvent.click(one('#photos-leave-out'));
    await waitFor(() => expect(document.querySelector('#photos-again')).toBeNull());
    expect(callsOf('add_photo')).toMatchObject([{ check_in: world.recorded?.id }]);
    expect(callsOf('record_check_in')).toEqual([]);
    await waitFor(() => expect(document.activeElement).toBe(one('[data-place=check_in] h1')));
  });

  test('that are still on their way leave another screen where it is', async () => {
    await openCheckIn(aboutToBe('expected', 'en'));
    const { __TAURI_INTERNALS__: shell } = window as unknown as {
      __TAURI_INTERNALS__: { invoke: (command: string, input: unknown) => Promise<unknown> };
    };
    const { invoke } = shell;
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    shell.invoke = async (command, input) => {
      if (command === 'add_photo') await slow;
      return invoke(command, input);
    };
    await fireEvent.click(one('#none-of-these'));
    await takes(1);
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#back-to-today'));
    await fireEvent.click(one('#back-to-today'));
    await waitFor(() => expect(document.activeElement).toBe(one('[data-place=today] h1')));
    const scrolled = vi.spyOn(window, 'scrollTo');
    const read = callsOf('timeline').length;
    answer();
    await waitFor(() => expect(callsOf('timeline').length).toBeGreaterThan(read));
    await new Promise((done) => setTimeout(done));
    expect(scrolled).not.toHaveBeenCalled();
  });

  test('without an answer are kept with their day, and no check-in is', async () => {
    const container = await openCheckIn(WORLDS.day3('en'));
    await takes(1);
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => expect(container.textContent).toContain('The photos are kept with day 3.'));
    expect(callsOf('add_photo')).toMatchObject([{ check_in: null, day: null, pose: 'front' }]);
    expect(callsOf('record_check_in')).toEqual([]);
    await fireEvent.click(one('#photos-and-check-in'));
    await waitFor(() => one('#save-check-in'));
    expect(document.querySelector('li img')).toBeNull();
  });
});

test('that something was lost with the window is said once', async () => {
  localStorage.setItem('check-in-begun', '1');
  const container = await openCheckIn(WORLDS.day3('en'));
  expect(container.textContent).toContain('was lost when the window closed');
  await fireEvent.click(one('header button'));
  await fireEvent.click(one('#open-check-in'));
  await waitFor(() => one('#save-check-in'));
  expect(container.textContent).not.toContain('was lost when the window closed');
});

test('a draft that is empty begins anew', () => {
  const drafts = new Drafts();
  drafts.of('a/now', () => new Draft('2026-11-24', null, ''));
  const next = drafts.of('a/now', () => new Draft('2026-11-25', null, ''));
  expect(next.begunOn).toBe('2026-11-25');
  next.note = 'Tight';
  expect(drafts.of('a/now', () => new Draft('2026-11-26', null, ''))).toBe(next);
});

test('a group of signs stays open when its last sign is taken back', async () => {
  await openCheckIn(WORLDS.day3('en'));
  const group = one<HTMLDetailsElement>('details:has(#sign-pus)');
  await fireEvent.click(one('#sign-pus'));
  await waitFor(() => expect(group.open).toBe(true));
  await fireEvent.click(one('#sign-pus'));
  await waitFor(() => one('#none-of-these'));
  expect(group.open).toBe(true);
});

test('a temperature is asked about when it was typed, not at every key', async () => {
  await openCheckIn(WORLDS.day3('en'));
  // The window of the tests speaks American English.
  for (const typed of ['9', '38', '38.4']) {
    await type('#temperature', typed);
    expect(document.querySelector('#temperature-read')).toBeNull();
  }
  await fireEvent.blur(one('#temperature'));
  await waitFor(() => expect(one('#temperature-read').textContent).toContain('38.4 °C (101.1 °F)'));
  await fireEvent.click(one('#temperature-yes'));
  expect(document.activeElement?.id).toBe('temperature');
  await type('#temperature', '9');
  await fireEvent.blur(one('#temperature'));
  expect(document.querySelector('#temperature-read')).toBeNull();
});
