/** Every message between the extension host, its workers and its webviews. */
export {};
