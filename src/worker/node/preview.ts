import { nodePlatform } from '../node-platform.ts';
import { servePreview } from '../preview.ts';

servePreview(nodePlatform);
