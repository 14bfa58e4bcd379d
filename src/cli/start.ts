import module from 'node:module';

// Node 22 keeps compiled code from one start to the next; earlier versions have no such function.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

// The file that is run is CommonJS, as everything beside it; the commands are modules, so that each loads only what it needs.
void import('./main.ts');
