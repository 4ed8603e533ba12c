// What a chart shows. Pure.
export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  // The CSS variable with the colour, such as `--accent`.
  readonly colour: string;
  readonly kind: 'line' | 'bar' | 'area';
}

export interface Chart {
  // The label of each point, from left to right.
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  // Whether the values of a point are drawn on top of each other.
  readonly isStacked: boolean;
  readonly format: (value: number | null | undefined) => string;
  // The largest value of the axis, if it is always the same.
  readonly most?: number;
}

// Whether there is anything to draw.
export function hasValues({ series }: Chart): boolean {
  return series.some(({ values }) => values.some(value => value !== null && value !== 0));
}

// Returns the values to draw. A stacked series is drawn at the sum of it and those below.
export function drawnValues({ series, isStacked }: Chart): (number | null)[][] {
  if (!isStacked) return series.map(({ values }) => [...values]);
  const below: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => (below[index] = (below[index] ?? 0) + (value ?? 0))),
  );
}

// Returns the points whose labels fit on the axis: evenly spaced, the last one included.
export function labelledPoints(points: number, width: number, labelWidth: number): number[] {
  const step = Math.max(1, Math.ceil((points * labelWidth) / Math.max(width, 1)));
  const found = [];
  for (let index = points - 1; index >= 0; index -= step) found.unshift(index);
  return found;
}
