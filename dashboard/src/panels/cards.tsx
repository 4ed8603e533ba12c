// The cards at the top: one number each, with its change and a small trend.
import type { CardsFragment } from '../api/operations';
import { change, count, days, NOTHING, points, share, signed } from '../format/numbers';
import { GraphiqlLink } from '../parts/graphiql-link';
import { Sparkline } from '../parts/sparkline';

export interface Card {
  readonly label: string;
  readonly value: string;
  readonly change: string;
  // What the change means; null if it is neither good nor bad.
  readonly isBetter: boolean | null;
  // What the change compares with, or another number beside the value.
  readonly detail: string;
  readonly trend: readonly (number | null)[];
}

type Due = CardsFragment['dueBefore'][number];

const BEFORE = 'vs. window before';

export function cardsOf(data: CardsFragment): readonly Card[] {
  const [window] = data.window;
  const [now] = data.now;
  if (!window || !now) return [];
  const missed = missedOf(data.due);
  const missedBefore = missedOf(data.dueBefore);
  const compliance = complianceOf(data.due);
  const complianceBefore = complianceOf(data.dueBefore);
  const netBefore =
    window.openedBefore === null || window.closedBefore === null
      ? null
      : window.openedBefore - window.closedBefore;
  const difference =
    compliance === null || complianceBefore === null ? null : compliance - complianceBefore;
  return [
    lowerIsBetter(
      'Median time to remediate',
      days(window.median),
      window.medianChange,
      data.series.map(row => row.median),
    ),
    lowerIsBetter(
      'p90 time to remediate',
      days(window.p90),
      window.p90Change,
      data.series.map(row => row.p90),
    ),
    lowerIsBetter(
      'Open',
      count(window.openAtEnd),
      window.openChange,
      data.series.map(row => row.openAtEnd),
    ),
    {
      label: 'Overdue',
      value: count(now.overdue),
      change: signed(missed - missedBefore),
      isBetter: better(missedBefore - missed),
      detail: `missed ${BEFORE}; ${count(now.dueSoon)} due in 7 days`,
      trend: byPeriod(data.due).map(missedOf),
    },
    {
      label: 'Closed in time',
      value: share(compliance),
      change: points(difference),
      isBetter: better(difference),
      detail: BEFORE,
      trend: byPeriod(data.due).map(complianceOf),
    },
    {
      label: 'Net',
      value: signed(window.net),
      change: signed(netBefore),
      isBetter: null,
      detail: 'in the window before',
      trend: data.series.map(row => row.net),
    },
  ];
}

function lowerIsBetter(
  label: string,
  value: string,
  relative: number | null,
  trend: readonly (number | null)[],
): Card {
  const isBetter = better(relative === null ? null : -relative);
  const isUnknown = value === NOTHING;
  const detail = relative !== null ? BEFORE : isUnknown ? '' : 'no clear change';
  return {
    label,
    value,
    change: relative === null ? '' : change(relative),
    isBetter,
    detail,
    trend,
  };
}

const better = (gain: number | null): boolean | null => (gain ? gain > 0 : null);

// The alerts that were due and not closed in time.
const missedOf = (rows: readonly Due[]): number =>
  rows.reduce((sum, row) => sum + row.late + row.open, 0);

// The share of the alerts that were due and closed in time; null if none was due.
export function complianceOf(rows: readonly Due[]): number | null {
  const due = rows.reduce((sum, row) => sum + row.due, 0);
  return due === 0 ? null : rows.reduce((sum, row) => sum + row.met, 0) / due;
}

function byPeriod(rows: CardsFragment['due']): readonly Due[][] {
  const periods = new Map<string, Due[]>();
  for (const row of rows)
    periods.set(row.periodStart, [...(periods.get(row.periodStart) ?? []), row]);
  return [...periods.values()];
}

interface Properties {
  readonly cards: readonly Card[];
  // The address of GraphiQL with the query of the cards.
  readonly graphiql: string;
}

export function Cards({ cards, graphiql }: Properties) {
  return (
    <section class="key-numbers" aria-label="Key numbers">
      <ul class="cards">
        {cards.map(card => (
          <li key={card.label} class="card">
            <h2>{card.label}</h2>
            <p class="value">{card.value}</p>
            <p class="card-detail">
              {card.change && card.change !== NOTHING && (
                <b class={card.isBetter === null ? '' : card.isBetter ? 'better' : 'worse'}>
                  {card.change}
                  {card.isBetter !== null && (
                    <span class="hidden">{card.isBetter ? ' (better)' : ' (worse)'}</span>
                  )}
                </b>
              )}{' '}
              {card.detail}
            </p>
            <Sparkline values={card.trend} />
          </li>
        ))}
      </ul>
      <div class="actions">
        <GraphiqlLink address={graphiql} title="key numbers" />
      </div>
    </section>
  );
}
