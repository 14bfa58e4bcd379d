export function generate(scale: number): Readonly<Record<string, string>>;
export function trueTopics(scale?: number): ReadonlyMap<string, string>;
