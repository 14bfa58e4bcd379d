// npm run package: one VSIX for every platform, and its size.
import { packageExtension } from './package-extension.mjs';

await packageExtension();
