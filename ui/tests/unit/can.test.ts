import { fireEvent, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { callsOf } from '../fake/shell';
import { WORLDS } from '../fake/worlds';
import { one, open } from './open';

interface Shell {
  invoke: (command: string, sent?: { input?: unknown }) => Promise<unknown>;
}

const type = (value: string) => fireEvent.input(one('#can-i'), { target: { value } });
/** Lets the patient pause for so long, and what that begins be answered. */
const pause = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('"Can I …?"', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true }));
  afterEach(() => vi.useRealTimers());

  test('answers in words when the patient pauses, and says it aloud once', async () => {
    await open(WORLDS.day1('en'));
    const said = one('search [role=status]');
    for (const typed of ['m', 'mak', 'makeu', 'makeup']) await type(typed);
    await pause(200);
    expect(callsOf('can')).toEqual(['makeup']);
    await waitFor(() => expect(one('#can-panel').textContent).toContain('Not yet'));
    expect(one('#can-panel').textContent).toContain('until Tuesday 14:30');
    expect(said.textContent).toBe('');
    await pause(1000);
    expect(said.textContent).toBe('Makeup: Not yet, until Tuesday 14:30');
  });

  test('several answers: what holds back most comes first', async () => {
    await open(WORLDS.day1('en'));
    await type('sauna or paracetamol');
    await pause(200);
    await waitFor(() => expect(document.querySelectorAll('[data-answer]')).toHaveLength(2));
    const answers = [...document.querySelectorAll<HTMLElement>('[data-answer]')];
    expect(answers.map(({ dataset }) => dataset['answer'])).toEqual(['not_yet', 'yes']);
  });

  test('what the plan does not know leads to another word and to the clinic', async () => {
    await open(WORLDS.day1('en'));
    await type('xylophone');
    await pause(200);
    await waitFor(() => expect(one('#can-unknown').textContent).toContain('ask your clinic'));
    expect(one<HTMLAnchorElement>('#can-panel a').href).toBe('tel:+34910000000');
  });

  test('half a word offers what it may begin, and one tap asks it', async () => {
    await open(WORLDS.day1('en'));
    await type('exf');
    await pause(200);
    await waitFor(() => expect(document.querySelectorAll('.pick').length).toBeGreaterThan(1));
    await fireEvent.click(one('.pick'));
    await waitFor(() => expect(callsOf('can').at(-1)).toBe('AHA (fruit acids)'));
    expect(document.activeElement).toBe(one('#can-i'));
  });

  test('Escape empties and closes it, and the field keeps the focus', async () => {
    await open(WORLDS.day1('en'));
    one('#can-i').focus();
    await type('gym');
    await pause(200);
    await waitFor(() => expect(document.querySelector('[data-answer]')).not.toBeNull());
    await fireEvent.keyDown(one('#can-i'), { key: 'Escape' });
    expect(document.querySelector('#can-panel')).toBeNull();
    expect(one<HTMLInputElement>('#can-i').value).toBe('');
    expect(document.activeElement).toBe(one('#can-i'));
  });

  test('an answer that comes late does not replace a newer one', async () => {
    await open(WORLDS.day1('en'));
    const shell = (window as unknown as { __TAURI_INTERNALS__: Shell }).__TAURI_INTERNALS__;
    const { invoke } = shell;
    let late: (() => void) | undefined;
    shell.invoke = async (command, sent) => {
      const answer = await invoke(command, sent);
      if (command === 'can' && sent?.input === 'makeup') await new Promise<void>((go) => (late = go));
      return answer;
    };
    await type('makeup');
    await pause(200);
    await waitFor(() => expect(late).toBeDefined());
    await type('shower');
    await pause(200);
    await waitFor(() => expect(one('[data-answer]').dataset['answer']).toBe('yes'));
    late?.();
    await pause(50);
    expect(one('[data-answer]').dataset['answer']).toBe('yes');
  });
});

describe('the ingredients of a product', () => {
  test('a pasted list says what waits, what is unknown, and what it cannot know', async () => {
    await open(WORLDS.day1('en'));
    await fireEvent.focus(one('#can-i'));
    await fireEvent.click(one('#open-product'));
    await waitFor(() => one('#product-check'));
    await fireEvent.click(one('#product-check'));
    expect(one('#product-empty').textContent).toContain('first');
    expect(document.activeElement).toBe(one('#product-list'));
    await fireEvent.input(one('#product-list'), { target: { value: 'Aqua, Retinol' } });
    await fireEvent.click(one('#product-check'));
    await waitFor(() =>
      expect(one('#product-verdict').textContent).toBe('Not yet: 5 ingredients have to wait.'),
    );
    await waitFor(() => expect(document.activeElement).toBe(one('#product-verdict')));
    expect(one('#product-unknown').textContent).toContain('Lunaria Borealis Ferment');
    expect(callsOf('check_ingredients')).toEqual(['Aqua, Retinol']);
    await fireEvent.input(one('#product-list'), { target: { value: 'Aqua' } });
    expect(document.querySelector('#product-verdict')).toBeNull();
  });

  test('a list that is pasted into the question is checked as one', async () => {
    await open(WORLDS.day1('en'));
    await type('Aqua, Glycerin, Retinol, Parfum');
    await waitFor(() => expect(callsOf('check_ingredients')).toEqual(['Aqua, Glycerin, Retinol, Parfum']));
    expect(one<HTMLTextAreaElement>('#product-list').value).toBe('Aqua, Glycerin, Retinol, Parfum');
    expect(one<HTMLInputElement>('#can-i').value).toBe('');
    expect(callsOf('can')).toEqual([]);
  });
});
