// Salesforce, Stripe and Segment as one company sees them: a base batch up to the end of May 2026, and a delta with what June brought,
// late payments and late events of earlier months among it.
import { ddl, keys } from './b2b-saas-tables.mjs';
import { toCsv, toSqlite } from './files.mjs';
import { addDays, addMonths, createRandom, toDate, toSlug, unique, window } from './random.mjs';

const day = 86_400_000;
/** When the base batch was taken. */
const cut = Date.UTC(2026, 4, 31, 23, 59, 59);
const migration = Date.UTC(2025, 6, 1);
const industries = { Software: 28, 'Financial Services': 18, Healthcare: 14, Manufacturing: 14, Retail: 12, Media: 8, Education: 6 };
const homes = {
  'United States': ['USD', 58],
  Germany: ['EUR', 12],
  France: ['EUR', 9],
  Netherlands: ['EUR', 7],
  'United Kingdom': ['GBP', 14],
};
const reps = ['Dana Whitfield', 'Marco Silva', 'Ines Kramer', 'Tom Adeyemi'];
const stages = ['Prospecting', 'Discovery', 'Proposal', 'Negotiation'];
const probability = { Prospecting: 10, Discovery: 25, Proposal: 50, Negotiation: 80, 'Closed Won': 100, 'Closed Lost': 0 };

// Cents per seat and month in dollars; other currencies have their own price lists.
const tiers = { essential: 1500, growth: 3900, scale: 7900 };
const legacy = { starter: 1500, pro: 3900 };
const successor = { starter: 'essential', pro: 'growth' };
const priceList = { USD: 1, EUR: 0.95, GBP: 0.8 };
const coupons = [
  { id: 'LAUNCH20', name: 'Launch offer', percent_off: 20, amount_off: null, currency: null, duration: 'repeating', duration_in_months: 6 },
  { id: 'PARTNER10', name: 'Partner', percent_off: 10, amount_off: null, currency: null, duration: 'forever', duration_in_months: null },
  { id: 'WELCOME50', name: 'Welcome', percent_off: null, amount_off: 5000, currency: 'usd', duration: 'once', duration_in_months: null },
];

/** canonical event → feature, and its names in the three taxonomies. */
const events = {
  dashboard_viewed: ['dashboards', ['Dashboard Viewed', 'dashboard_viewed', 'dashboard.view'], 30],
  report_created: ['reports', ['Report Created', 'report_created', 'insight.create'], 16],
  report_shared: ['reports', ['Shared Report', 'report_shared', 'insight.share'], 8],
  data_exported: ['exports', ['Data Export', 'data_exported', 'export.run'], 10],
  alert_configured: ['alerts', ['Alert Configured', 'alert_configured', 'alert.create'], 6],
  integration_connected: ['integrations', ['Integration Added', 'integration_connected', 'integration.connect'], 4],
  member_invited: ['collaboration', ['Invited User', 'member_invited', 'member.invite'], 5],
};
const taxonomyFrom = [0, Date.UTC(2025, 2, 1), Date.UTC(2026, 0, 1)];

/** The two databases and the three seeds of the sample. */
export async function generate(scale) {
  const random = createRandom(20260004);
  const versions = Object.fromEntries(Object.keys(ddl).map((table) => [table, []]));
  const world = { random, emit: (table, at, row) => versions[table].push({ at, row }), counters: {} };
  for (const coupon of coupons) world.emit('stripe_coupons', 0, coupon);
  addPlans(world);
  const names = new Set();
  for (let count = 0; count < Math.round(112 * scale); count++) addAccount(world, names);
  return {
    'warehouse/raw_sources.sqlite': await toSqlite(toBatch(versions, (at) => at <= cut)),
    'warehouse/raw_sources_delta.sqlite': await toSqlite(toBatch(versions, (at) => at > cut && at <= window.end)),
    'seeds/fx_rates.csv': toCsv(makeRates(random)),
    'seeds/event_taxonomy.csv': toCsv(makeTaxonomy()),
    'seeds/plan_migrations.csv': toCsv(
      Object.entries(successor).map(([from, to]) => ({ legacy_tier: from, tier: to, migrated_on: toDate(migration) })),
    ),
  };
}

/** The rows that became visible in a batch: the latest version of each, where the table has a key. */
function toBatch(versions, isIn) {
  const tables = {};
  for (const [table, all] of Object.entries(versions)) {
    const visible = all.filter(({ at }) => isIn(at)).sort((a, b) => a.at - b.at);
    const key = keys[table];
    const rows = key === undefined ? visible.map(({ row }) => row) : [...new Map(visible.map(({ row }) => [row[key], row])).values()];
    if (rows.length > 0) tables[table] = { ddl: ddl[table], rows };
  }
  return tables;
}

