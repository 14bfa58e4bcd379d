import { serveAnalysis } from '../analysis.ts';
import { nodePlatform } from '../node-platform.ts';

serveAnalysis(nodePlatform);
