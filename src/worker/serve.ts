import { channelOf } from '../wire.ts';
import { serveAnalysis } from './analysis.ts';
import { serveChecks } from './checks.ts';
import { serveEngine } from './engine-actor.ts';
import type { WorkerPlatform } from './platform.ts';
import { servePreview } from './preview.ts';
import { Pulse } from './pulse.ts';

/** Does the work that the worker was started for: everything about projects, which is read once, or one engine. */
export function serve(name: string, platform: WorkerPlatform): void {
  if (name === 'engine') {
    serveEngine(platform.port);
    return;
  }
  const { store, host } = serveAnalysis(
    { ...platform, port: channelOf(platform.port, 'analysis') },
    new Pulse(channelOf(platform.port, 'pulse')),
  );
  const readAsset = (asset: string): Promise<Uint8Array> => platform.readAsset(host, asset);
  servePreview({ ...platform, port: channelOf(platform.port, 'preview') }, store, readAsset);
  serveChecks({ ...platform, port: channelOf(platform.port, 'checks') }, store, readAsset);
}
