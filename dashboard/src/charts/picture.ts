// The picture of a chart as PNG: its title, its legend and its canvas, in the colours of the page.
import type { Chart } from './chart';

const MARGIN = 20;
const TITLE = 18;
const LINE = 24;

export interface Caption {
  readonly title: string;
  readonly subtitle: string;
}

export async function pictureOf(
  canvas: HTMLCanvasElement,
  chart: Chart,
  { title, subtitle }: Caption,
): Promise<Blob> {
  const scale = devicePixelRatio || 1;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = (size: number, weight = 400): string =>
    `${weight} ${size}px ${style.getPropertyValue('font-family') || 'sans-serif'}`;
  const top = MARGIN + TITLE + 2 * LINE + 8;
  const picture = document.createElement('canvas');
  picture.width = canvas.width + 2 * MARGIN * scale;
  picture.height = canvas.height + (top + MARGIN) * scale;
  const context = picture.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = colour('--surface');
  context.fillRect(0, 0, picture.width, picture.height);
  context.textBaseline = 'top';
  context.fillStyle = colour('--text');
  context.font = font(16, 600);
  context.fillText(title, MARGIN, MARGIN);
  context.font = font(12);
  context.fillStyle = colour('--quiet');
  context.fillText(subtitle, MARGIN, MARGIN + TITLE + 6);
  let x = MARGIN;
  for (const series of chart.series) {
    const y = MARGIN + TITLE + LINE + 10;
    context.fillStyle = colour(series.colour);
    context.fillRect(x, y, 10, 10);
    context.fillStyle = colour('--text');
    context.fillText(series.label, x + 16, y - 1);
    x += 16 + context.measureText(series.label).width + 18;
  }
  context.drawImage(canvas, MARGIN, top, canvas.width / scale, canvas.height / scale);
  return new Promise((resolve, reject) =>
    picture.toBlob(blob => (blob ? resolve(blob) : reject(new Error('The picture is empty.')))),
  );
}
