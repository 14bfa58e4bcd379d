import { chooseEngine } from '../core/engine/choice.ts';
import { type Answer, PreviewSession, type Question } from '../core/engine/preview.ts';
import type { RunChoice } from '../core/engine/runs.ts';
import { formatMoment } from '../core/translate/runtime/calendar.ts';
import { type EngineChoice, openEngine } from './engine.ts';
import type { OpenedProject } from './project.ts';

/** An engine over a project's own data, as the commands that run something need it. */
export async function openSession(
  opened: OpenedProject,
  choice: RunChoice = {},
  engine: Exclude<EngineChoice, 'auto'> = 'sqlite',
): Promise<PreviewSession> {
  const milliseconds = Date.parse(opened.settings.runStartedAt);
  const now = formatMoment({
    days: Math.floor(milliseconds / 86_400_000),
    micros: Math.floor((milliseconds % 86_400_000) / 1000) * 1_000_000,
  });
  const session = new PreviewSession(await openEngine(engine, opened.timeout), opened.snapshot, now);
  session.choose(choice);
  return session;
}

/** The answer of the engine that was chosen, or that suits the question; `engine` says which one it was. */
export async function previewWith(
  opened: OpenedProject,
  question: Question,
  choice: RunChoice,
  engine: EngineChoice,
): Promise<{ readonly answer: Answer; readonly engine: 'sqlite' | 'duckdb'; readonly because: readonly string[] }> {
  return chooseEngine(engine, opened.snapshot, question, async (name) => {
    const session = await openSession(opened, choice, name);
    return session.preview(question);
  });
}
