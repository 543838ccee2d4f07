/** The care plan's own texts, so that the pictures show what patients read. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'smol-toml';
import type { Locale } from '../../src/ipc/generated/Locale';
import type { PhaseId } from '../../src/ipc/generated/PhaseId';
import type { SourceView } from '../../src/ipc/generated/SourceView';

interface Texts {
  label: string;
  text: string;
  why: string;
  over: string;
}
interface Instruction {
  id: string;
  kind: string;
  extrapolated?: boolean;
  sources: string[];
  timing: { window?: { hours: { medium: [number, number] } } };
  texts: Texts;
}
interface PhaseTexts {
  name: string;
  normal: string;
  care: string;
  results: string;
}
interface PlanFile {
  texts: { title: string; review: string };
  sources: Record<string, { title: string; address?: string }>;
  instruction: Instruction[];
  phase: { id: PhaseId; texts: PhaseTexts }[];
  rule: { id: string; sources: string[]; texts: { advice: string } }[];
}
interface Translation {
  texts: { title: string; review: string };
  instructions: Record<string, Texts>;
  phases: Record<PhaseId, PhaseTexts>;
  rules: Record<string, { advice: string }>;
}

// Vitest runs in `ui`; a URL would be the page's in happy-dom.
const PLANS = resolve(process.cwd(), '../src-tauri/care/plans');
const read = (name: string): unknown => parse(readFileSync(resolve(PLANS, name), 'utf8'));
const english = read('microneedling.toml') as PlanFile;
const spanish = read('microneedling.es.toml') as Translation;

/** The plan in a language. */
export function planIn(locale: Locale) {
  const es = locale === 'es' ? spanish : null;
  const sources = (keys: string[]): SourceView[] =>
    keys.map((key) => ({
      key,
      title: english.sources[key]?.title ?? key,
      address: english.sources[key]?.address ?? null,
    }));
  return {
    texts: es?.texts ?? english.texts,
    instruction(id: string) {
      const found = english.instruction.find((one) => one.id === id);
      if (!found) throw new Error(`the plan has no instruction ${id}`);
      return { ...found, texts: es?.instructions[id] ?? found.texts, sources: sources(found.sources) };
    },
    windows: english.instruction.filter((one) => one.kind !== 'do' && one.timing.window),
    phase(id: PhaseId): PhaseTexts {
      const found = es?.phases[id] ?? english.phase.find((one) => one.id === id)?.texts;
      if (!found) throw new Error(`the plan has no phase ${id}`);
      return found;
    },
    advice(id: string): string {
      const found = es?.rules[id] ?? english.rule.find((one) => one.id === id)?.texts;
      if (!found) throw new Error(`the plan has no rule ${id}`);
      return found.advice;
    },
  };
}
