/** Numbers as people type them. */

/** The number that was typed, with a point or a comma, its unit left out; none when it is not a number. */
export function parseNumber(typed: string, unit: RegExp): number | null {
  const text = typed.trim().replace(unit, '').trim().replace(',', '.');
  return /^\d+(\.\d*)?$|^\.\d+$/.test(text) ? Number(text) : null;
}
