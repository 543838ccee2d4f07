// Compiles each language's messages by themselves, because the window loads only the one that it speaks: the same
// project, once for each of its languages.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { compile } from '@inlang/paraglide-js';

const settings = JSON.parse(await readFile('./project.inlang/settings.json', 'utf8'));
for (const locale of settings.locales) {
  const project = `./project.${locale}.inlang`;
  await mkdir(project, { recursive: true });
  const alone = { ...settings, baseLocale: locale, locales: [locale] };
  await writeFile(`${project}/settings.json`, JSON.stringify(alone));
  try {
    const outdir = `./src/paraglide/${locale}`;
    await compile({ project, outdir, strategy: ['baseLocale'], emitReadme: false });
    await together(outdir, locale);
  } finally {
    await rm(project, { recursive: true });
  }
}

/**
 * One object with every message in it. Each compiled message asks which language to speak and stands in a file of its
 * own: where there is one language, the question and seven hundred exports only weigh.
 */
async function together(outdir, locale) {
  const words = [];
  for (const file of (await readdir(`${outdir}/messages`)).sort()) {
    if (file === '_index.js' || !file.endsWith('.js')) continue;
    const script = await readFile(`${outdir}/messages/${file}`, 'utf8');
    const found = new RegExp(`^const ${locale}_(\\w+) = /\\*\\*[^*]*\\*/ ([^]*?^});$`, 'm').exec(script);
    if (!found)
      throw new Error(`${outdir}/messages/${file} has no message of the kind that this script knows`);
    words.push(`${found[1]}: ${found[2]},`);
  }
  const script = [
    '// @ts-nocheck',
    "import * as registry from '../registry.js';",
    'export const m = {',
    ...words,
    '};',
  ];
  await mkdir(`${outdir}/one`, { recursive: true });
  await writeFile(`${outdir}/one/messages.js`, `${script.join('\n')}\n`);
}
