import { type ChartPicture, chartLibrary } from '../results/chart-picture.ts';
import { drawChart } from './draw-chart.ts';

// A file of its own, which the results panel loads when a chart is first asked for.
(window as unknown as Record<string, (picture: ChartPicture) => SVGSVGElement>)[chartLibrary] = drawChart;
