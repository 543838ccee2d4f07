import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { emergencyOfZone, proposedEmergency } from '../../src/lib/emergency';
import { callsOf } from '../fake/shell';
import { WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

const title = () => one('h1').textContent;
const next = () => fireEvent.click(one('#setup-next'));

function inZone(zone: string): World {
  const world = WORLDS.first('en');
  if (!world.overview) throw new Error('the world has no overview');
  const clinic = { name: '', phone: '', after_hours_phone: '', hours: [] };
  return {
    ...world,
    overview: { ...world.overview, zone, settings: { ...world.overview.settings, clinic } },
  };
}

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
    await waitFor(() => expect(document.activeElement).toBe(one('#area-face')));
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
    ['Europe/Madrid', 'en-US', '112', true],
    ['Atlantic/Canary', 'en-GB', '112', true],
    ['Europe/London', 'es-ES', '999', true],
    ['America/New_York', 'es-ES', '911', true],
    ['America/Indiana/Indianapolis', 'es', '911', true],
    ['US/Eastern', 'de', '911', true],
    ['Canada/Pacific', 'fr', '911', true],
    ['America/Manaus', 'en-US', '192', true],
    ['America/Bogota', 'es', '123', true],
    ['Asia/Seoul', 'en-US', '112', false],
    ['Asia/Kolkata', 'en-US', '112', false],
    ['Africa/Lagos', 'en-GB', '112', false],
    ['US/Samoa', 'en-US', '112', false],
    ['UTC', 'en-AU', '000', false],
    ['Etc/GMT+5', 'en-US', '911', false],
    ['UTC', 'en', '112', false],
  ])(
    '%s, %s: %s is proposed, and whether it is the number of the place is %s',
    (zone, language, number, known) => {
      expect(proposedEmergency(zone, language)).toEqual({ number, known });
    },
  );

  test('a language alone is no place', () => {
    expect(emergencyOfZone('UTC')).toEqual({ number: '112', known: false });
  });

  test.each([
    ['America/New_York', '911', 'Proposed for where your device is (America/New_York)'],
    ['Asia/Seoul', '112', 'We do not know the emergency number where you are. Check it.'],
  ])(
    'in %s, %s is proposed with its reason, and kept where the step is skipped',
    async (zone, number, reason) => {
      await begin(inZone(zone));
      await fireEvent.click(one('#setup-skip'));
      await waitFor(() => expect(title()).toBe('Whom to call'));
      expect(one<HTMLInputElement>('#setup-emergency').value).toBe(number);
      expect(one('#setup-emergency-hint').textContent).toContain(reason);
      await fireEvent.input(one('#setup-emergency'), { target: { value: 'no number' } });
      await fireEvent.click(one('#setup-skip'));
      await waitFor(() => expect(title()).toBe('Reminders'));
      expect(callsOf('change_settings')).toMatchObject([{ emergency_number: number }]);
    },
  );

  test('a number that was kept stays when the step is skipped later', async () => {
    await begin(inZone('America/New_York'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => one('#setup-emergency'));
    await fireEvent.input(one('#setup-emergency'), { target: { value: '112' } });
    await next();
    await waitFor(() => expect(title()).toBe('Reminders'));
    await fireEvent.click(one('#setup-back'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => expect(title()).toBe('Reminders'));
    expect(callsOf('change_settings')).toMatchObject([{ emergency_number: '112' }]);
  });

  test('who enters the session at once has the emergency number of the place', async () => {
    await open(inZone('America/New_York'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#save-session'));
    await fireEvent.click(one('#depth-unknown'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('add_session')).toHaveLength(1));
    expect(callsOf('change_settings')).toMatchObject([{ emergency_number: '911' }]);
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
