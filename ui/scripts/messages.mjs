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
    await withoutChoice(`${outdir}/messages`);
  } finally {
    await rm(project, { recursive: true });
  }
}

/** Each message asks which language to speak and hands over; where there is one, the question only weighs. */
async function withoutChoice(folder) {
  for (const name of await readdir(folder)) {
    const file = `${folder}/${name}`;
    const script = await readFile(file, 'utf8');
    const choice =
      /\(\(inputs(?: = \{\})?, options = \{\}\) => \{\s*experimentalStaticLocale \?\? options\.locale \?\? getLocale\(\)\s*return (\w+)\(inputs\)\s*\}\)/;
    await writeFile(file, script.replace(choice, '($1)'));
  }
}
