// Tables as CSV (RFC 4180), with the numbers as the API returned them. Pure.
export type CsvValue = string | number | boolean | null | undefined;

export function csvOf(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [header, ...rows].map(row => row.map(cell).join(',') + '\r\n').join('');
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // A spreadsheet runs a text that starts like a formula. Names come from repositories and tools.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
