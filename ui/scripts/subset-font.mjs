// Makes src/fonts/ from the Fraunces package: one weight of the variable
// font in two files (Latin, Latin Extended-A) that together stay under 40 kB. Run by hand (`npm run font`) when the package or the letters change.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import subsetFont from 'subset-font';

// Headings use one weight; a second would cost as much as the Latin letters.
const WEIGHT = 500;
const BUDGET_BYTES = 40 * 1024;
const PACKAGE = new URL('../node_modules/@fontsource-variable/fraunces/', import.meta.url);
const FONTS = new URL('../src/fonts/', import.meta.url);

const between = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)).join('');

const faces = [
  { name: 'latin', letters: between(0x20, 0x7e) + between(0xa0, 0xff) + '–—‘’“”•…' },
  { name: 'latin-ext', letters: between(0x100, 0x17f) },
];

let total = 0;
for (const { name, letters } of faces) {
  const original = await readFile(new URL(`files/fraunces-${name}-wght-normal.woff2`, PACKAGE));
  const subset = await subsetFont(original, letters, {
    targetFormat: 'woff2',
    variationAxes: { wght: WEIGHT },
  });
  await writeFile(new URL(`fraunces-${name}.woff2`, FONTS), subset);
  total += subset.length;
  console.info(`fraunces-${name}.woff2: ${subset.length} bytes`);
}
await copyFile(new URL('LICENSE', PACKAGE), new URL('OFL.txt', FONTS));
if (total > BUDGET_BYTES) {
  throw new Error(`the fonts take ${total} bytes, more than ${BUDGET_BYTES}: drop letters or weights`);
}
