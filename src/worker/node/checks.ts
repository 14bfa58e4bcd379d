import { serveChecks } from '../checks.ts';
import { nodePlatform } from '../node-platform.ts';

serveChecks(nodePlatform);
