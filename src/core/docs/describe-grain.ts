import { type GrainWords, grainWordsOf, nearGrain, toGrainWords } from '../keys/grain-words.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Cte } from '../sql/ir.ts';
import type { NodeId } from '../text/ids.ts';
import { toCode, toLink, toName } from './markdown.ts';
import type { SqlReading } from './reading.ts';

/** How many steps of a proof are read in a hover. */
const mostSteps = 6;

/** The grain of a relation as Markdown, with its proof; empty where it is not known. */
export function describeGrain(snapshot: Snapshot, id: NodeId): string {
  return toText(grainWordsOf(snapshot, id));
}

/** The grain of a CTE. */
export function describeCteGrain(snapshot: Snapshot, reading: SqlReading, cte: Cte): string {
  const facts = nearGrain(snapshot, reading.node.id)?.read(reading.node.id)?.text.ctes;
  // The text may have been read anew: a CTE is found again by its place.
  const found = [...(facts ?? [])].find(([one]) => one.name.span.start === cte.name.span.start);
  return toText(found && toGrainWords(found[1].keys));
}

function toText(words: GrainWords | undefined): string {
  if (words === undefined) return '';
  const steps = words.because.slice(0, mostSteps).map(({ text, path, line }) => {
    const place =
      path === undefined ? '' : ` — ${toLink(`${path.split('/').pop() ?? path}${line === undefined ? '' : `:${line}`}`, path, line)}`;
    return `- ${toName(text)}${place}`;
  });
  const more = words.because.length > mostSteps ? [`- …and ${words.because.length - mostSteps} more`] : [];
  const others = words.others.length === 0 ? '' : `; also per ${words.others.map((one) => toCode(one)).join(' or ')}`;
  return `**${toName(words.text)}** (${words.how})${others}\n\n${[...steps, ...more].join('\n')}`.trim();
}
