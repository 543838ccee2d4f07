/** What the window holds while a session is typed, settings are changed and the diary is locked. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { Companion } from '../../src/state/companion.svelte';
import { SessionDraft } from '../../src/state/session-draft.svelte';
import { callsOf, installShell } from '../fake/shell';
import { troubled, WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

const NOW = '2026-11-24T18:00:00Z';
const ZONE = 'Europe/Madrid';

/** What the window knows over a world, without its screens. */
async function knowing(world: World): Promise<Companion> {
  installShell(structuredClone(world));
  const companion = new Companion('en-GB', ZONE);
  await companion.refresh();
  return companion;
}

async function type(selector: string, value: string) {
  await fireEvent.input(one(selector), { target: { value } });
}

describe('a session', () => {
  test('that was at home has nothing from the clinic, whatever was ticked before', () => {
    const draft = new SessionDraft(NOW, ZONE);
    draft.clinicGave = ['sunscreen'];
    expect(draft.input()?.clinic_gave).toEqual(['sunscreen']);
    draft.setting = 'home';
    expect(draft.input()?.clinic_gave).toEqual([]);
    draft.setting = 'clinic';
    expect(draft.input()?.clinic_gave).toEqual(['sunscreen']);
  });

  test('that is being typed outlives another screen, and can be started over', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#save-session'));
    await type('#device', 'SkinPen');
    await fireEvent.click(one('#setting-home'));
    await fireEvent.click(one('header button'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => expect(one<HTMLInputElement>('#device').value).toBe('SkinPen'));
    expect(one<HTMLInputElement>('#setting-home').checked).toBe(true);
    await fireEvent.click(one('#session-start-over'));
    await waitFor(() => expect(one<HTMLInputElement>('#device').value).toBe(''));
    expect(document.querySelector('#session-start-over')).toBeNull();
    expect(document.activeElement?.id).toBe('ended-date');
  });

  test('that was kept leaves nothing behind', async () => {
    await open(WORLDS.day3('en'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#save-session'));
    await type('#device', 'SkinPen');
    await fireEvent.click(one('#save-session'));
    await waitFor(() => one('#enter-session'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => expect(one<HTMLInputElement>('#device').value).toBe(''));
    expect(document.querySelector('#session-start-over')).toBeNull();
  });

  test('whose form was only looked at begins anew, with the time of now', () => {
    const { sessions } = new Companion('en-GB', ZONE);
    const looked = sessions.draftOf(null, () => new SessionDraft(NOW, ZONE));
    looked.propose('course-1', ['course-1']);
    const later = sessions.draftOf(null, () => new SessionDraft('2026-11-25T18:00:00Z', ZONE));
    expect(later.date).toBe('2026-11-25');
  });

  test.each([
    { chosen: null, kept: null },
    { chosen: 'other', kept: 'other' },
    { chosen: 'gone', kept: 'proposed' },
  ])('of the course $chosen is of $kept when its form is opened again', ({ chosen, kept }) => {
    const draft = new SessionDraft(NOW, ZONE);
    draft.propose('proposed', ['proposed', 'other', 'gone']);
    draft.course = chosen;
    draft.propose('proposed', ['proposed', 'other']);
    expect(draft.course).toBe(kept);
  });
});

describe('changes', () => {
  test('of reminders that follow quickly do not undo each other', async () => {
    const { reminders } = await knowing(WORLDS.day3('en'));
    await reminders.readChoices();
    await Promise.all(
      ['no_makeup', 'moisturise'].map((instruction) =>
        reminders.choose(({ switched_off }) => ({ switched_off: [...switched_off, instruction] as never })),
      ),
    );
    expect(callsOf('change_reminder_choices')).toMatchObject([
      { switched_off: ['no_makeup'] },
      { switched_off: ['no_makeup', 'moisturise'] },
    ]);
  });
});

test('a reading that was overtaken is done only when what overtook it is shown', async () => {
  installShell(WORLDS.day3('en'));
  const { __TAURI_INTERNALS__: shell } = window as unknown as {
    __TAURI_INTERNALS__: { invoke: (command: string, input: unknown) => Promise<unknown> };
  };
  const { invoke } = shell;
  let readings = 0;
  let answer: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (answer = resolve));
  shell.invoke = async (command, input) => {
    if (command === 'overview') readings += 1;
    if (command === 'overview' && readings === 2) await slow;
    return invoke(command, input);
  };
  const companion = new Companion('en-GB', ZONE);
  const first = companion.refresh();
  void companion.refresh();
  const shown = first.then(() => companion.overview);
  // Whatever the first one still waits for comes before this.
  await new Promise((done) => setTimeout(done));
  answer();
  expect(await shown).not.toBeNull();
});

test('a locked window forgets what it knew, but not a new session that is being typed', async () => {
  const companion = await knowing(WORLDS.day3('en'));
  const session = companion.overview?.recovery?.session;
  if (!session) throw new Error('day 3 has a session');
  await companion.reminders.readChoices();
  await companion.reminders.readReach();
  await companion.custody.readBackups();
  companion.correct(session);
  const begin = () => new SessionDraft(NOW, ZONE);
  const typed = [null, session.id].map((id) => companion.sessions.draftOf(id, begin));
  for (const draft of typed) draft.device = 'SkinPen';
  installShell(troubled({ kind: 'locked', ways: { passphrase: true, recovery_code: false } } as never));
  await companion.refresh();
  expect(companion.trouble?.trouble.kind).toBe('locked');
  const { sessions, reminders, custody } = companion;
  expect([sessions.correcting, reminders.reach, reminders.choices, custody.backups]).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(sessions.draftOf(session.id, begin).device).toBe('');
  expect(sessions.draftOf(null, begin).device).toBe('SkinPen');
});

test('back from a check-in about a day leads to where it was opened from', async () => {
  const companion = await knowing(WORLDS.day3('en'));
  companion.show('timeline');
  companion.checkIn('2026-11-22');
  companion.back();
  expect(companion.place).toBe('timeline');
});
