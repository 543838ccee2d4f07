/** Sentences made of several facts. */
import type { CallFailure } from '../ipc';
import type { CheckInView } from '../ipc/generated/CheckInView';
import type { SessionView } from '../ipc/generated/SessionView';
import { m } from '../paraglide/messages';
import { SYMPTOMS } from './asked';
import type { Calendar } from './calendar';

/** What to read out on the phone: `Day 3 (Tue 24 Nov, 19:04), 1.5 mm, face: redness 4 of 4`. */
export function callSummary(checkIn: CheckInView, session: SessionView, calendar: Calendar): string {
  const depth =
    session.depth_mm === null ? m.summary_depth_unknown() : `${calendar.millimetres(session.depth_mm)} mm`;
  const areas = session.areas.map((area) => lowerFirst(m[`area_${area}`]()));
  const day = m.summary_day({ day: checkIn.day, when: calendar.stamp(checkIn.at) });
  const about = [day, depth, ...areas].join(', ');
  const symptoms = SYMPTOMS.flatMap((symptom) => {
    const grade = checkIn.severities[symptom];
    return grade ? [m.summary_symptom({ symptom: m[`symptom_${symptom}_short`](), grade })] : [];
  }).join(', ');
  const signs = (checkIn.signs ?? []).map((sign) => m[`sign_${sign}_short`]()).join(', ');
  const seen = [symptoms, signs].filter(Boolean).join('; ');
  return seen ? `${about}: ${seen}` : about;
}

/** Why a call failed, for people: our own words where the window has them, else what the system said. */
export function failureWords(failure: CallFailure): string {
  switch (failure.code) {
    case 'not_found':
      return m.failure_not_found();
    case 'no_answer':
      return m.failure_no_answer();
    case 'invalid_session':
      return m.save_failed();
    case 'invalid_settings':
      return failure.faults.map((fault) => m[`fault_${fault}`]()).join(' ');
    case 'empty_check_in':
      return m.check_empty();
    case 'invalid_input':
    case 'diary_unavailable':
    case 'diary_failed':
    case 'export_failed':
      return m.failure_system({ sentence: failure.sentence });
  }
}

/** The link that dials a number as people write it. */
export function dialled(number: string): string {
  return `tel:${number.replace(/[^+\d*#]/g, '')}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}
