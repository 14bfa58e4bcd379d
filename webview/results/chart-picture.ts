/** The charts that there are. */
export type ChartKind = 'line' | 'bars' | 'histogram' | 'scatter';

/** All that a chart is drawn from. */
export interface ChartPicture {
  readonly kind: ChartKind;
  /** Of a histogram: from, count, to. */
  readonly points: readonly (readonly [x: Date | number | string, y: number, to?: number])[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly width: number;
  readonly height: number;
  readonly ink: string;
  readonly mark: string;
  readonly ground: string;
  readonly font: string;
}

/** The name under which the file `chart.js` leaves its function. */
export const chartLibrary = 'headwaterDrawChart';

let loading: Promise<void> | undefined;

/** Draws a chart; the library comes with the first one, from beside the page's own script and with its nonce. */
export async function drawPicture(picture: ChartPicture): Promise<SVGSVGElement> {
  loading ??= load();
  await loading;
  const draw = (window as unknown as Record<string, (picture: ChartPicture) => SVGSVGElement>)[chartLibrary];
  if (draw === undefined) throw new Error('the chart library did not start');
  return draw(picture);
}

function load(): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[src*="results.js"]');
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.nonce = own?.nonce ?? '';
    script.src = (own?.src ?? '').replace('results.js', 'chart.js');
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('the chart library could not be loaded')));
    document.head.append(script);
  });
}
