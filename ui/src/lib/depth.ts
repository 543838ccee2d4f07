/** Needle depth as people type it. */
import { parseNumber } from './number';

/** The depths that are offered as one tap, in millimetres. */
export const QUICK_DEPTHS = [0.25, 0.5, 1, 1.5, 2, 2.5] as const;

/** The number that was typed, with a point or a comma; none when it is not a number. */
export function parseDepth(typed: string): number | null {
  return parseNumber(typed, /mm$/i);
}

/** The default plan's depth class; unknown depths look like the middle one. */
export type DepthClass = 'superficial' | 'medium' | 'deep';

/** The class of a depth in millimetres (care's limits: 0.5 and 1.5). */
export function depthClass(mm: number | null): DepthClass {
  if (mm === null) return 'medium';
  if (mm <= 0.5) return 'superficial';
  return mm <= 1.5 ? 'medium' : 'deep';
}
