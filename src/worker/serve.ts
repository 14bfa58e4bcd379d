import { serveAnalysis } from './analysis.ts';
import { serveChecks } from './checks.ts';
import type { WorkerPlatform } from './platform.ts';
import { servePreview } from './preview.ts';

const services: Readonly<Record<string, (platform: WorkerPlatform) => void>> = {
  analysis: serveAnalysis,
  checks: serveChecks,
  preview: servePreview,
};

/** Does the work that the worker was started for. The three share nearly all of their code, so they are one file that is shipped once. */
export function serve(name: string, platform: WorkerPlatform): void {
  const service = services[name];
  if (service === undefined) throw new Error(`there is no worker '${name}'`);
  service(platform);
}