function addPlans({ emit }) {
  for (const [currency, factor] of Object.entries(priceList))
    for (const interval of ['month', 'year'])
      for (const tier of Object.keys({ ...legacy, ...tiers }))
        emit('stripe_plans', 0, {
          id: toPlan(tier, currency, interval),
          nickname: `${tier[0].toUpperCase()}${tier.slice(1)} ${interval === 'year' ? 'annual' : 'monthly'}`,
          amount: priceOf(tier, factor, interval),
          currency: currency.toLowerCase(),
          interval,
          interval_count: 1,
          active: tier in legacy ? 0 : 1,
          created: seconds(tier in legacy ? Date.UTC(2023, 0, 2) : migration),
        });
}

const seconds = (moment) => Math.floor(moment / 1000);
const iso = (moment) => new Date(moment).toISOString();
const salesforceTime = (moment) => iso(moment).replace('Z', '+0000');
const toPlan = (tier, currency, interval) => `plan_${tier}_${currency.toLowerCase()}_${interval}`;
const priceOf = (tier, factor, interval) => Math.round(({ ...legacy, ...tiers }[tier] * factor * (interval === 'year' ? 10.2 : 1)) / 5) * 5;

function identify(world, prefix, width = 14) {
  world.counters[prefix] = (world.counters[prefix] ?? 0) + 1;
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  let id = '';
  for (let at = 0; at < width - 4; at++) id += alphabet[world.random.integer(0, alphabet.length - 1)];
  return `${prefix}${id}${String(world.counters[prefix]).padStart(4, '0')}`;
}

function addAccount(world, names) {
  const { random, emit } = world;
  let name = random.faker.company.name();
  if (names.has(name)) name = `${name} ${random.faker.location.city()}`;
  names.add(name);
  const slug = unique(names, toSlug(name).slice(0, 20).replace(/-$/, ''));
  const domain = `${slug}.example`;
  const created = random.workingMoment(window.start, addDays(window.end, -15));
  const country = random.weighted(Object.fromEntries(Object.entries(homes).map(([key, [, weight]]) => [key, weight])));
  const size = random.skewed(0, 1, 3);
  const account = { id: identify(world, '001', 15), name, domain, currency: homes[country][0], size, created };
  const row = {
    Id: account.id,
    Name: name,
    Website: random.chance(0.1) ? `HTTPS://WWW.${domain.toUpperCase()}/` : `https://www.${domain}`,
    Industry: random.chance(0.05) ? null : random.typed(random.weighted(industries), 0.06),
    NumberOfEmployees: random.chance(0.08) ? null : Math.round(8 + size * 2400),
    BillingCountry: country,
    CurrencyIsoCode: account.currency,
    OwnerName: random.pick(reps),
    CreatedDate: salesforceTime(created),
    SystemModstamp: salesforceTime(created),
  };
  account.owner = row.OwnerName;
  emit('salesforce_accounts', created, row);
  // The extract brings an account again whenever somebody touched it.
  for (
    let touched = addDays(created, random.integer(20, 300));
    touched < window.end && random.chance(0.45);
    touched = addDays(touched, random.integer(60, 300))
  )
    emit('salesforce_accounts', touched, {
      ...row,
      NumberOfEmployees: Math.round((row.NumberOfEmployees ?? 20) * (1 + random.next() * 0.2)),
      OwnerName: random.chance(0.3) ? random.pick(reps) : row.OwnerName,
      SystemModstamp: salesforceTime(touched),
    });
  const taken = new Set();
  const people = Array.from({ length: 1 + Math.round(random.skewed(0, 4, 2) + size * 3) }, () => {
    const first = random.faker.person.firstName();
    const last = random.faker.person.lastName();
    return { first, last, email: `${unique(taken, `${toSlug(first)}.${toSlug(last)}`)}@${domain}` };
  });
  for (const { first, last, email } of people)
    emit('salesforce_contacts', created, {
      Id: identify(world, '003', 15),
      AccountId: account.id,
      FirstName: first,
      LastName: last,
      Email: random.chance(0.1) ? email.toUpperCase() : email,
      Title: random.chance(0.1) ? null : random.pick(['VP Finance', 'Head of Analytics', 'Operations Manager', 'Data Lead', 'CTO']),
      CreatedDate: salesforceTime(created),
    });
  const wonAt = addOpportunities(world, account);
  if (wonAt !== undefined) addCustomer(world, { ...account, taken }, people, wonAt);
}

