/** The kept pictures of every screen, and how far a new one may be from them. */
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';
import { BROWSER } from './window';

const FOLDER = 'tests/references';
/** Where a picture that differs lands, with what differs in it (not kept in git). */
const DIFFERENT = 'tests/pictures';
/** Letters are drawn by the system's fonts and the browser's release: elsewhere every line would differ. */
const DRAWN_BY = `${FOLDER}/drawn-by.txt`;

/** How much of a picture may differ, in parts of its pixels: a caret, the edge of a letter. */
const TOLERANCE = 0.002;
/** From which distance of colour on a pixel counts as another (0 to 1); kept pictures have 256 colours. */
const THRESHOLD = 0.15;

const renewed = process.env['UPDATE_REFERENCES'] !== undefined;

function drawnBy(): string {
  const said = (program: string, ...words: string[]) => execFileSync(program, words, { encoding: 'utf8' });
  try {
    const font = said('fc-match', '-f', '%{family} %{style} %{fontversion}', 'system-ui');
    const release = /\d+/.exec(said(BROWSER, '--version'))?.[0] ?? 'unknown';
    return `${font}, Chromium ${release}\n`;
  } catch {
    return 'unknown\n';
  }
}

/** Whether pictures of this machine can be held against the kept ones. */
export async function canCompare(): Promise<boolean> {
  return renewed || (await readFile(DRAWN_BY, 'utf8').catch(() => '')) === drawnBy();
}

/** Notes what the kept pictures were drawn by, when they are renewed. */
export async function begin(): Promise<void> {
  await mkdir(DIFFERENT, { recursive: true });
  if (!renewed) return;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(DRAWN_BY, drawnBy());
}

/** What is wrong with a picture; null when it is as the kept one. */
export async function compare(name: string, picture: Buffer): Promise<string | null> {
  const kept = `${FOLDER}/${name}.png`;
  if (renewed) {
    await writeFile(kept, await sharp(picture).png({ palette: true, effort: 10 }).toBuffer());
    return null;
  }
  const reference = await readFile(kept).catch(() => null);
  if (!reference) return `there is no ${kept}; UPDATE_REFERENCES=1 npm run test:browser keeps one`;
  const [before, now] = await Promise.all([raw(reference), raw(picture)]);
  const { width, height } = before.info;
  if (width !== now.info.width || height !== now.info.height) return `another size than ${kept}`;
  const shown = Buffer.alloc(before.data.length);
  const count = pixelmatch(before.data, now.data, shown, width, height, { threshold: THRESHOLD });
  if (count <= TOLERANCE * width * height) return null;
  const difference = `${DIFFERENT}/${name}.difference.png`;
  await writeFile(`${DIFFERENT}/${name}.now.png`, picture);
  await sharp(shown, { raw: { width, height, channels: 4 } })
    .png()
    .toFile(difference);
  const share = ((100 * count) / (width * height)).toFixed(2);
  return `${share} % differs from ${kept}: look at ${difference}; UPDATE_REFERENCES=1 npm run test:browser keeps the new one`;
}

function raw(picture: Buffer) {
  return sharp(picture).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}
