/** For Vite, which runs the tests. */
export const boundedInTests: { readonly name: string; readonly enforce: 'pre'; load(id: string): string | undefined };
