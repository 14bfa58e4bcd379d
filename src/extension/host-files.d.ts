import type { WorkerHostCalls } from '../protocol.ts';
import type { Handlers } from '../wire.ts';
import type { Platform } from './platform.ts';
/** Answers workers that cannot read a folder themselves: in the browser, and where folders are virtual. */
export declare function hostFiles(platform: Platform): Pick<Handlers<WorkerHostCalls>, 'list' | 'read' | 'stat' | 'asset'>;
