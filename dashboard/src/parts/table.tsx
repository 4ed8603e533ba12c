// A table, and the same table as CSV. The CSV has the values of the API, the table shows them.
import type { ComponentChildren } from 'preact';

import { csvOf, type CsvValue } from '../format/csv';
import { days } from '../format/numbers';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => CsvValue;
  // How the page shows the value; as it is by default.
  readonly shown?: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  // The unit of the values. The page shows it with each value, the CSV in the header.
  readonly unit?: string;
}

export interface TableData {
  readonly header: readonly {
    readonly title: string;
    readonly isNumber: boolean;
    readonly unit: string;
  }[];
  readonly rows: readonly {
    readonly values: readonly CsvValue[];
    readonly cells: readonly ComponentChildren[];
  }[];
}

// Returns a column of numbers.
export function numeric<Row>(
  title: string,
  value: (row: Row) => number | null | undefined,
  format: (value: number | null | undefined) => string,
): Column<Row> {
  return { title, value, shown: row => format(value(row)), isNumber: true };
}

// Returns a column of durations in days.
export function inDays<Row>(title: string, value: (row: Row) => number | null): Column<Row> {
  return { ...numeric(title, value, days), unit: 'days' };
}

export function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): TableData {
  return {
    header: columns.map(({ title, isNumber = false, unit = '' }) => ({ title, isNumber, unit })),
    rows: rows.map(row => {
      const values = columns.map(({ value }) => value(row));
      const cells = columns.map(({ shown }, index) => (shown ? shown(row) : values[index]));
      return { values, cells };
    }),
  };
}

export function tableAsCsv({ header, rows }: TableData): string {
  return csvOf(
    header.map(({ title, unit }) => (unit ? `${title} (${unit})` : title)),
    rows.map(({ values }) => values),
  );
}

interface Properties {
  readonly data: TableData;
  readonly caption: string;
  // Whether it has so many rows that it scrolls in its frame.
  readonly isTall: boolean;
}

export function Table({ data, caption, isTall }: Properties) {
  return (
    <div
      class={isTall ? 'table-frame tall' : 'table-frame'}
      tabIndex={0}
      role="region"
      aria-label={`${caption}, table`}
    >
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {data.header.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map(({ cells }, row) => (
            <tr key={row}>
              {cells.map((cell, column) => {
                const className = data.header[column]?.isNumber ? 'number' : '';
                return column === 0 ? (
                  <th key={column} scope="row" class={className}>
                    {cell}
                  </th>
                ) : (
                  <td key={column} class={className}>
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
