import { serve } from '../serve.ts';
import { webPlatform } from '../web-platform.ts';

/** Set by who starts the worker, in front of this code. */
declare const self: { readonly headwaterWorker: string };

serve(self.headwaterWorker, webPlatform);
