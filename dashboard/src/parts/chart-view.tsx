// A chart with its legend. The legend shows the values of the point below the pointer.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

import type { Chart } from '../charts/chart';
import { plot } from '../charts/plot';
import { useDarkMode } from './dark-mode';

interface Properties {
  readonly chart: Chart;
  // What a screen reader says about the chart. The table has the numbers.
  readonly label: string;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

export function ChartView({ chart, label, canvas }: Properties) {
  const element = useRef<HTMLDivElement>(null);
  const [point, setPoint] = useState<number | null>(null);
  const isDark = useDarkMode();

  // A layout effect, so that the chart is drawn before the browser prints.
  useLayoutEffect(() => {
    const container = element.current!;
    const drawn = plot(container, chart, setPoint);
    canvas.current = drawn.ctx.canvas;
    const resized = new ResizeObserver(() => {
      const width = container.clientWidth;
      if (width > 0 && width !== drawn.width) drawn.setSize({ width, height: drawn.height });
    });
    resized.observe(container);
    return () => {
      resized.disconnect();
      drawn.destroy();
      canvas.current = null;
    };
  }, [chart, isDark, canvas]);

  const isPointing = point !== null && point < chart.labels.length;
  return (
    <figure class="chart">
      <figcaption class="legend">
        <span class="legend-point">{isPointing ? chart.labels[point] : ''}</span>
        {chart.series.map(series => (
          <span key={series.label} class="legend-entry">
            <Swatch series={series} isDashed={isDashed(chart, series.label)} />
            {series.label}
            {isPointing && <b>{chart.format(series.values[point])}</b>}
          </span>
        ))}
      </figcaption>
      <div ref={element} class="plot" role="img" aria-label={label} />
    </figure>
  );
}

function isDashed({ series, isStacked }: Chart, label: string): boolean {
  const lines = series.filter(({ kind }) => kind === 'line');
  return !isStacked && lines.length === 2 && lines[1]?.label === label;
}

function Swatch({ series, isDashed }: { series: Chart['series'][number]; isDashed: boolean }) {
  const style = { '--swatch': `var(${series.colour})` };
  return <i class={`swatch ${series.kind}${isDashed ? ' dashed' : ''}`} style={style} />;
}
