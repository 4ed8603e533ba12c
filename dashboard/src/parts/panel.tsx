// The frame of a panel: its title, its chart or table, and what one can take from it.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

import type { ApiError } from '../api/response';
import { hasValues, type Chart } from '../charts/chart';
import { pictureOf } from '../charts/picture';
import { ChartView } from './chart-view';
import { GraphiqlLink } from './graphiql-link';
import { save } from './save';
import { Table, tableAsCsv, type TableData } from './table';

export interface PanelContent {
  readonly title: string;
  // One sentence about what the numbers are.
  readonly note: string;
  readonly table: TableData;
  readonly chart?: Chart;
  // What stands in place of the chart and the table if there are no rows.
  readonly empty?: string;
}

interface Properties {
  readonly name: string;
  readonly title: string;
  readonly content: PanelContent | undefined;
  readonly failure: ApiError | undefined;
  // The address of GraphiQL with the panel's own query.
  readonly graphiql: string;
  // The subject and the window, for the picture and the names of files.
  readonly subject: string;
  readonly isWide?: boolean;
}

export function Panel(properties: Properties) {
  const { name, title, content, failure, isWide } = properties;
  const id = `panel-${name}`;
  return (
    <section id={id} class={isWide ? 'panel wide' : 'panel'} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{content?.title ?? title}</h2>
      {content ? (
        <Content {...properties} content={content} />
      ) : failure ? (
        <p class="failure" role="alert">
          {failure.message}
        </p>
      ) : (
        <div class="placeholder" />
      )}
    </section>
  );
}

function Content({ name, content, graphiql, subject }: Properties & { content: PanelContent }) {
  const { title, note, table, chart, empty } = content;
  const [isTable, setTable] = useState(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const file = `${name}-${subject.replaceAll(/[^\w.-]+/g, '-')}`;

  const savePicture = async () => {
    if (!canvas.current || !chart) return;
    save(await pictureOf(canvas.current, chart, { title, subtitle: subject }), `${file}.png`);
  };
  const saveTable = () => {
    // The mark tells spreadsheets that the text is UTF-8.
    save(new Blob(['\ufeff', tableAsCsv(table)], { type: 'text/csv' }), `${file}.csv`);
  };
  const isEmpty = table.rows.length === 0;
  const isDrawn = chart !== undefined && !isEmpty && !isTable && hasValues(chart);
  let shown: ComponentChildren;
  const isBlank = isEmpty || (chart !== undefined && !isTable && !isDrawn);
  if (isBlank) shown = <p class="nothing">{empty ?? 'No data for this choice.'}</p>;
  else if (isDrawn)
    shown = (
      <ChartView
        chart={chart}
        canvas={canvas}
        label={
          `${title}: chart of ${chart.series.map(({ label }) => label).join(', ')}. ` +
          'The table has the numbers.'
        }
      />
    );
  else shown = <Table data={table} caption={title} isTall={chart !== undefined} />;
  return (
    <>
      <p class="note">{note}</p>
      {shown}
      <div class="actions">
        {chart && !isEmpty && (
          <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            Table<span class="hidden"> of {title}</span>
          </button>
        )}
        {!isEmpty && (
          <button type="button" class="csv" onClick={saveTable}>
            CSV<span class="hidden"> of {title}</span>
          </button>
        )}
        {isDrawn && (
          <button type="button" class="picture" onClick={() => void savePicture()}>
            Picture<span class="hidden"> of {title}</span>
          </button>
        )}
        <GraphiqlLink address={graphiql} title={title} />
      </div>
    </>
  );
}
