import { fireEvent, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { callsOf } from '../fake/shell';
import { WORLDS } from '../fake/worlds';
import { one, open } from './open';

const boxes = () => [...document.querySelectorAll<HTMLInputElement>('[data-care] input')];

test('what is ticked off is kept, is named for who does not see it, and can be taken back', async () => {
  const container = await open(WORLDS.day3('en'));
  const box = boxes()[0];
  if (!box) throw new Error('day 3 has care');
  expect(box.getAttribute('aria-label')).toMatch(/^Done: /);
  expect(container.textContent).not.toContain('until midnight');
  await fireEvent.click(box);
  expect(box.checked).toBe(true);
  await waitFor(() => expect(container.textContent).toContain('until midnight'));
  await new Promise((settled) => setTimeout(settled));
  expect(box.checked).toBe(true);
  await fireEvent.click(box);
  await waitFor(() => expect(container.textContent).not.toContain('until midnight'));
  expect(box.checked).toBe(false);
  expect(callsOf('tick_care')).toMatchObject([{ done: true }, { done: false }]);
});

test('a tick that could not be kept is taken back and says so', async () => {
  await open({ ...WORLDS.day3('en'), refusals: { tick_care: { code: 'disk_full' } } });
  const box = boxes()[0];
  if (!box) throw new Error('day 3 has care');
  await fireEvent.click(box);
  await waitFor(() => expect(one('[data-care] [role=alert]').textContent).toContain('The disk is full'));
  expect(box.checked).toBe(false);
});

test('a check-in is never ticked off', async () => {
  await open(WORLDS.day3('en'));
  expect(document.querySelector('[data-care="check_in"]')).toBeNull();
});
