import { channelOf } from '../wire.ts';
import type { Platform, RunningWorker, WorkerName } from './platform.ts';

/**
 * The worker that holds the projects, as its services are asked: one thread behind a channel for each of them. It starts with the first
 * question to any and ends with the analysis.
 */
export function shareProjectWorker(platform: Platform): Pick<Platform, 'startWorker'> {
  let running: Promise<RunningWorker> | undefined;
  return {
    startWorker: async (name: WorkerName) => {
      if (running === undefined) {
        running = platform.startWorker('project');
        (await running).onDied(() => {
          running = undefined;
        });
      }
      const worker = await running;
      return {
        port: channelOf(worker.port, name),
        onDied: (listener) => worker.onDied(listener),
        end: () => {
          if (name !== 'analysis') return;
          running = undefined;
          worker.end();
        },
      };
    },
  };
}
