/** Where macros of stand-ins say that they are from. */
export const standInFolder = 'headwater-stand-ins';

/** Whether a macro is one of ours that stands in for one of a package. */
export function isStandIn({ path }: { readonly path: string }): boolean {
  return path.startsWith(`${standInFolder}/`);
}
