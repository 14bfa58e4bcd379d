import { serveAnalysis } from '../analysis.ts';
import { webPlatform } from '../web-platform.ts';

serveAnalysis(webPlatform);
