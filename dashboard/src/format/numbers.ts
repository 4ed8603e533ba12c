// Numbers and times as the page shows them. A value that is null or unknown is a dash. Pure.
export const NOTHING = '–';
const MINUS = '−';

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

type Value = number | null | undefined;

export const count = (value: Value): string => shown(value, number => counts.format(number));

// A number with its sign, such as `+12` or `−3`.
export const signed = (value: Value): string =>
  shown(value, number => `${sign(number)}${counts.format(Math.abs(number))}`);

// A duration in days: `5.2 d`, and `7 h` below a day.
export const days = (value: Value): string =>
  shown(value, number => {
    if (number > 0 && number < 1) return `${fixed(number * 24, 1)} h`;
    return `${fixed(number, number < 10 ? 1 : 0)} d`;
  });

// A share of 0 to 1, such as `93 %`.
export const share = (value: Value): string =>
  shown(value, number => `${fixed(number * 100, number > 0 && number < 0.1 ? 1 : 0)} %`);

// A relative change, such as `+25 %`.
export const change = (value: Value): string =>
  shown(value, number => `${sign(number)}${fixed(Math.abs(number) * 100, 0)} %`);

// A difference of two shares, in percentage points.
export const points = (value: Value): string =>
  shown(value, number => `${sign(number)}${fixed(Math.abs(number) * 100, 0)} pp`);

function shown(value: Value, format: (value: number) => string): string {
  return value === null || value === undefined ? NOTHING : format(value).replace(/^-/, MINUS);
}

function sign(number: number): string {
  if (number > 0) return '+';
  return number < 0 ? MINUS : '±';
}

function fixed(number: number, decimals: number): string {
  const text = number.toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = counts.format(Number(whole));
  return fraction === undefined || Number(fraction) === 0 ? grouped : `${grouped}.${fraction}`;
}
