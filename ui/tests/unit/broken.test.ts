import { fireEvent, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { later } from '../../src/screens/later.svelte';
import { WORLDS } from '../fake/worlds';
import Throwing from '../fake/Throwing.svelte';
import { one, open } from './open';

const { files, screens } = later;
const logged = vi.spyOn(console, 'error');
beforeEach(() => {
  logged.mockImplementation(() => undefined);
});
afterEach(() => {
  Object.assign(later, { files, screens, faults: {}, tried: false });
});

const BROKEN = 'This screen could not be opened';
const tap = (id: string) => fireEvent.click(one(id));
const title = (said: string) => waitFor(() => expect(one('h1').textContent).toContain(said));
const gone = () => Promise.reject(new TypeError('Failed to fetch Progress.js'));

test('a screen whose file does not come says so, keeps no other one away, and can be tried again', async () => {
  later.screens = {};
  later.files = { ...files, Progress: gone };
  await open(WORLDS.day3('en'));
  await tap('#tab-progress');
  await title(BROKEN);
  await waitFor(() => expect(document.activeElement).toBe(one('h1')));
  expect(one('[role=alert]').textContent).toContain('Your entries are kept');
  expect(one<HTMLDetailsElement>('details').open).toBe(false);
  expect(one('details').textContent).toContain('Failed to fetch Progress.js');
  expect(logged).toHaveBeenCalled();
  expect(document.querySelector('#screen-reload')).toBeNull();

  await tap('#tab-clinic');
  await title('Clínica Alba');

  await tap('#tab-progress');
  await title(BROKEN);
  await tap('#screen-again');
  await waitFor(() => one('#screen-reload'));
  expect(one('[role=alert]').textContent).toContain('It failed again');

  later.files = files;
  one('#screen-again').focus();
  await tap('#screen-again');
  await title('Progress');
  await waitFor(() => expect(document.activeElement).toBe(one('h1')));
});

test('a check-in that cannot be opened says whom to call', async () => {
  later.screens = {};
  later.files = { ...files, CheckIn: gone };
  await open(WORLDS.day3('en'));
  await tap('#open-check-in');
  await title(BROKEN);
  expect(one<HTMLAnchorElement>('#outside-emergency').href).toBe('tel:112');
});

test('a screen that fails while it is drawn says so, and the others go on', async () => {
  later.screens = { ...screens, ...{ Clinic: Throwing as NonNullable<typeof screens.Clinic> } };
  await open(WORLDS.day3('en'));
  await tap('#tab-clinic');
  await title(BROKEN);
  expect(one('details').textContent).toContain('drawn wrongly');
  await tap('#tab-progress');
  await title('Progress');
  await tap('#tab-clinic');
  await title(BROKEN);
  later.screens = screens;
  await tap('#screen-again');
  await title('Clínica Alba');
});
