/** The screens that nobody sees first: they come in files of their own, right after the first one is drawn. */
import type CheckIn from './CheckIn.svelte';
import type Clinic from './Clinic.svelte';
import type NewSession from './NewSession.svelte';
import type Plan from './Plan.svelte';
import type Progress from './Progress.svelte';
import type Settings from './Settings.svelte';
import type Timeline from './Timeline.svelte';

class Later {
  CheckIn = $state.raw<typeof CheckIn | null>(null);
  Clinic = $state.raw<typeof Clinic | null>(null);
  NewSession = $state.raw<typeof NewSession | null>(null);
  Plan = $state.raw<typeof Plan | null>(null);
  Progress = $state.raw<typeof Progress | null>(null);
  Settings = $state.raw<typeof Settings | null>(null);
  Timeline = $state.raw<typeof Timeline | null>(null);

  /** Fetches what is not there yet. */
  async fetch(): Promise<void> {
    const [checkIn, clinic, newSession, plan, progress, settings, timeline] = await Promise.all([
      import('./CheckIn.svelte'),
      import('./Clinic.svelte'),
      import('./NewSession.svelte'),
      import('./Plan.svelte'),
      import('./Progress.svelte'),
      import('./Settings.svelte'),
      import('./Timeline.svelte'),
    ]);
    this.CheckIn = checkIn.default;
    this.Clinic = clinic.default;
    this.NewSession = newSession.default;
    this.Plan = plan.default;
    this.Progress = progress.default;
    this.Settings = settings.default;
    this.Timeline = timeline.default;
  }
}

/** Each is none until it is there. */
export const later = new Later();
