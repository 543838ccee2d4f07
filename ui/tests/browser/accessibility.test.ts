import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCENES } from './scenes';
import { settle, Stage } from './window';

let stage: Stage;
let axe: string;
beforeAll(async () => {
  stage = await Stage.open();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
afterAll(() => stage.close());

/** Every pair of language, colours and width, each once: a fault of three at a time has not been seen. */
const LOOKS = [
  { locale: 'en', scheme: 'light', width: 390 },
  { locale: 'en', scheme: 'dark', width: 1280 },
  { locale: 'es', scheme: 'dark', width: 390 },
  { locale: 'es', scheme: 'light', width: 1280 },
] as const;

for (const { locale, scheme, width } of LOOKS) {
  for (const scene of SCENES) {
    test(`axe finds nothing: ${scene.name}, ${locale}, ${scheme}, ${width} px`, async () => {
      const { page, faults } = await stage.page(scene.world(locale), { width, height: 844, scheme });
      await scene.steps?.(page);
      await settle(page);
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      await page.context().close();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
      ).toEqual([]);
      expect(faults, 'errors in the page, the content policy included').toEqual([]);
    });
  }
}
