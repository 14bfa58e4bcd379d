import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** A test in words: `unique`, `not null`, `→ customers.id`. */
export function toTestWords(snapshot: Snapshot, id: NodeId): string | undefined {
  const test = snapshot.nodes.get(id);
  if (test?.kind !== 'test' || test.generic === undefined) return undefined;
  const { macro, arguments: given } = test.generic;
  if (macro === 'not_null') return 'not null';
  if (macro === 'relationships') {
    const target = [...String(given.to ?? '').matchAll(/['"]([^'"]+)['"]/g)].map((found) => found[1]).join('.');
    return `→ ${target || String(given.to ?? '')}.${String(given.field ?? '')}`;
  }
  if (macro === 'accepted_values' && Array.isArray(given.values)) return `one of ${given.values.join(', ')}`;
  return macro;
}
