import { tick } from 'svelte';

/**
 * After what had the focus went away: the first of these that is there and takes it gets it. Elements, or what selects
 * them. Who went on meanwhile stays where they are.
 */
export async function focusInstead(...places: (Element | string | null | undefined)[]): Promise<void> {
  await tick();
  for (const place of places) {
    const active = document.activeElement;
    if (active && active !== document.body) return;
    const there = typeof place === 'string' ? document.querySelector(place) : place;
    if (there instanceof HTMLElement) there.focus();
  }
}
