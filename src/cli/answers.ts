import type { Rendering } from '../core/dbt/rendering.ts';
import { findAnswerable, withAnswers } from '../core/lineage/answered-texts.ts';
import type { NodeId } from '../core/text/ids.ts';
import type { OpenedProject } from './project.ts';
import { openSession } from './session.ts';

/** The project with the questions of its templates answered from the data at hand, as far as that has answers; what has none stays as it was. */
export async function answerTemplates(opened: OpenedProject, ids: readonly NodeId[]): Promise<OpenedProject> {
  const asking = findAnswerable(opened.snapshot, ids);
  if (asking.length === 0) return opened;
  const session = await openSession(opened);
  const answers = new Map<NodeId, Rendering>();
  for (const id of asking) {
    const rendering = await session.answer(id);
    if (rendering !== undefined) answers.set(id, rendering);
  }
  return { ...opened, snapshot: withAnswers(opened.snapshot, answers) };
}
