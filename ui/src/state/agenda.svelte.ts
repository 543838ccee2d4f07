import { call, type Answer, type CallFailure } from '../ipc';
import type { AppointmentInput } from '../ipc/generated/AppointmentInput';
import type { AppointmentView } from '../ipc/generated/AppointmentView';
import type { MedicineInput } from '../ipc/generated/MedicineInput';
import type { MedicineView } from '../ipc/generated/MedicineView';

/** What the patient entered to be reminded of: prescribed medicines and booked sessions. */
export class Agenda {
  /** As they were read last; none before that. */
  medicines = $state.raw<MedicineView[] | null>(null);
  /** Those to come, soonest first, as they were read last; none before that. */
  appointments = $state.raw<AppointmentView[] | null>(null);

  readonly #changed: () => Promise<void>;

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Reads the medicines. */
  async readMedicines(): Promise<CallFailure | null> {
    return this.#medicines(await call('medicines'));
  }

  /** Keeps a medicine, new or changed. */
  async keepMedicine(input: MedicineInput): Promise<CallFailure | null> {
    return this.#armed(this.#medicines(await call('keep_medicine', input)));
  }

  /** Withdraws a medicine, with its reminders. */
  async withdrawMedicine(id: string): Promise<CallFailure | null> {
    return this.#armed(this.#medicines(await call('withdraw_medicine', id)));
  }

  /** Reads the booked sessions. */
  async readAppointments(): Promise<CallFailure | null> {
    return this.#appointments(await call('appointments'));
  }

  /** Keeps a booked session, new or changed. */
  async keepAppointment(input: AppointmentInput): Promise<CallFailure | null> {
    return this.#armed(this.#appointments(await call('keep_appointment', input)));
  }

  /** Withdraws a booked session, with its reminders. */
  async withdrawAppointment(id: string): Promise<CallFailure | null> {
    return this.#armed(this.#appointments(await call('withdraw_appointment', id)));
  }

  /** Holds nothing any more: the diary that it was read from is closed. */
  forget(): void {
    this.medicines = null;
    this.appointments = null;
  }

  #medicines(answer: Answer<MedicineView[]>): CallFailure | null {
    if (!answer.ok) return answer.failure;
    this.medicines = answer.value;
    return null;
  }

  #appointments(answer: Answer<AppointmentView[]>): CallFailure | null {
    if (!answer.ok) return answer.failure;
    this.appointments = answer.value;
    return null;
  }

  async #armed(failure: CallFailure | null): Promise<CallFailure | null> {
    if (!failure) await this.#changed();
    return failure;
  }
}
