/** Whom a patient calls now. */
import type { Clinic } from '../ipc/generated/Clinic';
import type { OpenNow } from '../ipc/generated/OpenNow';

/** Who answers at the clinic's. */
export interface Whom {
  /** As it was typed; empty where none is known. */
  number: string;
  /** Whether it is the number for after hours. */
  afterHours: boolean;
  /** Whether somebody is likely to answer: the clinic is not known to be closed, or somebody else answers then. */
  answers: boolean;
}

/** The clinic, or who answers while it is closed. */
export function whomToCall(clinic: Clinic, open: OpenNow | null): Whom {
  const closed = open?.state === 'closed';
  const afterHours = closed && clinic.after_hours_phone !== '';
  const number = afterHours ? clinic.after_hours_phone : clinic.phone;
  return { number, afterHours, answers: number !== '' && (afterHours || !closed) };
}
