/** What the skin picture shows, as shares between 0 and 1. Decoration: no rule reads it. */
import type { Accent } from '../ipc/generated/Accent';
import type { Severity } from '../ipc/generated/Severity';
import type { Symptom } from '../ipc/generated/Symptom';
import type { SkinTone as Chosen } from '../ipc/generated/SkinTone';
import type { DepthClass } from './depth';

/** How strongly each feature is drawn. */
export interface SkinLook {
  /** Redness, or a deeper colour on darker tones. */
  flush: number;
  /** Heat around the disc. */
  glow: number;
  /** A raised, puffy edge. */
  swelling: number;
  /** Fine tension lines. */
  tightness: number;
  /** Lifting flakes. */
  flakes: number;
  /** Uneven grain, which evens out with the months. */
  grain: number;
  /** Soreness, as rings. */
  soreness: number;
  /** Itching, as short strokes. */
  itch: number;
  /** Bruises, as blots. */
  bruise: number;
  /** Pinpoint bleeding, as dots. */
  blood: number;
  /** Scabs, as patches. */
  crust: number;
}

/** A tone of the Monk range, light to dark, or the neutral paper tone. */
export type SkinTone = 'neutral' | Chosen;

/** Those that can be chosen, light to dark. */
export const SKIN_TONES: readonly SkinTone[] = ['neutral', 1, 2, 3, 4, 5, 6];

const CALM: SkinLook = {
  flush: 0,
  glow: 0,
  swelling: 0,
  tightness: 0,
  flakes: 0,
  grain: 0.5,
  soreness: 0,
  itch: 0,
  bruise: 0,
  blood: 0,
  crust: 0,
};

/** How many days a flush lasts in the drawing, by depth class. */
const FADE_DAYS: Record<DepthClass, number> = { superficial: 3, medium: 6, deep: 8 };

/** The skin of a recovery day. */
export function skinOfDay(day: number, accent: Accent, depth: DepthClass): SkinLook {
  const fading = clamp(1 - day / FADE_DAYS[depth]);
  return {
    ...CALM,
    flush: fading,
    glow: clamp(1 - day / 2) * 0.9,
    swelling: clamp(1 - day / 3) * 0.7,
    tightness: accent === 'dry' || accent === 'redness' ? 0.8 : accent === 'peeling' ? 0.5 : 0,
    flakes: accent === 'peeling' ? 1 : accent === 'dry' ? 0.4 : 0,
    grain: clamp(1 - day / 90) * 0.6,
  };
}

/** The skin of one answer in a check-in. */
export function skinOfSymptom(symptom: Symptom, severity: Severity): SkinLook {
  const share = severity / 4;
  switch (symptom) {
    case 'erythema':
      return { ...CALM, flush: share };
    case 'edema':
      return { ...CALM, swelling: share, flush: 0.15 };
    case 'warmth':
      return { ...CALM, glow: share, flush: 0.15 };
    case 'tightness':
      return { ...CALM, tightness: share };
    case 'dryness':
      return { ...CALM, grain: 0.4 + 0.6 * share, tightness: 0.5 * share, flakes: 0.25 * share };
    case 'desquamation':
      return { ...CALM, flakes: share };
    case 'pruritus':
      return { ...CALM, itch: share, flush: 0.15 };
    case 'pain':
      return { ...CALM, soreness: share, flush: 0.15 };
    case 'ecchymosis':
      return { ...CALM, bruise: share };
    case 'bleeding':
      return { ...CALM, blood: share, flush: 0.15 };
    case 'crusting':
      return { ...CALM, crust: share };
  }
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