function addOpportunities(world, account) {
  const { random, emit } = world;
  let wonAt;
  let opened = addDays(account.created, random.integer(0, 12));
  for (let round = 0; round < 4 && opened < window.end; round++) {
    const id = identify(world, '006', 15);
    const amount = Math.round((2400 + account.size * 90_000 + random.next() * 6000) / 100) * 100;
    const base = {
      Id: id,
      AccountId: account.id,
      Name: `${account.name} - ${wonAt === undefined ? 'New business' : 'Expansion'}`,
      Amount: amount,
      CurrencyIsoCode: account.currency,
      LeadSource: random.chance(0.08)
        ? null
        : random.typed(random.weighted({ Web: 34, Outbound: 26, Partner: 18, Event: 12, Referral: 10 }), 0.05),
      OwnerName: account.owner,
      CreatedDate: salesforceTime(opened),
    };
    const show = (stage, at, close) => {
      const closed = stage.startsWith('Closed');
      emit('salesforce_opportunities', at, {
        ...base,
        StageName: stage,
        Probability: probability[stage],
        CloseDate: toDate(close),
        IsClosed: closed,
        IsWon: stage === 'Closed Won',
        LastModifiedDate: salesforceTime(at),
      });
      emit('salesforce_opportunity_stage_history', at, {
        Id: identify(world, '008', 15),
        OpportunityId: id,
        StageName: stage,
        Amount: amount,
        CreatedDate: salesforceTime(at),
      });
    };
    let at = opened;
    const target = addDays(opened, random.integer(30, 110));
    let stage = 0;
    show(stages[0], at, target);
    let outcome;
    while (outcome === undefined) {
      at = random.workingMoment(addDays(at, 1), addDays(at, 28));
      if (at > window.end) break;
      if (random.chance(wonAt === undefined ? 0.13 : 0.09)) outcome = 'Closed Lost';
      else if (stage === stages.length - 1) outcome = 'Closed Won';
      else stage += 1;
      show(outcome ?? stages[stage], at, outcome === undefined ? target : at);
    }
    if (outcome === undefined) break;
    if (outcome === 'Closed Won') wonAt ??= at;
    else if (random.chance(0.5)) break;
    opened = addDays(at, random.integer(60, 280));
  }
  return wonAt;
}

function addCustomer(world, account, people, wonAt) {
  const { random, emit } = world;
  const customer = identify(world, 'cus_', 14);
  const from = addDays(wonAt, random.integer(0, 6));
  if (from > window.end) return;
  const buyer = people[0];
  emit('stripe_customers', from, {
    id: customer,
    email: random.chance(0.15) ? `billing@${account.domain}` : buyer.email,
    name: random.typed(account.name, 0.1),
    currency: account.currency.toLowerCase(),
    // Sales is meant to fill this in and often does not; then only the domain of the address tells whose customer it is.
    metadata_salesforce_id: random.chance(0.25) ? null : account.id,
    delinquent: false,
    created: seconds(from),
  });
  // Those who use the product little leave more often, and fall silent before they do.
  const engagement = random.skewed(0.3, 2.2, 2);
  const leaves = random.chance(0.62 - engagement * 0.28)
    ? random.between(addDays(from, 100), addDays(window.end, 60))
    : Number.POSITIVE_INFINITY;
  addSubscription(world, account, customer, from, leaves);
  addProductUse(world, account, people, { from, until: Math.min(window.end, addDays(leaves, -40)), engagement });
}

