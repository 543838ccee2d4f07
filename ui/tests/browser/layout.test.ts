import { afterAll, beforeAll, expect, test } from 'vitest';
import { misfits } from './misfits';
import { SCENES } from './scenes';
import { settle, Stage, type Look } from './window';

const LOOKS: readonly (Look & { name: string })[] = [
  { name: '360 px', width: 360, height: 740, locale: 'es' },
  { name: '390 px with text at 200 %', width: 390, height: 844, locale: 'es', text: 2 },
  { name: '900 px, the narrowest with two panes', width: 900, height: 700, locale: 'es' },
];

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

for (const look of LOOKS) {
  for (const scene of SCENES) {
    test(`nothing scrolls sideways or is cut: ${scene.name} at ${look.name}`, async () => {
      const { page } = await stage.page(scene.world(look.locale), look);
      await scene.steps?.(page);
      await settle(page);
      const { wide, cut, small } = await misfits(page);
      await page.context().close();
      expect(wide, 'wider than the window').toEqual([]);
      expect(cut, 'outside the window').toEqual([]);
      expect(small, 'targets under 48 px').toEqual([]);
    });
  }
}
