/** The care plan, the sessions under it and their courses. */
import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { callsOf } from '../fake/shell';
import { WORLDS, type World } from '../fake/worlds';
import { one, open } from './open';

const title = () => one('h1').textContent;
const cards = () => [...document.querySelectorAll<HTMLElement>('[data-course]')];
const texts = (selector: string) =>
  [...document.querySelectorAll<HTMLElement>(selector)].map(({ textContent }) => textContent ?? '');

async function openPlan(world: World = WORLDS.day3('en')) {
  await open(world);
  await fireEvent.click(one('#open-plan'));
  await waitFor(() => one('#plan-before'));
}

/** The newest session of the recorded course. */
const newest = (world: World) => {
  const entry = world.care_plan?.sessions[0];
  if (!entry) throw new Error('the world has no session');
  return entry.session.id;
};

describe('the plan', () => {
  test('says which one it is, who reviewed it, and that the clinic comes first', async () => {
    await openPlan();
    expect(title()).toBe('Care plan and sessions');
    const { plan } = WORLDS.day3('en').care_plan ?? {};
    const said = one('[data-place=plan]').textContent ?? '';
    expect(said).toContain(`version ${plan?.version}`);
    expect(said).toContain(plan?.review);
    expect(said).toContain("clinic's own advice always comes first");
    expect(said).toContain('your session: Sat 21 Nov, 14:30');
  });

  test('gives every instruction its exact times, the reason and the sources', async () => {
    await openPlan();
    const { not_yet = [], care = [], before = [] } = WORLDS.day3('en').care_plan ?? {};
    const rows = document.querySelectorAll('[data-instruction]');
    expect(rows).toHaveLength(not_yet.length + care.length + before.length);
    const retinoids = one('[data-instruction=no_retinoids]');
    expect(retinoids.querySelector('.when')?.textContent).toMatch(
      /^From Sat 21 Nov, 14:30 until \w+ \d+ \w+, 14:30$/,
    );
    expect(retinoids.dataset['state']).toBe('holds');
    expect(retinoids.querySelector('.reason')?.textContent).toContain('Why:');
    expect(retinoids.querySelectorAll('.reason li').length).toBeGreaterThan(0);
    expect(one('[data-instruction=moisturise]').textContent).toContain(
      'Each day at 08:00, 13:00, 18:00, 21:30',
    );
    expect(one('[data-instruction=prescribed_medicine]').textContent).toContain('As your clinic prescribed');
    expect(texts('#plan-before .when')[0]).toMatch(/^From \d+ days before$/);
  });

  test('has the dates of what is asked before a session where one is booked', async () => {
    await openPlan(WORLDS.course('en'));
    expect(one('#plan-before summary').textContent).toContain('Mon 4 Jan 2027, 10:30');
    expect(texts('#plan-before .when')[0]).toMatch(/^from \w+ \d+ \w+/);
  });

  test('says that only the clinic knows where more was done than needling', async () => {
    const world = WORLDS.day3('en');
    for (const row of world.care_plan?.not_yet ?? []) row.kind = 'ask';
    await openPlan(world);
    const row = one('[data-instruction=no_makeup]');
    expect(row.querySelector('.when')?.textContent).toContain('Only your clinic can say when');
    expect(row.querySelector('.state')).toBeNull();
    const head = one('#plan-not-yet > details > summary').textContent;
    expect(head).toContain('Only your clinic can say when');
    expect(head).not.toContain('Nothing holds now');
  });

  test('a group says how many hold now beside what only the clinic knows', async () => {
    const world = WORLDS.day3('en');
    const rows = world.care_plan?.not_yet ?? [];
    const holding = rows.filter(({ window }) => window?.state === 'holds');
    for (const row of rows) if (row !== holding[0]) row.kind = 'ask';
    await openPlan(world);
    const head = one('#plan-not-yet > details > summary').textContent;
    expect(head).toContain('1 holds now. Only your clinic can say when');
  });

  test('before the first session it has what comes before one', async () => {
    await openPlan(WORLDS.before('en'));
    expect(document.querySelector('#plan-not-yet')).toBeNull();
    expect(document.querySelectorAll('#plan-before [data-instruction]').length).toBeGreaterThan(3);
    expect(one('[data-place=plan]').textContent).toContain('once a session is entered');
  });

  test('what cannot be read is said and tried again', async () => {
    await open({
      ...WORLDS.day3('en'),
      refusals: { care_plan: { code: 'diary_failed', sentence: 'database is locked' } },
    });
    await fireEvent.click(one('#open-plan'));
    await waitFor(() => one('#plan-retry'));
    expect(one('[role=alert]').textContent).toContain('The diary did not do that.');
  });
});

