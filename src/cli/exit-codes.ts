/** Exit codes that scripts depend on. */
export const exitCodes = { fine: 0, findings: 1, usage: 2, bug: 3 } as const;
