// The days of a window, of the window before it, and the interval of its rows. Pure.
import type { Interval } from '../api/operations';
import { isPreset } from './choice';
import type { Days, Preset } from './choice';

export interface WindowVariables {
  readonly from: string;
  readonly to: string;
  readonly interval: Interval;
  // The window before, of the same length.
  readonly fromBefore: string;
  readonly toBefore: string;
  // The first month of the cohorts. They need months to be of use, so short windows show a year.
  readonly firstMonth: string;
}

const DAY_MS = 86_400_000;
const A_YEAR = 'now-11M/M';
const MOST_DAYS_BY_DAY = 21;
const MOST_DAYS_BY_WEEK = 800;

const PRESET_VARIABLES: Readonly<Record<Preset, WindowVariables>> = {
  '30d': {
    from: 'now-29d',
    to: 'now',
    interval: 'WEEK',
    fromBefore: 'now-59d',
    toBefore: 'now-30d',
    firstMonth: A_YEAR,
  },
  '90d': {
    from: 'now-89d',
    to: 'now',
    interval: 'WEEK',
    fromBefore: 'now-179d',
    toBefore: 'now-90d',
    firstMonth: A_YEAR,
  },
  '12m': {
    from: A_YEAR,
    to: 'now',
    interval: 'WEEK',
    fromBefore: 'now-23M/M',
    toBefore: 'now-12M/M',
    firstMonth: A_YEAR,
  },
};

export function windowVariables(window: Preset | Days): WindowVariables {
  if (isPreset(window)) return PRESET_VARIABLES[window];
  const { from, to } = window;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return {
    from,
    to,
    interval: days <= MOST_DAYS_BY_DAY ? 'DAY' : days <= MOST_DAYS_BY_WEEK ? 'WEEK' : 'MONTH',
    fromBefore: dayAfter(from, -days),
    toBefore: dayAfter(from, -1),
    firstMonth: `${from.slice(0, 8)}01`,
  };
}

// Whether a text is a day that exists, in a year that the API accepts.
export function isDay(text: string): boolean {
  if (!/^2\d{3}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && dayText(time) === text;
}

export function dayAfter(day: string, days: number): string {
  return dayText(Date.parse(day) + days * DAY_MS);
}

function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
