import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { proposedEmergencyNumber } from '../../src/lib/emergency';
import { callsOf } from '../fake/shell';
import { WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

const title = () => one('h1').textContent;
const next = () => fireEvent.click(one('#setup-next'));

async function begin(world: World = WORLDS.first('en')) {
  await open(world);
  await fireEvent.click(one('#first-begin'));
  await waitFor(() => expect(title()).toBe('Your session'));
}

describe('the first run', () => {
  test('goes from the session over whom to call and reminders to Today, saying where it is', async () => {
    await begin();
    expect(one('#setup-step').textContent).toContain('1 of 4');
    await waitFor(() => expect(document.activeElement).toBe(one('h1')));
    await fireEvent.click(one('#area-face'));
    await fireEvent.click(one('#depth-unknown'));
    await fireEvent.click(one('#gave-sunscreen'));
    await fireEvent.click(one('#added-led'));
    await next();
    await waitFor(() => expect(title()).toBe('Whom to call'));
    expect(callsOf('add_session')).toEqual([]);
    expect(one<HTMLInputElement>('#setup-emergency').value).toBe('112');
    await fireEvent.input(one('#setup-clinic-phone'), { target: { value: '+34 600 000 000' } });
    await fireEvent.input(one('#setup-after-hours'), { target: { value: '+34 600 000 001' } });
    await next();
    await waitFor(() => expect(title()).toBe('Reminders'));
    const clinic = { phone: '+34 600 000 000', after_hours_phone: '+34 600 000 001' };
    expect(callsOf('change_settings')).toMatchObject([{ clinic }]);
    await fireEvent.click(one('#test-reminder'));
    await waitFor(() => one('#reach-seen'));
    await fireEvent.click(one('#reach-seen'));
    await next();
    await waitFor(() => expect(title()).toBe('Before you begin'));
    expect(one('ul').textContent).toContain('Nobody is watching these entries.');
    await next();
    await waitFor(() =>
      expect(callsOf('add_session')).toMatchObject([
        { areas: ['face'], depth_mm: null, clinic_gave: ['sunscreen'], adjuncts: ['led'], exposed: false },
      ]),
    );
  });

  test('what is refused is marked where it stands, and going back and forth loses nothing', async () => {
    const refusal = { code: 'invalid_session', faults: ['no_area'] } as const;
    await begin({ ...WORLDS.first('en'), refusals: { check_session: { ...refusal, faults: ['no_area'] } } });
    await fireEvent.input(one('#depth'), { target: { value: '1,5' } });
    await next();
    await waitFor(() => expect(one('#area-fault').textContent).toContain('at least one area'));
    expect(title()).toBe('Your session');
    expect(document.activeElement).toBe(one('#area-face'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => expect(title()).toBe('Whom to call'));
    await fireEvent.input(one('#setup-clinic-name'), { target: { value: 'Alba' } });
    await fireEvent.click(one('#setup-back'));
    await waitFor(() => expect(title()).toBe('Your session'));
    await fireEvent.click(one('#setup-over'));
    expect(one<HTMLInputElement>('#depth').value).toBe('1,5');
    await fireEvent.click(one('#setup-back'));
    await waitFor(() => one('#first-begin'));
    await waitFor(() => expect(document.activeElement).toBe(one('#first-begin')));
    await fireEvent.click(one('#first-begin'));
    await waitFor(() => expect(one<HTMLInputElement>('#depth').value).toBe('1,5'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => expect(one<HTMLInputElement>('#setup-clinic-name').value).toBe('Alba'));
  });

  test('a session to come is booked, and never in the past', async () => {
    await begin();
    await fireEvent.click(one('#setup-booked'));
    await next();
    await waitFor(() => expect(one('#booked-fault').textContent).toContain('Enter a date and a time'));
    expect(document.activeElement).toBe(one('#booked-date'));
    await fireEvent.input(one('#booked-date'), { target: { value: '2020-01-01' } });
    await fireEvent.input(one('#booked-time'), { target: { value: '10:00' } });
    await next();
    await waitFor(() => expect(one('#booked-fault').textContent).toContain('over already'));
    await fireEvent.input(one('#booked-date'), { target: { value: '2027-01-01' } });
    await next();
    await waitFor(() => expect(title()).toBe('Whom to call'));
    await next();
    await waitFor(() => expect(title()).toBe('Reminders'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => expect(title()).toBe('Before you begin'));
    await next();
    await waitFor(() =>
      expect(callsOf('keep_appointment')).toEqual([{ id: null, at: '2027-01-01T10:00:00', note: '' }]),
    );
  });

  test.each([
    ['Europe/Madrid', 'en-US', '112'],
    ['Europe/London', 'es-ES', '999'],
    ['America/New_York', 'es-ES', '911'],
    ['America/Bogota', 'es', '123'],
    ['Asia/Kolkata', 'en-IN', '112'],
    ['UTC', 'en-AU', '000'],
    ['UTC', 'en', '112'],
  ])('%s, %s: %s is proposed', (zone, language, number) => {
    expect(proposedEmergencyNumber(zone, language)).toBe(number);
  });
});

test('before the first session Today tells when it is, what holds by then, and the doses of the day', async () => {
  const container = await open(WORLDS.before('en'));
  expect(title()).toBe('Before your session');
  expect(one('#booked-at').textContent).toBe('Sunday 17:30');
  expect(container.querySelectorAll('[data-pre-care]').length).toBeGreaterThan(3);
  expect(one('[data-care]').textContent).toContain('08:00');
  await fireEvent.click(one('#enter-session'));
  await waitFor(() => one('#save-session'));
});

test('light or dark and the size of text are kept in the diary and in the window', async () => {
  await open(WORLDS.day3('en'));
  await fireEvent.click(one('#open-settings'));
  await waitFor(() => one('#theme-dark'));
  await fireEvent.click(one('#theme-dark'));
  await fireEvent.click(one('#text-150'));
  await waitFor(() =>
    expect(callsOf('change_settings').at(-1)).toMatchObject({ theme: 'dark', text_percent: 150 }),
  );
  await waitFor(() => expect(document.documentElement.style.getPropertyValue('--text-scale')).toBe('1.5'));
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect([localStorage.getItem('theme'), localStorage.getItem('text_percent')]).toEqual(['dark', '150']);
});