function addSubscription(world, account, customer, from, leaves) {
  const { random, emit } = world;
  const id = identify(world, 'sub_', 14);
  const interval = random.chance(account.size > 0.35 ? 0.45 : 0.15) ? 'year' : 'month';
  let tier = account.size > 0.45 ? 'scale' : random.weighted({ essential: 45, growth: 45, scale: 10 });
  if (from < migration && tier !== 'scale') tier = tier === 'essential' ? 'starter' : 'pro';
  let seats = Math.round(3 + account.size * 160 + random.integer(0, 9));
  const coupon = random.chance(0.28)
    ? account.currency === 'USD' && random.chance(0.3)
      ? coupons[2]
      : random.pick(coupons.slice(0, 2))
    : undefined;
  const slow = random.chance(0.12);
  let period = 0;
  let start = from;
  while (start <= window.end) {
    const end = interval === 'year' ? addDays(start, 365) : addMonthsKeepingDay(from, period + 1);
    if (start >= migration && tier in successor) tier = successor[tier];
    const show = (status, at, extra = {}) =>
      emit('stripe_subscriptions', at, {
        id,
        customer,
        plan: toPlan(tier, account.currency, interval),
        quantity: seats,
        coupon: coupon?.id ?? null,
        status,
        current_period_start: seconds(start),
        current_period_end: seconds(end),
        canceled_at: null,
        ended_at: null,
        created: seconds(from),
        updated: seconds(at),
        ...extra,
      });
    if (leaves < start) {
      show('canceled', start, { canceled_at: seconds(leaves), ended_at: seconds(start) });
      return;
    }
    show('active', start);
    addInvoice(world, { account, customer, subscription: id, tier, interval, seats, coupon, period, start, end, slow });
    start = end;
    period += 1;
    if (interval === 'year' || random.chance(0.08)) {
      seats = Math.max(2, Math.round(seats * (random.chance(0.85) ? 1 + random.next() * 0.4 : 0.8)));
      const current = successor[tier] ?? tier;
      if (random.chance(0.3) && current !== 'scale') tier = current === 'essential' ? 'growth' : 'scale';
    }
  }
}

function addMonthsKeepingDay(from, count) {
  const first = addMonths(from, count);
  const last = new Date(addMonths(from, count + 1) - day).getUTCDate();
  const dayOfMonth = Math.min(new Date(from).getUTCDate(), last);
  return addDays(first, dayOfMonth - 1) + (from % day);
}

function addInvoice(world, { account, customer, subscription, tier, interval, seats, coupon, period, start, end, slow }) {
  const { random, emit } = world;
  const currency = account.currency.toLowerCase();
  const invoice = identify(world, 'in_', 14);
  const months = interval === 'year' ? 12 : 1;
  const amount = priceOf(tier, priceList[account.currency], interval) * seats;
  const isOn =
    coupon !== undefined &&
    (coupon.duration === 'forever' || (coupon.duration === 'once' ? period === 0 : period * months < coupon.duration_in_months));
  const discount = !isOn
    ? 0
    : Math.min(amount, coupon.percent_off === null ? coupon.amount_off : Math.round((amount * coupon.percent_off) / 100));
  // Seats added in the middle of the period before are billed with this invoice.
  const proration =
    period > 0 && random.chance(0.05)
      ? Math.round(priceOf(tier, priceList[account.currency], 'month') * random.integer(1, 4) * random.next())
      : 0;
  const line = { invoice, plan: toPlan(tier, account.currency, interval), currency };
  emit('stripe_invoice_line_items', start, {
    id: identify(world, 'il_', 14),
    ...line,
    type: 'subscription',
    quantity: seats,
    amount,
    discount_amount: discount,
    period_start: seconds(start),
    period_end: seconds(end),
    proration: false,
  });
  if (proration > 0)
    emit('stripe_invoice_line_items', start, {
      id: identify(world, 'il_', 14),
      ...line,
      type: 'invoiceitem',
      quantity: 1,
      amount: proration,
      discount_amount: 0,
      period_start: seconds(addDays(start, -20)),
      period_end: seconds(start),
      proration: true,
    });
  const total = amount + proration - discount;
  const show = (at, extra) =>
    emit('stripe_invoices', at, {
      id: invoice,
      customer,
      subscription,
      number: `${customer.slice(4, 9).toUpperCase()}-${String(period + 1).padStart(4, '0')}`,
      status: 'open',
      currency,
      subtotal: amount + proration,
      discount,
      total,
      amount_paid: 0,
      due_date: seconds(addDays(start, 14)),
      paid_at: null,
      created: seconds(start),
      updated: seconds(at),
      ...extra,
    });
  show(start, {});
  const charge = (at, status, code = null) => {
    const id = identify(world, 'ch_', 14);
    emit('stripe_charges', at, { id, invoice, customer, amount: total, currency, status, failure_code: code, created: seconds(at) });
    return id;
  };
  if (random.chance(0.012)) {
    charge(start + 3_600_000, 'failed', 'card_declined');
    show(addDays(start, 60), { status: 'uncollectible' });
    return;
  }
  if (random.chance(0.07)) charge(start + 3_600_000, 'failed', random.pick(['card_declined', 'insufficient_funds', 'expired_card']));
  const paid =
    Math.floor(addDays(start, slow || random.chance(0.06) ? random.integer(16, 55) : random.skewed(0, 12, 3)) / 1000) * 1000 + 7_200_000;
  const chargeId = charge(paid, 'succeeded');
  show(paid, { status: 'paid', amount_paid: total, paid_at: seconds(paid) });
  if (random.chance(0.03)) {
    const refunded = addDays(paid, random.integer(2, 25));
    emit('stripe_refunds', refunded, {
      id: identify(world, 're_', 14),
      charge: chargeId,
      amount: random.chance(0.4) ? total : Math.round(total * random.pick([0.1, 0.25, 0.5])),
      currency,
      reason: random.pick(['requested_by_customer', 'duplicate', null]),
      status: 'succeeded',
      created: seconds(refunded),
    });
  }
}

