import { workerData } from 'node:worker_threads';
import { installSecondReader } from '../../core/sql/second/second-reader.ts';
import { loadSecondReader } from '../../disk/second-reader.ts';
import { nodePlatform } from '../node-platform.ts';
import { serve } from '../serve.ts';

installSecondReader(() => loadSecondReader(__dirname));
serve((workerData as { readonly name: string }).name, nodePlatform);
