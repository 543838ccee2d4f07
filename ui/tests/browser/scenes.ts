/** Every screen and state that is looked at: a world, and the steps to get there. */
import type { Page } from 'playwright-core';
import type { Locale } from '../../src/ipc/generated/Locale';
import {
  aboutToBe,
  answered,
  BACKUP,
  GUARDED,
  nobodyReached,
  onePhotoOf,
  prescribed,
  troubled,
  WORLDS,
  type World,
} from '../fake/worlds';

/** One thing to look at. */
export interface Scene {
  name: string;
  world: (locale: Locale) => World;
  steps?: (page: Page) => Promise<void>;
}

async function openProgress(page: Page) {
  await page.click('#tab-progress');
  await page.waitForSelector('.strip');
}

const openCheckIn = async (page: Page) => page.click('#open-check-in');

async function openClinic(page: Page) {
  await page.click('#tab-clinic');
  await page.waitForSelector('#past-calls-title');
}

async function setUp(page: Page) {
  await page.click('#first-begin');
  await page.waitForSelector('#setup-next');
}

async function skipTo(page: Page, what: string) {
  await setUp(page);
  while ((await page.locator(what).count()) === 0) await page.click('#setup-skip');
}

async function openSettings(page: Page) {
  await page.click('#open-settings');
  await page.waitForSelector('#quiet-hours');
}

async function openPlan(page: Page) {
  await page.click('#open-plan');
  await page.waitForSelector('#plan-before');
}

async function openGroup(page: Page, group: string) {
  await openPlan(page);
  await page.click(`#${group} > details > summary`);
  await page.click(`#${group} [data-instruction] summary >> nth=1`);
}

async function planCourse(page: Page) {
  await openPlan(page);
  await page.click('#course-add');
  await page.waitForSelector('#course-save');
}

async function openReminderRows(page: Page) {
  await openSettings(page);
  for (const row of await page.locator('.rows > details > summary').all()) await row.click();
}

/** A diary with a passphrase and a recovery code. */
const guarded = (locale: Locale): World => {
  const world = WORLDS.day3(locale);
  return { ...world, overview: world.overview && { ...world.overview, status: GUARDED } };
};

const asking = (question: string, answered: string) => async (page: Page) => {
  await page.fill('#can-i', question);
  await page.waitForSelector(answered);
};

async function checkProduct(page: Page) {
  await page.click('#can-i');
  await page.click('#open-product');
  await page.fill(
    '#product-list',
    'Aqua, Glycerin, Propanediol, Niacinamide, Retinol, Ascorbic Acid, Parfum',
  );
  await page.click('#product-check');
  await page.waitForSelector('#product-verdict');
}

async function answerAll(page: Page) {
  await openCheckIn(page);
  await page.click('#none-of-these');
  for (const symptom of ['erythema', 'edema', 'warmth', 'pain']) await page.click(`#severity-${symptom}-2`);
}

/** A picture whose bytes nobody reads. */
const SKIN = { name: 'skin.png', mimeType: 'image/png', buffer: Buffer.from('skin') };

