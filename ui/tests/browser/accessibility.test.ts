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

for (const locale of ['en', 'es'] as const) {
  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
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
  }
}
