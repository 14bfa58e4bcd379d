import type { FromCommand } from '../allowance.ts';
import type { ToolAnswer } from './answer.ts';

/** What the thread that answers is asked. */
export interface ToolCall {
  readonly id: number;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What it says: an answer, or what the answer may cost. */
export type FromTools = FromCommand | ({ readonly type: 'tool'; readonly id: number } & ToolAnswer);