describe('the way there and back', () => {
  test('from Today, from the settings and from the timeline', async () => {
    const world = WORLDS.day3('en');
    await open(world);
    await fireEvent.click(one('#open-settings'));
    await waitFor(() => expect(title()).toBe('Settings'));
    await fireEvent.click(one('#open-plan'));
    await waitFor(() => expect(title()).toBe('Care plan and sessions'));
    await fireEvent.click(one('header .button'));
    await waitFor(() => expect(title()).toBe('Settings'));
    await fireEvent.click(one('header .button'));
    await waitFor(() => one('#day-number'));

    await fireEvent.click(one('#tab-timeline'));
    await waitFor(() => one('#open-course'));
    await fireEvent.click(one('#open-course'));
    await waitFor(() => expect(title()).toBe('Care plan and sessions'));
    await waitFor(() => expect(document.activeElement?.id).toBe('courses'));
    await fireEvent.click(one('header .button'));
    await waitFor(() => one('#export-calendar'));
  });

  test('a session that was entered wrongly is corrected in its form, and back is the list', async () => {
    await openPlan();
    expect(one('[data-session]').textContent).toContain('1.5 mm');
    expect(one('[data-session]').textContent).toContain('SkinPen');
    expect(one('[data-session]').textContent).toContain('Day 3');
    await fireEvent.click(one('[data-session] .correct'));
    await waitFor(() => expect(title()).toBe('Correct a session'));
    expect(one<HTMLInputElement>('#depth').value).toBe('1.5');
    expect(one<HTMLInputElement>('#ended-time').value).toBe('14:30');
    expect(one<HTMLInputElement>('#area-face').checked).toBe(true);
    await fireEvent.input(one('#depth'), { target: { value: '2' } });
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('correct_session')).toMatchObject([{ input: { depth_mm: 2 } }]));
    expect(callsOf('add_session')).toEqual([]);
    await waitFor(() => expect(title()).toBe('Care plan and sessions'));
  });

  test('another one is entered in an empty form', async () => {
    await openPlan();
    await fireEvent.click(one('[data-session] .correct'));
    await waitFor(() => expect(title()).toBe('Correct a session'));
    await fireEvent.click(one('header .button'));
    await fireEvent.click(one('#add-session'));
    await waitFor(() => expect(title()).toBe('Your session'));
    expect(one<HTMLInputElement>('#depth').value).toBe('');
  });

  test('after one of several is withdrawn the list stays, and its heading has the focus', async () => {
    const world = WORLDS.course('en');
    await openPlan(world);
    expect(document.querySelectorAll('[data-session]')).toHaveLength(3);
    await fireEvent.click(one('[data-session] .remove'));
    await fireEvent.click(one('[data-session] .confirm-remove'));
    await waitFor(() => expect(document.querySelectorAll('[data-session]')).toHaveLength(2));
    expect(callsOf('withdraw_session')).toEqual([newest(world)]);
    await waitFor(() => expect(document.activeElement?.id).toBe('sessions'));
  });
});

