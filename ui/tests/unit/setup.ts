import { cleanup, configure } from '@testing-library/svelte';
import { afterEach } from 'vitest';
import { speak } from '../../src/lib/messages.svelte';
import { later } from '../../src/screens/later.svelte';

// No test is about how long something takes, and many run where other things are being built.
configure({ asyncUtilTimeout: 20_000 });

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
