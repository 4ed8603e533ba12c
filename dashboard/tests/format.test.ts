import { describe, expect, test } from 'vitest';

import { csvOf } from '../src/format/csv';
import { day, month, shortDay } from '../src/format/dates';
import { change, count, days, points, share, signed } from '../src/format/numbers';

describe('numbers', () => {
  test.each([
    [count(1234567), '1,234,567'],
    [signed(12), '+12'],
    [signed(-3), '−3'],
    [signed(0), '±0'],
    [days(0), '0 d'],
    [days(0.25), '6 h'],
    [days(0.3), '7.2 h'],
    [days(5.25), '5.3 d'],
    [days(9.96), '10 d'],
    [days(20.5194), '21 d'],
    [days(1234.5), '1,235 d'],
    [share(0.7054), '71 %'],
    [share(0.0123), '1.2 %'],
    [share(1), '100 %'],
    [change(0.2747), '+27 %'],
    [change(-0.204), '−20 %'],
    [points(-0.01), '−1 pp'],
  ])('%s is %s', (shown, expected) => expect(shown).toBe(expected));

  test.each([count, signed, days, share, change, points])('null is a dash', format => {
    expect(format(null)).toBe('–');
    expect(format(undefined)).toBe('–');
  });
});

test('days are in UTC', () => {
  expect(day('2026-03-01T00:00:00.000Z')).toBe('Mar 1, 2026');
  expect(shortDay('2026-03-01T00:00:00.000Z')).toBe('Mar 1');
  expect(month('2026-03-01T00:00:00.000Z')).toBe('Mar 2026');
});

describe('CSV', () => {
  test('has the numbers as they are, and nothing for null', () => {
    expect(
      csvOf(
        ['a', 'b'],
        [
          [20.5194, null],
          [-1, true],
        ],
      ),
    ).toBe('a,b\r\n20.5194,\r\n-1,true\r\n');
  });

  test('quotes texts with commas, quotes and lines', () => {
    expect(csvOf(['a'], [['x,"y"\nz']])).toBe('a\r\n"x,""y""\nz"\r\n');
  });

  test.each(['=1+1', '+1', '-1', '@x', '\t=1'])('does not start with the formula %s', text => {
    expect(csvOf(['a'], [[text]])).toBe(`a\r\n'${text}\r\n`);
  });
});