describe('a course', () => {
  test('is planned with what the plan proposes, and its fields can be changed', async () => {
    const world = WORLDS.day3('en');
    await openPlan(world);
    expect(one('section[aria-labelledby=courses]').textContent).toContain('a planned series');
    await fireEvent.click(one('#course-add'));
    expect(one<HTMLInputElement>('#course-planned').value).toBe('4');
    expect(one<HTMLInputElement>('#course-weeks').value).toBe('4');
    expect(one('#course-usual').textContent).toContain('4 to 6 sessions');
    await waitFor(() => expect(document.activeElement?.id).toBe('course-treatment'));
    await fireEvent.input(one('#course-treatment'), { target: { value: 'Face ' } });
    await fireEvent.input(one('#course-weeks'), { target: { value: '6' } });
    await fireEvent.click(one('#course-save'));
    await waitFor(() => expect(cards()).toHaveLength(1));
    expect(callsOf('keep_course')).toEqual([
      { id: null, treatment: 'Face', planned_sessions: 4, interval_days: 42, sessions: [newest(world)] },
    ]);
    expect(cards()[0]?.textContent).toContain('Session 1 of 4');
    await waitFor(() => expect(texts('section[aria-labelledby=courses] [role=status]')).toContain('Saved'));
    await waitFor(() => expect(document.activeElement?.className).toContain('edit'));
  });

  test('is refused beside its fields, and what is no number is none', async () => {
    await openPlan({
      ...WORLDS.day3('en'),
      refusals: { keep_course: { code: 'invalid_course', faults: ['interval_out_of_range'] } },
    });
    await fireEvent.click(one('#course-add'));
    await fireEvent.input(one('#course-weeks'), { target: { value: 'six' } });
    await fireEvent.click(one('#course-save'));
    await waitFor(() => expect(one('#course-weeks').getAttribute('aria-invalid')).toBe('true'));
    expect(one('#course-weeks-fault').textContent).toContain('1 to 52 weeks');
    await waitFor(() => expect(document.activeElement?.id).toBe('course-weeks'));
    expect(callsOf('keep_course')).toMatchObject([{ interval_days: 0 }]);
    await fireEvent.click(one('#course-cancel'));
    await waitFor(() => expect(document.activeElement?.id).toBe('course-add'));
  });

  test('tells where it stands, its sessions and what is booked', async () => {
    await openPlan(WORLDS.course('en'));
    const card = cards()[0];
    expect(card?.textContent).toContain('Session 2 of 4');
    expect(card?.textContent).toContain('Session 3 is booked: Mon 4 Jan 2027, 10:30');
    expect(card?.textContent).toContain('A session every 6 weeks');
    expect(card?.querySelectorAll('ol li')).toHaveLength(2);
  });

  test('tells from when on the next one usually is where none is booked', async () => {
    const world = WORLDS.course('en');
    if (world.care_plan) world.care_plan.booked_at = null;
    await openPlan(world);
    expect(cards()[0]?.textContent).toContain('Session 3: usually from Sat 2 Jan 2027');
  });

  test('is ended and goes on, and the button keeps the focus', async () => {
    await openPlan(WORLDS.course('en'));
    one('.end').focus();
    await fireEvent.click(one('.end'));
    await waitFor(() => expect(cards()[0]?.textContent).toContain('after 2 of 4 sessions'));
    await fireEvent.click(one('.end'));
    await waitFor(() => expect(cards()[0]?.textContent).toContain('Session 2 of 4'));
    expect(callsOf('end_course')).toMatchObject([{ ended: true }, { ended: false }]);
  });

  test('a session is taken out of it and put in again', async () => {
    const world = WORLDS.course('en');
    await openPlan(world);
    const field = () => one<HTMLSelectElement>(`#course-of-${newest(world)}`);
    const course = field().value;
    expect(course).not.toBe('');
    await fireEvent.change(field(), { target: { value: '' } });
    await waitFor(() => expect(cards()[0]?.textContent).toContain('Session 1 of 4'));
    await fireEvent.change(field(), { target: { value: course } });
    await waitFor(() => expect(cards()[0]?.textContent).toContain('Session 2 of 4'));
    expect(callsOf('put_in_course')).toEqual([
      { session: newest(world), course: null },
      { session: newest(world), course },
    ]);
  });

  test('the one that goes on is proposed for a new session, which can be of none', async () => {
    const world = WORLDS.course('en');
    await open(world);
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#course-none'));
    const course = world.care_plan?.courses[0]?.id;
    expect(one<HTMLInputElement>(`#course-${course}`).checked).toBe(true);
    expect(one(`label:has(#course-${course})`).textContent).toContain('SkinPen · Session 3 of 4');
    await fireEvent.click(one('#area-face'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('add_session')).toMatchObject([{ course }]));
    await waitFor(() => one('#enter-session'));
    await fireEvent.click(one('#enter-session'));
    await waitFor(() => one('#course-none'));
    await fireEvent.click(one('#course-none'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() => expect(callsOf('add_session').at(-1)).toMatchObject({ course: null }));
  });

  test('a correction leaves a session in its course', async () => {
    const world = WORLDS.course('en');
    await openPlan(world);
    await fireEvent.click(one('[data-session] .correct'));
    await waitFor(() => one('#course-none'));
    await fireEvent.click(one('#save-session'));
    await waitFor(() =>
      expect(callsOf('correct_session')).toMatchObject([
        { input: { course: world.care_plan?.courses[0]?.id } },
      ]),
    );
  });
});

test('of two courses that go on, what is booked and what is proposed is of the one that is next', async () => {
  const world = WORLDS.course('en');
  const [known] = world.care_plan?.courses ?? [];
  if (!world.care_plan || !known) throw new Error('the world has no course');
  const later = { ...known, id: 'later', treatment: 'Scalp', sessions: [], next: null, is_next: false };
  world.care_plan = { ...world.care_plan, courses: [later, known] };
  await openPlan(world);
  expect(cards().map(({ textContent }) => textContent?.includes('is booked'))).toEqual([false, true]);
  await fireEvent.click(one('#add-session'));
  await waitFor(() => one(`#course-${known.id}`));
  expect(one<HTMLInputElement>(`#course-${known.id}`).checked).toBe(true);
});

test('the timeline numbers the next session as the course does', async () => {
  const world = WORLDS.course('en');
  const next = world.care_plan?.courses[0]?.next ?? null;
  if (world.timeline) world.timeline = { ...world.timeline, booked: [], next_session: next };
  await open(world);
  await fireEvent.click(one('#tab-timeline'));
  await waitFor(() => one('[data-stop=next]'));
  expect(one('[data-stop=next] h2').textContent).toBe('Session 3 of 4');
  expect(one('[data-stop=next]').textContent).toContain('Usually from Sat 2 Jan 2027');
});
