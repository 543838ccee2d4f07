/** What the forms ask, in the order in which they ask it. */
import type { Area } from '../ipc/generated/Area';
import type { Concern } from '../ipc/generated/Concern';
import type { Sign } from '../ipc/generated/Sign';
import type { Symptom } from '../ipc/generated/Symptom';

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

/** Symptoms that are graded. */
export const SYMPTOMS: readonly Symptom[] = ['erythema', 'edema', 'warmth', 'pain'];

/** Emergency signs by the part of the body that a person would check. */
export const SIGN_GROUPS = {
  breathing: [
    'breathing_difficulty',
    'throat_tongue_swelling',
    'sudden_lip_or_face_swelling',
    'fast_breathing',
    'blue_grey_skin',
  ],
  head: ['collapse', 'confusion', 'slurred_or_drowsy', 'seizure', 'face_droop_or_weakness'],
  eyes: ['eye_pain', 'vision_change', 'light_hurts_eye', 'blisters_near_eye'],
  skin: ['bleeding_not_stopping', 'skin_black_or_purple', 'spreading_fast', 'widespread_blisters'],
} as const satisfies Record<string, readonly Sign[]>;
