/** What does not fit into a window. */
import type { Page } from 'playwright-core';

/** What is wider than the window, what lies outside of it, and what is too small to be hit, as markup. */
export async function misfits(page: Page): Promise<{ wide: string[]; cut: string[]; small: string[] }> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('.pane')]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} > ${box.clientWidth}`),
  );
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('button, a, label, h1, h2, h3, p, strong, span, summary, li, dt, dd')]
      // A table of data may scroll sideways in a place of its own (WCAG 2.2, 1.4.10).
      .filter((box) => !box.closest('.unseen, .sideways') && box.getClientRects().length > 0)
      .filter((box) => {
        const { left, right } = box.getBoundingClientRect();
        if (left < -1 || right > document.documentElement.clientWidth + 1) return true;
        return (
          getComputedStyle(box).overflowX !== 'visible' &&
          (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1)
        );
      })
      .map((box) => box.outerHTML.slice(0, 120)),
  );
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, a, summary, input:not([type=checkbox], [type=radio]), label')]
      .filter((box) => box.getClientRects().length > 0 && !box.matches('.field > label, form > label'))
      .filter((box) => {
        const { width, height } = box.getBoundingClientRect();
        return width < 47.5 || height < 47.5;
      })
      .map((box) => box.outerHTML.slice(0, 120)),
  );
  return { wide, cut, small };
}
