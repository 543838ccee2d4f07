/** The whole window over a fake shell. */
import { render, waitFor } from '@testing-library/svelte';
import { expect } from 'vitest';
import App from '../../src/App.svelte';
import { installShell } from '../fake/shell';
import type { World } from '../fake/worlds';

/** Opens the window onto a world and waits for its first screen. */
export async function open(world: World): Promise<HTMLElement> {
  installShell(structuredClone(world));
  const { container } = render(App);
  await waitFor(() => expect(container.querySelector('h1')).not.toBeNull());
  return container;
}

/** The one element of a selector. */
export function one<T extends HTMLElement = HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}
