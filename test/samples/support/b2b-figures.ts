import { keys } from '../../../scripts/samples/b2b-saas-tables.mjs';
import type { Figure } from './figure.ts';
import { daysBetween, divide, firstBy, groupBy, lastDayOf, monthOf, monthsBetween, type Row, readRows, readTables, sum } from './rows.ts';

const rates = new Map(readRows('b2b-saas', 'seeds/fx_rates.csv').map((row) => [`${row.month}|${row.currency}`, Number(row.usd_rate)]));
const canonical = new Map(readRows('b2b-saas', 'seeds/event_taxonomy.csv').map((row) => [`${row.event_name}|${row.schema_version}`, row]));
const successor = new Map(readRows('b2b-saas', 'seeds/plan_migrations.csv').map((row) => [row.legacy_tier!, row.tier!]));

const dayOf = (seconds: string) => new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
const toDollars = (cents: number, month: string, currency: string) =>
  Math.round(cents * rates.get(`${month}|${currency.toUpperCase()}`)! * (1 + 1e-14)) / 100;
const domainOf = (email: string) => email.slice(email.indexOf('@') + 1).toLowerCase();

/** What the models should say of the given batches, later ones laid over earlier ones. */
export async function makeFigures(files: readonly string[]): Promise<readonly Figure[]> {
  const table = await readTables('b2b-saas', files, keys);
  // Of the versions of an account, the latest.
  const accounts = firstBy(
    [...table('salesforce_accounts')].sort((a, b) => (a.SystemModstamp! < b.SystemModstamp! ? 1 : -1)),
    (row) => row.Id!,
  );
  const byDomain = new Map(accounts.map((row) => [row.Website!.toLowerCase().replace(/^https:\/\/www\.|\/$/g, ''), row.Id!]));
  const customers = table('stripe_customers');
  const accountOfCustomer = new Map(
    customers.map((row) => [row.id!, row.metadata_salesforce_id || byDomain.get(domainOf(row.email!)) || '']),
  );
  const mapped = new Map(table('segment_account_mappings').map((row) => [row.user_id!, row.group_id!]));
  const users = table('segment_users');
  const accountOfUser = new Map(users.map((row) => [row.user_id!, mapped.get(row.user_id!) || byDomain.get(domainOf(row.email!)) || '']));
  const invoices = table('stripe_invoices');
  const invoiceOf = new Map(invoices.map((row) => [row.id!, row]));
  const refundOf = groupBy(table('stripe_refunds'), (row) => row.charge!);
  const chargesOf = groupBy(table('stripe_charges'), (row) => row.invoice!);
  const events = firstBy(table('segment_events'), (row) => row.message_id!);
  const latestInvoice = invoices
    .map((row) => dayOf(row.created!))
    .sort()
    .at(-1)!;

  const periods = table('stripe_invoice_line_items')
    .filter((line) => line.type === 'subscription')
    .map((line) => {
      const yearly = line.plan!.endsWith('_year');
      return {
        account: accountOfCustomer.get(invoiceOf.get(line.invoice!)!.customer!)!,
        from: dayOf(line.period_start!),
        to: dayOf(line.period_end!),
        // To the cent, as a person who spreads a bill over months would.
        monthly: Math.round((Number(line.amount) - Number(line.discount_amount)) / (yearly ? 12 : 1)) / 100,
        currency: line.currency!.toUpperCase(),
      };
    });
  const worth = [...groupBy(periods, (period) => period.account)].flatMap(([account, own]) =>
    monthsBetween(own.map((period) => period.from).sort()[0]!, latestInvoice).map((month) => {
      const end = lastDayOf(month);
      const running = own.filter((period) => period.from <= end && period.to > end);
      return { account, month, mrr: sum(running.map((period) => period.monthly * rates.get(`${month}|${period.currency}`)!)) };
    }),
  );

  const identity = (
    type: string,
    ids: ReadonlyMap<string, string>,
    declared: (id: string) => boolean,
  ): [string, Record<string, string | null>][] =>
    [...ids].map(([id, account]) => [
      `${type}|${id}`,
      { account_id: account || null, matched_by: declared(id) ? 'declared' : account === '' ? 'unknown' : 'email domain' },
    ]);

  const billed = (invoice: Row) => ({
    month: monthOf(dayOf(invoice.created!)),
    total: toDollars(Number(invoice.total), monthOf(dayOf(invoice.created!)), invoice.currency!),
    paid: toDollars(Number(invoice.amount_paid), monthOf(dayOf(invoice.created!)), invoice.currency!),
    refunded: sum(
      (chargesOf.get(invoice.id!) ?? []).flatMap((charge) => refundOf.get(charge.id!) ?? []).map((refund) => Number(refund.amount)),
    ),
  });
  const status = (invoice: Row) => {
    if (invoice.status === 'paid') return daysBetween(dayOf(invoice.due_date!), dayOf(invoice.paid_at!)) > 0 ? 'paid late' : 'paid on time';
    if (invoice.status === 'uncollectible') return 'written off';
    return dayOf(invoice.due_date!) < latestInvoice ? 'overdue' : 'open';
  };

  return [
    {
      select: 'int_account_identity',
      says: 'knows every customer and user by one account',
      keys: ['identity_type', 'source_id'],
      expected: new Map([
        ...identity('stripe_customer', accountOfCustomer, (id) => customers.find((row) => row.id === id)!.metadata_salesforce_id !== ''),
        ...identity('segment_user', accountOfUser, (id) => mapped.has(id)),
      ]),
    },
    {
      select: 'fct_account_mrr',
      says: 'spreads each billed period over its months, in dollars',
      keys: ['account_id', 'month_start'],
      digits: 2,
      expected: new Map(worth.map(({ account, month, mrr }) => [`${account}|${month}`, { mrr }])),
    },
    {
      select: 'rpt_mrr_by_month',
      says: 'adds the accounts up',
      keys: ['month_start'],
      // The model adds amounts that it rounded to cents for each account.
      digits: 0,
      expected: new Map(
        [...groupBy(worth, (row) => row.month)].map(([month, group]) => [
          month,
          { mrr: sum(group.map((row) => row.mrr)), paying_accounts: group.filter((row) => row.mrr > 0).length },
        ]),
      ),
    },
    {
      select: 'fct_invoices',
      says: 'tells what was paid, given back and came late',
      keys: ['invoice_id'],
      digits: 2,
      expected: new Map(
        invoices.map((invoice) => [
          invoice.id!,
          {
            total_usd: billed(invoice).total,
            amount_paid_usd: billed(invoice).paid,
            refunded_amount: billed(invoice).refunded / 100,
            payment_status: status(invoice),
          },
        ]),
      ),
    },
    {
      select: 'rpt_revenue_by_month',
      says: 'adds what was collected and what is owed',
      keys: ['invoice_month'],
      digits: 2,
      expected: new Map(
        [...groupBy(invoices, (invoice) => billed(invoice).month)].map(([month, group]) => [
          month,
          {
            invoices: group.length,
            collected_usd: sum(group.map((invoice) => billed(invoice).paid)),
            outstanding_usd: sum(group.filter((invoice) => invoice.status === 'open').map((invoice) => billed(invoice).total)),
            late_payments: group.filter((invoice) => status(invoice) === 'paid late').length,
          },
        ]),
      ),
    },
    {
      select: 'rpt_sales_performance',
      says: 'has the win rate by quarter and source',
      keys: ['close_quarter', 'lead_source'],
      expected: new Map(
        [
          ...groupBy(
            table('salesforce_opportunities').filter((row) => row.IsClosed === '1'),
            (row) => {
              const source = row.LeadSource!.trim().toLowerCase();
              const quarter = `${row.CloseDate!.slice(0, 4)}-Q${Math.ceil(Number(row.CloseDate!.slice(5, 7)) / 3)}`;
              return `${quarter}|${source === '' ? 'Unknown' : source[0]!.toUpperCase() + source.slice(1)}`;
            },
          ),
        ].map(([key, group]) => {
          const won = group.filter((row) => row.IsWon === '1').length;
          return [key, { closed_opportunities: group.length, won_opportunities: won, win_rate: divide(won, group.length) }];
        }),
      ),
    },
    {
      select: 'rpt_feature_adoption',
      says: 'counts accounts by feature under whatever name the event was sent',
      keys: ['month_start', 'feature'],
      expected: new Map(
        [
          ...groupBy(events, (event) => `${monthOf(event.timestamp!)}|${canonical.get(`${event.event}|${event.schema_version}`)!.feature}`),
        ].map(([key, group]) => {
          const inMonth = events.filter((event) => monthOf(event.timestamp!) === key.slice(0, 10));
          const accountsOf = (some: readonly Row[]) => new Set(some.map((event) => accountOfUser.get(event.user_id!))).size;
          return [
            key,
            {
              event_count: group.length,
              adopting_accounts: accountsOf(group),
              account_adoption_rate: divide(accountsOf(group), accountsOf(inMonth)),
            },
          ];
        }),
      ),
    },
    {
      select: 'dim_plans',
      says: 'reports legacy tiers under their successors',
      keys: ['plan_id'],
      expected: new Map(
        table('stripe_plans').map((plan) => {
          const tier = plan.id!.split('_')[1]!;
          return [plan.id!, { original_tier: tier, tier: successor.get(tier) ?? tier, price: Number(plan.amount) / 100 }];
        }),
      ),
    },
  ];
}
