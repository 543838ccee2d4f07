/** What the system says itself is marked as its own and as English, whatever the patient speaks. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Status } from '../../src/ipc/generated/Status';
import { WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

const SENTENCE = 'org.freedesktop.Notifications was not provided';

function withStatus(changes: Partial<Status>): World {
  const world = WORLDS.day3('es');
  if (!world.overview) throw new Error('the world has no overview');
  const status = { ...world.overview.status, ...changes };
  return { ...world, overview: { ...world.overview, status } };
}
const english = () =>
  [...document.querySelectorAll('details [lang=en]')].map(({ textContent }) => textContent);

test('a banner has our own words alone', async () => {
  await open(withStatus({ reminders: { state: 'not_shown', reason: SENTENCE } }));
  expect(document.body.textContent).toContain('este escritorio no muestra sus notificaciones');
  expect(document.body.textContent).not.toContain(SENTENCE);
});

test('beside what could not be done', async () => {
  const failure = { code: 'diary_failed', sentence: 'database is locked' } as const;
  await open({ ...WORLDS.day3('es'), refusals: { care_plan: failure } });
  await fireEvent.click(one('#open-plan'));
  await waitFor(() => one('#plan-retry'));
  expect(english()).toEqual(['database is locked']);
  expect(one('[role=alert]').textContent).not.toContain('database');
});

test('About says once that Afterglow is not a medical device', async () => {
  await open(WORLDS.day3('en'));
  await fireEvent.click(one('#open-settings'));
  await waitFor(() => one('[data-place=settings] dl'));
  expect(one('[data-place=settings]').textContent.match(/medical device/g)).toHaveLength(1);
});
