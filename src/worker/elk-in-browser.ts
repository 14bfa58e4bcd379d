// elkjs takes a global scope without `document` for a worker of its own and claims every message that arrives there. It never looks
// further than whether there is one.
Object.assign(globalThis, { document: {} });

export {};
