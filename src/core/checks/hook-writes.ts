import type { ProjectNode } from '../project/node.ts';
import { isRelation } from '../project/node.ts';
import type { Snapshot } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';

/** A hook that changes the rows of a relation, or makes a table that is no node. */
export interface HookWrite {
  /** The node whose rows it changes; none where it writes to a table of its own. */
  readonly target?: NodeId;
  /** The table as the hook names it, without its qualifiers and in lower case; empty where it says `this`. */
  readonly table: string;
  /** What it is called in a sentence. */
  readonly from: string;
}

const writing =
  /\b(insert\s+(?:into|overwrite(?:\s+table)?)|update|delete\s+from|merge\s+into|truncate(?:\s+table)?|copy\s+into|copy|create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|transient\s+)?table(?:\s+if\s+not\s+exists)?)\s+((?:\{\{.*?\}\}|"[^"]*"|`[^`]*`|[\w$])(?:\s*\.\s*(?:\{\{.*?\}\}|"[^"]*"|`[^`]*`|[\w$]+)|[\w$])*)/gi;

/** Every hook of a project that writes rows, by what it writes: hooks are not run, so those rows are missing. */
export function findWrites(snapshot: Snapshot): readonly HookWrite[] {
  const byTable = new Map<string, NodeId>();
  for (const node of snapshot.nodes.values()) if (isRelation(node) && node.enabled) byTable.set(node.identifier.toLowerCase(), node.id);
  const found: HookWrite[] = [];
  const add = (node: ProjectNode, text: string, from: string, isBefore: boolean): void => {
    for (const { table, isThis } of writesIn(snapshot, text)) {
      // What stands before the model is built is replaced by it.
      if (isThis && isBefore) continue;
      const target = isThis ? node.id : byTable.get(table);
      found.push({ ...(target === undefined ? {} : { target }), table: isThis ? '' : table, from });
    }
  };
  for (const node of snapshot.nodes.values()) {
    if (!node.enabled) continue;
    if (node.kind === 'operation') {
      const text = snapshot.texts.get(node.id);
      const stage = node.tags.find((tag) => tag.startsWith('on-run-')) ?? 'on-run-start';
      if (text !== undefined) add(node, text.source, `the hook '${stage}'`, false);
      continue;
    }
    if (!isRelation(node)) continue;
    for (const key of ['pre-hook', 'pre_hook', 'post-hook', 'post_hook'])
      for (const text of hookTexts(node.config[key]))
        add(node, text, `a ${key.replace('_', '-')} of '${node.name}'`, key.startsWith('pre'));
  }
  return found;
}

function hookTexts(value: unknown): readonly string[] {
  return [value].flat().flatMap((hook) => {
    const text = typeof hook === 'object' && hook !== null ? (hook as { readonly sql?: unknown }).sql : hook;
    return typeof text === 'string' ? [text] : [];
  });
}

interface Written {
  readonly table: string;
  readonly isThis: boolean;
}

/** The tables that a hook's text, or a macro that it calls, writes to. */
function writesIn(snapshot: Snapshot, text: string): readonly Written[] {
  const called = [...text.matchAll(/\{\{-?\s*(?:\w+\.)?(\w+)\s*\(/g)].flatMap(([, name]) =>
    snapshot.macros.filter((macro) => macro.name === name && macro.package !== 'dbt'),
  );
  const texts = [text, ...called.map((macro) => macro.file.slice(macro.span.start, macro.span.end))];
  return texts.flatMap((one, at) =>
    [...one.matchAll(writing)].flatMap(([, , name = '']): readonly Written[] => {
      // A macro is told by its caller which relation it writes to.
      const isThis = /^\{\{-?\s*this\b/.test(name) || (at > 0 && name.startsWith('{{') && /\bthis\b/.test(text));
      if (isThis) return [{ table: '', isThis }];
      const referred = /\bref\(\s*['"]([^'"]+)['"]\s*\)\s*-?\}\}$/.exec(name)?.[1];
      const last = referred ?? /([\w$]+)["`]?$/.exec(name)?.[1];
      return last === undefined || last === 'set' ? [] : [{ table: last.toLowerCase(), isThis }];
    }),
  );
}
