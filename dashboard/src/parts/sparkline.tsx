// A small trend without axes. Its card has the numbers, so screen readers skip it.
const WIDTH = 120;
const HEIGHT = 28;

export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const path = sparklinePath(values, WIDTH, HEIGHT);
  return (
    <svg
      class="sparkline"
      viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

// Returns the path of a line through the values, from the lowest at the bottom to the highest at the
// top. Unknown values are left out.
export function sparklinePath(
  values: readonly (number | null)[],
  width: number,
  height: number,
): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  if (known.length < 2) return '';
  const numbers = known.map(({ value }) => value);
  const low = Math.min(...numbers);
  const range = Math.max(...numbers) - low;
  const points = known.map(({ value, index }) => {
    const x = (index / (values.length - 1)) * width;
    const y = range === 0 ? height / 2 : height - ((value - low) / range) * height;
    return `${round(x)} ${round(y)}`;
  });
  return `M${points.join('L')}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
