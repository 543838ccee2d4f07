import { expect, test } from 'vitest';
import { depthClass, parseDepth } from '../../src/lib/depth';

test.each([
  ['1.5', 1.5],
  ['1,5', 1.5],
  [' 0.25 mm ', 0.25],
  ['2', 2],
  ['.5', 0.5],
  ['9', 9],
  ['', null],
  ['one', null],
  ['1,5,2', null],
  ['-1', null],
  ['1e3', null],
])('a depth typed as %j is read as %j', (typed, mm) => {
  expect(parseDepth(typed)).toBe(mm);
});

test.each([
  [0.5, 'superficial'],
  [0.501, 'medium'],
  [1.5, 'medium'],
  [1.501, 'deep'],
  [null, 'medium'],
] as const)('%j mm is drawn as %s', (mm, drawn) => {
  expect(depthClass(mm)).toBe(drawn);
});
