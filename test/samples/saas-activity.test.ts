import { describe, test } from 'vitest';
import { checkFigure, type Figure } from './support/figure.ts';
import { daysBetween, divide, firstBy, groupBy, inCapitals, monthOf, type Row, readRows, sum } from './support/rows.ts';

const read = (table: string) => readRows('saas-activity', `data/saas_${table}.csv`);
const customers = new Map(read('customer_info').map((customer) => [customer.customer_id!, customer]));
const sites = read('sites');
const siteOf = new Map(sites.map((site): [string, Row] => [site.site_id!, { ...site, ...customers.get(site.customer_id!)! }]));
const storage = read('storage');
const jobs = read('background_jobs');
// Rows written twice are the same in every column once addresses are in one case.
const activity = firstBy(
  read('user_activity').map((row): Row => ({ ...row, user_email: row.user_email!.toLowerCase() })),
  (row) => [row.user_email, row.site_id, row.date, row.activity_type, row.event_count].join('|'),
);
const firstActive = new Map(
  [...groupBy(activity, (row) => `${row.user_email}|${row.site_id}`)].map(([key, rows]) => [key, rows.map((row) => row.date!).sort()[0]!]),
);
const users = read('users').map((user) => {
  const active = firstActive.get(`${user.user_email!.toLowerCase()}|${user.site_id}`);
  return {
    row: user,
    licence: inCapitals(user.license_type!),
    active,
    registered: user.registration_date === '' ? active : user.registration_date,
  };
});
const siteMonth = (row: Row) => `${row.site_id}|${monthOf(row.date!)}`;
const activityOf = groupBy(activity, siteMonth);
const storageOf = groupBy(storage, siteMonth);
const jobsOf = groupBy(jobs, siteMonth);
const registered = users.filter((user) => user.registered !== undefined);
const registeredOf = groupBy(registered, (user) => `${user.row.site_id}|${monthOf(user.registered!)}`);
const keys = [...new Set([...activityOf.keys(), ...storageOf.keys(), ...jobsOf.keys(), ...registeredOf.keys()])];
const events = (rows: readonly Row[] | undefined) => sum((rows ?? []).map((row) => Number(row.event_count)));
const minutes = (rows: readonly Row[] | undefined) => sum((rows ?? []).map((row) => Number(row.background_job_min)));
const lastStorage = (key: string) => {
  const days = storageOf.get(key);
  return days === undefined ? null : Number([...days].sort((a, b) => (a.date! < b.date! ? 1 : -1))[0]!.storage_bytes);
};

const figures: readonly Figure[] = [
  {
    select: 'site_month',
    says: 'joins five sources without multiplying any',
    keys: ['site_id', 'month'],
    expected: new Map(
      keys.map((key) => [
        key,
        {
          active_users: new Set((activityOf.get(key) ?? []).map((row) => row.user_email)).size,
          event_count: events(activityOf.get(key)),
          end_storage_bytes: lastStorage(key),
          job_minutes: minutes(jobsOf.get(key)),
          new_users: registeredOf.get(key)?.length ?? 0,
          account_tier: siteOf.get(key.split('|')[0]!)!.account_tier!,
        },
      ]),
    ),
  },
  {
    select: 'engagement_by_month',
    says: 'adds events and active users by month',
    keys: ['month'],
    digits: 2,
    expected: new Map(
      [...groupBy(keys, (key) => key.split('|')[1]!)].map(([month, ofMonth]) => {
        const active = sum(ofMonth.map((key) => new Set((activityOf.get(key) ?? []).map((row) => row.user_email)).size));
        const count = sum(ofMonth.map((key) => events(activityOf.get(key))));
        return [month, { event_count: count, active_users: active, events_per_active_user: divide(count, active) }];
      }),
    ),
  },
  {
    select: 'storage_growth',
    says: 'compares storage at the ends of months that follow each other',
    keys: ['site_id', 'month'],
    digits: 3,
    expected: new Map(
      [...groupBy([...storageOf.keys()].sort(), (key) => key.split('|')[0]!).values()].flatMap((ofSite) =>
        ofSite.map((key, at): [string, Record<string, number | null>] => {
          const [now, before] = [lastStorage(key)!, at === 0 ? null : lastStorage(ofSite[at - 1]!)];
          return [key, { storage_gb: now / 1e9, growth_gb: before === null ? null : (now - before) / 1e9 }];
        }),
      ),
    ),
  },
  {
    select: 'background_job_reliance',
    says: 'has the minutes of every customer and its share of all',
    keys: ['customer_id'],
    expected: new Map(
      [...customers.keys()].map((id) => {
        const own = jobs.filter((job) => job.customer_id === id);
        return [id, { job_count: own.length, job_minutes: minutes(own), share_of_minutes: minutes(own) / minutes(jobs) }];
      }),
    ),
  },
  {
    select: 'licenses_and_registrations',
    says: 'counts registrations by quarter, tier and licence',
    keys: ['registration_quarter', 'account_tier', 'license_type'],
    digits: 1,
    expected: new Map(
      [
        ...groupBy(registered, (user) => {
          const month = Math.floor((Number(user.registered!.slice(5, 7)) - 1) / 3) * 3 + 1;
          return `${user.registered!.slice(0, 4)}-${String(month).padStart(2, '0')}-01|${siteOf.get(user.row.site_id!)!.account_tier}|${user.licence}`;
        }),
      ].map(([key, group]) => {
        const waits = group
          .filter((user) => user.active !== undefined && user.row.registration_date !== '')
          .map((user) => daysBetween(user.row.registration_date!, user.active!));
        return [
          key,
          {
            registered_users: group.length,
            activated_users: group.filter((user) => user.active !== undefined).length,
            average_days_to_first_activity: divide(sum(waits), waits.length),
          },
        ];
      }),
    ),
  },
  {
    select: 'onboarding_signals',
    says: 'finds sites with much activity and no storage in their first three months',
    keys: ['site_id'],
    expected: new Map(
      [...groupBy([...keys].sort(), (key) => key.split('|')[0]!)].map(([site, ofSite]) => {
        const first = ofSite.slice(0, 3);
        const count = sum(first.map((key) => events(activityOf.get(key))));
        const bytes = Math.max(...first.map((key) => lastStorage(key) ?? 0));
        return [site, { event_count: count, storage_bytes: bytes, is_active_without_storage: count >= 100 && bytes === 0 }];
      }),
    ),
  },
];

describe('saas-activity', () => {
  for (const figure of figures) test(`${figure.select} ${figure.says}`, () => checkFigure('saas-activity', figure));
});
