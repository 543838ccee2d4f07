/** The screens that nobody sees first: they come in files of their own, right after the first one is drawn. */

const FILES = {
  CheckIn: () => import('./CheckIn.svelte'),
  Clinic: () => import('./Clinic.svelte'),
  NewSession: () => import('./NewSession.svelte'),
  Plan: () => import('./Plan.svelte'),
  Progress: () => import('./Progress.svelte'),
  Settings: () => import('./Settings.svelte'),
  Timeline: () => import('./Timeline.svelte'),
};

type Name = keyof typeof FILES;
type Screens = { [N in Name]?: Awaited<ReturnType<(typeof FILES)[N]>>['default'] };

export class Later {
  /** Those that are there. */
  screens = $state.raw<Screens>({});
  /** Why one is not there. */
  faults = $state.raw<Partial<Record<Name, unknown>>>({});

  /** Whether the patient has tried again. */
  tried = $state(false);

  /** Where each comes from. */
  files: Record<Name, () => Promise<{ default: unknown }>> = FILES;

  /** Fetches what is not there yet. A screen that does not come keeps no other one away. */
  async fetch(): Promise<void> {
    const missing = (Object.keys(this.files) as Name[]).filter((name) => !this.screens[name]);
    await Promise.all(missing.map((name) => this.#fetch(name)));
  }

  async #fetch(name: Name): Promise<void> {
    try {
      const file = await this.files[name]();
      this.screens = { ...this.screens, [name]: file.default };
      this.faults = { ...this.faults, [name]: undefined };
    } catch (fault) {
      console.error(fault);
      this.faults = { ...this.faults, [name]: fault };
    }
  }
}

/** Each is missing until it is there. */
export const later = new Later();
