import { describe, expect, test } from 'vitest';

import { readChoice, searchOf } from '../src/choice/address';
import { DEFAULTS, type Choice } from '../src/choice/choice';
import { subjectOf, windowText } from '../src/choice/description';
import { filterOf, targetOf } from '../src/choice/variables';
import { isDay, windowVariables } from '../src/choice/window';

const chosen = (changes: Partial<Choice>): Choice => ({
  ...DEFAULTS,
  organisation: 'acme',
  ...changes,
});

describe('the address', () => {
  test.each<[string, Partial<Choice>]>([
    ['?organisation=acme', {}],
    ['?organisation=acme&team=', { team: '' }],
    ['?organisation=acme&team=a%26b', { team: 'a&b' }],
    ['?repository=acme/web', { repository: 'acme/web' }],
    ['?organisation=acme&window=12m', { window: '12m' }],
    [
      '?organisation=acme&window=2026-01-01..2026-03-31',
      { window: { from: '2026-01-01', to: '2026-03-31' } },
    ],
    ['?organisation=acme&severity=CRITICAL&severity=LOW', { severities: ['CRITICAL', 'LOW'] }],
    ['?organisation=acme&tool=a%2Cb&tool=', { tools: ['a,b', ''] }],
    [
      '?organisation=acme&branch=DEFAULT&definition=github',
      { branch: 'DEFAULT', definition: 'github' },
    ],
  ])('%s holds the choice', (search, changes) => {
    expect(searchOf(chosen(changes))).toBe(search);
    expect(readChoice(search)).toEqual(chosen(changes));
  });

  test.each([
    '?organisation=acme&window=1y',
    '?organisation=acme&window=2026-02-30..2026-03-01',
    '?organisation=acme&window=2026-03-02..2026-03-01',
    '?organisation=acme&window=2026-03-01',
    '?organisation=acme&window=constructor',
    '?organisation=acme&severity=HUGE&branch=main&definition=mine',
  ])('%s has values that are not valid, and shows the defaults', search => {
    expect(readChoice(search)).toEqual(chosen({}));
  });

  test('is empty for the defaults', () => {
    expect(searchOf(DEFAULTS)).toBe('');
    expect(readChoice('')).toEqual(DEFAULTS);
  });
});

describe('the window', () => {
  test('before an own window has the same length', () => {
    expect(windowVariables({ from: '2026-03-01', to: '2026-03-31' })).toEqual({
      from: '2026-03-01',
      to: '2026-03-31',
      interval: 'WEEK',
      fromBefore: '2026-01-29',
      toBefore: '2026-02-28',
      firstMonth: '2026-03-01',
    });
  });

  test.each([
    ['2026-03-01', '2026-03-21', 'DAY'],
    ['2026-03-01', '2026-03-22', 'WEEK'],
    ['2024-01-01', '2026-03-22', 'MONTH'],
  ])('from %s to %s has rows by %s', (from, to, interval) => {
    expect(windowVariables({ from, to }).interval).toBe(interval);
  });

  test('has days that exist', () => {
    expect(['2024-02-29', '2026-12-31'].every(isDay)).toBe(true);
    expect(['2026-02-29', '2026-13-01', '1999-01-01', '2026-1-1', ''].some(isDay)).toBe(false);
  });
});

describe('the arguments of the API', () => {
  test('have no filter by default', () => {
    const { root, variables } = targetOf(chosen({}));
    expect(root).toBe('organisation');
    expect(variables).toMatchObject({ name: 'acme', from: 'now-89d', to: 'now' });
    expect(variables).not.toHaveProperty('filter');
    expect(variables).not.toHaveProperty('closedAs');
  });

  test('count as GitHub’s overview does', () => {
    expect(targetOf(chosen({ definition: 'github', branch: 'OTHER' })).variables).toMatchObject({
      closedAs: ['FIXED', 'WONT_FIX', 'USED_IN_TESTS', 'MITIGATED', 'DISMISSED'],
      filter: {
        branch: 'DEFAULT',
        severity: ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'],
        tool: ['CodeQL'],
      },
    });
  });

  test('keep the chosen severities and tools within GitHub’s definition', () => {
    const choice = chosen({ definition: 'github', severities: ['HIGH', 'NOTE'], tools: ['Trivy'] });
    expect(filterOf(choice)).toMatchObject({ severity: ['HIGH'], tool: ['Trivy'] });
  });

  test('count as GitLab does', () => {
    expect(targetOf(chosen({ definition: 'gitlab' })).variables).toMatchObject({
      closedAs: ['FIXED'],
    });
  });

  test('select a team, also the repositories without one', () => {
    expect(filterOf(chosen({ team: '' }))).toEqual({ team: [''] });
  });

  test('name the repository', () => {
    const { root, variables } = targetOf(chosen({ repository: 'acme/web' }));
    expect(root).toBe('repository');
    expect(variables).toMatchObject({ name: 'acme/web' });
  });
});

test('the choice in words', () => {
  expect(subjectOf(chosen({ team: '' }))).toBe('acme: Without a team');
  expect(subjectOf(chosen({ repository: 'acme/web' }))).toBe('acme/web');
  expect(windowText('12m')).toBe('last 12 months');
  expect(windowText({ from: '2026-01-01', to: '2026-01-02' })).toBe('2026-01-01 to 2026-01-02');
});
