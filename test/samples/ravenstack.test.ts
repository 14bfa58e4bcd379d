import { describe, test } from 'vitest';
import { checkFigure, type Figure } from './support/figure.ts';
import { average, divide, firstBy, groupBy, inCapitals, lastDayOf, monthOf, monthsBetween, readRows, sum } from './support/rows.ts';

const read = (table: string) => readRows('ravenstack', `data/crm_${table}.csv`);
const lastMonth = '2026-06-01';
const months: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, annual: 12 };

const accounts = read('accounts');
const isChurned = new Map(accounts.map((account) => [account.account_id!, account.churn_flag === 'true']));
const subscriptions = firstBy(read('subscriptions'), (row) => row.subscription_id!);
const accountOf = new Map(subscriptions.map((row) => [row.subscription_id!, row.account_id!]));
const usage = firstBy(read('feature_usage'), (row) => row.usage_id!);
const tickets = read('support_tickets');
const topicOf = new Map(readRows('ravenstack', 'seeds/ticket_topics.csv').map((row) => [row.ticket_id!, row.topic!]));
const paid = subscriptions.filter((row) => row.is_trial === 'false');
const paidOf = groupBy(paid, (row) => row.account_id!);
const customers = accounts.filter((account) => paidOf.has(account.account_id!));

/** In cents, so that sums are exact. */
const monthlyCents = (row: (typeof paid)[number]) =>
  Math.round((Number(row.billed_amount) * 100) / months[row.billing_frequency!.toLowerCase()]!);

const firstPaid = new Map([...paidOf].map(([id, rows]) => [id, monthOf(rows.map((row) => row.start_date!).sort()[0]!)]));

/** account → month → cents, from the first paid month to the last month of the data. */
const revenue = new Map(
  [...paidOf].map(([id, rows]) => [
    id,
    new Map(
      monthsBetween(firstPaid.get(id)!, lastMonth).map((month) => {
        const end = lastDayOf(month);
        const running = rows.filter((row) => row.start_date! <= end && (row.end_date === '' || row.end_date! > end));
        return [month, sum(running.map(monthlyCents))];
      }),
    ),
  ]),
);

interface Movement {
  readonly month: string;
  readonly now: number;
  readonly before: number;
  readonly kind: string;
}

const movements: readonly Movement[] = [...revenue.values()].flatMap((byMonth) => {
  let before = 0;
  let paidBefore = false;
  return [...byMonth].map(([month, now]) => {
    const kind =
      before === 0 && now > 0
        ? paidBefore
          ? 'reactivation'
          : 'new'
        : before > 0 && now === 0
          ? 'churn'
          : now > before
            ? 'expansion'
            : now < before
              ? 'contraction'
              : 'none';
    const movement = { month, now, before, kind };
    paidBefore ||= now > 0;
    before = now;
    return movement;
  });
});
const byMonth = groupBy(movements, (movement) => movement.month);
const changed = (group: readonly Movement[], kind: string) =>
  Math.abs(sum(group.filter((one) => one.kind === kind).map((one) => one.now - one.before))) / 100;

