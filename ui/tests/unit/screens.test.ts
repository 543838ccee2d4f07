import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import type { DiaryTrouble } from '../../src/ipc/generated/DiaryTrouble';
import type { DueView } from '../../src/ipc/generated/DueView';
import { callsOf } from '../fake/shell';
import { aboutToBe, answered, BACKUP, prescribed, troubled, WORLDS } from '../fake/worlds';
import { one, open } from './open';

const NONE = { passphrase: false, recovery_code: false };
const CODE = { passphrase: false, recovery_code: true };
const BOTH = { passphrase: true, recovery_code: true };
const TROUBLES: DiaryTrouble[] = [
  { kind: 'keyring_lost', ways: NONE },
  { kind: 'keyring_unavailable', ways: NONE },
  { kind: 'key_file_missing' },
  { kind: 'key_file_damaged' },
  { kind: 'key_file_newer' },
  { kind: 'wrong_key', ways: NONE },
  { kind: 'damaged', backups: [] },
  { kind: 'older_version' },
  { kind: 'disk_full' },
  { kind: 'unreadable' },
];

describe('a diary that does not open', () => {
  test.each(TROUBLES)(
    '$kind: the window says why, what to do, where the file is, and that it is kept',
    async (trouble) => {
      const container = await open(troubled(trouble));
      expect(container.textContent).toContain('Nothing was replaced or deleted.');
      expect(container.textContent).toContain('/diary.db');
      expect(container.textContent).toContain('emergency number');
      expect(container.querySelector('nav')).toBeNull();
      expect(container.querySelector('#unlock')).toBeNull();
      await fireEvent.click(one('#retry-diary'));
      await waitFor(() => expect(callsOf('overview')).toHaveLength(2));
    },
  );

  test('locked: nothing but the way in and an emergency number', async () => {
    const container = await open(troubled({ kind: 'locked', ways: BOTH }));
    expect(container.textContent).not.toContain('/diary.db');
    expect(one<HTMLAnchorElement>('#outside-emergency').href).toBe('tel:112');
    expect(container.textContent).toContain('We do not know the emergency number where you are. Check it.');
    expect(container.querySelector('#outside-clinic')).toBeNull();
    await fireEvent.input(one('#unlock-secret'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.click(one('#unlock'));
    await waitFor(() =>
      expect(callsOf('unlock')).toEqual([{ kind: 'passphrase', typed: 'seven quiet mornings' }]),
    );
    await waitFor(() => expect(one<HTMLButtonElement>('#unlock').disabled).toBe(false));
    await fireEvent.click(one('#unlock-other'));
    await fireEvent.input(one('#unlock-secret'), { target: { value: 'QPZR Y9X8' } });
    await fireEvent.click(one('#unlock'));
    await waitFor(() => expect(callsOf('unlock')[1]).toEqual({ kind: 'recovery_code', typed: 'QPZR Y9X8' }));
  });

  test('locked: the numbers that the patient keeps outside the diary are one tap away', async () => {
    const numbers = { clinic: '+34 910 000 000', emergency: '061' };
    await open({ ...troubled({ kind: 'locked', ways: BOTH }), numbers });
    await waitFor(() => expect(one<HTMLAnchorElement>('#outside-clinic').href).toBe('tel:+34910000000'));
    expect(one<HTMLAnchorElement>('#outside-emergency').href).toBe('tel:061');
  });

  test('a diary that nothing opens is set aside after a typed word', async () => {
    const container = await open(troubled({ kind: 'key_file_missing' }));
    await fireEvent.click(one('#start-anew-open'));
    await fireEvent.click(one('#start-anew-go-on'));
    expect(one('label[for="start-anew-word"]').textContent).toContain('“new”');
    await waitFor(() => expect(document.activeElement).toBe(one('#start-anew-word')));
    await fireEvent.input(one('#start-anew-word'), { target: { value: 'new' } });
    await fireEvent.click(one('#start-anew-confirm'));
    await waitFor(() => expect(callsOf('start_anew')).toEqual([{ confirmation: 'new' }]));
    expect(container.querySelector('#outside-emergency')).not.toBeNull();
  });

  test.each(['disk_full', 'older_version', 'key_file_newer', 'unreadable'] as const)(
    '%s: another diary is no way out',
    async (kind) => {
      const container = await open(troubled({ kind }));
      expect(container.querySelector('#start-anew-open')).toBeNull();
    },
  );

  test('a damaged diary without a backup: an export takes its place', async () => {
    await open(troubled({ kind: 'damaged', backups: [] }));
    for (const row of document.querySelectorAll('details')) row.open = true;
    await waitFor(() => one('#import-passphrase'));
    await fireEvent.input(one('#import-passphrase'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.click(one('#repair-export'));
    await waitFor(() =>
      expect(callsOf('restore_import')).toEqual([
        {
          path: '/home/alba/Downloads/afterglow-2026-11-23.age',
          passphrase: 'seven quiet mornings',
          secret: null,
        },
      ]),
    );
  });

  test('a wrong passphrase is said beside the field, and what was typed stays', async () => {
    const world = troubled({ kind: 'locked', ways: { passphrase: true, recovery_code: false } });
    const wrong: DiaryTrouble = { kind: 'wrong_secret', secret: 'passphrase' };
    await open({
      ...world,
      refusals: {
        ...world.refusals,
        unlock: { code: 'diary_unavailable', trouble: wrong, path: '', sentence: '' },
      },
    });
    await fireEvent.input(one('#unlock-secret'), { target: { value: 'seven loud mornings' } });
    await fireEvent.click(one('#unlock'));
    await waitFor(() => expect(one('#unlock-fault').textContent).toContain('does not open this diary'));
    expect(one<HTMLInputElement>('#unlock-secret').value).toBe('seven loud mornings');
  });

  test('a lost keyring: the recovery code is asked for beside the reason', async () => {
    const container = await open(troubled({ kind: 'keyring_lost', ways: CODE }));
    expect(container.textContent).toContain('no longer has the diary’s key');
    expect(one('label[for="unlock-secret"]').textContent).toBe('Recovery code');
  });

  test('a damaged diary: a backup is restored with what opened the key', async () => {
    const world = troubled({ kind: 'locked', ways: BOTH });
    const damaged: DiaryTrouble = { kind: 'damaged', backups: [BACKUP] };
    const container = await open({
      ...world,
      refusals: {
        ...world.refusals,
        unlock: { code: 'diary_unavailable', trouble: damaged, path: '/diary.db', sentence: '' },
      },
    });
    await fireEvent.input(one('#unlock-secret'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.click(one('#unlock'));
    await waitFor(() => one('.backup'));
    await fireEvent.click(one('#retry-diary'));
    await waitFor(() => expect(callsOf('overview')).toHaveLength(2));
    expect(container.querySelector('.backup')).not.toBeNull();
    await fireEvent.click(one('.backup button'));
    await waitFor(() =>
      expect(callsOf('restore_backup')).toEqual([
        { name: BACKUP.name, secret: { kind: 'passphrase', typed: 'seven quiet mornings' } },
      ]),
    );
  });
});

test('the numbers go outside the diary only when the patient says so', async () => {
  await open(WORLDS.day3('en'));
  await fireEvent.click(one('#open-settings'));
  await waitFor(() => one('#numbers-outside'));
  expect(one<HTMLInputElement>('#numbers-outside').checked).toBe(false);
  await fireEvent.click(one('#numbers-outside'));
  await waitFor(() => expect(callsOf('keep_numbers_outside')).toEqual([true]));
});

test('what was refused does not stay ticked', async () => {
  await open({
    ...WORLDS.day3('en'),
    refusals: { keep_numbers_outside: { code: 'numbers_not_kept', sentence: 'the disk is read-only' } },
  });
  await fireEvent.click(one('#open-settings'));
  await waitFor(() => one('#numbers-outside'));
  await fireEvent.click(one('#numbers-outside'));
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('could not be changed'));
  await waitFor(() => expect(one<HTMLInputElement>('#numbers-outside').checked).toBe(false));
});

describe('reminders', () => {
  const due = {
    key: 'a1',
    label: 'Cleanse gently',
    what: 'daily' as const,
    due_at: '2026-11-24T08:00:00Z',
    actions: ['done' as const, 'snooze' as const, 'skip' as const],
    snooze: ['ten_minutes' as const, 'one_hour' as const],
  };
  function dueWorld(one: DueView = due) {
    const world = WORLDS.day3('en');
    const { overview } = world;
    if (!overview?.recovery) throw new Error('a recovery');
    return { ...world, overview: { ...overview, recovery: { ...overview.recovery, due: [one] } } };
  }

  test.each<[string, { zone?: string; session?: string }]>([
    ['of here', { zone: '+02:00' }],
    ['of the session', { session: '+02:00' }],
  ])('z7: an offset stands in for a zone that nobody knows, %s, and the patient is told', async (_, put) => {
    const world = dueWorld();
    const { overview } = world;
    const { recovery } = overview;
    const session = { ...recovery.session, zone: put.session ?? recovery.session.zone };
    await open({
      ...world,
      overview: { ...overview, zone: put.zone ?? overview.zone, recovery: { ...recovery, session } },
    });
    expect(document.body.textContent).toContain('Times go by UTC+02:00');
    expect(one('[data-due=a1]').textContent).toContain('Cleanse gently');
  });

  test('what is due is done, put off or skipped from Today', async () => {
    await open(dueWorld());
    const row = one('[data-due=a1]');
    expect(row.textContent).toContain('Cleanse gently');
    await fireEvent.click(one('[data-due=a1] .later'));
    const waits = [...row.querySelectorAll('[role=group] button')].map((one) => one.textContent.trim());
    expect(waits).toEqual(['In 10 minutes', 'In an hour']);
    await fireEvent.click(one('[data-due=a1] .done'));
    await waitFor(() => expect(callsOf('act_on_reminder')).toEqual([{ key: 'a1', act: 'done' }]));
    await waitFor(() => expect(document.querySelector('[data-due]')).toBeNull());
  });

  test('a check-in that is due is opened from its row, and can wait', async () => {
    await open(dueWorld({ ...due, label: 'Check-in', what: 'check_in', actions: ['snooze', 'skip'] }));
    expect(one('[data-due=a1] .later')).toBeDefined();
    expect(document.querySelector('[data-due=a1] .done')).toBeNull();
    await fireEvent.click(one('[data-due=a1] .check-in'));
    await waitFor(() => one('#save-check-in'));
  });

  test('Today says that reminders do not start at login, and lets them', async () => {
    await open(WORLDS.day0('en'));
    expect(document.body.textContent).toContain('After a restart of this computer, reminders wait');
    await fireEvent.click(one('#next-at-login'));
    await waitFor(() => expect(callsOf('remind_at_login')).toEqual([true]));
    await waitFor(() => expect(document.querySelector('#next-at-login')).toBeNull());
  });

  test('Today says that reminders are paused, and goes on with them', async () => {
    const world = WORLDS.day3('en');
    if (!world.overview) throw new Error('an overview');
    const status = { ...world.overview.status, reminders_paused_until: '2026-11-24T23:00:00Z' };
    await open({ ...world, overview: { ...world.overview, status } });
    expect(one('#next-paused').textContent).toContain('You paused reminders until');
    await fireEvent.click(one('#next-resume'));
    await waitFor(() => expect(callsOf('pause_today')).toEqual([false]));
    await waitFor(() => expect(document.querySelector('#next-paused')).toBeNull());
  });

  async function openReminderRows() {
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('.rows details'));
    for (const row of document.querySelectorAll<HTMLDetailsElement>('.rows > details')) row.open = true;
  }

  test('“Can we reach you?” says what it knows, and a test asks whether it was seen', async () => {
    await open(WORLDS.day3('en'));
    await openReminderRows();
    await waitFor(() => one('#reach-next'));
    expect(one('#reach-next').textContent).toContain('Gentle wash, ');
    expect(document.body.textContent).toContain('dunst 1.9');
    await fireEvent.click(one('#test-reminder'));
    await waitFor(() => one('#reach-not-seen'));
    await fireEvent.click(one('#reach-not-seen'));
    await waitFor(() => expect(document.body.textContent).toContain('Do not disturb'));
    await fireEvent.click(one('#at-login'));
    await waitFor(() => expect(callsOf('remind_at_login')).toEqual([true]));
  });

  test('“Can we reach you?” starts reminders again that the patient stopped', async () => {
    await open(WORLDS.stopped('en'));
    await openReminderRows();
    await waitFor(() => one('#reach-start'));
    expect(document.body.textContent).toContain('Stopped by you');
    await fireEvent.click(one('#reach-start'));
    await waitFor(() => expect(document.querySelector('#reach-start')).toBeNull());
    expect(callsOf('start_reminders')).toHaveLength(1);
    await waitFor(() => expect(document.activeElement).toBe(one('#test-reminder')));
  });

  test('a restriction is switched off only after the patient was told what it keeps back', async () => {
    await open(WORLDS.day3('en'));
    await openReminderRows();
    await waitFor(() => one('[data-instruction=no_makeup]'));
    await fireEvent.click(one('[data-instruction=no_makeup]'));
    expect(callsOf('change_reminder_choices')).toEqual([]);
    await fireEvent.click(one('.switch-off'));
    await waitFor(() => expect(one('#untold').textContent).toContain('No makeup'));
    await fireEvent.click(one('[data-instruction=moisturise]'));
    await waitFor(() => expect(callsOf('change_reminder_choices')).toHaveLength(2));
  });

  async function type(selector: string, value: string) {
    await fireEvent.input(one(selector), { target: { value } });
  }

  test('a medicine is added with its name, its days and two times', async () => {
    await open(WORLDS.day3('en'));
    await openReminderRows();
    await waitFor(() => one('#medicine-add'));
    expect(one('#medicine-list').textContent).toContain('Did your clinic prescribe something?');
    await fireEvent.click(one('#medicine-add'));
    await waitFor(() => expect(document.activeElement?.id).toBe('medicine-name'));
    expect(one<HTMLInputElement>('#medicine-from').value).toBe('2026-11-24');
    expect(one<HTMLInputElement>('#medicine-time-1').value).toBe('08:00');
    await type('#medicine-name', ' Aciclovir ');
    await fireEvent.click(one('#medicine-time-add'));
    await waitFor(() => expect(document.activeElement?.id).toBe('medicine-time-2'));
    await type('#medicine-time-2', '20:00');
    await fireEvent.click(one('#medicine-save'));
    await waitFor(() => expect(one('[data-entry]').textContent).toContain('08:00, 20:00'));
    expect(callsOf('keep_medicine')).toEqual([
      { id: null, name: 'Aciclovir', from: '2026-11-24', to: null, times: ['08:00:00', '20:00:00'] },
    ]);
    expect(one('[data-entry]').textContent).toContain('From Tue 24 Nov');
    await waitFor(() => expect(document.activeElement?.id).toBe('medicine-add'));
  });

  test('a medicine is changed where it stands, and only one form is open at a time', async () => {
    await open(prescribed('en'));
    await openReminderRows();
    await waitFor(() => one('#medicine-list .edit'));
    await fireEvent.click(one('#medicine-list .edit'));
    await waitFor(() => one('#medicine-save'));
    expect(document.querySelector('#medicine-add')).toBeNull();
    await fireEvent.click(document.querySelectorAll<HTMLElement>('.time button')[1] as HTMLElement);
    await waitFor(() => expect(document.querySelectorAll('.time')).toHaveLength(2));
    await fireEvent.click(one('#medicine-save'));
    await waitFor(() => expect(one('#medicine-list').textContent).toContain('08:00, 20:00'));
    expect(callsOf('keep_medicine')).toEqual([
      {
        id: '019aa2f0-0000-7000-8000-000000000201',
        name: 'Aciclovir 400 mg',
        from: '2026-11-21',
        to: '2026-11-28',
        times: ['08:00:00', '20:00:00'],
      },
    ]);
    await waitFor(() => expect(document.activeElement?.classList.contains('edit')).toBe(true));
  });

  test('a medicine’s faults stand beside their fields, and what was typed stays', async () => {
    await open({
      ...WORLDS.day3('en'),
      refusals: {
        keep_medicine: { code: 'invalid_medicine', faults: ['name_too_long', 'ends_before_it_begins'] },
      },
    });
    await openReminderRows();
    await waitFor(() => one('#medicine-add'));
    await fireEvent.click(one('#medicine-add'));
    await waitFor(() => one('#medicine-name'));
    await type('#medicine-name', 'A very long name');
    await type('#medicine-to', '2026-11-20');
    await fireEvent.click(one('#medicine-save'));
    await waitFor(() => expect(one('#medicine-name-fault').textContent).toContain('80 characters'));
    expect(one('#medicine-to-fault').textContent).toContain('before the first day');
    expect(one('#medicine-times-fault').textContent.trim()).toBe('');
    expect(one<HTMLInputElement>('#medicine-name').value).toBe('A very long name');
    expect(one<HTMLInputElement>('#medicine-to').value).toBe('2026-11-20');
    await waitFor(() => expect(document.activeElement?.id).toBe('medicine-name'));
    await type('#medicine-from', '');
    await fireEvent.click(one('#medicine-time-add'));
    await fireEvent.click(one('#medicine-save'));
    await waitFor(() => expect(one('#medicine-from-fault').textContent).toContain('the first day'));
    expect(one('#medicine-times-fault').textContent).toContain('Fill in each time');
    expect(callsOf('keep_medicine')).toHaveLength(1);
  });

  test('a medicine is removed only after asking', async () => {
    await open(prescribed('en'));
    await openReminderRows();
    await waitFor(() => one('#medicine-list .remove'));
    await fireEvent.click(one('#medicine-list .remove'));
    expect(one<HTMLDialogElement>('#medicine-list dialog').open).toBe(true);
    expect(one('#medicine-list dialog').textContent).toContain('Remove Aciclovir 400 mg?');
    expect(callsOf('withdraw_medicine')).toEqual([]);
    await fireEvent.click(one('#medicine-list .confirm-remove'));
    await waitFor(() => expect(document.querySelector('#medicine-list [data-entry]')).toBeNull());
    expect(callsOf('withdraw_medicine')).toEqual(['019aa2f0-0000-7000-8000-000000000201']);
    await waitFor(() => expect(document.activeElement?.id).toBe('medicine-add'));
  });

  test('a booked session says the time of its place, and is entered with a date and a time', async () => {
    await open(prescribed('en'));
    await openReminderRows();
    await waitFor(() => one('#appointment-list [data-entry]'));
    expect(one('#appointment-list [data-entry]').textContent).toContain('Mon 4 Jan 2027, 10:30, Lisbon time');
    await fireEvent.click(one('#appointment-add'));
    await waitFor(() => one('#appointment-date'));
    await type('#appointment-date', '2026-12-19');
    await fireEvent.click(one('#appointment-save'));
    await waitFor(() =>
      expect(one('#appointment-moment-fault').textContent).toContain('Enter a date and a time.'),
    );
    await waitFor(() => expect(document.activeElement?.id).toBe('appointment-time'));
    await type('#appointment-time', '10:30');
    await type('#appointment-note', 'Bring the list');
    await fireEvent.click(one('#appointment-save'));
    await waitFor(() => expect(document.querySelectorAll('#appointment-list [data-entry]')).toHaveLength(2));
    expect(callsOf('keep_appointment')).toEqual([
      { id: null, at: '2026-12-19T10:30:00', note: 'Bring the list' },
    ]);
    const listed = document.querySelectorAll('#appointment-list [data-entry]')[1]?.textContent;
    expect(listed).toContain('Sat 19 Dec, 10:30');
    expect(listed).not.toContain('time');
  });
});

async function openDiaryRows() {
  await fireEvent.click(one('#open-settings'));
  await waitFor(() => one('.diary-rows'));
  for (const row of document.querySelectorAll<HTMLDetailsElement>('.diary-rows details')) row.open = true;
}

describe('the diary in the settings', () => {
  test('a passphrase is set only when it was typed twice alike', async () => {
    await open(WORLDS.day3('en'));
    await openDiaryRows();
    await fireEvent.input(one('#passphrase-new'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.input(one('#passphrase-again'), { target: { value: 'seven quiet evenings' } });
    await fireEvent.click(one('#passphrase-save'));
    await waitFor(() => expect(one('.diary-rows').textContent).toContain('not the same'));
    expect(callsOf('set_passphrase')).toEqual([]);
    await fireEvent.input(one('#passphrase-again'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.click(one('#passphrase-save'));
    await waitFor(() =>
      expect(callsOf('set_passphrase')).toEqual([{ passphrase: 'seven quiet mornings', ask_at_start: true }]),
    );
    await waitFor(() => one('#lock-now'));
  });

  test('a recovery code is shown in groups and as a picture, and put away', async () => {
    await open(WORLDS.day3('en'));
    await openDiaryRows();
    await fireEvent.click(one('#recovery-code-make'));
    await waitFor(() => expect(document.querySelectorAll('#recovery-code li')).toHaveLength(8));
    expect(one<HTMLImageElement>('.diary-rows img').src).toContain('data:image/svg+xml,');
    await fireEvent.click(one('#recovery-code-seen'));
    await waitFor(() => expect(document.querySelector('#recovery-code')).toBeNull());
  });

  test('an import is looked into before it is joined', async () => {
    await open(WORLDS.day3('en'));
    await openDiaryRows();
    await waitFor(() => one('#import-passphrase'));
    expect(document.querySelector('#import-merge')).toBeNull();
    await fireEvent.input(one('#import-passphrase'), { target: { value: 'seven quiet mornings' } });
    await fireEvent.click(one('#import-inspect'));
    await waitFor(() => expect(one('#import-inside').textContent).toContain('check-ins: 4'));
    await fireEvent.click(one('#import-merge'));
    await waitFor(() => expect(callsOf('merge_import')).toHaveLength(1));
  });

  test('everything is erased only after two confirmations, with the word', async () => {
    await open(WORLDS.day3('en'));
    await openDiaryRows();
    await fireEvent.click(one('#erase-everything-open'));
    expect(document.querySelector('#erase-everything-confirm')).toBeNull();
    await fireEvent.click(one('#erase-everything-go-on'));
    await waitFor(() => one('#erase-everything-word'));
    expect(callsOf('erase_everything')).toEqual([]);
    await fireEvent.input(one('#erase-everything-word'), { target: { value: 'erase' } });
    await fireEvent.click(one('#erase-everything-confirm'));
    await waitFor(() => expect(callsOf('erase_everything')).toEqual([{ confirmation: 'erase' }]));
  });
});

describe('entering a session', () => {
  test('the form sends the wall clock, a depth with a comma, and the areas', async () => {
    await open(WORLDS.first('en'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#ended-date'));
    expect(one<HTMLInputElement>('#ended-date').value).toBe('2026-11-21');
    expect(one<HTMLInputElement>('#ended-time').value).toBe('15:30');
    await fireEvent.input(one('#depth'), { target: { value: '1,5' } });
    await fireEvent.click(one('#area-face'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('add_session')).toHaveLength(1));
    expect(callsOf('add_session')[0]).toEqual({
      course: null,
      ended_at: '2026-11-21T15:30:00',
      setting: 'clinic',
      device: null,
      depth_mm: 1.5,
      areas: ['face'],
      concerns: [],
      clinic_gave: [],
      adjuncts: [],
      exposed: false,
    });
  });

  test('a depth that is not known is sent as none', async () => {
    await open(WORLDS.first('en'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#depth-unknown'));
    await fireEvent.click(one('#depth-unknown'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('add_session')).toMatchObject([{ depth_mm: null }]));
  });

  test('faults stand beside their fields, the first has the focus, and what was typed stays', async () => {
    await open({
      ...WORLDS.first('en'),
      refusals: {
        add_session: {
          code: 'invalid_session',
          faults: ['depth_out_of_range', 'no_area', 'device_too_long'],
        },
      },
    });
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#depth'));
    await fireEvent.input(one('#depth'), { target: { value: '9' } });
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(one('#depth-fault').textContent).toContain('between 0.1 and 3.5 mm'));
    expect(one('#area-fault').textContent).toContain('at least one area');
    expect(one('#device-fault').textContent).toContain('80 characters');
    expect(one('#end-fault').textContent.trim()).toBe('');
    expect(one<HTMLInputElement>('#depth').value).toBe('9');
    expect(one('#depth').getAttribute('aria-describedby')).toContain('depth-fault');
    await waitFor(() => expect(document.activeElement?.id).toBe('depth'));
  });
});

describe('Today', () => {
  test('restrictions count down, and ended ones say what is allowed again', async () => {
    await open(WORLDS.day3('en'));
    expect(one('#day-number').textContent).toBe('Day 3');
    const rows = [...document.querySelectorAll('.restriction-row')].map((row) => row.textContent);
    expect(rows[0]).toContain('1 day 19 h');
    expect(rows[0]).toContain('until Thursday 14:30');
    expect(rows.some((row) => row.includes('Over since today 14:30'))).toBe(true);
  });

  test('four restrictions stand open, and what is folded away is named', async () => {
    await open(WORLDS.day0('en'));
    const inFold = document.querySelectorAll('#more-restrictions .restriction-row').length;
    expect(document.querySelectorAll('.restriction-row').length - inFold).toBe(4);
    expect(one('#more-restrictions summary').textContent).toContain(`${inFold} more`);
    expect(one('#more-restrictions summary').textContent).toContain('Touching the skin');
  });

  test('that reminders do not run stands above what is not yet allowed', async () => {
    await open(WORLDS.day0('en'));
    const trouble = screen.getByText('Reminders are not running');
    const after = trouble.compareDocumentPosition(one('#not-yet')) & Node.DOCUMENT_POSITION_FOLLOWING;
    expect(after).toBeTruthy();
  });

  test('who comes from a notification is brought to what is due', async () => {
    await open(WORLDS.day3('en'));
    (window as unknown as { afterglowShow: (screen: string) => void }).afterglowShow('today');
    await waitFor(() => expect(document.activeElement).toBe(one('#due')));
  });

  test('reminders say what became of them', async () => {
    await open(WORLDS.day3('en'));
    const past = [...document.querySelectorAll('li.reminder-row')].map((row) => row.textContent);
    expect(past.map((text) => text.replace(/.*(Opened|Shown|Missed)/, '$1'))).toEqual([
      'Opened today 18:00',
      'Shown today 14:31',
      'Missed, was due today 14:30',
    ]);
  });

  test('a quiet complete check-in is as expected for its day, in the plan’s words', async () => {
    const container = await open(WORLDS.expected('en'));
    expect(container.textContent).toContain('Checked in 19:04 · as expected for day 3');
    expect(container.textContent).toContain('Nothing you logged is unusual for day 3. Worried? Call.');
    expect(container.textContent).not.toMatch(/you are fine/i);
  });

  test('half a check-in is never expected', async () => {
    const container = await open(WORLDS.unfinished('en'));
    expect(container.textContent).toContain('Checked in 19:04 · not finished');
    expect(container.textContent).toContain('we cannot judge it yet');
    expect(container.textContent).not.toContain('expected for day');
    expect(one('#open-check-in').textContent.trim()).toBe('Check in again');
  });

  test('what is watched is to be logged again tomorrow', async () => {
    const container = await open(WORLDS.watch('en'));
    expect(container.textContent).toContain('Checked in 19:04 · keep an eye on it');
    expect(container.textContent).toContain('Check in again tomorrow.');
  });

  test('reminders that do not run are said so, and can be tried again', async () => {
    await open(WORLDS.day0('en'));
    expect(screen.getByText('Reminders are not running')).toBeDefined();
    await waitFor(() => expect(callsOf('sync_reminders')).toHaveLength(1));
    await fireEvent.click(screen.getByText('Try again'));
    await waitFor(() => expect(callsOf('sync_reminders')).toHaveLength(2));
  });

  test('reminders that the patient stopped are said so, and start again on their word', async () => {
    await open(WORLDS.stopped('en'));
    expect(screen.getByText('You stopped reminders')).toBeDefined();
    expect(one('#next-stopped').textContent).toContain('does not come');
    await fireEvent.click(one('#start-reminders'));
    await waitFor(() => expect(document.querySelector('#start-reminders')).toBeNull());
    expect(callsOf('start_reminders')).toHaveLength(1);
    await waitFor(() => expect(document.activeElement).toBe(one('h1')));
  });
});

/** What an element says, as it is read. */
function wordsOf(selector: string): string {
  return one(selector).textContent.replace(/\s+/g, ' ');
}

describe('the call card', () => {
  test('reads out the facts, dials the clinic, and closes with what was done', async () => {
    await open(WORLDS.call_clinic('en'));
    expect(one('.read-out').textContent).toBe(
      'Day 3, 1.5 mm, face: pus, or cloudy or smelly fluid, dryness 2 of 4, peeling 2 of 4 (before: 1), ' +
        'redness 1 of 4, swelling 1 of 4, pain 1 of 4',
    );
    expect(one('[data-rule="purulence"] .because').textContent).toBe('Pus, or cloudy or smelly fluid.');
    expect(one('[data-rule="purulence"]').textContent).toContain('Sources');
    expect(one('.call-card a').getAttribute('href')).toBe('tel:+34910000000');
    expect(one('.call-card').textContent).toContain('Nobody is watching these entries.');
    await fireEvent.click(one('[data-outcome="reached_clinic"]'));
    await waitFor(() => expect(document.querySelector('.call-card')).toBeNull());
    expect(callsOf('answer_call')).toEqual([
      { check_in: '019aa2f0-0000-7000-8000-000000000103', outcome: 'reached_clinic' },
    ]);
  });

  test('nobody reached yet: the card stays and says what to do beside the number', async () => {
    await open(WORLDS.call_clinic('en'));
    await fireEvent.click(one('[data-outcome="not_reached"]'));
    await waitFor(() => one('#not-reached'));
    expect(callsOf('answer_follow_up')).toEqual([
      { check_in: '019aa2f0-0000-7000-8000-000000000103', reached: false, note: '' },
    ]);
    const said = wordsOf('#not-reached');
    expect(said).toContain('At 19:06 you had reached nobody. Keep trying.');
    expect(said).toContain('Call your doctor or an urgent-care line today.');
    expect(said).toContain('quickly worse: call 112.');
    expect(one('.call-card').textContent.split('urgent-care line')).toHaveLength(2);
    await waitFor(() => expect(document.activeElement?.id).toBe('not-reached'));
    expect(one('[data-outcome="reached_clinic"]')).toBeDefined();
  });

  test('nobody reached in an emergency: call the emergency number again', async () => {
    await open(WORLDS.emergency('en'));
    await fireEvent.click(one('[data-outcome="not_reached"]'));
    await waitFor(() => one('#not-reached'));
    expect(wordsOf('#not-reached')).toContain('you had reached nobody. Call 112 again now.');
    expect(one('#not-reached').textContent).not.toContain('urgent-care');
  });

  test('a note that nobody was reached which is not kept is said so', async () => {
    await open({
      ...WORLDS.call_clinic('en'),
      refusals: { answer_follow_up: { code: 'disk_full' } },
    });
    await fireEvent.click(one('[data-outcome="not_reached"]'));
    await waitFor(() => expect(one('.call-card').textContent).toContain('The disk is full.'));
    expect(document.querySelector('#not-reached')).toBeNull();
  });

  test('what came of a call is kept, and then no longer asked', async () => {
    const container = await open(answered('en'));
    expect(one('.outcome-asked').textContent).toContain('You reached the clinic. What came of it?');
    await fireEvent.input(one('#came-of'), { target: { value: ' Cold compress, call again on Friday ' } });
    await fireEvent.click(one('#came-of-save'));
    await waitFor(() => expect(container.querySelector('.outcome-asked')).toBeNull());
    expect(callsOf('answer_follow_up')).toEqual([
      {
        check_in: '019aa2f0-0000-7000-8000-000000000103',
        reached: true,
        note: 'Cold compress, call again on Friday',
      },
    ]);
    await waitFor(() => expect(document.activeElement?.id).toBe('day-number'));
  });

  test('nothing to note is an answer too', async () => {
    const container = await open(answered('en'));
    await fireEvent.input(one('#came-of'), { target: { value: 'half a thought' } });
    await fireEvent.click(one('#came-of-nothing'));
    await waitFor(() => expect(container.querySelector('.outcome-asked')).toBeNull());
    expect(callsOf('answer_follow_up')).toMatchObject([{ reached: true, note: '' }]);
  });

  test('a note that is too long has its fault beside it and stays as it was typed', async () => {
    await open({ ...answered('en'), refusals: { answer_follow_up: { code: 'note_too_long' } } });
    await fireEvent.input(one('#came-of'), { target: { value: 'a long story' } });
    await fireEvent.click(one('#came-of-save'));
    await waitFor(() => expect(one('#came-of-fault').textContent).toContain('2,000 characters'));
    expect(one<HTMLTextAreaElement>('#came-of').value).toBe('a long story');
    await waitFor(() => expect(document.activeElement?.id).toBe('came-of'));
  });

  test('every finding stands on the card with its reason, and a measured fever is read out', async () => {
    await open(WORLDS.worse('en'));
    expect(document.querySelectorAll('.call-card [data-rule]').length).toBeGreaterThan(1);
    await open(WORLDS.fever('es'));
    expect([...document.querySelectorAll('.read-out')].at(-1)?.textContent).toContain('38,4 °C');
  });

  test('an emergency dials the emergency number and names the sign', async () => {
    await open(WORLDS.emergency('es'));
    expect(one('.call-card a').getAttribute('href')).toBe('tel:112');
    expect(one('.read-out').textContent).toContain('dificultad para respirar');
  });

  test('without the clinic’s number it asks for it and says whom else to call', async () => {
    await open(WORLDS.call_no_number('en'));
    expect(one('.call-card').textContent).toContain('Call your doctor or an urgent-care line today.');
    expect(one('.call-card a.other').textContent.trim()).toBe('+34 910 000 001');
    await fireEvent.input(one('#call-phone'), { target: { value: ' 555 01 ' } });
    await fireEvent.click(screen.getByText('Save number'));
    await waitFor(() => expect(one('.call-card a').getAttribute('href')).toBe('tel:55501'));
  });
});

/** Opens the check-in, says "none of these", and saves. */
async function checkIn() {
  await fireEvent.click(one('#open-check-in'));
  await waitFor(() => one('#none-of-these'));
  await fireEvent.click(one('#none-of-these'));
  await fireEvent.click(one('#save-check-in'));
  await waitFor(() => one('#back-to-today'));
}

describe('a check-in', () => {
  test('sends what was answered, and says none of these as an empty list', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#none-of-these'));
    await fireEvent.click(one('#none-of-these'));
    await fireEvent.click(one('#severity-erythema-2'));
    expect(screen.getByText('Clearly red or darker, like mild sunburn')).toBeDefined();
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#back-to-today'));
    expect(callsOf('record_check_in')).toEqual([
      {
        session: '019aa2f0-0000-7000-8000-000000000001',
        day: null,
        time: null,
        revises: null,
        severities: { erythema: 2 },
        signs: [],
        temperature_c: null,
        areas: [],
        note: '',
      },
    ]);
  });

  test('signs that were not answered are not sent as none', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#save-check-in'));
    await fireEvent.click(one('#severity-pain-1'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(callsOf('record_check_in')).toMatchObject([{ signs: null, severities: { pain: 1 } }]),
    );
  });

  test('a note alone is not sent; the form says what to do', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#note'));
    await fireEvent.input(one('#note'), { target: { value: 'tight' } });
    await fireEvent.click(one('#save-check-in'));
    expect(screen.getByRole('alert').textContent).toContain('Answer at least one question');
    expect(callsOf('record_check_in')).toEqual([]);
    expect(one<HTMLTextAreaElement>('#note').value).toBe('tight');
  });

  test('an incomplete one asks to be finished, says what is open, and keeps the answers', async () => {
    const container = await open(aboutToBe('unfinished', 'en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#severity-pain-1'));
    await fireEvent.click(one('#severity-pain-1'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() => one('#finish-check-in'));
    expect(container.textContent).toContain('Please finish: we cannot judge it yet');
    expect(container.textContent).toContain('Still open: the questions at the top, heat, pain.');
    expect(container.textContent).not.toContain('expected for day');
    await fireEvent.click(one('#finish-check-in'));
    await waitFor(() => expect(one<HTMLInputElement>('#severity-erythema-1').checked).toBe(true));
    expect(one('h1').textContent).toBe('Change the check-in');
    await fireEvent.click(one('header button'));
    await waitFor(() => expect(one('#open-check-in').textContent.trim()).toBe('Check in again'));
    expect(container.textContent).toContain('Please finish: we cannot judge it yet');
  });

  test('a quiet complete one is answered with what is expected of its day', async () => {
    await open(aboutToBe('expected', 'en'));
    await checkIn();
    expect(one('[data-level="expected"]').textContent).toContain('As expected for day 3');
    expect(one('[data-level="expected"]').textContent).toContain('Worried? Call.');
    expect(document.querySelector('#finish-check-in')).toBeNull();
  });

  test('what is to be watched says its advice, its reason, and when to log again', async () => {
    await open(aboutToBe('watch', 'en'));
    await checkIn();
    const answer = one('[data-level="watch"]');
    expect(answer.querySelector('.because')?.textContent).toContain('Redness at 2');
    expect(answer.textContent).toContain('Check in again tomorrow.');
    expect(answer.textContent).toContain('Sources');
  });

  test.each(['call_clinic', 'fever', 'emergency'] as const)(
    '%s: the call card is the answer',
    async (situation) => {
      await open(aboutToBe(situation, 'en'));
      await checkIn();
      expect(one('.call-card [data-rule] .because').textContent).not.toBe('');
      expect(document.querySelector('[data-level="expected"]')).toBeNull();
    },
  );

  test('a temperature is sent as a number, with a point or a comma', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#temperature'));
    await fireEvent.input(one('#temperature'), { target: { value: '38,4 °C' } });
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(callsOf('record_check_in')).toMatchObject([{ temperature_c: 38.4, signs: null }]),
    );
  });

  test('a temperature that cannot be right has its fault beside it and stays as it was typed', async () => {
    await open({
      ...WORLDS.day3('en'),
      refusals: { record_check_in: { code: 'invalid_check_in', faults: ['temperature_out_of_range'] } },
    });
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#temperature'));
    for (const typed of ['hot', '98']) {
      await fireEvent.input(one('#temperature'), { target: { value: typed } });
      await fireEvent.click(one('#save-check-in'));
      await waitFor(() =>
        expect(one('#temperature-fault').textContent).toContain('between 86.0 °F and 113.0 °F'),
      );
      expect(one<HTMLInputElement>('#temperature').value).toBe(typed);
      expect(document.activeElement?.id).toBe('temperature');
    }
    expect(callsOf('record_check_in')).toHaveLength(1);
  });

  test('further symptoms are one tap away, and stand open once one was answered', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#same-as-last'));
    const further = one('#more-symptoms').closest('details');
    expect(further?.open).toBe(false);
    expect(further?.querySelector('summary')?.textContent).toContain('tightness, dryness, peeling');
    await fireEvent.click(one('#same-as-last'));
    await waitFor(() => expect(further?.open).toBe(true));
    expect(one<HTMLInputElement>('#severity-dryness-2').checked).toBe(true);
  });

  test('a closed group of signs says what it holds, so that none is said of all', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#none-of-these'));
    const group = one('#sign-pus').closest('details');
    expect(group?.open).toBe(false);
    expect(group?.querySelector('summary')?.textContent).toContain('pus, or cloudy or smelly fluid');
    expect(one('#sign-breathing_difficulty').closest('details')).toBeNull();
    await fireEvent.click(one('#sign-pus'));
    expect(group?.open).toBe(true);
    expect(document.querySelector('[role="alert"]')).toBeNull();
  });

  test('a sign shows the emergency number at once while the form goes on', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#sign-eye_pain'));
    await fireEvent.click(one('#sign-eye_pain'));
    expect(screen.getByRole('alert').textContent).toContain('Call 112 now.');
    expect(one('#save-check-in')).toBeDefined();
  });

  test('the same as last time fills every symptom', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#same-as-last'));
    await fireEvent.click(one('#same-as-last'));
    expect(one<HTMLInputElement>('#severity-erythema-2').checked).toBe(true);
    expect(one<HTMLInputElement>('#severity-pain-1').checked).toBe(true);
  });

  test('a failure keeps everything that was typed', async () => {
    await open({
      ...WORLDS.day3('en'),
      refusals: { record_check_in: { code: 'diary_failed', sentence: 'the disk is full' } },
    });
    await fireEvent.click(one('#open-check-in'));
    await waitFor(() => one('#note'));
    await fireEvent.input(one('#note'), { target: { value: 'tight around the nose' } });
    await fireEvent.click(one('#severity-pain-1'));
    await fireEvent.click(one('#save-check-in'));
    await waitFor(() =>
      expect(screen.getByRole('alert').textContent).toContain('What you typed is still here.'),
    );
    expect(one<HTMLTextAreaElement>('#note').value).toBe('tight around the nose');
    expect(one<HTMLInputElement>('#severity-pain-1').checked).toBe(true);
  });
});

describe('Timeline and Settings', () => {
  test('every row of the road is there, today is marked, and dots have words', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => one('#export-calendar'));
    expect(document.querySelectorAll('[data-day]')).toHaveLength(22);
    expect(one('[aria-current="date"]').dataset['day']).toBe('3');
    expect(one('[data-day="0"]').textContent).toContain(
      'redness 3 of 4: Very red or dark, like strong sunburn',
    );
    await fireEvent.click(one('#export-calendar'));
    await waitFor(() => expect(screen.getByText(/afterglow\.ics/)).toBeDefined());
  });

  test('a notification opens the screen that it is about', async () => {
    await open(WORLDS.day3('en'));
    (window as unknown as { afterglowShow: (screen: string) => void }).afterglowShow('check_in');
    await waitFor(() => one('#save-check-in'));
  });

  test('the language changes every word at once', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('#language-es'));
    await fireEvent.click(one('#language-es'));
    await waitFor(() => expect(one('h1').textContent).toBe('Ajustes'));
    await waitFor(() => expect(document.documentElement.lang).toBe('es'));
  });

  test('the clinic’s screen is the one place to change numbers, and the settings lead there', async () => {
    await open({
      ...WORLDS.day3('en'),
      refusals: { change_settings: { code: 'invalid_settings', faults: ['emergency_number_not_dialable'] } },
    });
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('#settings-clinic'));
    expect(one('.numbers').textContent).toContain('112');
    await fireEvent.click(one('#settings-clinic'));
    await waitFor(() => one('#clinic-edit'));
    await fireEvent.click(one('#clinic-edit'));
    await fireEvent.input(one('#emergency-number'), { target: { value: 'ask Ana' } });
    await fireEvent.click(one('#clinic-save'));
    await waitFor(() => expect(one('#emergency-fault').textContent).toContain('cannot be dialled'));
    expect(one<HTMLInputElement>('#emergency-number').value).toBe('ask Ana');
    expect(one('#clinic-phone-field-fault').textContent.trim()).toBe('');
  });

  test('an emergency number that is emptied stays as it was', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#tab-clinic'));
    await waitFor(() => one('#clinic-edit'));
    await fireEvent.click(one('#clinic-edit'));
    await fireEvent.input(one('#emergency-number'), { target: { value: ' ' } });
    await fireEvent.click(one('#clinic-save'));
    await waitFor(() => expect(callsOf('change_settings')).toMatchObject([{ emergency_number: '112' }]));
  });

  test('an open call card leads back to Today from the settings', async () => {
    await open(WORLDS.call_clinic('en'));
    expect(one('.checked').textContent).toContain('call your clinic');
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('#open-call-card'));
    await fireEvent.click(one('#open-call-card'));
    await waitFor(() => one('.call-card'));
  });

  test('a session entered by mistake is withdrawn only after asking, then Today is shown', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => one('#withdraw-session'));
    await fireEvent.click(one('#withdraw-session'));
    expect(one('#confirm-withdraw').closest('dialog')?.open).toBe(true);
    expect(callsOf('withdraw_session')).toEqual([]);
    await fireEvent.click(one('#confirm-withdraw'));
    await waitFor(() => one('#enter-session'));
    expect(callsOf('withdraw_session')).toEqual(['019aa2f0-0000-7000-8000-000000000001']);
  });

  test('quiet hours are switched off as a whole, and on with both ends', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => one('#quiet-hours'));
    await fireEvent.click(one('#quiet-hours'));
    await waitFor(() => expect(document.querySelector('#quiet-from')).toBeNull());
    await fireEvent.click(one('#quiet-hours'));
    await waitFor(() => one('#quiet-from'));
    expect(callsOf('change_settings')).toMatchObject([
      { quiet_hours: null },
      { quiet_hours: { from: '22:00:00', until: '08:00:00' } },
    ]);
  });
});
