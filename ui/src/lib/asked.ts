/** What the form of a session asks, in the order in which it asks it. */
import type { Area } from '../ipc/generated/Area';
import type { Concern } from '../ipc/generated/Concern';

/** Areas that may be chosen. */
export const AREAS: readonly Area[] = [
  'face',
  'eye_area',
  'scalp',
  'neck',
  'chest',
  'hands',
  'back',
  'abdomen',
  'buttocks',
  'legs',
  'arms',
];

/** Concerns that may be chosen. */
export const CONCERNS: readonly Concern[] = [
  'acne_scars',
  'scars',
  'wrinkles',
  'stretch_marks',
  'large_pores',
  'pigmentation',
  'texture',
  'laxity',
];
