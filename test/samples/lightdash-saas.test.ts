import { describe, test } from 'vitest';
import { checkFigure, type Figure, type Value } from './support/figure.ts';
import { daysBetween, divide, firstBy, groupBy, inCapitals, readRows, sum } from './support/rows.ts';

const asOf = '2026-06-30';
const segments: Readonly<Record<string, string>> = { smb: 'SMB', midmarket: 'Midmarket', enterprise: 'Enterprise' };
const accounts = readRows('lightdash-saas', 'seeds/accounts_raw.csv').map((row) => ({
  id: row.account_id!,
  name: row.account_name!,
  industry: row.industry === '' ? 'Unknown' : inCapitals(row.industry!),
  segment: segments[row.segment!.trim().toLowerCase()]!,
}));
const accountOf = new Map(accounts.map((account) => [account.id, account]));
const deals = readRows('lightdash-saas', 'seeds/deals_raw.csv');
const users = readRows('lightdash-saas', 'seeds/users_raw.csv');
const userOf = new Map(users.map((user) => [user.user_id!, user]));
const tracks = firstBy(readRows('lightdash-saas', 'seeds/tracks_raw.csv'), (track) => track.event_id!);
const dealsOf = groupBy(deals, (deal) => deal.account_id!);
const usersOf = groupBy(users, (user) => user.account_id!);
const tracksOf = groupBy(tracks, (track) => track.user_id!);
const jobTitle = (title: string) => (title === '' ? 'Unknown' : inCapitals(title));
const customers = accounts.filter(({ id }) => dealsOf.get(id)?.some((deal) => deal.stage === 'Won'));

function activityOf(accountId: string) {
  const people = usersOf.get(accountId) ?? [];
  const events = people.flatMap((user) => tracksOf.get(user.user_id!) ?? []);
  const age = (event: { readonly event_timestamp?: string }) => daysBetween(event.event_timestamp!, asOf);
  return {
    people: people.length,
    seenLately: people.filter((user) => tracksOf.get(user.user_id!)?.some((event) => age(event) < 30)).length,
    last30: events.filter((event) => age(event) < 30).length,
    previous30: events.filter((event) => age(event) >= 30 && age(event) < 60).length,
    quietDays: events.length === 0 ? null : Math.min(...events.map(age)),
    features: Math.max(
      0,
      ...people.map((user) => new Set((tracksOf.get(user.user_id!) ?? []).map((event) => event.event_name!.toLowerCase())).size),
    ),
    failureRate: divide(events.filter((event) => event.event_name!.toLowerCase() === 'integration_failed').length, events.length),
  };
}

function health(accountId: string): number {
  const { people, seenLately, quietDays, features, failureRate } = activityOf(accountId);
  const recency = quietDays === null ? 0 : quietDays <= 7 ? 25 : quietDays <= 30 ? 15 : quietDays <= 60 ? 5 : 0;
  const breadth = people === 0 ? 0 : Math.round((25 * seenLately) / people);
  const depth = features >= 5 ? 25 : features >= 3 ? 15 : features >= 1 ? 5 : 0;
  const reliability =
    failureRate === null ? 0 : Math.round(failureRate * 1e4) / 1e4 <= 0.05 ? 25 : Math.round(failureRate * 1e4) / 1e4 <= 0.1 ? 15 : 5;
  return recency + breadth + depth + reliability;
}

function churnRisk(accountId: string): Record<string, Value> {
  const { quietDays, last30, previous30 } = activityOf(accountId);
  const halved = last30 < 0.5 * previous30;
  if (quietDays === null) return { churn_risk: 'high', main_reason: 'never used the product' };
  if (quietDays > 30) return { churn_risk: quietDays > 60 ? 'high' : 'medium', main_reason: 'gone quiet' };
  return halved ? { churn_risk: 'medium', main_reason: 'activity halved' } : { churn_risk: 'low', main_reason: 'none' };
}

