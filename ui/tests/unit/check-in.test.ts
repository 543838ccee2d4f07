import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { AssessmentView } from '../../src/ipc/generated/AssessmentView';
import { Calendar } from '../../src/lib/calendar';
import { daysWords, hoursWords } from '../../src/lib/hours';
import { whomToCall } from '../../src/lib/whom';
import { readTemperature, usualDegrees } from '../../src/lib/temperature';
import { callsOf } from '../fake/shell';
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

async function type(selector: string, value: string) {
  await fireEvent.input(one(selector), { target: { value } });
}

describe('a temperature', () => {
  test.each([
    ['38.4', 'celsius', 38.4, 'celsius', true],
    ['38,4', 'celsius', 38.4, 'celsius', true],
    ['101.1', 'celsius', 38.39, 'fahrenheit', false],
    ['95', 'celsius', 35, 'fahrenheit', false],
    ['113', 'celsius', 45, 'fahrenheit', false],
    ['94.9', 'celsius', 94.9, 'celsius', true],
    ['100.4', 'fahrenheit', 38, 'fahrenheit', true],
    ['38.4', 'fahrenheit', 38.4, 'celsius', false],
    ['101.1 °F', 'celsius', 38.39, 'fahrenheit', true],
    ['38.4c', 'fahrenheit', 38.4, 'celsius', true],
    ['38.4 °', 'celsius', 38.4, 'celsius', true],
  ] as const)('%s where %s is usual', (typed, usual, celsius, degrees, sure) => {
    expect(readTemperature(typed, usual)).toEqual({ celsius, degrees, sure });
  });

  test.each(['', 'warm', '38.4.1', '-3'])('"%s" is no number', (typed) => {
    expect(readTemperature(typed, 'celsius')).toBeNull();
  });

  test.each([
    ['en-US', 'fahrenheit'],
    ['es-PR', 'fahrenheit'],
    ['en-GB', 'celsius'],
    ['es-ES', 'celsius'],
    ['en', 'celsius'],
  ])('%s measures in %s', (language, degrees) => {
    expect(usualDegrees(language)).toBe(degrees);
  });

  test('what may be meant otherwise is confirmed before anything is saved', async () => {
    await openCheckIn(WORLDS.day3('en'));
    await fireEvent.click(one('#none-of-these'));
    // The window of the tests speaks American English.
    await type('#temperature', '38.4');
    await waitFor(() =>
      expect(one('#temperature-read').textContent).toBe('Read as 38.4 °C (101.1 °F). Is that right?'),
    );
    await fireEvent.click(one('#save-check-in'));
    expect(callsOf('record_check_in')).toEqual([]);
    expect(document.activeElement?.id).toBe('temperature-yes');
    await fireEvent.click(one('#temperature-yes'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => expect(callsOf('record_check_in')).toMatchObject([{ temperature_c: 38.4 }]));
  });
});

describe('opening hours', () => {
  const calendar = new Calendar('en', 'Europe/Madrid', '2026-11-24T18:00:00Z');

  test('days in a row are said by their ends', () => {
    expect(daysWords(['monday', 'tuesday', 'wednesday', 'friday'], calendar)).toBe('Mon–Wed, Fri');
    expect(daysWords(['saturday', 'sunday'], calendar)).toBe('Sat, Sun');
  });

  test('the times of the same days stand together', () => {
    const days = ['monday', 'tuesday', 'wednesday'] as const;
    const spans = [
      { days: [...days], from: '16:00:00', until: '20:00:00' },
      { days: [...days], from: '09:00:00', until: '14:00:00' },
    ];
    expect(hoursWords(spans, calendar)).toEqual([{ days: 'Mon–Wed', times: '09:00–14:00, 16:00–20:00' }]);
  });
});

describe('a check-in about a day', () => {
  test('a normal day takes four taps', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#none-of-these'));
    await fireEvent.click(one('#none-of-these'));
    expect(one('#same-as-last').textContent.trim()).toBe('Same as yesterday');
    await fireEvent.click(one('#same-as-last'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#back-to-today'));
    expect(callsOf('record_check_in')).toMatchObject([{ day: null, signs: [], severities: { erythema: 2 } }]);
  });

  test('after midnight the day is asked, and nothing is saved before it is said', async () => {
    // 00:40 in Madrid, on day 4.
    const world = at(aboutToBe('expected', 'en'), '2026-11-24T23:40:00Z');
    await openCheckIn(world);
    expect(one('#meant-other').closest('label')?.textContent.trim()).toBe('Yesterday, Tue 24 Nov');
    await fireEvent.click(one('#none-of-these'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => expect(one('#meant-fault').textContent).toContain('Choose the day'));
    expect(callsOf('record_check_in')).toEqual([]);
    await fireEvent.click(one('#meant-other'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => expect(callsOf('record_check_in')).toMatchObject([{ day: '2026-11-24' }]));
  });

  test('by day no day is asked', async () => {
    await openCheckIn(WORLDS.day3('en'));
    expect(document.querySelector('#meant-other')).toBeNull();
  });

  test('another day is chosen below, and its time may be given', async () => {
    await openCheckIn(aboutToBe('expected', 'en'));
    const field = one<HTMLInputElement>('#other-day');
    expect([field.min, field.max]).toEqual(['2026-11-21', '2026-11-23']);
    await type('#other-day', '2026-11-22');
    await fireEvent.click(one('#open-other-day'));
    // That day has one already: it is shown, and a further one may be added.
    await waitFor(() => one('#another-check-in'));
    expect(one('h1').textContent).toBe('Check-in, Sun 22 Nov');
    await fireEvent.click(one('#another-check-in'));
    await waitFor(() => one('#check-in-time'));
    expect(one('#same-as-last').textContent.trim()).toBe('Same as yesterday');
    await fireEvent.click(one('#none-of-these'));
    await type('#check-in-time', '08:15');
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(callsOf('record_check_in')).toMatchObject([
        { day: '2026-11-22', time: '08:15:00', revises: null },
      ]),
    );
  });

  test('what is there for a day is corrected in its place', async () => {
    await openCheckIn(aboutToBe('expected', 'en'));
    await type('#other-day', '2026-11-22');
    await fireEvent.click(one('#open-other-day'));
    await waitFor(() => one('#change-check-in'));
    await fireEvent.click(one('#change-check-in'));
    await waitFor(() => expect(one<HTMLInputElement>('#severity-erythema-3').checked).toBe(true));
    await fireEvent.click(one('#severity-erythema-1'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(callsOf('record_check_in')).toMatchObject([
        { day: null, revises: '019aa2f0-0000-7000-8000-000000000101', severities: { erythema: 1, edema: 2 } },
      ]),
    );
  });
});

describe('what is typed', () => {
  test('outlives another screen', async () => {
    await openCheckIn(WORLDS.day3('en'));
    await fireEvent.click(one('#severity-pain-2'));
    await type('#note', 'A little tight');
    await fireEvent.click(one('header button'));
    await waitFor(() => one('#open-check-in'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => expect(one<HTMLTextAreaElement>('#note').value).toBe('A little tight'));
    expect(one<HTMLInputElement>('#severity-pain-2').checked).toBe(true);
  });

  test('that was lost with the window is said to be lost, and nothing of it stays behind', async () => {
    await openCheckIn(WORLDS.day3('en'));
    await type('#note', 'A little tight');
    await waitFor(() => expect(Object.values({ ...localStorage })).toContain('1'));
    expect(JSON.stringify({ ...localStorage })).not.toContain('tight');
    document.body.replaceChildren();
    const container = await openCheckIn(WORLDS.day3('en'));
    expect(container.textContent).toContain('was lost when the window closed');
  });

  test('is judged before it is saved, and a call is said at once', async () => {
    const findings = WORLDS.call_clinic('en').overview?.call?.check_in.assessment.findings ?? [];
    const assessed: AssessmentView = { level: 'call_clinic', complete: false, findings, closing: '' };
    await openCheckIn({ ...WORLDS.day3('en'), assessed });
    expect(document.querySelector('[data-live]')).toBeNull();
    await fireEvent.click(one('#sign-pus'));
    await waitFor(() => one('[data-live="call_clinic"]'));
    expect(one('[data-live]').textContent).toContain('Call Clínica Alba today');
    expect(one('[data-live] a').getAttribute('href')).toBe('tel:+34910000000');
    expect(callsOf('assess_check_in')).toMatchObject([{ signs: ['pus'], note: '' }]);
    expect(callsOf('record_check_in')).toEqual([]);
  });

  test('that is as expected so far is not said to be', async () => {
    const container = await openCheckIn(WORLDS.day3('en'));
    await fireEvent.click(one('#severity-pain-0'));
    await waitFor(() => expect(callsOf('assess_check_in')).toHaveLength(1));
    expect(document.querySelector('[data-live]')).toBeNull();
    expect(container.querySelector('form')?.textContent).not.toMatch(/expected/i);
  });
});

describe('the clinic', () => {
  async function openClinic(world: World): Promise<HTMLElement> {
    const container = await open(world);
    await fireEvent.click(one('#tab-clinic'));
    await waitFor(() => one('#past-calls-title'));
    return container;
  }

  test('says whether it is open, and dials it', async () => {
    const container = await openClinic(WORLDS.expected('en'));
    expect(one('h1').textContent).toBe('Clínica Alba');
    expect(one('[data-open]').textContent.trim()).toBe('Open now, until 20:00');
    expect(one('#clinic-call').getAttribute('href')).toBe('tel:+34910000000');
    expect(container.textContent).toContain('Mon–Fri');
    expect(container.textContent).toContain('Day 3, 1.5 mm, face:');
    await waitFor(() => expect(container.textContent).toContain('No check-in has asked for a call.'));
  });

  test('closed, the number that answers then is the large one', async () => {
    const world = WORLDS.expected('en');
    const overview = world.overview && {
      ...world.overview,
      clinic_open: { state: 'closed' as const, opens: '2026-11-25T08:00:00Z' },
    };
    await openClinic({ ...world, overview });
    expect(one('[data-open]').textContent.trim()).toBe('Closed, opens tomorrow 09:00');
    expect(one('#clinic-call').getAttribute('href')).toBe('tel:+34910000001');
  });

  test.each([
    ['open', '+34 1', '+34 2', { number: '+34 1', afterHours: false, answers: true }],
    ['closed', '+34 1', '+34 2', { number: '+34 2', afterHours: true, answers: true }],
    ['closed', '+34 1', '', { number: '+34 1', afterHours: false, answers: false }],
    ['open', '', '+34 2', { number: '', afterHours: false, answers: false }],
    ['closed', '', '', { number: '', afterHours: false, answers: false }],
  ] as const)('%s, with “%s” and after hours “%s”', (state, phone, after_hours_phone, whom) => {
    const open =
      state === 'open' ? { state, until: '2026-11-24T20:00:00Z' } : { state, opens: '2026-11-25T08:00:00Z' };
    expect(whomToCall({ name: '', phone, after_hours_phone, hours: [] }, open)).toEqual(whom);
  });

  test('closed, what is typed dials who answers, and where nobody does says whom else to call', async () => {
    const findings = WORLDS.call_clinic('en').overview?.call?.check_in.assessment.findings ?? [];
    const assessed: AssessmentView = { level: 'call_clinic', complete: false, findings, closing: '' };
    for (const after_hours_phone of ['+34910000001', '']) {
      const world = WORLDS.day3('en');
      if (!world.overview) throw new Error('day 3 has a recovery');
      const { settings } = world.overview;
      const overview = {
        ...world.overview,
        settings: { ...settings, clinic: { ...settings.clinic, after_hours_phone } },
        clinic_open: { state: 'closed' as const, opens: '2026-11-25T08:00:00Z' },
      };
      document.body.replaceChildren();
      await openCheckIn({ ...world, overview, assessed });
      await fireEvent.click(one('#sign-pus'));
      await waitFor(() => one('[data-live="call_clinic"] a'));
      expect(one('[data-live] a').getAttribute('href')).toBe(`tel:${after_hours_phone || '+34910000000'}`);
      expect(one('[data-live]').textContent.includes('urgent-care line')).toBe(!after_hours_phone);
    }
  });

  test('is reached from the settings before the first session, and leads back', async () => {
    await open(WORLDS.before('en'));
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('#settings-clinic'));
    await fireEvent.click(one('#settings-clinic'));
    await waitFor(() => one('#past-calls-title'));
    await fireEvent.click(one('header button'));
    await waitFor(() => one('#settings-clinic'));
  });

  test('an opening time that is emptied stays as it was, and keeps nothing from being saved', async () => {
    await openClinic(WORLDS.expected('en'));
    await fireEvent.click(one('#clinic-edit'));
    await waitFor(() => one('#hours-0-from'));
    const field = one<HTMLInputElement>('#hours-0-from');
    const before = field.value;
    await fireEvent.change(field, { target: { value: '' } });
    await fireEvent.blur(field);
    expect(field.value).toBe(before);
    expect(field.form?.noValidate).toBe(true);
  });

  test('is edited in place: several hours, and a fault keeps what was typed', async () => {
    await openClinic({
      ...WORLDS.expected('en'),
      refusals: { change_settings: { code: 'invalid_settings', faults: ['after_hours_phone_not_dialable'] } },
    });
    await fireEvent.click(one('#clinic-edit'));
    await waitFor(() => one('#hours-2-from'));
    await fireEvent.click(one('#hours-add'));
    await waitFor(() => expect(document.activeElement?.id).toBe('hours-3-from'));
    await fireEvent.click(one('#hours-3-sunday'));
    await fireEvent.change(one('#hours-3-from'), { target: { value: '22:00' } });
    await fireEvent.change(one('#hours-3-until'), { target: { value: '02:00' } });
    await type('#after-hours-field', 'ring twice');
    await fireEvent.click(one('#clinic-save'));
    await waitFor(() => expect(one('#after-hours-field-fault').textContent).toContain('cannot be dialled'));
    expect(one<HTMLInputElement>('#after-hours-field').value).toBe('ring twice');
    await waitFor(() => expect(document.activeElement?.id).toBe('after-hours-field'));
    const [sent] = callsOf('change_settings') as { clinic: { hours: unknown[] } }[];
    expect(sent?.clinic.hours[3]).toEqual({ days: ['sunday'], from: '22:00:00', until: '02:00:00' });
  });

  test('past calls say what asked for them and what came of them', async () => {
    const world = WORLDS.call_clinic('en');
    const past_calls = world.past_calls?.map((call) => ({
      ...call,
      answer: { outcome: 'reached_clinic' as const, at: '2026-11-24T18:30:00Z' },
      came_of: ['An ointment'],
    }));
    await openClinic({ ...world, past_calls: past_calls ?? [] });
    await waitFor(() => one('[data-call]'));
    expect(one('[data-call]').textContent).toContain('Pus, or cloudy or smelly fluid.');
    expect(one('[data-call]').textContent).toContain('You reached the clinic, today 19:30');
    expect(one('[data-call]').textContent).toContain('An ointment');
  });
});
