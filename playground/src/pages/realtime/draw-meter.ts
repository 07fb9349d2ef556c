import { METER_MS, type MeterPoint } from '../../realtime/score-meter.ts';

/** Draws points as bars from the right, the newest first; speech is filled, the rest is pale. */
export function drawMeter(canvas: HTMLCanvasElement, points: readonly MeterPoint[], nowMs: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = fitPixels(canvas);
  context.clearRect(0, 0, width, height);
  context.fillStyle = getComputedStyle(canvas).color;
  for (const [index, { atMs, value, isSpeech }] of points.entries()) {
    const next = points[index + 1]?.atMs ?? atMs + 60;
    // Whole pixels, so that neighbours join without a seam.
    const left = Math.round((1 - (nowMs - atMs) / METER_MS) * width);
    const right = Math.round((1 - (nowMs - Math.min(next, atMs + 120)) / METER_MS) * width);
    context.globalAlpha = isSpeech ? 1 : 0.4;
    context.fillRect(left, height * (1 - value), right - left, height * value);
  }
}

function fitPixels(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  const height = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height };
}
