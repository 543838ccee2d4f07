/** The window's own words, of the one language that it speaks. */
import type { Locale } from '../ipc/generated/Locale';
import type { m as english } from '../paraglide/en/messages';

type Messages = typeof english;

/** The languages have the same messages; a test holds their files together. */
const languages: Record<Locale, () => Promise<unknown>> = {
  // By its name, so that the file holds each message once: what else it exports is left out.
  en: async () => (await import('../paraglide/en/one/messages')).m,
  es: async () => (await import('../paraglide/es/one/messages')).m,
};
const known: Partial<Record<Locale, Messages>> = {};
let wanted: Locale = 'en';
let spoken = $state.raw({} as Messages);

/** Speaks a language from now on, as soon as its words are there; what is on the screen follows. */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  const words = (known[locale] ??= (await languages[locale]()) as Messages);
  // Another one may have been asked for meanwhile.
  if (wanted === locale) spoken = words;
}

/** The messages by their names. Which language one is in is looked up when it is said, not when it is named. */
export const m = new Proxy({} as Messages, {
  get: (_, name) => (inputs: unknown) =>
    (spoken as unknown as Record<string | symbol, (inputs: unknown) => string>)[name]?.(inputs),
});
