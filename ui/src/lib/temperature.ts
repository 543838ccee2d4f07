/** Body temperatures as people type and read them. The diary keeps degrees Celsius. */
import { parseNumber } from './number';

/** In what somebody measures. */
export type Degrees = 'celsius' | 'fahrenheit';

/** What was typed, understood. */
export interface Reading {
  celsius: number;
  degrees: Degrees;
  /** Whether it was meant so for sure: it names its unit, or it is in the one that is usual here. */
  sure: boolean;
}

/** Regions in which body temperature is measured in Fahrenheit (CLDR, unit preferences). */
const FAHRENHEIT = new Set([
  'AS',
  'BS',
  'BZ',
  'FM',
  'GU',
  'KY',
  'LR',
  'MH',
  'MP',
  'PR',
  'PW',
  'UM',
  'US',
  'VI',
]);

/** What is usual where the system's language is spoken (`en-US`); Celsius where no region is said. */
export function usualDegrees(language: string): Degrees {
  const region = /[-_]([A-Z]{2})\b/i.exec(language)?.[1]?.toUpperCase();
  return region !== undefined && FAHRENHEIT.has(region) ? 'fahrenheit' : 'celsius';
}

/** Reads what was typed: 95 to 113 is Fahrenheit whatever is usual, anything else Celsius; none when it is not a number. */
export function readTemperature(typed: string, usual: Degrees): Reading | null {
  const unit = /(°\s*[cf]?|[cf])$/i;
  const value = parseNumber(typed, unit);
  if (value === null) return null;
  const named = unit.exec(typed.trim())?.[0].toLowerCase();
  const degrees: Degrees = named?.endsWith('f')
    ? 'fahrenheit'
    : named?.endsWith('c')
      ? 'celsius'
      : value >= 95 && value <= 113
        ? 'fahrenheit'
        : 'celsius';
  const isNamed = named !== undefined && /[cf]$/.test(named);
  return {
    celsius: degrees === 'celsius' ? value : toCelsius(value),
    degrees,
    sure: isNamed || degrees === usual,
  };
}

/** The lowest and the highest temperature of somebody alive, in degrees Celsius; the shell has the last word. */
export const PLAUSIBLE = [30, 45] as const;

/** Whether it can be the temperature of somebody alive. */
export function isPlausible(celsius: number): boolean {
  return celsius >= PLAUSIBLE[0] && celsius <= PLAUSIBLE[1];
}

/** Degrees Celsius in Fahrenheit. */
export function toFahrenheit(celsius: number): number {
  return celsius * 1.8 + 32;
}

/** To the hundredth, so that 100.4 °F is the fever that it is. */
function toCelsius(fahrenheit: number): number {
  return Math.round(((fahrenheit - 32) / 1.8) * 100) / 100;
}
