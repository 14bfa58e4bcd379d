import { describe, expect, it, vi } from 'vitest';

vi.mock('vscode', () => ({
  EventEmitter: class {
    event = () => ({ dispose: () => undefined });
    fire = () => undefined;
    dispose = () => undefined;
  },
  l10n: { t: (text: string, ...values: readonly unknown[]) => text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])) },
  workspace: { getConfiguration: () => ({ get: (_: string, otherwise: unknown) => otherwise }) },
}));

const { Previews } = await import('../../src/extension/previews.ts');

/** Previews over a worker whose answers the test gives. */
function open() {
  const runs: ((head: object) => void)[] = [];
  const worker = {
    isRunning: true,
    ask: (type: string) => (type === 'run' ? new Promise((resolve) => runs.push(resolve)) : Promise.resolve(undefined)),
  };
  const workspace = { settle: async () => undefined, outlines: [] };
  const edge = { provide: (_: string, run: () => Promise<unknown>) => run(), record: () => undefined };
  const batches = { onDidChange: () => ({ dispose: () => undefined }), current: () => undefined };
  const previews = new Previews(workspace as never, worker as never, edge as never, batches as never);
  const preview = async (node: string): Promise<void> => {
    void previews.run({ kind: 'node', project: { folder: 'f', root: '' }, node } as never, node);
    await vi.waitFor(() => expect(runs.length).toBeGreaterThan(0));
  };
  const answer = async (): Promise<void> => {
    runs.shift()?.({ columns: [], rowCount: 1, truncated: false, engine: 'SQLite', notes: [], failed: false });
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const states = (): readonly string[] => previews.state.tabs.map(({ title, state }) => `${title} ${state}`);
  return { previews, preview, answer, states, runs };
}

describe('when an engine is lost', () => {
  it('a preview that waits for its turn goes on, although the rows that it showed before are gone', async () => {
    const { previews, preview, answer, states } = open();
    await preview('orders');
    await answer();
    await preview('orders');
    previews.lost({ kept: [1], ended: [], reason: undefined });
    expect(states()).toEqual(['orders running']);
    await answer();
    expect(states()).toEqual(['orders rows']);
  });

  it('the rows in sight come again where something else was cancelled, those of other tabs when they are looked at', async () => {
    const { previews, preview, answer, states, runs } = open();
    await preview('orders');
    await answer();
    previews.pin(1, true);
    await preview('customers');
    await answer();
    previews.lost({ kept: [1, 2], ended: [], reason: undefined });
    expect(states()).toEqual(['orders cancelled', 'customers running']);
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    await answer();
    previews.activate(1);
    await vi.waitFor(() => expect(runs).toHaveLength(1));
    await answer();
    expect(states()).toEqual(['orders rows', 'customers rows']);
  });

  it('a query that ended with it says so once, and its late failure does not take the place', async () => {
    const { previews, preview, answer, states, runs } = open();
    await preview('orders');
    previews.lost({ kept: [], ended: [1], reason: 'out of memory' });
    await answer();
    expect(states()).toEqual(['orders cancelled']);
    expect(previews.state.tabs[0]?.notes[0]?.message).toBe(
      'The preview engine stopped (out of memory); it starts again with the next preview.',
    );
    expect(runs).toEqual([]);
  });
});
