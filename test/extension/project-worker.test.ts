import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ending, shareProjectWorker } from '../../src/extension/project-worker.ts';
import type { ProjectKey } from '../../src/protocol.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const shop: ProjectKey = { folder: 'file:///work', root: 'shop' };

/** A worker that does only what the test says, behind the client that the extension has. */
async function start() {
  const takers: ((message: unknown) => void)[] = [];
  const died: ((reason: string) => void)[] = [];
  const seen = { started: 0, ended: 0, endings: [] as Ending[], heard: [] as string[] };
  const projects = shareProjectWorker(
    {
      startWorker: async () => {
        seen.started++;
        return {
          port: { post: () => undefined, listen: (take: (message: unknown) => void) => void takers.push(take) },
          onDied: (listener: (reason: string) => void) => void died.push(listener),
          end: () => void seen.ended++,
        };
      },
    } as never,
    'no answer',
    (ending) => void seen.endings.push(ending),
  );
  const open = async (): Promise<void> => {
    for (const name of ['analysis', 'preview'] as const)
      (await projects.startWorker(name)).onDied((reason) => void seen.heard.push(`${name}: ${reason}`));
  };
  await open();
  const beat = (at?: ProjectKey): void => {
    for (const take of takers) take({ channel: 'pulse', message: at === undefined ? {} : { at } });
  };
  return { seen, beat, open, projects, die: (reason: string) => died.at(-1)?.(reason) };
}

describe('the project worker', () => {
  it('is ended when it is not heard of for half a minute, and what it was at is said before those who asked hear of it', async () => {
    const { seen, beat, open } = await start();
    beat(shop);
    vi.advanceTimersByTime(29_000);
    expect(seen.ended).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(seen).toMatchObject({
      ended: 1,
      endings: [{ isSilent: true, at: shop, reason: 'no answer' }],
      heard: ['analysis: no answer', 'preview: no answer'],
    });
    await open();
    expect(seen.started).toBe(2);
  });

  it('lives for as long as it is heard of', async () => {
    const { seen, beat } = await start();
    for (let turn = 0; turn < 100; turn++) {
      vi.advanceTimersByTime(2000);
      beat(turn % 3 === 0 ? shop : undefined);
    }
    expect(seen).toMatchObject({ ended: 0, endings: [] });
  });

  it('outlives a computer that sleeps, whose timers turn once', async () => {
    const { seen, beat } = await start();
    beat(shop);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5000);
    expect(seen.ended).toBe(0);
  });

  it('that dies is told with what it was at', async () => {
    const { seen, beat, die } = await start();
    beat(shop);
    die('out of memory');
    expect(seen).toMatchObject({ ended: 0, endings: [{ isSilent: false, at: shop, reason: 'out of memory' }] });
    vi.advanceTimersByTime(100_000);
    expect(seen.endings).toHaveLength(1);
  });

  it('that was ended is not watched any more', async () => {
    const { seen, projects } = await start();
    (await projects.startWorker('analysis')).end();
    vi.advanceTimersByTime(100_000);
    expect(seen).toMatchObject({ ended: 1, endings: [] });
    expect(vi.getTimerCount()).toBe(0);
  });
});
