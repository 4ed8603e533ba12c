import { describe, expect, test } from 'vitest';

import { drawnValues, labelledPoints, type Chart } from '../src/charts/chart';
import { niceMaximum } from '../src/charts/scale';
import { complianceOf } from '../src/panels/cards';
import { matching, type Option } from '../src/parts/matching';
import { sparklinePath } from '../src/parts/sparkline';

const repository = (label: string): Option => ({
  kind: 'repository',
  value: `acme/${label}`,
  label,
  detail: '',
});

describe('the search of names', () => {
  const thousands = Array.from({ length: 5_000 }, (_, index) => repository(`service-${index}`));

  test('shows the first of many, and how many there are', () => {
    const { shown, summary } = matching(thousands, 'service');
    expect(shown).toHaveLength(50);
    expect(summary).toContain('50 of 5000');
  });

  test('finds all words in any order and case, names that start with it first', () => {
    const options = ['my-api', 'API-gateway', 'web'].map(repository);
    expect(matching(options, 'api').shown.map(({ label }) => label)).toEqual([
      'API-gateway',
      'my-api',
    ]);
    expect(matching(options, 'gate api').shown).toHaveLength(1);
    expect(matching(options, 'nothing').summary).toContain('Nothing matches');
  });

  test('takes less than a frame for 5,000 names', () => {
    const started = performance.now();
    matching(thousands, 'service-49');
    expect(performance.now() - started).toBeLessThan(50);
  });
});

describe('charts', () => {
  const chart: Chart = {
    labels: ['a', 'b'],
    series: [
      { label: 'one', values: [1, 2], colour: '', kind: 'area' },
      { label: 'two', values: [3, null], colour: '', kind: 'area' },
    ],
    isStacked: true,
    format: String,
  };

  test('stack each series on those below', () => {
    expect(drawnValues(chart)).toEqual([
      [1, 2],
      [4, 2],
    ]);
    expect(drawnValues({ ...chart, isStacked: false })[1]).toEqual([3, null]);
  });

  test('label as many points as fit, the last one included', () => {
    expect(labelledPoints(5, 1_000, 60)).toEqual([0, 1, 2, 3, 4]);
    expect(labelledPoints(53, 600, 60)).toEqual([4, 10, 16, 22, 28, 34, 40, 46, 52]);
    expect(labelledPoints(0, 100, 60)).toEqual([]);
  });

  test.each([
    [null, 1],
    [0, 1],
    [7, 8],
    [95, 100],
    [97, 150],
    [131, 150],
  ])('have a round maximum above %s: %s', (value, expected) => {
    expect(niceMaximum(value)).toBe(expected);
  });
});

test('a sparkline leaves out unknown values', () => {
  expect(sparklinePath([1, null, 3], 100, 10)).toBe('M0 10L100 0');
  expect(sparklinePath([2, 2], 100, 10)).toBe('M0 5L100 5');
  expect(sparklinePath([null, 3], 100, 10)).toBe('');
});

test('compliance counts all alerts that were due', () => {
  const met = { due: 3, met: 2, late: 1, open: 0 };
  const missed = { due: 1, met: 0, late: 0, open: 1 };
  expect(complianceOf([met, missed])).toBe(0.5);
  expect(complianceOf([])).toBe(null);
});
