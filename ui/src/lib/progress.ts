/** Where the dots, lines and bands of a recovery lie, and what a table says of them. */
import {
  area,
  curveMonotoneX,
  curveStepAfter,
  line,
  symbol,
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  type SymbolType,
} from 'd3-shape';
import type { PhotoOfDay } from '../ipc/generated/PhotoOfDay';
import type { PointView } from '../ipc/generated/PointView';
import type { RecoveryProgress } from '../ipc/generated/RecoveryProgress';
import type { SessionId } from '../ipc/generated/SessionId';
import type { Symptom } from '../ipc/generated/Symptom';
import type { TrackView } from '../ipc/generated/TrackView';

const DAY = 24 * 60;

/** As many as can be laid over one and told apart. */
export const MOST_OVER = 3;

/** The least that is drawn: where most check-ins are. */
const LEAST_DAYS = 14;
const DAYS_TO = 15;
const WEEKS_TO = 31;
/** How wide a day of the weeks and of the months is beside one of the first days, as on the timeline. */
const OF_WEEKS = 0.3;
const OF_MONTHS = 0.06;

const MARKED = [0, 3, 7, 10, 14, 21, 28, 56, 90, 120, 150, 180] as const;

/** How the dots of a recovery are drawn: the one in front, then those over it. Never told by colour alone. */
const SHAPES: readonly [SymbolType, ...SymbolType[]] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
];

/** The shape of a recovery's dots around 0, 0, of an area in square pixels. */
export function glyph(place: number, size: number): string {
  return symbol(SHAPES[place] ?? symbolCircle, size)() ?? '';
}

/** The last recovery day that a chart of these shows. */
export function lastDay(recoveries: readonly RecoveryProgress[]): number {
  const days = recoveries.flatMap(({ tracks }) =>
    tracks.flatMap(({ points }) => points.map(({ day }) => day)),
  );
  return Math.max(LEAST_DAYS, ...days);
}

/** From a measure to pixels. */
export type Scale = (measure: number) => number;

/** Minutes since day 0 began to pixels, within the width: days are wide, weeks narrower, months narrow. */
export function dayScale(last: number, width: number): Scale {
  const share = (day: number) =>
    Math.min(day, DAYS_TO) +
    Math.max(0, Math.min(day, WEEKS_TO) - DAYS_TO) * OF_WEEKS +
    Math.max(0, day - WEEKS_TO) * OF_MONTHS;
  const end = last + 1;
  return (minute) => (share(Math.min(Math.max(minute / DAY, 0), end)) / share(end)) * width;
}

/** Severities to pixels, 4 on top; room for a dot above and below. */
export function severityScale(height: number, room: number): Scale {
  return (severity) => height - room - (severity / 4) * (height - 2 * room);
}

/** Days that are written below a chart, each where its noon is; none closer to another than `least` pixels. */
export function dayTicks(last: number, x: Scale, least: number): { day: number; at: number }[] {
  const ticks: { day: number; at: number }[] = [];
  for (const day of MARKED) {
    const at = x((day + 0.5) * DAY);
    const before = ticks.at(-1);
    if (day <= last && (!before || at - before.at >= least)) ticks.push({ day, at });
  }
  return ticks;
}

/** What is drawn of one recovery in one chart. */
export interface Drawn {
  /** The dots. */
  dots: { x: number; y: number }[];
  /** The line through days that follow each other. */
  line: string;
  /** The line over days on which nothing was logged. */
  gaps: string;
}

/** The dots of a track, with a line that says where nothing was logged in between. */
export function drawn({ points }: TrackView, x: Scale, y: Scale): Drawn {
  const at = (point: PointView): [number, number] => [x(point.minute), y(point.severity)];
  const path = line().curve(curveMonotoneX);
  const runs: PointView[][] = [];
  const gaps: string[] = [];
  let before: PointView | undefined;
  for (const point of points) {
    const run = runs.at(-1);
    if (before && run && point.day - before.day <= 1) run.push(point);
    else {
      if (before) gaps.push(path([at(before), at(point)]) ?? '');
      runs.push([point]);
    }
    before = point;
  }
  return {
    dots: points.map((point) => ({ x: x(point.minute), y: y(point.severity) })),
    line: runs.map((run) => (run.length > 1 ? path(run.map(at)) : '')).join(''),
    gaps: gaps.join(''),
  };
}

