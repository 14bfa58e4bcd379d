import { findNear } from '../../core/text/nearest.ts';
import type { OpenedProject } from '../project.ts';
import { Asked, Refused } from './asked.ts';
import { answerCheck, answerErd, answerGrain, answerPropose, answerReview } from './checks.ts';
import { answerDescribe } from './describe.ts';
import { answerFind } from './find.ts';
import { answerLineage } from './lineage.ts';
import { answerCompile, answerMetrics, answerPreview, answerTest } from './rows.ts';

const answers: Readonly<Record<string, (asked: Asked) => string | Promise<string>>> = {
  find: answerFind,
  describe: answerDescribe,
  lineage: answerLineage,
  compile: answerCompile,
  preview: answerPreview,
  test: answerTest,
  check: answerCheck,
  grain: answerGrain,
  review: answerReview,
  erd: answerErd,
  propose: answerPropose,
  metrics: answerMetrics,
};

/** What a tool answers; a question that cannot be answered is answered by what to ask instead. */
export async function answerTool(opened: OpenedProject, name: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer> {
  const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
  if (answer === undefined) {
    const near = findNear(name, Object.keys(answers), 3);
    return {
      text: `There is no tool '${name.slice(0, 80)}'. ${near.length === 0 ? `There are ${Object.keys(answers).join(', ')}.` : `Try ${near.join(', ')}.`}`,
      isError: true,
    };
  }
  try {
    return { text: await answer(new Asked(opened, input)), isError: false };
  } catch (error) {
    if (error instanceof Refused) return { text: error.message, isError: true };
    throw error;
  }
}

/** The text of an answer, and whether it only says why there is none. */
export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}