function addProductUse(world, account, people, { from, until, engagement }) {
  const { random, emit } = world;
  const users = [...people];
  for (let extra = Math.round(random.skewed(0, 4, 2)); extra > 0; extra--) {
    const first = random.faker.person.firstName();
    const last = random.faker.person.lastName();
    users.push({ first, last, email: `${unique(account.taken, `${toSlug(first)}.${toSlug(last)}`)}@${account.domain}` });
  }
  for (const { first, last, email } of users) {
    const joined = random.workingMoment(from, Math.min(addDays(from, 60), window.end));
    const user = identify(world, 'usr_', 12);
    emit('segment_users', joined, {
      user_id: user,
      email: random.chance(0.12) ? email.toUpperCase() : email,
      name: `${first} ${last}`,
      role: random.weighted({ viewer: 50, editor: 35, admin: 15 }),
      created_at: iso(joined),
    });
    if (random.chance(0.85)) emit('segment_account_mappings', joined, { user_id: user, group_id: account.id, mapped_at: iso(joined) });
    const weeks = (until - joined) / (7 * day);
    for (let left = Math.round(Math.min(26, weeks * random.skewed(0.03, 0.36, 2) * engagement)); left > 0; left--)
      addSession(world, user, joined, until);
  }
}

function addSession(world, user, from, until) {
  const { random, emit } = world;
  const started = random.workingMoment(from, until);
  if (random.next() > random.season(started) / 1.15) return;
  const session = identify(world, 'ses_', 12);
  const count = random.integer(1, 5);
  let at = started;
  const names = Object.entries(events);
  const weights = Object.fromEntries(names.map(([name, [, , weight]]) => [name, weight]));
  for (let done = 0; done < count; done++) {
    at += random.integer(20, 900) * 1000;
    const version = taxonomyFrom.filter((start) => start <= at).length;
    // Old clients keep sending the old names for a while.
    const spoken = version > 1 && at < addDays(taxonomyFrom[version - 1], 45) && random.chance(0.4) ? version - 1 : version;
    const late = random.chance(0.05) ? random.integer(1, 20) * day : random.integer(0, 5) * 1000;
    const event = {
      message_id: identify(world, 'msg_', 12),
      session_id: session,
      user_id: user,
      event: events[random.weighted(weights)][1][spoken - 1],
      timestamp: iso(at),
      received_at: iso(at + late),
      schema_version: spoken,
    };
    emit('segment_events', at + late, event);
    if (random.chance(0.02)) emit('segment_events', at + late, { ...event, received_at: iso(at + late + 4000) });
  }
  emit('segment_sessions', started, {
    session_id: session,
    user_id: user,
    started_at: iso(started),
    ended_at: iso(at),
    device: random.weighted({ desktop: 80, mobile: 15, tablet: 5 }),
    page_views: count + random.integer(0, 9),
  });
}

function makeRates(random) {
  const rates = [];
  let [euro, pound] = [1.08, 1.27];
  for (let month = window.start; month < window.end; month = addMonths(month, 1)) {
    euro = Math.min(1.2, Math.max(1.02, euro + random.normal(0, 0.012)));
    pound = Math.min(1.38, Math.max(1.18, pound + random.normal(0, 0.013)));
    for (const [currency, rate] of [
      ['USD', 1],
      ['EUR', euro],
      ['GBP', pound],
    ])
      rates.push({ month: toDate(month), currency, usd_rate: rate.toFixed(4) });
  }
  return rates;
}

function makeTaxonomy() {
  return Object.entries(events).flatMap(([canonical, [feature, names]]) =>
    names.map((name, at) => ({ event_name: name, schema_version: at + 1, canonical_event: canonical, feature })),
  );
}
