import '../elk-in-browser.ts';
import ELK from 'elkjs/lib/elk.bundled.js';
import { serveLayout } from '../elk-layout.ts';
import { webPlatform } from '../web-platform.ts';

serveLayout(webPlatform, new ELK());
