/** Whether the thousands of a column's numbers are set apart: of amounts and counts, not of what only looks like a number. */
export function isGrouped(column: { readonly name: string }): boolean {
  return !/(^|_)(id|ids|key|keys|code|no|nr|number|num|year|zip|postcode|phone|version|sk|pk|fk)$/i.test(column.name);
}
