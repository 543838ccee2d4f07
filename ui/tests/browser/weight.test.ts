import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** Bytes of the built window as they weigh compressed. */
const FIRST_SCREEN = 90_000;
const WHOLE = 200_000;

const ASSETS = 'dist/assets';

async function weight(names: Iterable<string>): Promise<number> {
  const files = await Promise.all([...names].map((name) => readFile(`${ASSETS}/${name}`)));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}

/** The scripts that a page loads before it shows anything: what its head names, and what those import at once. */
async function firstScripts(): Promise<Set<string>> {
  const page = await readFile('dist/index.html', 'utf8');
  const waiting = [...page.matchAll(/(?:src|href)="[^"]*?([^/"]+\.js)"/g)].map(([, name]) => name);
  const found = new Set<string>();
  for (let name = waiting.pop(); name; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const script = await readFile(`${ASSETS}/${name}`, 'utf8');
    const imports = script.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+\.js)["'`]/g);
    waiting.push(...[...imports].map(([, path]) => basename(path ?? '')));
  }
  return found;
}

test('the first screen needs no more script than a phone loads in a moment', async () => {
  const scripts = await firstScripts();
  expect(scripts.size).toBeGreaterThan(0);
  expect(await weight(scripts)).toBeLessThanOrEqual(FIRST_SCREEN);
});

test('the whole window is small', async () => {
  const all = (await readdir(ASSETS)).filter((name) => /\.(?:js|css|woff2)$/.test(name));
  expect(await weight(all)).toBeLessThanOrEqual(WHOLE);
});
