/**
 * The one door to the shell. Names, inputs and outputs of the commands are generated from the Rust
 * side (`generated/`); nothing outside this folder imports `@tauri-apps/api`.
 */
import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Commands } from './generated/commands';
import type { Failure } from './generated/Failure';
import type { Screen } from './generated/Screen';
import type { Show } from './generated/Show';

/** Why a call has no value: what the command said, or that the shell did not take the call. */
export type CallFailure = Failure | { code: 'no_answer'; sentence: string };

/** A call's value, or why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: CallFailure };

type Input<K extends keyof Commands> = Commands[K]['input'];
type Output<K extends keyof Commands> = Commands[K]['output'];

/** Calls a command. Never throws: whoever calls has to look at `ok`. */
export async function call<K extends keyof Commands>(
  name: K,
  ...[input]: Input<K> extends null ? [] : [Input<K>]
): Promise<Answer<Output<K>>> {
  try {
    return { ok: true, value: await invoke<Output<K>>(name, input === undefined ? {} : { input }) };
  } catch (refusal) {
    return { ok: false, failure: asFailure(refusal) };
  }
}

/** Calls `cb` whenever a notification or the tray asks for a screen; the answer stops that. */
export function onShow(cb: (screen: Screen) => void): Promise<() => void> {
  return listen<Show>('show', (event) => cb(event.payload.screen));
}

/** Where a photo's bytes are: the shell serves them by a scheme of its own. */
export function photoAddress(id: string, size: 'image' | 'thumbnail'): string {
  const image = convertFileSrc(id, 'photo');
  return size === 'image' ? image : `${image}/thumbnail`;
}

function asFailure(refusal: unknown): CallFailure {
  if (typeof refusal === 'object' && refusal !== null && 'code' in refusal) return refusal as Failure;
  return { code: 'no_answer', sentence: String(refusal) };
}
