import { type LoadOptions, load, YAMLException } from 'js-yaml';

const mostNodes = 500_000;

/**
 * The value of a text of YAML. What an alias stands for is shared and not copied, so that a small text can hold more values than a machine: one
 * that stands for more than half a million or holds itself is refused like any other mistake in the text; nesting has a limit in the library.
 */
export function loadYaml(text: string, options: LoadOptions = {}): unknown {
  const value = load(text, options);
  if (/&[^\s,[\]{}]/.test(text)) checkAliases(value);
  return value;
}

/** Refuses a value that holds itself, or stands for too many. */
function checkAliases(value: unknown): void {
  const open = new Set<object>();
  let nodes = 0;
  const visit = (inner: unknown): void => {
    if (++nodes > mostNodes) throw new YAMLException(`its aliases stand for more than ${mostNodes.toLocaleString('en')} values`);
    if (typeof inner !== 'object' || inner === null || inner instanceof Date) return;
    if (open.has(inner) || open.size > 1000) throw new YAMLException('an alias stands within what it stands for');
    open.add(inner);
    for (const item of Array.isArray(inner) ? inner : Object.values(inner)) visit(item);
    open.delete(inner);
  };
  visit(value);
}
