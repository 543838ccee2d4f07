/** Where the focus goes, and what is said aloud, when what was pressed goes away. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { CallFailure } from '../../src/ipc';
import type { AssessmentView } from '../../src/ipc/generated/AssessmentView';
import type { DueView } from '../../src/ipc/generated/DueView';
import type { DiaryTrouble } from '../../src/ipc/generated/DiaryTrouble';
import { installShell } from '../fake/shell';
import { aboutToBe, prescribed, troubled, WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

/** Presses what has the focus, as a keyboard does. */
async function press(selector: string): Promise<void> {
  one(selector).focus();
  await fireEvent.click(one(selector));
}
const focused = (selector: string) => waitFor(() => expect(document.activeElement).toBe(one(selector)));

function due(...keys: string[]): World {
  const world = WORLDS.day3('en');
  const { overview } = world;
  if (!overview?.recovery) throw new Error('the world has no recovery');
  const rows = keys.map((key): DueView => ({
    key,
    label: `Care ${key}`,
    what: 'daily',
    due_at: '2026-11-24T08:00:00Z',
    actions: ['done', 'snooze', 'skip'],
    snooze: ['ten_minutes'],
  }));
  return { ...world, overview: { ...overview, recovery: { ...overview.recovery, due: rows } } };
}

describe('on Today', () => {
  test('what was done goes, and the next one has the focus; after the last one the day has it', async () => {
    await open(due('a', 'b'));
    await press('[data-due=a] .done');
    await focused('[data-due=b]');
    await press('[data-due=b] .skip');
    await focused('#day-number');
  });

  test('the last of several gives the focus to the one before', async () => {
    await open(due('a', 'b'));
    await press('[data-due=b] .later');
    await press('[data-due=b] [role=group] button');
    await focused('[data-due=a]');
  });

  test('what is allowed beside the next reminder goes with its button', async () => {
    await open(WORLDS.day0('en'));
    await press('#next-at-login');
    await focused('#next');
  });

  test('“Can I …?” closes with its button, and with Escape from within; the field has the focus', async () => {
    await open(WORLDS.day1('en'));
    one('#can-i').focus();
    await waitFor(() => one('#can-panel'));
    await press('#can-close');
    expect(document.activeElement).toBe(one('#can-i'));
    expect(document.querySelector('#can-panel')).toBeNull();
    await fireEvent.click(one('#can-i'));
    one('#open-product').focus();
    await fireEvent.keyDown(one('#open-product'), { key: 'Escape' });
    expect(document.activeElement).toBe(one('#can-i'));
    expect(document.querySelector('#can-panel')).toBeNull();
  });

  test('“Can I …?” says aloud that it has no answer', async () => {
    await open({ ...WORLDS.day1('en'), refusals: { can: { code: 'diary_failed', sentence: 'locked' } } });
    await fireEvent.input(one('#can-i'), { target: { value: 'gym' } });
    await waitFor(() => expect(one('#can-panel [role=alert]').textContent).toContain('The diary did not'));
  });

  test('the strip of an open call leads to the card itself', async () => {
    await open(WORLDS.call_clinic('en'));
    await press('#open-settings');
    await waitFor(() => one('#open-call-card'));
    await press('#open-call-card');
    await focused('#call-title');
  });

  test('a phase of one day is not said to be several', async () => {
    await open(WORLDS.day0('en'));
    const { span } = WORLDS.day0('en').overview?.recovery?.phase ?? {};
    expect(span?.from_day).toBe(span?.to_day);
    expect(one('.arc svg').getAttribute('aria-label')).toMatch(/, day 0$/);
  });
});

describe('a diary that is locked', () => {
  const LOCKED: DiaryTrouble = { kind: 'locked', ways: { passphrase: true, recovery_code: false } };

  test('the field of its passphrase has the focus, and the day after it is opened', async () => {
    await open(troubled(LOCKED));
    await focused('#unlock-secret');
    installShell(WORLDS.day3('en'));
    await fireEvent.input(one('#unlock-secret'), { target: { value: 'seven quiet mornings' } });
    await press('#unlock');
    await focused('#day-number');
  });

  test('what a diary that does not open is about has the focus', async () => {
    await open(troubled({ kind: 'key_file_missing' }));
    await focused('h1');
  });
});

describe('in the settings', () => {
  async function openRows(world: World, rows: string) {
    await open(world);
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one(rows));
    for (const row of document.querySelectorAll<HTMLDetailsElement>(
      `${rows} > details, ${rows} section > details`,
    ))
      row.open = true;
  }

  test('a backup is restored only after asking, and the focus stays with it', async () => {
    await openRows(WORLDS.day3('en'), '.diary-rows');
    await waitFor(() => one('.restore'));
    const copy = '[data-backup="diary-2026-11-24.db"]';
    await press(`${copy} .restore`);
    await focused(`${copy} .filled`);
    await press(`${copy} .filled`);
    await focused(`${copy} .restore`);
    await press(`${copy} .restore`);
    await press(`${copy} .confirm`);
    await focused(`${copy} .restore`);
  });

  test('a recovery code is read from its beginning, and put away', async () => {
    await openRows(WORLDS.day3('en'), '.diary-rows');
    await press('#recovery-code-make');
    await focused('#recovery-code-once');
    await press('#recovery-code-seen');
    await focused('#recovery-code-make');
  });

  test('a restriction that stays on, or is switched off, keeps the focus at its switch', async () => {
    await openRows(prescribed('en'), '.rows');
    await waitFor(() => one('[data-instruction=no_makeup]'));
    for (const answer of ['.ask .filled', '.ask .switch-off']) {
      await fireEvent.click(one('[data-instruction=no_makeup]'));
      await waitFor(() => one(answer));
      await press(answer);
      await focused('[data-instruction=no_makeup]');
    }
  });

  test('whether a reminder was seen is answered, and another one can be shown', async () => {
    await openRows(WORLDS.day3('en'), '.rows');
    await waitFor(() => one('#test-reminder'));
    await press('#test-reminder');
    await waitFor(() => one('#reach-seen'));
    await press('#reach-seen');
    await focused('#test-reminder');
  });
});

