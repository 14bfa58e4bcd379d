import { servePreview } from '../preview.ts';
import { webPlatform } from '../web-platform.ts';

servePreview(webPlatform);
