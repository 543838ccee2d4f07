import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, canCompare, compare } from './references';
import { SCENES } from './scenes';
import { settle, Stage } from './window';

const comparing = await canCompare();

let stage: Stage;
let axe: string;
beforeAll(async () => {
  await begin();
  stage = await Stage.open();
  axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
});
afterAll(() => stage.close());

/** Every size once, and every pair of language and colours: a fault of three at a time has not been seen. */
const LOOKS = [
  { locale: 'es', scheme: 'dark', width: 360, height: 740 },
  { locale: 'en', scheme: 'light', width: 390, height: 844 },
  { locale: 'es', scheme: 'light', width: 768, height: 1024 },
  { locale: 'en', scheme: 'dark', width: 1280, height: 800 },
] as const;

for (const { locale, scheme, width, height } of LOOKS) {
  const size = `${width}x${height}`;
  for (const scene of SCENES) {
    const looks = comparing
      ? 'it looks as it did'
      : 'its look is not compared: other fonts or another browser drew the kept pictures';
    test(`axe finds nothing and ${looks}: ${scene.name}, ${locale}, ${scheme}, ${size}`, async () => {
      const { page, faults } = await stage.page(scene.world(locale), { width, height, locale, scheme });
      await scene.steps?.(page);
      await settle(page);
      // What a camera sees moves, and what was taken with it is never the same twice.
      const picture = await page.screenshot({ mask: [page.locator('video, img[src^="data:image/jpeg"]')] });
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      await page.context().close();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
      ).toEqual([]);
      expect(faults, 'errors in the page, the content policy included').toEqual([]);
      if (comparing) expect(await compare(`${scene.name}.${size}.${locale}.${scheme}`, picture)).toBeNull();
    });
  }
}
