import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

// happy-dom lays nothing out.
Element.prototype.scrollIntoView = () => undefined;
afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});
