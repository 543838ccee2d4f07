import { call, type Answer, type CallFailure } from '../ipc';
import type { Backups } from '../ipc/generated/Backups';
import type { ErasedView } from '../ipc/generated/ErasedView';
import type { EverythingErased } from '../ipc/generated/EverythingErased';
import type { Importable } from '../ipc/generated/Importable';
import type { InspectedView } from '../ipc/generated/InspectedView';
import type { MergedView } from '../ipc/generated/MergedView';
import type { RecoveryCodeView } from '../ipc/generated/RecoveryCodeView';
import type { RestoredView } from '../ipc/generated/RestoredView';

/**
 * What a patient can do with the diary as a whole: the ways that open it, its copies, and erasing. What
 * changes the diary is followed by a new reading, which `changed` does.
 */
export class Custody {
  /** The copies on this device; none before they were first asked for. */
  backups = $state.raw<Backups | null>(null);
  /** Set where something was erased from the diary but not from its older copies. */
  copiesLeft = $state(false);

  readonly #changed: () => Promise<void>;

  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
  }

  /** Sets the first passphrase. */
  setPassphrase(passphrase: string, askAtStart: boolean): Promise<CallFailure | null> {
    return this.#then(call('set_passphrase', { passphrase, ask_at_start: askAtStart }));
  }

  /** Replaces the passphrase. */
  changePassphrase(current: string, next: string): Promise<CallFailure | null> {
    return this.#then(call('change_passphrase', { current, new: next }));
  }

  /** Removes the passphrase. */
  removePassphrase(current: string, acceptKeyFile: boolean): Promise<CallFailure | null> {
    return this.#then(call('remove_passphrase', { current, accept_key_file: acceptKeyFile }));
  }

  /** Puts the key into the system's keyring. */
  keepInKeyring(): Promise<CallFailure | null> {
    return this.#then(call('keep_in_keyring'));
  }

  /** Takes the key out of the system's keyring. */
  leaveKeyring(): Promise<CallFailure | null> {
    return this.#then(call('leave_keyring'));
  }

  /** Makes a recovery code; nobody keeps it but who reads the answer. */
  async newRecoveryCode(): Promise<Answer<RecoveryCodeView>> {
    const answer = await call('new_recovery_code');
    if (answer.ok) await this.#changed();
    return answer;
  }

  /** Removes the recovery code. */
  removeRecoveryCode(): Promise<CallFailure | null> {
    return this.#then(call('remove_recovery_code'));
  }

  /** Reads the list of backups. */
  async readBackups(): Promise<CallFailure | null> {
    return this.#list(call('backups'));
  }

  /** Makes today's backup anew. */
  async backUpNow(): Promise<CallFailure | null> {
    return this.#list(call('back_up_now'));
  }

  /** Puts a backup in the diary's place. */
  async restoreBackup(name: string): Promise<Answer<RestoredView>> {
    const answer = await call('restore_backup', { name, secret: null });
    if (answer.ok) await Promise.all([this.#changed(), this.readBackups()]);
    return answer;
  }

  /** Writes the diary into one file that the passphrase opens; the answer is its path. */
  async exportDiary(passphrase: string): Promise<Answer<string>> {
    const answer = await call('export_diary', { passphrase });
    return answer.ok ? { ok: true, value: answer.value.path } : answer;
  }

  /** The files in the downloads folder that may be exports. */
  importable(): Promise<Answer<Importable[]>> {
    return call('importable');
  }

  /** What an export holds. */
  inspect(path: string, passphrase: string): Promise<Answer<InspectedView>> {
    return call('inspect_import', { path, passphrase });
  }

  /** Puts an export in the diary's place. */
  async restoreImport(path: string, passphrase: string): Promise<Answer<RestoredView>> {
    const answer = await call('restore_import', { path, passphrase, secret: null });
    if (answer.ok) await this.#changed();
    return answer;
  }

  /** Joins an export with the diary. */
  async mergeImport(path: string, passphrase: string): Promise<Answer<MergedView>> {
    const answer = await call('merge_import', { path, passphrase });
    if (answer.ok) await this.#changed();
    return answer;
  }

  /** Erases the diary with its key, its copies and its reminders. */
  async eraseEverything(confirmation: string): Promise<Answer<EverythingErased>> {
    const answer = await call('erase_everything', { confirmation });
    if (answer.ok) {
      this.backups = null;
      await this.#changed();
    }
    return answer;
  }

  /** What was erased is gone from the diary; whether its copies are too is remembered. */
  async erased(pending: Promise<Answer<ErasedView>>): Promise<CallFailure | null> {
    const answer = await pending;
    if (!answer.ok) return answer.failure;
    this.copiesLeft = answer.value.copies_left !== null;
    await this.#changed();
    return null;
  }

  /** Holds nothing any more: the diary that it was read from is closed. */
  forget(): void {
    this.backups = null;
  }

  async #list(pending: Promise<Answer<Backups>>): Promise<CallFailure | null> {
    const answer = await pending;
    if (!answer.ok) return answer.failure;
    this.backups = answer.value;
    return null;
  }

  async #then(pending: Promise<Answer<unknown>>): Promise<CallFailure | null> {
    const answer = await pending;
    if (!answer.ok) return answer.failure;
    await this.#changed();
    return null;
  }
}
