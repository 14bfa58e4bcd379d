import type { Snapshot } from '../snapshot.ts';
import type { Position } from '../text/span.ts';
import { LineMap } from '../text/span.ts';
import { findCall } from './complete-jinja.ts';
import { docsOfMacro, signatureOf } from './describe-jinja.ts';
import { findTag, packageOf } from './jinja-meaning.ts';

/** How a macro is called, and which of its parameters is being typed. */
export interface Signature {
  readonly label: string;
  readonly parameters: readonly string[];
  readonly active: number;
  readonly documentation: string;
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  ref: ['model', 'version=None'],
  source: ['source', 'table'],
  var: ['name', 'default=None'],
  env_var: ['name', 'default=None'],
  doc: ['block'],
  config: ['materialized', 'tags', '…'],
};

/** The signature of the macro whose arguments the text before a position ends in. */
export function signatureAt(snapshot: Snapshot, path: string, position: Position): Signature | undefined {
  const text = snapshot.sources.find(path)?.text;
  if (text === undefined) return undefined;
  const offset = new LineMap(text).offset(position);
  const tag = findTag(text, offset);
  const call = tag === undefined ? undefined : findCall(text.slice(tag.start, offset));
  if (call === undefined) return undefined;
  const macro = snapshot.environment?.macros.find(call.name, packageOf(snapshot, path));
  const known = builtIn[call.name];
  if (macro !== undefined) {
    const { label, parameters } = signatureOf(macro);
    return {
      label,
      parameters,
      active: Math.min(call.argument, Math.max(0, parameters.length - 1)),
      documentation: docsOfMacro(snapshot, macro),
    };
  }
  if (known === undefined) return undefined;
  return {
    label: `${call.name}(${known.join(', ')})`,
    parameters: known,
    active: Math.min(call.argument, known.length - 1),
    documentation: '',
  };
}
