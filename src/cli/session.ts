import { PreviewSession } from '../core/engine/preview.ts';
import type { RunChoice } from '../core/engine/runs.ts';
import { formatMoment } from '../core/translate/runtime/calendar.ts';
import { readAsset } from '../disk/asset.ts';
import { SqliteEngine } from '../engines/sqlite.ts';
import type { OpenedProject } from './project.ts';

/** An engine over a project's own data, as the commands that run something need it. */
export async function openSession(opened: OpenedProject, choice: RunChoice = {}): Promise<PreviewSession> {
  const bytes = await readAsset(__dirname, 'sql-wasm.wasm');
  const engine = new SqliteEngine(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  await engine.open();
  const milliseconds = Date.parse(opened.settings.runStartedAt);
  const now = formatMoment({
    days: Math.floor(milliseconds / 86_400_000),
    micros: Math.floor((milliseconds % 86_400_000) / 1000) * 1_000_000,
  });
  const session = new PreviewSession(engine, opened.snapshot, now);
  session.choose(choice);
  return session;
}
