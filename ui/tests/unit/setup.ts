import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';
import { speak } from '../../src/lib/messages.svelte';
import { later } from '../../src/screens/later.svelte';

// happy-dom lays nothing out.
Element.prototype.scrollIntoView = () => undefined;
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

// A test waits for what is shown, never for its file.
await speak('es');
await speak('en');
await later.fetch();