const figures: readonly Figure[] = [
  {
    select: 'monthly_recurring_revenue',
    says: 'adds up the subscriptions that run on the last day of each month',
    keys: ['month_start'],
    digits: 2,
    expected: new Map(
      [...byMonth].map(([month, group]) => [
        month,
        {
          mrr: sum(group.map((one) => one.now)) / 100,
          paying_accounts: group.filter((one) => one.now > 0).length,
          new_mrr: changed(group, 'new'),
          expansion_mrr: changed(group, 'expansion'),
          reactivation_mrr: changed(group, 'reactivation'),
          contraction_mrr: changed(group, 'contraction'),
          churned_mrr: changed(group, 'churn'),
        },
      ]),
    ),
  },
  {
    select: 'monthly_churn_metrics',
    says: 'divides accounts that stopped by accounts that paid the month before',
    keys: ['month_start'],
    expected: new Map(
      [...byMonth].map(([month, group]) => {
        const before = group.filter((one) => one.before > 0).length;
        const gone = group.filter((one) => one.kind === 'churn').length;
        const lost = changed(group, 'churn') + changed(group, 'contraction');
        const written = tickets.filter((ticket) => monthOf(ticket.submitted_at!) === month).length;
        return [
          month,
          {
            churned_accounts: gone,
            account_churn_rate: divide(gone, before),
            gross_mrr_churn_rate: divide(lost, sum(group.map((one) => one.before)) / 100),
            ticket_count: written,
          },
        ];
      }),
    ),
  },
  {
    select: 'conversion_metrics',
    says: 'follows accounts from trial to paid to a higher tier',
    keys: ['signup_month', 'referral_source'],
    expected: new Map(
      [...groupBy(accounts, (account) => `${monthOf(account.signup_date!)}|${account.referral_source!.trim().toLowerCase()}`)].map(
        ([key, group]) => {
          const of = (account: (typeof group)[number]) => subscriptions.filter((row) => row.account_id === account.account_id);
          const trials = group.filter((account) => of(account).some((row) => row.is_trial === 'true'));
          const converted = trials.filter((account) => paidOf.has(account.account_id!));
          return [
            key,
            {
              signups: group.length,
              trials: trials.length,
              trial_conversion_rate: divide(converted.length, trials.length),
              upgraded_accounts: group.filter((account) => of(account).some((row) => row.upgrade_flag === 'true')).length,
            },
          ];
        },
      ),
    ),
  },
  {
    select: 'cohort_analysis',
    says: 'says how many of a cohort still pay after so many months',
    keys: ['cohort_month', 'referral_source', 'months_since_start'],
    expected: new Map(
      [
        ...groupBy(customers, (account) => `${firstPaid.get(account.account_id!)}|${account.referral_source!.trim().toLowerCase()}`),
      ].flatMap(([key, group]) =>
        monthsBetween(key.slice(0, 10), lastMonth).map((month, at): [string, Record<string, number | null>] => {
          const paying = group.filter((account) => revenue.get(account.account_id!)!.get(month)! > 0).length;
          return [`${key}|${at}`, { cohort_size: group.length, retained_accounts: paying, retention_rate: divide(paying, group.length) }];
        }),
      ),
    ),
  },
  {
    select: 'retention_metrics',
    says: 'compares customers who stayed with those who left, feature by feature',
    keys: ['feature_name'],
    expected: new Map(
      [...groupBy(usage, (row) => inCapitals(row.feature_name!).replace('Api ', 'API '))].map(([feature, rows]) => {
        const adopters = new Set(rows.map((row) => accountOf.get(row.subscription_id!)!));
        const paying = customers.map((account) => account.account_id!);
        const share = (churned: boolean) => {
          const group = paying.filter((id) => isChurned.get(id) === churned);
          return group.filter((id) => adopters.has(id)).length / group.length;
        };
        return [
          feature,
          { popularity_score: paying.filter((id) => adopters.has(id)).length / paying.length, adoption_gap: share(false) - share(true) },
        ];
      }),
    ),
  },
  {
    select: 'satisfaction_trends',
    says: 'averages satisfaction by month and topic',
    keys: ['month_start', 'topic'],
    digits: 2,
    expected: new Map(
      [...groupBy(tickets, (ticket) => `${monthOf(ticket.submitted_at!)}|${topicOf.get(ticket.ticket_id!)}`)].map(([key, group]) => {
        const scores = group.filter((ticket) => ticket.satisfaction_score !== '').map((ticket) => Number(ticket.satisfaction_score));
        return [key, { ticket_count: group.length, rated_tickets: scores.length, average_satisfaction: average(scores) }];
      }),
    ),
  },
];

describe('ravenstack', () => {
  for (const figure of figures) test(`${figure.select} ${figure.says}`, () => checkFigure('ravenstack', figure));
});
