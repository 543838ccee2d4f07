import type { Settings } from '../ipc/generated/Settings';

/**
 * Draws the window as the patient chose, and keeps that for the next start: `public/first.js` reads it before
 * anything is drawn, also where the diary that knows it does not open.
 */
export function drawAs({ theme, text_percent }: Pick<Settings, 'theme' | 'text_percent'>): void {
  const root = document.documentElement;
  root.dataset['theme'] = theme;
  root.style.setProperty('--text-scale', String(text_percent / 100));
  localStorage.setItem('theme', theme);
  localStorage.setItem('text_percent', String(text_percent));
}

/** How large the window was last told to draw text: 1 to 2. */
export function textScale(): number {
  return Number(document.documentElement.style.getPropertyValue('--text-scale')) || 1;
}
