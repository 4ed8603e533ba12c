// Draws a chart with uPlot. Owns the look of axes, lines and bars.
import uPlot from 'uplot';

import { drawnValues, labelledPoints } from './chart';
import type { Chart } from './chart';
import { niceMaximum } from './scale';

const HEIGHT = 220;
const LABEL_WIDTH = 64;
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

// Draws a chart into an element, in the colours of the page. `onPoint` gets the index of the point
// below the pointer, and null when the pointer leaves.
export function plot(
  element: HTMLElement,
  chart: Chart,
  onPoint: (index: number | null) => void,
): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const hasBars = chart.series.some(({ kind }) => kind === 'bar');
  const drawn = drawnValues(chart);
  // The largest sum of a stack is drawn first, so that the smaller ones cover its lower part.
  const order = chart.series.map((_, index) => index);
  if (chart.isStacked) order.reverse();
  const last = chart.labels.length - 1;
  const margin = hasBars ? 0.6 : last === 0 ? 0.5 : 0;
  const bars = chart.isStacked ? 1 : chart.series.filter(({ kind }) => kind === 'bar').length;

  const series = order.map((index, position): uPlot.Series => {
    const { kind, label, colour: name, values } = chart.series[index]!;
    const stroke = colour(name);
    if (kind === 'bar') {
      const align = bars === 1 ? 0 : index === 0 ? -1 : 1;
      const share = last > 30 ? 0.9 : 0.7;
      const paths = uPlot.paths.bars!({ size: [share / bars, 28], align, gap: 1 });
      return { label, stroke, fill: stroke, width: 0, paths, points: { show: false } };
    }
    if (kind === 'area')
      return {
        label,
        stroke: colour('--surface'),
        fill: stroke,
        width: 1,
        points: { show: false },
      };
    const isSparse = values.filter(value => value !== null).length <= 14;
    return {
      label,
      stroke,
      width: 2,
      dash: position > 0 && chart.series.length === 2 ? [6, 4] : [],
      spanGaps: true,
      points: { show: isSparse, size: 6, fill: stroke, stroke },
    };
  });

  const text = { stroke: colour('--quiet'), font: FONT, ticks: { show: false } };
  return new uPlot(
    {
      width: Math.max(element.clientWidth, 200),
      height: HEIGHT,
      padding: [8, 32, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { show: !chart.isStacked && !hasBars, size: 9 },
      },
      scales: {
        x: { time: false, range: [-margin, last + margin] },
        y: { range: (_, _low, high) => [0, chart.most ?? niceMaximum(high)] },
      },
      axes: [
        {
          ...text,
          size: 28,
          gap: 6,
          grid: { show: false },
          splits: self => labelledPoints(last + 1, self.bbox.width / devicePixelRatio, LABEL_WIDTH),
          values: (_, splits) => splits.map(index => chart.labels[index] ?? ''),
        },
        {
          ...text,
          size: 52,
          gap: 8,
          space: 44,
          grid: { stroke: colour('--grid'), width: 1 },
          values: (_, splits) => splits.map(value => chart.format(value)),
        },
      ],
      series: [{}, ...series],
      hooks: { setCursor: [self => onPoint(self.cursor.idx ?? null)] },
    },
    [chart.labels.map((_, index) => index), ...order.map(index => drawn[index]!)],
    element,
  );
}
