import { workerData } from 'node:worker_threads';
import { nodePlatform } from '../node-platform.ts';
import { serve } from '../serve.ts';

serve((workerData as { readonly name: string }).name, nodePlatform);
