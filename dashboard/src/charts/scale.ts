// The scale of the vertical axis. Pure.

// Returns a round number above a value, for the top of the axis.
export function niceMaximum(value: number | null): number {
  if (!value || value <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];
  return magnitude * (steps.find(step => step * magnitude >= value * 1.04) ?? 15);
}
