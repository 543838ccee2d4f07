import { expect, test } from 'vitest';
import en from '../../messages/en.json';
import es from '../../messages/es.json';

type Message = string | { match: Record<string, string> }[];
const languages: Record<string, Record<string, Message>> = { en, es };

const texts = (message: Message): string[] =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match));
const placeholders = (message: Message): string[] =>
  [...new Set(texts(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

test('every message stands in both languages with the same placeholders', () => {
  expect(Object.keys(es)).toEqual(Object.keys(en));
  for (const [key, message] of Object.entries(languages['en'] ?? {})) {
    const other = languages['es']?.[key];
    expect(other && placeholders(other), key).toEqual(placeholders(message));
  }
});

test('the voice stays calm: no exclamation marks, and nobody is told that they are fine', () => {
  for (const messages of Object.values(languages)) {
    for (const [key, message] of Object.entries(messages)) {
      for (const text of texts(message)) {
        expect(text, key).not.toMatch(
          /[!¡]|you are fine|don[’']t worry|no te preocupes|consider contacting/i,
        );
      }
    }
  }
});
