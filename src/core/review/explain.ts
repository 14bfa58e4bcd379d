import type { Prints } from './prints.ts';

/** What is other about the rows, in words, from two prints of them. */
export function explainRows(before: string, after: string, prints: Prints, depth = 0): readonly string[] {
  if (before === after || depth > 12) return [];
  const [old, now] = [prints.node(before), prints.node(after)];
  if (old === undefined || now === undefined) return [];
  const words = (kind: string, parts: readonly string[]): readonly string[] =>
    parts.filter((part) => part.startsWith('#')).map((part) => `${kind} ${quote(prints.textOf(part)) || 'a condition'}`);
  const inputOf = (node: typeof old): string | undefined => node.parts.find((part) => part.startsWith('of #'))?.slice(3);
  if (old.kind === now.kind) {
    const [gone, come] = [old.parts.filter((part) => !now.parts.includes(part)), now.parts.filter((part) => !old.parts.includes(part))];
    const label = labels[now.kind] ?? '';
    if (label !== '') {
      // What is said of other rows now reads the same: the difference is in those rows.
      const texts = (parts: readonly string[]): ReadonlySet<string> =>
        new Set(parts.map((part) => prints.textOf(part)).filter((text) => text !== ''));
      const [goneTexts, comeTexts] = [texts(gone), texts(come)];
      const differs =
        (others: ReadonlySet<string>) =>
        (part: string): boolean =>
          !others.has(prints.textOf(part));
      const said = [
        ...words(`${label} is gone:`, gone.filter(differs(comeTexts))),
        ...words(`${label} is new:`, come.filter(differs(goneTexts))),
      ];
      const [from, to] = [inputOf(old), inputOf(now)];
      const inner = from !== undefined && to !== undefined && from !== to ? explainRows(from, to, prints, depth + 1) : [];
      const joined = now.kind === 'inner' ? explainSides(gone, come, prints, depth) : [];
      const all = [...said, ...inner, ...joined];
      if (all.length > 0) return all;
    }
    if (now.kind === 'limit') return [`the limit is ${quote(now.text)}, it was ${quote(old.text)}`];
    const pairs = now.parts.flatMap((part, at): readonly (readonly [string, string])[] => {
      const other = old.parts[at];
      return other !== undefined && other !== part && part.startsWith('#') && other.startsWith('#') ? [[other, part]] : [];
    });
    const inside = pairs.flatMap(([from, to]) => explainRows(from, to, prints, depth + 1));
    if (inside.length > 0) return inside;
    if (now.kind.endsWith('join')) return [`a join is on ${quote(now.text)}, it was on ${quote(old.text)}`];
    return [];
  }
  // One has a step that the other has not.
  const inside = inputOf(now) ?? now.parts.find((part) => part.startsWith('#'));
  if (inside === before) return [`${nounOf(now.kind)} is new${suffix(now, prints)}`];
  const outside = inputOf(old) ?? old.parts.find((part) => part.startsWith('#'));
  if (outside === after) return [`${nounOf(old.kind)} is gone${suffix(old, prints)}`];
  if (old.kind.endsWith('join') || now.kind.endsWith('join') || now.kind === 'inner' || old.kind === 'inner')
    return [`a join is ${joinName(now.kind)} now, it was ${joinName(old.kind)}`];
  if (/^(union|intersect|except)/.test(old.kind) && /^(union|intersect|except)/.test(now.kind))
    return [`${now.text.toUpperCase()} stands where ${old.text.toUpperCase()} stood`];
  return [`${nounOf(now.kind)} stands where ${nounOf(old.kind)} stood`];
}

function explainSides(gone: readonly string[], come: readonly string[], prints: Prints, depth: number): readonly string[] {
  const [from] = gone.filter((part) => part.startsWith('of #'));
  const [to] = come.filter((part) => part.startsWith('of #'));
  if (from !== undefined && to !== undefined) return explainRows(from.slice(3), to.slice(3), prints, depth + 1);
  if (to !== undefined) return [`a join is new${suffix(prints.node(to.slice(3)), prints)}`];
  return from === undefined ? [] : [`a join is gone${suffix(prints.node(from.slice(3)), prints)}`];
}

const labels: Readonly<Record<string, string>> = {
  filter: 'a condition',
  group: 'a grouping column',
  distinct: 'a column of DISTINCT',
  inner: 'a join condition',
};

function nounOf(kind: string): string {
  if (kind === 'filter') return 'a condition';
  if (kind === 'group') return 'GROUP BY';
  if (kind.startsWith('distinct')) return 'DISTINCT';
  if (kind === 'limit') return 'LIMIT';
  if (kind === 'inner' || kind.endsWith('join')) return 'a join';
  if (/^(union|intersect|except)/.test(kind)) return kind.split(' ')[0]?.toUpperCase() ?? kind;
  if (kind === 'table') return 'another table';
  return kind.startsWith('function ') ? `${kind.slice('function '.length)}()` : 'something else';
}

function joinName(kind: string): string {
  return kind === 'inner' ? 'an inner join' : kind.endsWith('join') ? `a ${kind}` : 'no join';
}

function suffix(
  node: { readonly text: string; readonly kind: string; readonly parts: readonly string[] } | undefined,
  prints: Prints,
): string {
  if (node === undefined) return '';
  const texts = node.kind === 'filter' ? node.parts.filter((part) => part.startsWith('#')).map((part) => prints.textOf(part)) : [node.text];
  const text = texts.filter((one) => one !== '').join(' and ');
  return text === '' ? '' : `: ${quote(text)}`;
}

function quote(text: string): string {
  return text === '' ? '' : `\`${text.length > 120 ? `${text.slice(0, 117)}…` : text}\``;
}
