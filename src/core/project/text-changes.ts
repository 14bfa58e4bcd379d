import type { NodeText } from '../snapshot.ts';
import type { NodeId } from '../text/ids.ts';
import type { Compiled, CompiledTexts } from './compiled-texts.ts';

type Texts = ReadonlyMap<NodeId, NodeText>;

const noted = new WeakMap<Texts, { readonly from: Texts; readonly ids: readonly NodeId[] }>();

/** The texts with some of other texts instead; which those are can be asked for afterwards. */
export function withTexts(from: CompiledTexts, changed: ReadonlyMap<NodeId, Compiled>): CompiledTexts {
  const texts = from.with(changed);
  // One step back is what anybody asks for; a chain of them would keep every state alive.
  noted.delete(from);
  noted.set(texts, { from, ids: [...changed.keys()] });
  return texts;
}

/** The nodes whose texts differ, where the texts were made from the others by `withTexts`; undefined where that is not known. */
export function changedTexts(texts: Texts, from: Texts): readonly NodeId[] | undefined {
  if (texts === from) return [];
  const found = noted.get(texts);
  return found?.from === from ? found.ids : undefined;
}
