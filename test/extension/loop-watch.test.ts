import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LoopWatch } from '../../src/extension/loop-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the longest time that the loop was held, once', () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const pass = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(5);
  };
  const watch = new LoopWatch();
  watch.start();
  for (const ms of [5, 85, 5, 25]) pass(ms);
  expect(watch.take()).toBe(80);
  pass(5);
  expect(watch.take()).toBe(0);
  watch.stop();
  pass(500);
  expect(vi.getTimerCount()).toBe(0);
});
