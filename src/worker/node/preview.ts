import { servePreview } from '../preview.ts';
import { nodePlatform } from '../node-platform.ts';

servePreview(nodePlatform);
