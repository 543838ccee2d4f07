/**
 * A made-up language: every message, every word that the shell answers with and every date or number in words comes
 * out in accented letters and about two fifths longer. A letter on the screen without an accent came from elsewhere.
 */
import type { Page } from 'playwright-core';

/** Makes a page speak it from when it is opened next. */
export async function speakPseudo(page: Page): Promise<void> {
  await page.addInitScript(accentEverything);
  await page.route(/\/assets\/messages-[^/]+\.js$/, (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1);
    return route.fulfill({
      contentType: 'text/javascript',
      body: `import { m as real } from './${file}?real'; export const m = accentedMessages(real);`,
    });
  });
}

/** Runs inside the page, after the shell's stand-in, so it may use nothing from outside itself. */
function accentEverything(): void {
  const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const ACCENTED = [...'åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ'];
  const accented = (text: string) =>
    text.replace(/[A-Za-z]/g, (letter) => {
      const other = ACCENTED[PLAIN.indexOf(letter)] ?? letter;
      return 'aeiou'.includes(letter) ? other + other : other;
    });

  type Message = (inputs: Record<string, unknown>) => string;
  // What a message is told stays as it is: whoever made that has accented it, or it is bare.
  const [FROM, TO] = ['\ue000', '\ue001'];
  const accentedMessages = (messages: Record<string, Message>) =>
    new Proxy(messages, {
      get: (all, name: string) => {
        const message = all[name];
        if (!message) return undefined;
        return (inputs: Record<string, unknown> = {}) => {
          const told = Object.entries(inputs).map(([key, value]) => [
            key,
            typeof value === 'string' ? FROM + value + TO : value,
          ]);
          return message(Object.fromEntries(told) as Record<string, unknown>)
            .split(/(\ue000[^\ue001]*\ue001)/)
            .map((part) => (part.startsWith(FROM) ? part.slice(1, -1) : accented(part)))
            .join('');
        };
      },
    });

  /** Fields of the wire whose values name something, though they look like words. */
  const NAMES = ['key', 'zone', 'path', 'address'];
  /** Fields that are words, though some of their values look like names. */
  const WORDS = ['short'];
  const isWords = (field: string, text: string) =>
    WORDS.includes(field) ||
    !(NAMES.includes(field) || /^[a-z0-9_-]+$/.test(text) || /^\d{4}-\d\d|^<svg /.test(text));
  const heard = (value: unknown, field = ''): unknown => {
    if (typeof value === 'string') return isWords(field, value) ? accented(value) : value;
    if (Array.isArray(value)) return value.map((one) => heard(one, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, heard(one, key)]));
  };
  type Invoke = (command: string, ...rest: unknown[]) => Promise<unknown>;
  const shell = (window as unknown as { __TAURI_INTERNALS__: { invoke: Invoke } }).__TAURI_INTERNALS__;
  const { invoke } = shell;
  shell.invoke = async (...call) => {
    try {
      return heard(await invoke(...call));
    } catch (refusal) {
      throw heard(refusal);
    }
  };

  for (const formats of [Intl.DateTimeFormat, Intl.NumberFormat]) {
    const proto = formats.prototype as { format: (value: never) => string };
    const format = Object.getOwnPropertyDescriptor(proto, 'format')?.get as () => typeof proto.format;
    Object.defineProperty(proto, 'format', {
      get(this: object) {
        const plain = format.call(this);
        return (value: never) => accented(plain(value));
      },
    });
  }
  const { format } = Intl.ListFormat.prototype;
  Intl.ListFormat.prototype.format = function (list) {
    return accented(format.call(this, list));
  };
  Object.assign(window, { accentedMessages });
}

/** Every text on the page with a letter that has no accent, hidden ones included, and where it is. */
export async function bareWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const NAMES = [
      // Time zones as the system names them.
      /\bEurope\/Madrid\b|\bLisbon\b/g,
      // Pages that a source is read on, and files.
      /(?:https?:\/)?\/\S+/g,
      // Units after their number, or in brackets of their own.
      /(?<=\d )(?:mm|kB|MB)\b|°[CF]\b/g,
    ];
    const found = new Set<string>();
    const look = (text: string | null | undefined, where: string) => {
      const said = (text ?? '').trim();
      const words = NAMES.reduce((rest, name) => rest.replace(name, ''), said);
      if (/[A-Za-z]/.test(words)) found.add(`${where}: ${said}`);
    };
    // The window is called as the app is, in every language.
    if (document.title !== 'Afterglow') look(document.title, 'title');
    for (const element of document.body.querySelectorAll('*')) {
      if (element.matches('script, style, noscript')) continue;
      // A language is named in that language, and says so.
      if (element.closest('body [lang]')) continue;
      const where = `<${element.localName}${element.id && ` id="${element.id}"`}>`;
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE) look(node.textContent, where);
      for (const name of ['alt', 'label', 'placeholder', 'title', ...element.getAttributeNames()])
        if (
          ['alt', 'label', 'placeholder', 'title'].includes(name) ||
          /^aria-(label|\w*description|valuetext)$/.test(name)
        )
          look(element.getAttribute(name), `${where} ${name}`);
      if (element.matches('input[type=button], input[type=submit], input[type=reset]'))
        look(element.getAttribute('value'), `${where} value`);
      for (const pseudo of ['::before', '::after', '::marker']) {
        const { content } = getComputedStyle(element, pseudo);
        if (content.startsWith('"')) look(content, `${where} ${pseudo}`);
      }
    }
    return [...found];
  });
}
