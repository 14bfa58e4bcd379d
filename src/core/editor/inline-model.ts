import { findMeaning } from '../docs/meaning.ts';
import { nodesInFile, readSql } from '../docs/reading.ts';
import type { ProjectNode } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import { verbatim } from './cte-places.ts';
import type { Fix, FixPlace, TextChange } from './fix.ts';
import { changeAt, toFix } from './fix.ts';
import { outdent } from './fix-ctes.ts';
import { isWholeJinja, namesSet, withoutConfig } from './jinja-shape.ts';

/** Writes the model that a `ref` names into the one that reads it, as a CTE; a model that nothing else needs is deleted. */
export function inlineModel(place: FixPlace): readonly Fix[] {
  const { snapshot, path, text, span } = place;
  const meaning = findMeaning(snapshot, path, span.start);
  const reader = nodesInFile(snapshot, path).find((node) => node.kind === 'model');
  if (meaning?.kind !== 'node' || meaning.node.kind !== 'model' || reader === undefined || meaning.node.id === reader.id) return [];
  const { node } = meaning;
  const title = `Inline the model '${node.name}'`;
  const refuse = (disabled: string): readonly Fix[] => [toFix(title, 'inline', [], { disabled })];
  const reading = readSql(snapshot, reader.id);
  const source = snapshot.texts.get(node.id)?.source;
  if (reading === undefined || reading.text.path !== path) return refuse('The SQL of this model could not be read.');
  if (source === undefined || node.language === 'python' || readSql(snapshot, node.id) === undefined)
    return refuse(`The SQL of ${node.name} could not be read.`);
  if (node.materialized === 'incremental') return refuse(`${node.name} is incremental: its rows come from earlier runs too.`);
  if (node.package !== snapshot.project.name) return refuse(`${node.name} belongs to the package ${node.package}.`);
  const own = outdent(withoutConfig(source));
  const inTags = (own.match(/\{[{%][\s\S]*?[%}]\}/g) ?? []).join(' ').replace(/'[^']*'|"[^"]*"/g, "''");
  if (/(?<![\w.])(this|is_incremental)(?!\w)/.test(inTags)) return refuse(`${node.name} speaks of its own relation.`);
  if (!isWholeJinja(own)) return refuse('A block of Jinja is not closed.');
  const both = [...namesSet(own)].find((name) => namesSet(text).has(name));
  if (both !== undefined) return refuse(`Both files set '${both}'.`);
  if (/;\s*$/.test(own)) return refuse(`The SQL of ${node.name} ends in a semicolon.`);
  const names = new Set(reading.query.ctes.map((cte) => cte.name.text.toLowerCase()));
  let name = node.name;
  while (names.has(name.toLowerCase())) name = `${name}_inlined`;
  const calls = [...text.matchAll(/\{\{[-+]?\s*ref\(([^)]*)\)\s*[-+]?\}\}/g)].filter(
    (match) => meantBy(snapshot, path, match.index + match[0].search(/['"]/) + 1)?.id === node.id,
  );
  if (calls.length === 0) return refuse('Only a ref that stands alone in its tag can be replaced.');
  const begin = reading.query.ctes[0]?.name.span.start ?? reading.query.body.span.start;
  const at = verbatim(reading, begin);
  if (at === undefined) return refuse('Jinja writes the beginning of this query.');
  if (calls.some((call) => call.index < at)) return refuse('The ref stands before the query.');
  const cte = `${name} as (\n${own
    .split('\n')
    .map((row) => (row === '' ? '' : `  ${row}`))
    .join('\n')}\n)`;
  const changes: TextChange[] = [
    changeAt(place, { start: at, end: at }, reading.query.ctes.length > 0 ? `${cte},\n\n` : `with ${cte}\n\n`),
    ...calls.map((call) => changeAt(place, { start: call.index, end: call.index + call[0].length }, aliased(text, call, name, node))),
  ];
  const others = snapshot.graph.children(node.id).filter((id) => id !== reader.id);
  if (others.length > 0 || node.patch !== undefined) return [toFix(title, 'inline', changes)];
  return [
    toFix(`${title} and delete it, because nothing else reads it`, 'inline', changes, { deleted: [node.path] }),
    toFix(`${title} here, and keep it`, 'inline', changes),
  ];
}

function meantBy(snapshot: Snapshot, path: string, offset: number): ProjectNode | undefined {
  const meaning = findMeaning(snapshot, path, offset);
  return meaning?.kind === 'node' ? meaning.node : undefined;
}

/** The name of the CTE, and as an alias the name that the rest of the query knows the model by. */
function aliased(text: string, call: RegExpExecArray, name: string, node: ProjectNode): string {
  if (name === node.name) return name;
  const behind = text.slice(call.index + call[0].length);
  const hasAlias =
    /^\s+(?:as\s+)?(?!on\b|using\b|where\b|join\b|left\b|right\b|inner\b|full\b|cross\b|group\b|order\b|limit\b|having\b|union\b|qualify\b|window\b)[A-Za-z_"`]/i.test(
      behind,
    );
  return hasAlias ? name : `${name} as ${node.name}`;
}
