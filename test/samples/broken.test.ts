import { describe, expect, test } from 'vitest';
import { BreakableSample, type Change, changeCell, repeatRow, replace } from './support/changed-files.ts';

interface Breakage {
  /** The test that must notice, by the beginning of its name. */
  readonly notices: string;
  readonly change: Change;
  /** What a failing test of severity warn says instead. */
  readonly status?: 'warn';
}

const nobody = '00000000-0000-4000-8000-000000000000';

// At least one breakage for each kind of test in each sample: those of dbt, those of packages, those of the project, singular and unit tests.
const breakages: Readonly<Record<string, readonly Breakage[]>> = {
  'lightdash-saas': [
    { notices: 'not_null_accounts_raw_account_id', change: { path: 'seeds/accounts_raw.csv', edit: changeCell('account_id', () => '') } },
    { notices: 'unique_deals_raw_deal_id', change: { path: 'seeds/deals_raw.csv', edit: repeatRow() } },
    {
      notices: 'relationships_deals_raw_account_id',
      change: { path: 'seeds/deals_raw.csv', edit: changeCell('account_id', () => nobody) },
    },
    { notices: 'accepted_values_deals_raw_stage', change: { path: 'seeds/deals_raw.csv', edit: changeCell('stage', () => 'Victory') } },
    {
      notices: 'accepted_values_users_raw_is_marketing',
      change: { path: 'seeds/users_raw.csv', edit: changeCell('is_marketing_opted_in', () => '2') },
    },
    { notices: 'not_negative_deals_amount', change: { path: 'seeds/deals_raw.csv', edit: changeCell('amount', (old) => `-${old}`) } },
    {
      notices: 'rate_win_rates_win_rate',
      change: {
        path: 'models/sales/win_rates.sql',
        edit: replace(
          "where deals.is_won)', 'count(*) filter (where deals.is_closed)",
          "where deals.is_closed)', 'count(*) filter (where deals.is_won)",
        ),
      },
    },
    { notices: 'unique_tracks_event_id', change: { path: 'models/staging/tracks.sql', edit: replace('where delivery = 1', '') } },
    {
      notices: 'overview_keeps_every_deal',
      change: {
        path: 'models/intermediate/int_account_deals.sql',
        edit: replace('count(*) as total_deals', 'count(*) + 1 as total_deals'),
      },
    },
    {
      notices: 'logins_come_after_sign_up',
      change: { path: 'seeds/users_raw.csv', edit: changeCell('first_logged_in_at', () => '2020-01-01 00:00:00') },
    },
    {
      notices: 'tracks_count_an_event_once',
      change: { path: 'models/staging/tracks.sql', edit: replace('lower(event_name)', 'event_name') },
    },
    {
      notices: 'churn_risk_names_its_reason',
      change: { path: 'models/customer_success/churn_risk.sql', edit: replace("'gone quiet'", "'silent'") },
    },
  ],
  'crm-warehouse': [
    { notices: 'not_null_stg_crm_accounts_account_name', change: { path: 'data/crm_accounts.csv', edit: changeCell('name', () => '') } },
    { notices: 'source_unique_crm_orders_id', change: { path: 'data/crm_orders.csv', edit: repeatRow() } },
    {
      notices: 'relationships_stg_crm_contacts',
      change: { path: 'data/crm_contacts.csv', edit: changeCell('account_id', () => '999999') },
    },
    {
      notices: 'accepted_values_stg_crm_tickets_priority',
      change: { path: 'data/crm_tickets.csv', edit: changeCell('priority', () => 'whenever') },
    },
    { notices: 'at_least_stg_crm_orders_quantity', change: { path: 'data/crm_orders.csv', edit: changeCell('quantity', () => '0') } },
    {
      notices: 'not_before_fact_orders_delivered_at',
      change: { path: 'data/crm_orders.csv', edit: changeCell('delivered_at', () => '2020-01-01 00:00:00') },
    },
    {
      notices: 'row_count_matches_dim_accounts',
      change: { path: 'models/crm/dimensions/dim_accounts.sql', edit: (text) => `${text}where account_id > 1\n` },
    },
    {
      notices: 'deal_history_intervals_do_not_overlap',
      change: {
        path: 'models/crm/facts/fact_deal_stage_history.sql',
        edit: replace('ordered.next_changed_at as valid_to', 'ordered.changed_at as valid_to'),
      },
    },
    { notices: 'every_deal_has_one_current_stage', change: { path: 'data/crm_deals.csv', edit: replace('Closed Lost', 'Prospecting') } },
    {
      notices: 'revenue_is_not_lost_between_layers',
      change: {
        path: 'models/crm/metrics/metrics_revenue.sql',
        edit: replace('products.product_id\n', 'products.product_id and products.is_active\n'),
      },
    },
    {
      notices: 'history_drops_changes_logged_twice',
      change: {
        path: 'models/crm/facts/fact_deal_stage_history.sql',
        edit: replace('where stage_before is null or stage_before <> to_stage', ''),
      },
    },
  ],
  ravenstack: [
    {
      notices: 'unique_stg__crm_subscriptions_subscription_id',
      change: { path: 'models/staging/crm/stg__crm_subscriptions.sql', edit: replace('= 1', '>= 1') },
    },
    {
      notices: 'dbt_utils_accepted_range_stg__crm_support_tickets',
      change: { path: 'data/crm_support_tickets.csv', edit: changeCell('satisfaction_score', () => '9') },
    },
    {
      notices: 'dbt_utils_unique_combination_of_columns_stg__crm_feature_usage',
      change: { path: 'data/crm_feature_usage.csv', edit: repeatRow((line) => line.replace('U-', 'X-')) },
    },
    {
      notices: 'dbt_utils_expression_is_true_stg__crm_subscriptions',
      change: { path: 'data/crm_subscriptions.csv', edit: changeCell('end_date', () => '2020-01-01') },
    },
    {
      notices: 'dbt_utils_equal_rowcount_stg__crm_accounts',
      change: { path: 'models/staging/crm/stg__crm_accounts.sql', edit: (text) => `${text}where seats > 10\n` },
    },
    {
      notices: 'dbt_utils_not_null_proportion_stg__crm_support_tickets',
      change: {
        path: 'models/staging/crm/stg__crm_support_tickets.sql',
        edit: replace('satisfaction_score,', 'nullif(satisfaction_score, satisfaction_score) as satisfaction_score,'),
      },
    },
    {
      notices: 'share_cohort_analysis_retention_rate',
      change: {
        path: 'models/marts/revenue/cohort_analysis.sql',
        edit: replace('safe_divide(retained_accounts, cohort_size)', 'safe_divide(cohort_size + 1, retained_accounts)'),
      },
    },
    {
      notices: 'mrr_movements_add_up',
      change: {
        path: 'models/marts/revenue/monthly_recurring_revenue.sql',
        edit: replace("movement = 'churn', -mrr_change", "movement = 'churn', mrr_change"),
      },
    },
    {
      notices: 'mrr_growth_rate_follows_from_mrr',
      change: {
        path: 'models/marts/revenue/monthly_recurring_revenue.sql',
        edit: replace('safe_divide(mrr - lag(mrr)', 'safe_divide(mrr + lag(mrr)'),
      },
    },
    {
      notices: 'segments_hold_all_of_mrr',
      change: { path: 'models/marts/revenue/mrr_by_segment.sql', edit: replace('mrr.mrr_amount > 0', 'mrr.mrr_amount > 500') },
    },
    {
      notices: 'accepted_values_ticket_topics_topic',
      change: { path: 'seeds/ticket_topics.csv', edit: changeCell('topic', () => 'Weather') },
    },
    {
      notices: 'yearly_bills_are_spread_over_months',
      change: { path: 'models/marts/intermediate/int_mrr_normalised.sql', edit: replace("'annual' then 12", "'annual' then 1") },
    },
  ],
  'b2b-saas': [
    { notices: 'unique_together_fx_rates', change: { path: 'seeds/fx_rates.csv', edit: repeatRow() } },
    {
      notices: 'not_null_int_invoices_usd_usd_rate',
      change: {
        path: 'models/intermediate/int_invoices_usd.sql',
        edit: replace('rates.usd_rate,', 'nullif(rates.usd_rate, 1) as usd_rate,'),
      },
    },
    {
      notices: 'known_share_int_account_identity',
      change: { path: 'models/intermediate/int_account_identity.sql', edit: replace('users.email_domain = accounts.domain', '1 = 0') },
    },
    {
      notices: 'relationships_stg_stripe__charges',
      change: {
        path: 'models/staging/stripe/stg_stripe__charges.sql',
        edit: replace('invoice as invoice_id', "'x' || invoice as invoice_id"),
      },
    },
    {
      notices: 'accepted_values_stg_stripe__plans_tier',
      change: { path: 'models/staging/stripe/stg_stripe__plans.sql', edit: replace('substr(id, 6), 1', 'substr(id, 6), 2') },
    },
    {
      notices: 'not_negative_fct_account_mrr_mrr',
      change: {
        path: 'models/intermediate/int_account_mrr_by_month.sql',
        edit: replace('sum(periods.monthly_amount * rates.usd_rate)', '-sum(periods.monthly_amount * rates.usd_rate)'),
      },
    },
    {
      notices: 'revenue_is_not_negative',
      change: {
        path: 'models/intermediate/int_invoice_payments.sql',
        edit: replace('sum(amount) as refunded_amount', 'sum(amount) * 10 as refunded_amount'),
      },
    },
    {
      notices: 'paid_invoices_reconcile_with_charges',
      change: {
        path: 'models/intermediate/int_invoice_payments.sql',
        edit: replace("case when charges.status = 'succeeded' then charges.amount else 0 end", 'charges.amount'),
      },
    },
    {
      notices: 'invoices_reconcile_with_line_items',
      change: {
        path: 'models/staging/stripe/stg_stripe__invoice_line_items.sql',
        edit: replace("cents('discount_amount')", "cents('amount')"),
      },
    },
    {
      notices: 'mrr_movements_add_up',
      change: {
        path: 'models/marts/finance/rpt_mrr_by_month.sql',
        edit: replace("movement = 'contraction' then -mrr_change", "movement = 'contraction' then mrr_change"),
      },
    },
    {
      notices: 'every_event_has_a_canonical_name',
      change: { path: 'seeds/event_taxonomy.csv', edit: (text) => text.replace(/^report_shared,.*\n/m, '') },
    },
    {
      notices: 'events_are_not_received_before_they_occur',
      status: 'warn',
      change: {
        path: 'models/staging/segment/stg_segment__events.sql',
        edit: replace("segment_time('received_at')", 'segment_time("\'2020-01-01T00:00:00Z\'")'),
      },
    },
    {
      notices: 'identity_falls_back_on_the_domain',
      change: {
        path: 'models/intermediate/int_account_identity.sql',
        edit: replace('coalesce(customers.salesforce_account_id, accounts.account_id)', 'customers.salesforce_account_id'),
      },
    },
  ],
};

describe.each(Object.entries(breakages))('%s', (sample, list) => {
  const project = new BreakableSample(sample);

  test('passes every test as it is', async () => {
    const results = await project.test(() => true);
    expect(results.length).toBeGreaterThan(90);
    expect(results.filter((result) => result.status !== 'pass').map((result) => `${result.name}: ${result.message}`)).toEqual([]);
  });

  for (const { notices, change, status } of list)
    test(`${notices} notices when ${change.path} is broken`, async () => {
      const results = await project.test((name) => name.startsWith(notices), change);
      expect(results.map((result) => result.status)).toContain(status ?? 'fail');
      expect(results.filter((result) => result.status === 'error').map((result) => result.message)).toEqual([]);
    });
});
