import { serveChecks } from '../checks.ts';
import { webPlatform } from '../web-platform.ts';

serveChecks(webPlatform);
