import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** Bytes of the built window as they weigh compressed. */
const FIRST_SCREEN = 90_000;
const WHOLE = 200_000;

const DIST = 'dist';

async function weights(paths: Iterable<string>): Promise<number[]> {
  const files = await Promise.all([...paths].map((path) => readFile(join(DIST, path))));
  return files.map((file) => gzipSync(file, { level: 9 }).length);
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

/** The scripts that a page loads before it shows anything: what its head names, and what those import at once. */
async function firstScripts(): Promise<Set<string>> {
  const page = await readFile(join(DIST, 'index.html'), 'utf8');
  const waiting = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].flatMap(([, path]) => path ?? []);
  const found = new Set<string>();
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const script = await readFile(join(DIST, path), 'utf8');
    const imports = script.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+\.js)["'`]/g);
    for (const [, imported] of imports) waiting.push(join(dirname(path), imported ?? ''));
  }
  return found;
}

test('the first screen needs no more script than a phone loads in a moment', async () => {
  const scripts = await firstScripts();
  const languages = (await readdir(`${DIST}/assets`)).filter((name) => /^messages-.*\.js$/.test(name));
  expect(languages).toHaveLength(2);
  const words = Math.max(...(await weights(languages.map((name) => `assets/${name}`))));
  expect(sum(await weights(scripts)) + words).toBeLessThanOrEqual(FIRST_SCREEN);
});

test('the whole window is small', async () => {
  const all = (await readdir(DIST, { recursive: true })).filter((path) =>
    /\.(?:html|js|css|woff2)$/.test(path),
  );
  expect(sum(await weights(all))).toBeLessThanOrEqual(WHOLE);
});