export const SCENES: readonly Scene[] = [
  { name: 'first-start', world: WORLDS.first },
  { name: 'setup-session', world: WORLDS.first, steps: setUp },
  {
    name: 'setup-booked',
    world: WORLDS.first,
    steps: async (page) => {
      await setUp(page);
      await page.click('#setup-booked');
      await page.click('#setup-next');
      await page.waitForSelector('[aria-invalid="true"]');
    },
  },
  { name: 'setup-numbers', world: WORLDS.first, steps: async (page) => skipTo(page, '#setup-emergency') },
  {
    name: 'setup-reminders',
    world: WORLDS.first,
    steps: async (page) => {
      await skipTo(page, '#test-reminder');
      await page.click('#test-reminder');
      await page.waitForSelector('#reach-seen');
    },
  },
  {
    name: 'setup-end',
    world: WORLDS.first,
    steps: async (page) => {
      await skipTo(page, '#test-reminder');
      await page.click('#setup-skip');
      await page.waitForSelector('#setup-skip', { state: 'detached' });
    },
  },
  { name: 'before', world: WORLDS.before },
  {
    name: 'session-resumed',
    world: WORLDS.day3,
    steps: async (page) => {
      await page.click('#enter-session');
      await page.click('#area-back');
      await page.click('header button');
      await page.click('#enter-session');
      await page.waitForSelector('#session-start-over');
    },
  },
  {
    name: 'session-correct',
    world: WORLDS.day3,
    steps: async (page) => {
      await openPlan(page);
      await page.click('.correct');
      await page.click('#area-back');
      await page.click('#added-prp');
    },
  },
  { name: 'plan', world: WORLDS.day3, steps: openPlan },
  { name: 'plan-before', world: WORLDS.before, steps: async (page) => openGroup(page, 'plan-before') },
  { name: 'plan-not-yet', world: WORLDS.day3, steps: async (page) => openGroup(page, 'plan-not-yet') },
  { name: 'plan-care', world: WORLDS.day3, steps: async (page) => openGroup(page, 'plan-care') },
  { name: 'plan-course', world: WORLDS.course, steps: openPlan },
  { name: 'plan-course-form', world: WORLDS.day3, steps: planCourse },
  {
    name: 'plan-course-faults',
    world: (locale) => ({
      ...WORLDS.day3(locale),
      refusals: {
        keep_course: {
          code: 'invalid_course',
          faults: ['treatment_missing', 'fewer_than_it_has', 'interval_out_of_range'],
        },
      },
    }),
    steps: async (page) => {
      await planCourse(page);
      await page.click('#course-save');
      await page.waitForSelector('[aria-invalid="true"]');
    },
  },
  {
    name: 'plan-not-read',
    world: (locale) => ({
      ...WORLDS.day3(locale),
      refusals: { care_plan: { code: 'diary_failed', sentence: 'database is locked' } },
    }),
    steps: async (page) => {
      await page.click('#open-plan');
      await page.waitForSelector('#plan-retry');
    },
  },
  {
    name: 'new-session-course',
    world: WORLDS.course,
    steps: async (page) => {
      await page.click('#enter-session');
      await page.waitForSelector('#course-none');
      await page.locator('#save-session').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-dark-large',
    world: WORLDS.day3,
    steps: async (page) => {
      await openSettings(page);
      await page.click('#theme-dark');
      await page.click('#text-150');
      await page.waitForSelector('html[data-scheme="dark"]');
    },
  },
  {
    name: 'today-ticked',
    world: WORLDS.day3,
    steps: async (page) => {
      await page.click('[data-care] .tick >> nth=0');
      await page.waitForSelector('[data-care] input:checked');
      await page.locator('#care').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'new-session',
    world: WORLDS.first,
    steps: async (page) => {
      await page.click('#enter-session');
      await page.click('#area-face');
      await page.fill('#depth', '1,5');
    },
  },
  {
    name: 'new-session-faults',
    world: (locale) => ({
      ...WORLDS.first(locale),
      refusals: {
        add_session: {
          code: 'invalid_session',
          faults: ['ends_in_future', 'depth_out_of_range', 'no_area', 'device_too_long'],
        },
      },
    }),
    steps: async (page) => {
      await page.click('#enter-session');
      await page.fill('#depth', '9');
      await page.click('#save-session');
      await page.waitForSelector('[aria-invalid="true"]');
    },
  },
  { name: 'today-day0-banners', world: WORLDS.day0 },
  { name: 'today-stopped', world: WORLDS.stopped },
  { name: 'today-day1', world: WORLDS.day1 },
  {
    name: 'today-day3',
    world: WORLDS.day3,
    steps: async (page) => page.click('.restriction-row[data-state="holds"] summary >> nth=1'),
  },
  { name: 'today-expected', world: WORLDS.expected },
  { name: 'today-unfinished', world: WORLDS.unfinished },
  { name: 'today-watch', world: WORLDS.watch },
  { name: 'today-day40', world: WORLDS.day40 },
  { name: 'can-open', world: WORLDS.day1, steps: async (page) => page.click('#can-i') },
  { name: 'can-not-yet', world: WORLDS.day1, steps: asking('makeup', '[data-answer="not_yet"]') },
  { name: 'can-several', world: WORLDS.day1, steps: asking('sauna or paracetamol', '[data-answer="yes"]') },
  { name: 'can-ask-clinic', world: WORLDS.day1, steps: asking('botox', '[data-answer="ask_clinic"]') },
  { name: 'can-begun', world: WORLDS.day1, steps: asking('exf', '.pick') },
  { name: 'can-unknown', world: WORLDS.day1, steps: asking('xylophone', '#can-unknown') },
  { name: 'can-product', world: WORLDS.day1, steps: checkProduct },
  { name: 'can-product-day0', world: WORLDS.day0, steps: checkProduct },
  { name: 'call-clinic', world: WORLDS.call_clinic },
  { name: 'call-no-number', world: WORLDS.call_no_number },
  { name: 'call-emergency', world: WORLDS.emergency },
  { name: 'call-clinic-nobody', world: (locale) => nobodyReached('call_clinic', locale) },
  { name: 'call-emergency-nobody', world: (locale) => nobodyReached('emergency', locale) },
  { name: 'today-outcome-asked', world: answered },
  {
    name: 'today-outcome-fault',
    world: (locale) => ({ ...answered(locale), refusals: { answer_follow_up: { code: 'note_too_long' } } }),
    steps: async (page) => {
      await page.fill('#came-of', 'The nurse asked for a photo. '.repeat(20));
      await page.click('#came-of-save');
      await page.waitForSelector('[aria-invalid="true"]');
    },
  },
  { name: 'check-in', world: WORLDS.day3, steps: openCheckIn },
  {
    name: 'check-in-sign',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#sign-eye_pain');
    },
  },
  {
    name: 'check-in-sign-further',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('details:has(#sign-pus) summary');
      await page.click('#sign-pus');
    },
  },
  { name: 'check-in-filled', world: WORLDS.day3, steps: answerAll },
  {
    name: 'check-in-live-call',
    world: (locale) => {
      const findings = WORLDS.call_clinic(locale).overview?.call?.check_in.assessment.findings ?? [];
      return {
        ...WORLDS.day3(locale),
        assessed: { level: 'call_clinic', complete: false, findings, closing: '' },
      };
    },
    steps: async (page) => {
      await answerAll(page);
      await page.waitForSelector('[data-live]');
    },
  },
  {
    name: 'check-in-live-watch',
    world: (locale) => {
      const { recorded, ...world } = aboutToBe('watch', locale);
      return { ...world, recorded, ...(recorded && { assessed: recorded.assessment }) };
    },
    steps: async (page) => {
      await answerAll(page);
      await page.waitForSelector('[data-live]');
      await page.locator('#save-check-in').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'check-in-midnight',
    world: (locale) => {
      const { overview, ...world } = WORLDS.day3(locale);
      return { ...world, overview: overview && { ...overview, now: '2026-11-24T23:40:00Z' } };
    },
    steps: openCheckIn,
  },
  {
    name: 'check-in-past-day',
    world: WORLDS.expected,
    steps: async (page) => {
      await openCheckIn(page);
      await page.fill('#other-day', '2026-11-22');
      await page.click('#open-other-day');
      await page.waitForSelector('#another-check-in');
    },
  },
  {
    name: 'check-in-past-day-form',
    world: WORLDS.expected,
    steps: async (page) => {
      await openCheckIn(page);
      await page.fill('#other-day', '2026-11-22');
      await page.click('#open-other-day');
      await page.click('#change-check-in');
      await page.fill('#temperature', '101.1');
      await page.waitForSelector('#temperature-yes');
    },
  },
  {
    name: 'check-in-camera',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#take-photo');
      await page.waitForSelector('#camera-take:not(:disabled)');
    },
  },
  {
    name: 'check-in-camera-ghost',
    world: WORLDS.course,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#take-photo');
      await page.waitForSelector('.ghost');
      await page.waitForSelector('#camera-take:not(:disabled)');
    },
  },
  {
    name: 'check-in-photo-taken',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#take-photo');
      await page.click('#camera-take:not(:disabled)');
      await page.click('#camera-use');
      await page.locator('#choose-photo').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'check-in-photos-alone',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.setInputFiles('#choose-photo', SKIN);
      await page.click('#save-check-in');
      await page.waitForSelector('#photos-and-check-in');
    },
  },
  {
    name: 'check-in-photos-refused',
    world: (locale) => ({ ...aboutToBe('expected', locale), refusals: { add_photo: { code: 'disk_full' } } }),
    steps: async (page) => {
      await answerAll(page);
      await page.setInputFiles('#choose-photo', SKIN);
      await page.click('#save-check-in');
      await page.waitForSelector('#photos-leave-out');
    },
  },
  { name: 'clinic', world: WORLDS.expected, steps: openClinic },
  {
    name: 'clinic-before',
    world: WORLDS.before,
    steps: async (page) => {
      await openSettings(page);
      await page.click('#settings-clinic');
      await page.waitForSelector('#past-calls-title');
    },
  },
  {
    name: 'clinic-closed-calls',
    world: (locale) => {
      const { overview, past_calls, ...world } = WORLDS.call_clinic(locale);
      return {
        ...world,
        past_calls: (past_calls ?? []).map((call) => ({
          ...call,
          answer: { outcome: 'reached_clinic', at: '2026-11-24T18:30:00Z' },
          came_of: [locale === 'es' ? 'Me dieron una pomada.' : 'They gave me an ointment.'],
        })),
        overview: overview && {
          ...overview,
          call: null,
          clinic_open: { state: 'closed', opens: '2026-11-25T08:00:00Z' },
        },
      };
    },
    steps: async (page) => {
      await openClinic(page);
      await page.waitForSelector('[data-call]');
    },
  },
  {
    name: 'clinic-edit',
    world: WORLDS.expected,
    steps: async (page) => {
      await openClinic(page);
      await page.click('#clinic-edit');
      await page.waitForSelector('#hours-2-until');
    },
  },
  {
    name: 'clinic-empty',
    world: (locale) => {
      const { overview, ...world } = WORLDS.expected(locale);
      const clinic = { name: '', phone: '', after_hours_phone: '', hours: [] };
      return {
        ...world,
        overview: overview && {
          ...overview,
          clinic_open: null,
          settings: { ...overview.settings, clinic },
        },
      };
    },
    steps: openClinic,
  },
  {
    name: 'call-clinic-closed',
    world: (locale) => {
      const { overview, ...world } = WORLDS.call_clinic(locale);
      return {
        ...world,
        overview: overview && {
          ...overview,
          clinic_open: { state: 'closed', opens: '2026-11-25T08:00:00Z' },
        },
      };
    },
  },
  {
    name: 'check-in-more',
    world: WORLDS.day3,
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#same-as-last');
      // What it filled in opened the further symptoms.
      await page.click('#severity-ecchymosis-3');
      await page.click('#severity-bleeding-1');
      await page.click('#severity-crusting-2');
      await page.click('#severity-pruritus-2');
      await page.fill('#temperature', '37,4');
    },
  },
  {
    name: 'check-in-fault',
    world: (locale) => ({
      ...WORLDS.day3(locale),
      refusals: { record_check_in: { code: 'invalid_check_in', faults: ['temperature_out_of_range'] } },
    }),
    steps: async (page) => {
      await answerAll(page);
      await page.fill('#temperature', '50');
      await page.click('#save-check-in');
      await page.waitForSelector('[aria-invalid="true"]');
    },
  },
  ...(['expected', 'unfinished', 'watch', 'call_clinic', 'fever', 'worse', 'emergency'] as const).map(
    (name): Scene => ({
      name: `check-in-answer-${name}`,
      world: (locale) => aboutToBe(name, locale),
      steps: async (page) => {
        await answerAll(page);
        await page.click('#save-check-in');
        await page.waitForSelector('#back-to-today');
      },
    }),
  ),
  { name: 'timeline', world: WORLDS.expected, steps: async (page) => page.click('#tab-timeline') },
  { name: 'progress', world: WORLDS.course, steps: openProgress },
  {
    name: 'progress-all',
    world: WORLDS.course,
    steps: async (page) => {
      await openProgress(page);
      await page.click('fieldset input[type=checkbox]:not(:checked)');
      await page.waitForSelector('.strip [data-place="2"] .dot');
      await page.click('#strip-erythema');
    },
  },
  {
    name: 'progress-flip',
    world: WORLDS.course,
    steps: async (page) => {
      await openProgress(page);
      await page.click('label:has(#compare-flip)');
      await page.waitForSelector('#compare-hold');
      await page.locator('#compare-hold').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'progress-one-photo',
    world: onePhotoOf,
    steps: async (page) => {
      await openProgress(page);
      await page.locator('.asked').scrollIntoViewIfNeeded();
    },
  },
  { name: 'progress-empty', world: WORLDS.day0, steps: openProgress },
  {
    name: 'progress-not-read',
    world: (locale) => ({
      ...WORLDS.course(locale),
      refusals: { progress: { code: 'diary_failed', sentence: 'database is locked' } },
    }),
    steps: async (page) => {
      await page.click('#tab-progress');
      await page.waitForSelector('[data-place=progress] .fault');
    },
  },
  { name: 'timeline-course', world: WORLDS.course, steps: async (page) => page.click('#tab-timeline') },
  {
    name: 'timeline-above',
    world: WORLDS.course,
    steps: async (page) => {
      await page.click('#tab-timeline');
      await page.locator('[data-day="3"]').evaluate((row) => row.scrollIntoView({ block: 'start' }));
      await page.waitForSelector('#jump-today');
    },
  },
  {
    name: 'timeline-ahead',
    world: WORLDS.course,
    steps: async (page) => {
      await page.click('#tab-timeline');
      await page.click('[data-stop=before] summary >> nth=0');
      await page
        .locator('[data-stop=before]')
        .first()
        .evaluate((row) => row.scrollIntoView({ block: 'start' }));
      await page.waitForSelector('#jump-today');
    },
  },
  {
    name: 'timeline-exported',
    world: WORLDS.expected,
    steps: async (page) => {
      await page.click('#tab-timeline');
      await page.click('#export-calendar');
    },
  },
  {
    name: 'withdraw-session',
    world: WORLDS.expected,
    steps: async (page) => {
      await page.click('#tab-timeline');
      await page.click('#withdraw-session');
      await page.waitForSelector('#confirm-withdraw');
    },
  },
  {
    name: 'check-in-open-call',
    world: WORLDS.call_clinic,
    steps: openCheckIn,
  },
  { name: 'settings', world: WORLDS.day3, steps: openSettings },
  {
    name: 'settings-diary',
    world: guarded,
    steps: async (page) => {
      await openSettings(page);
      for (const row of await page.locator('.diary-rows summary').all()) await row.click();
      await page.waitForSelector('[data-backup]');
      await page.click('#recovery-code-make');
      await page.waitForSelector('#recovery-code');
      await page.fill('#import-passphrase', 'seven quiet mornings');
      // At 200 % the bar at the bottom may cover the button.
      await page.press('#import-passphrase', 'Enter');
      await page.waitForSelector('#import-inside');
    },
  },
  {
    name: 'settings-reminders',
    world: WORLDS.day3,
    steps: async (page) => {
      await openReminderRows(page);
      await page.click('#test-reminder');
      await page.waitForSelector('#reach-seen');
      await page.click('[data-instruction=no_makeup]');
      await page.waitForSelector('.switch-off');
    },
  },
  {
    name: 'settings-agenda-listed',
    world: prescribed,
    steps: async (page) => {
      await openReminderRows(page);
      await page.waitForSelector('[data-entry] >> nth=1');
    },
  },
  {
    name: 'settings-agenda-faults',
    world: (locale) => ({
      ...WORLDS.day3(locale),
      refusals: {
        keep_medicine: {
          code: 'invalid_medicine',
          faults: ['name_missing', 'no_times', 'ends_before_it_begins'],
        },
        keep_appointment: { code: 'invalid_appointment', faults: ['past', 'note_too_long'] },
      },
    }),
    steps: async (page) => {
      await openReminderRows(page);
      await page.click('#appointment-add');
      await page.fill('#appointment-date', '2026-11-20');
      await page.fill('#appointment-time', '10:30');
      // At 200 % the bar at the bottom may cover the button.
      await page.press('#appointment-time', 'Enter');
      await page.waitForSelector('#appointment-date[aria-invalid="true"]');
      await page.click('#medicine-add');
      await page.click('#medicine-time-add');
      await page.fill('#medicine-time-2', '20:00');
      await page.fill('#medicine-to', '2026-11-20');
      await page.press('#medicine-name', 'Enter');
      await page.waitForSelector('#medicine-name[aria-invalid="true"]');
    },
  },
  {
    name: 'settings-agenda-remove',
    world: prescribed,
    steps: async (page) => {
      await openReminderRows(page);
      await page.click('[data-entry] .remove >> nth=0');
      await page.waitForSelector('dialog[open]');
    },
  },
  {
    name: 'erase-session',
    world: WORLDS.expected,
    steps: async (page) => {
      await page.click('#tab-timeline');
      await page.click('#erase-session-open');
      await page.click('#erase-session-go-on');
      await page.waitForSelector('#erase-session-word');
    },
  },
  {
    name: 'check-in-broken',
    world: (locale) => ({ ...WORLDS.day3(locale), missing: 'CheckIn' }),
    steps: async (page) => {
      await openCheckIn(page);
      await page.click('#screen-again');
      await page.waitForSelector('#screen-reload');
    },
  },
  {
    name: 'locked',
    world: () => ({
      ...troubled({ kind: 'locked', ways: { passphrase: true, recovery_code: true } }),
      numbers: { clinic: '+34 910 000 000', emergency: '112' },
    }),
  },
  {
    name: 'start-anew',
    world: () => troubled({ kind: 'key_file_missing' }),
    steps: async (page) => {
      await page.click('#start-anew-open');
      await page.click('#start-anew-go-on');
      await page.waitForSelector('#start-anew-word');
    },
  },
  {
    name: 'diary-trouble',
    world: () => troubled({ kind: 'keyring_unavailable', ways: { passphrase: false, recovery_code: false } }),
  },
  {
    name: 'diary-trouble-lost',
    world: () => troubled({ kind: 'keyring_lost', ways: { passphrase: false, recovery_code: true } }),
  },
  {
    name: 'diary-trouble-damaged',
    world: () => troubled({ kind: 'damaged', backups: [BACKUP] }),
    steps: async (page) => {
      // The first tells what the system said.
      await page.locator('summary').last().click();
      await page.waitForSelector('#import-passphrase');
    },
  },
];