/** The soft area of what is expected, from the session's end to the end of the chart. */
export function bandArea({ band }: TrackView, last: number, x: Scale, y: Scale): string {
  const end = band.at(-1);
  if (!end) return '';
  const steps = [...band, { minute: Math.max(end.minute, (last + 1) * DAY), highest: end.highest }];
  return (
    area<(typeof steps)[number]>()
      .x(({ minute }) => x(minute))
      .y0(y(0))
      .y1(({ highest }) => y(highest))
      .curve(curveStepAfter)(steps) ?? ''
  );
}

/** The track of a symptom. */
export function trackOf({ tracks }: RecoveryProgress, symptom: Symptom): TrackView {
  return tracks.find((track) => track.symptom === symptom) ?? { symptom, band: [], points: [] };
}

/** One line of a chart's table. */
export interface TableRow {
  day: number;
  /** What was graded, in the order of the day, by recovery: the one in front first. */
  graded: number[][];
  /** The highest severities that were expected where the recovery in front was graded; one where all are the same. */
  expected: number[];
}

/** A symptom's table: a row for each day on which any of the recoveries was graded. */
export function tableOf(recoveries: readonly RecoveryProgress[], symptom: Symptom): TableRow[] {
  const tracks = recoveries.map((recovery) => trackOf(recovery, symptom));
  const days = [...new Set(tracks.flatMap(({ points }) => points.map(({ day }) => day)))].sort(
    (a, b) => a - b,
  );
  return days.map((day) => {
    const ofDay = tracks.map(({ points }) => points.filter((point) => point.day === day));
    return {
      day,
      graded: ofDay.map((points) => points.map(({ severity }) => severity)),
      expected: [...new Set(ofDay[0]?.map(({ expected }) => expected))],
    };
  });
}

/** A photo, and the session that it shows the skin of. */
export interface SessionPhoto extends PhotoOfDay {
  session: SessionId;
}

/** Every photo of these recoveries: of each the oldest first. */
export function photosOf(recoveries: readonly RecoveryProgress[]): SessionPhoto[] {
  return recoveries.flatMap(({ session, photos }) => photos.map((photo) => ({ ...photo, session })));
}

/** Two photos that are worth comparing, by their ids. */
export interface Pair {
  /** Of the same day in two recoveries; none where it is the first and the newest of one. */
  day: number | null;
  before: string;
  after: string;
}

/** As many as are offered at a tap. */
const MOST_SAME_DAYS = 4;

/**
 * The newest days that two recoveries have in common, seen from the same side, and the first and the newest photo of
 * the one in front: from the same side too, unless there are none.
 */
export function pairs(recoveries: readonly RecoveryProgress[]): Pair[] {
  const [front, ...others] = recoveries;
  if (!front) return [];
  const days: Pair[] = [];
  for (const { day, photo } of [...front.photos].reverse()) {
    const other = others
      .flatMap(({ photos }) => photos)
      .find((one) => one.day === day && one.photo.pose === photo.pose);
    if (other && !days.some((pair) => pair.day === day)) {
      days.push({ day, before: other.photo.id, after: photo.id });
    }
  }
  return [...days.slice(0, MOST_SAME_DAYS), ...firstAndNewest(front)];
}

function firstAndNewest({ photos }: RecoveryProgress): Pair[] {
  for (const { photo } of [...photos].reverse()) {
    const first = photos.find((one) => one.photo.pose === photo.pose);
    if (first && first.photo.id !== photo.id) return [{ day: null, before: first.photo.id, after: photo.id }];
  }
  const [first, newest] = [photos[0], photos.at(-1)];
  return first && newest && first !== newest
    ? [{ day: null, before: first.photo.id, after: newest.photo.id }]
    : [];
}
