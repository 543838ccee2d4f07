import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, test } from 'vitest';
import { SCENES } from './scenes';
import { settle, Stage, type Look } from './window';

/** Where the pictures land (not kept in git). `ONLY=today` limits them to scenes of that name. */
const FOLDER = 'tests/pictures';
const only = process.env['ONLY'] ?? '';

/** What colour alone would say, in the system's few colours or with more contrast. */
const COLOURED =
  /^(?:today-(?:day0|ticked|watch)|check-in-(?:filled|sign|live)|call-|progress|timeline-course|clinic|settings)/;

const LOOKS: readonly (Look & { name: string; of?: RegExp })[] = [
  { name: '390-light-en', width: 390, height: 844, locale: 'en' },
  { name: '390-dark-es', width: 390, height: 844, locale: 'es', scheme: 'dark' },
  { name: '360-light-es', width: 360, height: 740, locale: 'es' },
  { name: '390-text200-en', width: 390, height: 2000, locale: 'en', text: 2 },
  { name: '768-light-en', width: 768, height: 1024, locale: 'en' },
  { name: '1280-light-en', width: 1280, height: 860, locale: 'en' },
  { name: '1280-dark-en', width: 1280, height: 860, locale: 'en', scheme: 'dark' },
  { name: '390-forced-en', width: 390, height: 844, locale: 'en', forcedColors: 'active', of: COLOURED },
  { name: '390-contrast-en', width: 390, height: 844, locale: 'en', contrast: 'more', of: COLOURED },
];

let stage: Stage;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  stage = await Stage.open();
});
afterAll(() => stage.close());

for (const look of LOOKS) {
  for (const scene of SCENES.filter(({ name }) => name.includes(only) && (look.of ?? /./).test(name))) {
    test(`${scene.name} at ${look.name}`, async () => {
      const { page } = await stage.page(scene.world(look.locale), look);
      await scene.steps?.(page);
      await settle(page);
      await page.screenshot({ path: `${FOLDER}/${scene.name}.${look.name}.png` });
      if (look.width < 900 && !look.text) {
        await page.screenshot({ path: `${FOLDER}/${scene.name}.${look.name}.whole.png`, fullPage: true });
      }
      await page.context().close();
    });
  }
}
