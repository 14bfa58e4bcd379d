// The raw tables of the b2b sample as their vendors deliver them. Those without a primary key are logs or hold repeated rows.
export const ddl = {
  salesforce_accounts:
    'create table salesforce_accounts (Id text not null, Name text, Website text, Industry text, NumberOfEmployees integer, BillingCountry text, CurrencyIsoCode text, OwnerName text, CreatedDate text, SystemModstamp text)',
  salesforce_contacts:
    'create table salesforce_contacts (Id text primary key, AccountId text, FirstName text, LastName text, Email text, Title text, CreatedDate text)',
  salesforce_opportunities:
    'create table salesforce_opportunities (Id text primary key, AccountId text, Name text, StageName text, Amount real, CurrencyIsoCode text, Probability integer, LeadSource text, CloseDate text, IsClosed integer, IsWon integer, OwnerName text, CreatedDate text, LastModifiedDate text)',
  salesforce_opportunity_stage_history:
    'create table salesforce_opportunity_stage_history (Id text primary key, OpportunityId text, StageName text, Amount real, CreatedDate text)',
  stripe_customers:
    'create table stripe_customers (id text primary key, email text, name text, currency text, metadata_salesforce_id text, delinquent integer, created integer)',
  stripe_plans:
    'create table stripe_plans (id text primary key, nickname text, amount integer, currency text, interval text, interval_count integer, active integer, created integer)',
  stripe_coupons:
    'create table stripe_coupons (id text primary key, name text, percent_off real, amount_off integer, currency text, duration text, duration_in_months integer)',
  stripe_subscriptions:
    'create table stripe_subscriptions (id text primary key, customer text, plan text, quantity integer, coupon text, status text, current_period_start integer, current_period_end integer, canceled_at integer, ended_at integer, created integer, updated integer)',
  stripe_invoices:
    'create table stripe_invoices (id text primary key, customer text, subscription text, number text, status text, currency text, subtotal integer, discount integer, total integer, amount_paid integer, due_date integer, paid_at integer, created integer, updated integer)',
  stripe_invoice_line_items:
    'create table stripe_invoice_line_items (id text primary key, invoice text, type text, plan text, quantity integer, amount integer, discount_amount integer, currency text, period_start integer, period_end integer, proration integer)',
  stripe_charges:
    'create table stripe_charges (id text primary key, invoice text, customer text, amount integer, currency text, status text, failure_code text, created integer)',
  stripe_refunds:
    'create table stripe_refunds (id text primary key, charge text, amount integer, currency text, reason text, status text, created integer)',
  segment_users: 'create table segment_users (user_id text primary key, email text, name text, role text, created_at text)',
  segment_account_mappings:
    'create table segment_account_mappings (user_id text not null, group_id text, mapped_at text, primary key (user_id))',
  segment_sessions:
    'create table segment_sessions (session_id text primary key, user_id text, started_at text, ended_at text, device text, page_views integer)',
  segment_events:
    'create table segment_events (message_id text not null, session_id text, user_id text, event text, timestamp text, received_at text, schema_version integer)',
};

/** The column that identifies a row, of the tables that have one. */
export const keys = Object.fromEntries(
  Object.entries(ddl).flatMap(([table, sql]) => {
    const inline = /(\w+) \w+ primary key/.exec(sql);
    const apart = /primary key \((\w+)\)/.exec(sql);
    const key = apart?.[1] ?? inline?.[1];
    return key === undefined ? [] : [[table, key]];
  }),
);
