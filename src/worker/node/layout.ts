import ELK from 'elkjs/lib/elk.bundled.js';
import { serveLayout } from '../elk-layout.ts';
import { nodePlatform } from '../node-platform.ts';

serveLayout(nodePlatform, new ELK());
