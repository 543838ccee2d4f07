import { afterAll, beforeAll, expect, test } from 'vitest';
import { misfits } from './misfits';
import { bareWords } from './pseudo';
import { SCENES } from './scenes';
import { settle, Stage } from './window';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

for (const scene of SCENES) {
  test(`every word is a message's or the shell's, and longer ones fit: ${scene.name}`, async () => {
    const { page, faults } = await stage.page(scene.world('en'), {
      width: 360,
      height: 740,
      locale: 'en',
      pseudo: true,
    });
    await scene.steps?.(page);
    await settle(page);
    const bare = await bareWords(page);
    const { wide, cut } = await misfits(page);
    await page.context().close();
    expect(bare, 'give these a message').toEqual([]);
    expect({ wide, cut }, 'does not fit at 360 px').toEqual({ wide: [], cut: [] });
    expect(faults, 'errors in the page').toEqual([]);
  });
}
