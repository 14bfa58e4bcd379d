import module from 'node:module';

// Node 22 keeps compiled code from one start to the next; earlier versions have no such function.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();

void import('./main.ts');
