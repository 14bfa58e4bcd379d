export const ddl: Readonly<Record<string, string>>;
export const keys: Readonly<Record<string, string>>;
