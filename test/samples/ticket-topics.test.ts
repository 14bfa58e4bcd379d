import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { classify, labelByRules, selfTest, toSeed } from '../../samples/ravenstack/scripts/ticket-topics.ts';
import { trueTopics } from '../../scripts/samples/ravenstack.mjs';
import { readRows, samplesFolder } from './support/rows.ts';

const tickets = readRows('ravenstack', 'data/crm_support_tickets.csv').map((row) => ({
  ticketId: row.ticket_id!,
  subject: row.subject!.trim(),
  description: row.description!,
}));
const { classified, validation } = classify(tickets);
const truth = trueTopics();
const accuracy = (method: string) => {
  const own = classified.filter((one) => one.method === method);
  return own.filter((one) => one.topic === truth.get(one.ticketId)).length / own.length;
};

test('the self-test classifies every sentence rightly', () => {
  expect(selfTest().filter(({ expected, found }) => expected !== found)).toEqual([]);
});

test('the rules leave to the classifier what they are not sure of', () => {
  expect(labelByRules({ ticketId: '', subject: 'Refund', description: 'We were charged twice.' })?.topic).toBe('Billing & Payment');
  expect(labelByRules({ ticketId: '', subject: 'Hello', description: 'Our screen looks odd today.' })).toBeUndefined();
  expect(labelByRules({ ticketId: '', subject: 'Invoice error', description: 'The invoice has a bug, an error.' })).toBeUndefined();
});

test('the classifier repeats nine in ten labels it was not shown', () => {
  expect(validation.folds).toBe(5);
  expect(validation.labelled).toBeGreaterThan(tickets.length / 2);
  expect(validation.accuracy).toBeGreaterThan(0.9);
});

test('both steps say what tickets were really written about', () => {
  expect(classified.filter((one) => one.method === 'model').length).toBeGreaterThan(200);
  expect(accuracy('rule')).toBeGreaterThan(0.95);
  expect(accuracy('model')).toBeGreaterThan(0.9);
});

test('a confidence is a share, and lower for judgements than for rules', () => {
  expect(classified.filter((one) => one.confidence <= 0 || one.confidence > 1)).toEqual([]);
  const mean = (method: string) => {
    const own = classified.filter((one) => one.method === method).map((one) => one.confidence);
    return own.reduce((sum, one) => sum + one, 0) / own.length;
  };
  expect(mean('model')).toBeLessThan(mean('rule'));
});

test('the committed seed is what the classifier writes', () => {
  expect(readFileSync(join(samplesFolder, 'ravenstack/seeds/ticket_topics.csv'), 'utf8')).toBe(toSeed(classified));
});
