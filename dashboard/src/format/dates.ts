// Days, weeks and months as the page shows them. All days are in UTC. Pure.
const formats = {
  day: new Intl.DateTimeFormat('en', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }),
  short: new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' }),
};

export const day = (timestamp: string): string => formats.day.format(new Date(timestamp));
export const shortDay = (timestamp: string): string => formats.short.format(new Date(timestamp));
export const month = (timestamp: string): string => formats.month.format(new Date(timestamp));

export const NAMES_OF_INTERVALS = {
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  TOTAL: 'window',
} as const;