const figures: readonly Figure[] = [
  {
    select: 'account_overview',
    says: 'counts deals and users of each account apart',
    keys: ['account_id'],
    expected: new Map(
      accounts.map(({ id }) => [
        id,
        {
          total_deals: dealsOf.get(id)?.length ?? 0,
          total_pipeline_value: sum((dealsOf.get(id) ?? []).map((deal) => Number(deal.amount))),
          won_amount: sum((dealsOf.get(id) ?? []).filter((deal) => deal.stage === 'Won').map((deal) => Number(deal.amount))),
          total_users: usersOf.get(id)?.length ?? 0,
        },
      ]),
    ),
  },
  {
    select: 'account_overview_with_deal_summary',
    says: 'multiplies deals by users, as the sample query does',
    keys: ['account_name'],
    expected: new Map(
      accounts.map(({ id, name }) => {
        const [ofDeals, ofUsers] = [dealsOf.get(id)?.length ?? 0, usersOf.get(id)?.length ?? 0];
        return [name, { total_deals: ofDeals * Math.max(1, ofUsers), total_users: ofUsers * Math.max(1, ofDeals) }];
      }),
    ),
  },
  {
    select: 'win_rates',
    says: 'divides deals won by deals closed',
    keys: ['industry', 'segment'],
    expected: new Map(
      [...groupBy(deals, (deal) => `${accountOf.get(deal.account_id!)!.industry}|${accountOf.get(deal.account_id!)!.segment}`)].map(
        ([key, group]) => {
          const won = group.filter((deal) => deal.stage === 'Won').length;
          const lost = group.filter((deal) => deal.stage === 'Lost').length;
          return [key, { total_deals: group.length, won_deals: won, win_rate: divide(won, won + lost) }];
        },
      ),
    ),
  },
  {
    select: 'engagement_by_role',
    says: 'averages events over all people of a role, each event once',
    keys: ['job_title', 'segment'],
    digits: 2,
    expected: new Map(
      [...groupBy(users, (user) => `${jobTitle(user.job_title!)}|${accountOf.get(user.account_id!)!.segment}`)].map(([key, group]) => {
        const events = sum(group.map((user) => tracksOf.get(user.user_id!)?.length ?? 0));
        return [key, { user_count: group.length, total_events: events, avg_events_per_user: events / group.length }];
      }),
    ),
  },
  {
    select: 'feature_adoption',
    says: 'divides adopters by people who ever logged in',
    keys: ['event_name', 'segment'],
    expected: new Map(
      [
        ...groupBy(
          tracks,
          (track) => `${track.event_name!.toLowerCase()}|${accountOf.get(userOf.get(track.user_id!)!.account_id!)!.segment}`,
        ),
      ].map(([key, group]) => {
        const eligible = users.filter(
          (user) => user.first_logged_in_at !== '' && accountOf.get(user.account_id!)!.segment === key.split('|')[1],
        );
        const adopting = new Set(group.map((track) => track.user_id)).size;
        return [key, { total_events: group.length, adopting_users: adopting, user_adoption_rate: divide(adopting, eligible.length) }];
      }),
    ),
  },
  {
    select: 'time_to_first_value',
    says: 'counts days from sign-up to the first report',
    keys: ['user_id'],
    expected: new Map(
      users.map((user) => {
        const reports = (tracksOf.get(user.user_id!) ?? []).filter((track) => track.event_name!.toLowerCase() === 'report_generated');
        const first = reports.map((track) => track.event_timestamp!).sort()[0];
        return [user.user_id!, { days_to_first_value: first === undefined ? null : daysBetween(user.created_at!, first) }];
      }),
    ),
  },
  {
    select: 'account_health',
    says: 'adds its four parts',
    keys: ['account_id'],
    expected: new Map(customers.map(({ id }) => [id, { health_score: health(id), events_last_30_days: activityOf(id).last30 }])),
  },
  {
    select: 'churn_risk',
    says: 'names a risk and its reason',
    keys: ['account_id'],
    expected: new Map(customers.map(({ id }) => [id, churnRisk(id)])),
  },
];

describe('lightdash-saas', () => {
  for (const figure of figures) test(`${figure.select} ${figure.says}`, () => checkFigure('lightdash-saas', figure));
});