describe('said aloud', () => {
  test('of the answer to a check-in its heading, and nothing that changes later', async () => {
    await open(aboutToBe('watch', 'en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#severity-erythema-2'));
    await fireEvent.click(one('#severity-erythema-2'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#answered-title'));
    const said = [...document.querySelectorAll('[data-place=check_in] [role=status]')].map((part) =>
      part.textContent?.trim(),
    );
    expect(said.filter(Boolean)).toEqual(['Keep an eye on it']);
  });

  test('of a call that is judged while typing its heading, and not the rest with each change', async () => {
    const findings = WORLDS.call_clinic('en').overview?.call?.check_in.assessment.findings ?? [];
    const assessed: AssessmentView = { level: 'call_clinic', complete: false, findings, closing: '' };
    await open({ ...WORLDS.day3('en'), assessed });
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#severity-erythema-2'));
    await fireEvent.click(one('#severity-erythema-2'));
    await waitFor(() => one('[data-live] [role=alert]'));
    expect(one('[data-live] [role=alert]').textContent.trim()).toBe('Call Clínica Alba today');
  });
});

describe('what failed is named', () => {
  const refusal: CallFailure = { code: 'no_answer', sentence: '' };

  test('a reminder to try is not said to be unsaved', async () => {
    await open({ ...WORLDS.first('en'), refusals: { test_reminder: refusal } });
    await toReminders();
    await press('#test-reminder');
    await waitFor(() => one('.setup [role=alert]'));
    expect(one('.setup [role=alert]').textContent).not.toContain('not saved');
  });

  test('the service’s start at login that does not change is said so in the first run', async () => {
    await open({ ...WORLDS.first('en'), refusals: { remind_at_login: refusal } });
    await toReminders();
    await waitFor(() => one('#at-login'));
    await fireEvent.click(one('#at-login'));
    await waitFor(() => one('.setup [role=alert]'));
  });

  test('a language that is not kept', async () => {
    await open({ ...WORLDS.first('en'), refusals: { change_settings: refusal } });
    await fireEvent.click(one('#first-es'));
    await waitFor(() => one('[role=alert]'));
  });

  test('photos that cannot be read are not said to be not added', async () => {
    await open({ ...WORLDS.day3('en'), refusals: { photos: refusal } });
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => one('.photos [role=alert]'));
    expect(one('.photos [role=alert]').textContent).toContain('The photos could not be read.');
  });

  async function toReminders() {
    await fireEvent.click(one('#first-begin'));
    for (const step of ['Your session', 'Whom to call']) {
      await waitFor(() => expect(one('h1').textContent).toBe(step));
      await fireEvent.click(one('#setup-skip'));
    }
    await waitFor(() => one('#test-reminder'));
  }
});

describe('opening hours', () => {
  const refused: World['refusals'] = {
    change_settings: { code: 'invalid_settings', faults: ['hours_without_day'] },
  };

  test('in the first run a time without a day is marked and said', async () => {
    await open({ ...WORLDS.first('en'), refusals: refused });
    await fireEvent.click(one('#first-begin'));
    await waitFor(() => one('#setup-skip'));
    await fireEvent.click(one('#setup-skip'));
    await waitFor(() => one('#hours-2-saturday'));
    await fireEvent.click(one('#hours-2-saturday'));
    await fireEvent.click(one('#setup-next'));
    await waitFor(() => expect(one('#setup-hours-fault').getAttribute('role')).toBe('alert'));
    await focused('#hours-2-monday');
    expect(one('#hours-2-monday').getAttribute('aria-describedby')).toBe('setup-hours-fault');
    expect(one('#hours-0-monday').getAttribute('aria-invalid')).toBeNull();
  });

  test('at the clinic the one without a day has the focus, and an emptied time shows what is kept', async () => {
    await open({ ...WORLDS.day3('en'), refusals: refused });
    await fireEvent.click(one('#tab-clinic'));
    await waitFor(() => one('#clinic-edit'));
    await fireEvent.click(one('#clinic-edit'));
    await fireEvent.click(one('#hours-2-saturday'));
    const from = one<HTMLInputElement>('#hours-2-from');
    await fireEvent.change(from, { target: { value: '' } });
    await fireEvent.blur(from);
    expect(from.value).toBe('10:00');
    await fireEvent.click(one('#clinic-save'));
    await focused('#hours-2-monday');
  });
});
