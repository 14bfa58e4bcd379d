// A dump of RavenStack's CRM: accounts, subscriptions, churn events, feature usage by month, and support tickets.
import { toCsv } from './files.mjs';
import { addDays, addMonths, createRandom, toDate, toTimestamp, window } from './random.mjs';
import { topics, writeTicket } from './ravenstack-tickets.mjs';

const day = 86_400_000;
const industries = { DevTools: 22, FinTech: 20, Cybersecurity: 17, HealthTech: 16, EdTech: 14, Logistics: 11 };
const countries = { US: 46, UK: 13, DE: 11, IN: 9, CA: 8, AU: 7, FR: 6 };
const referrals = { organic: 30, ads: 24, event: 14, partner: 20, other: 12 };
const tiers = ['Basic', 'Pro', 'Enterprise'];
const seatPrice = { Basic: 19, Pro: 49, Enterprise: 99 };
// `stick` says how much more those who stay use a feature: what the retention models have to find.
const features = {
  Dashboards: { weight: 20, stick: 1.5 },
  Alerts: { weight: 14, stick: 1.8 },
  'Data Export': { weight: 13, stick: 0.9 },
  Reports: { weight: 12, stick: 1.2 },
  'API Access': { weight: 10, stick: 1.9 },
  Workflows: { weight: 9, stick: 1.7 },
  'Team Spaces': { weight: 8, stick: 1.4 },
  'Audit Log': { weight: 5, stick: 1 },
  Forecasts: { weight: 4, stick: 1.1, beta: true },
  'Smart Search': { weight: 3, stick: 1.3, beta: true },
  'Voice Notes': { weight: 2, stick: 0.6, beta: true },
};
const reasons = { pricing: 24, support: 18, features: 20, budget: 16, competitor: 14, unknown: 8 };
const feedback = {
  pricing: ['Too expensive for what we use', 'Price went up at renewal'],
  support: ['Waited too long for answers', 'Nobody could solve our problem'],
  features: ['Missing an integration we need', 'We outgrew it'],
  budget: ['Budget was cut', 'Project was stopped'],
  competitor: ['Moved to another vendor'],
  unknown: [null],
};

/** The five extracts of the sample. */
export function generate(scale) {
  const { accounts, subscriptions, churns, usage, tickets } = make(scale);
  return {
    'data/crm_accounts.csv': toCsv(accounts, { words: true }),
    'data/crm_subscriptions.csv': toCsv(subscriptions, { words: true }),
    'data/crm_churn_events.csv': toCsv(churns, { words: true }),
    'data/crm_feature_usage.csv': toCsv(usage, { words: true }),
    'data/crm_support_tickets.csv': toCsv(tickets, { words: true }),
  };
}

/** What each ticket is really about, to measure the classifier by; no file of the sample says it. */
export function trueTopics(scale = 1) {
  return make(scale).truth;
}

function make(scale) {
  const random = createRandom(20260003);
  const made = { accounts: [], subscriptions: [], churns: [], usage: [], tickets: [], truth: new Map() };
  const names = new Set();
  for (let count = 0; count < Math.round(300 * scale); count++) addAccount(random, made, names);
  made.subscriptions = repeated(random, made.subscriptions, 0.02);
  made.usage.sort((a, b) => (a.usage_month < b.usage_month ? -1 : a.usage_month > b.usage_month ? 1 : 0));
  made.usage = repeated(random, made.usage, 0.008);
  made.tickets.sort((a, b) => (a.submitted_at < b.submitted_at ? -1 : a.submitted_at > b.submitted_at ? 1 : 0));
  return made;
}

/** The dump was taken in pieces that overlap: some rows stand in it twice. */
const repeated = (random, rows, rate) => rows.flatMap((row) => (random.chance(rate) ? [row, { ...row }] : [row]));

function addAccount(random, made, names) {
  let name = random.faker.company.name();
  if (names.has(name)) name = `${name} ${random.faker.location.city()}`;
  names.add(name);
  const id = `A-${String(made.accounts.length + 1).padStart(6, '0')}`;
  const signup = random.between(window.start, addDays(window.end, -12));
  const size = random.skewed(0, 1, 3);
  let tier = random.weighted(size > 0.5 ? { Basic: 8, Pro: 40, Enterprise: 52 } : { Basic: 46, Pro: 42, Enterprise: 12 });
  const seats = Math.round(3 + size * 140 + random.integer(0, 8));
  const happiness = random.normal(0, 1);
  const startsWithTrial = random.chance(0.72);
  const account = {
    account_id: id,
    account_name: name,
    industry: random.chance(0.02) ? null : random.typed(random.weighted(industries), 0.05),
    country: random.weighted(countries),
    signup_date: toDate(signup),
    referral_source: random.typed(random.weighted(referrals), 0.06),
    plan_tier: tier,
    seats,
    is_trial: startsWithTrial,
    churn_flag: false,
  };
  made.accounts.push(account);

  let start = signup;
  const lives = [];
  if (startsWithTrial) {
    const converts = random.chance(0.52 + happiness * 0.12 + (account.referral_source === 'partner' ? 0.08 : 0));
    const end = addDays(start, random.pick([14, 14, 30]));
    addSubscription(random, made, account, { start, end, tier: 'Basic', seats: Math.min(5, seats), isTrial: true, frequency: 'monthly' });
    if (!converts || end > window.end) {
      addTickets(random, made, account, signup, Math.min(end, window.end), happiness, 0.5);
      return;
    }
    start = end;
  }
  let currentSeats = seats;
  let upgraded = false;
  let downgraded = false;
  while (start < window.end) {
    const frequency = random.weighted(tier === 'Enterprise' ? { annual: 70, quarterly: 10, monthly: 20 } : { annual: 25, monthly: 75 });
    const length = frequency === 'annual' ? 365 : random.integer(90, 300);
    const churns = random.chance(Math.min(0.55, Math.max(0.05, 0.34 - happiness * 0.16)));
    const end = churns ? addDays(start, random.integer(35, length)) : addDays(start, length);
    const open = end >= window.end;
    const subscription = addSubscription(random, made, account, {
      start,
      end: open ? undefined : end,
      tier,
      seats: currentSeats,
      isTrial: false,
      frequency,
      upgraded,
      downgraded,
      churned: churns && !open,
    });
    lives.push({ subscription, from: start, to: open ? window.end : end, leaves: churns });
    if (open) break;
    if (churns) {
      const reason = random.weighted(happiness < -0.4 ? { ...reasons, support: 40, features: 30 } : reasons);
      const back = random.chance(0.12);
      made.churns.push({
        churn_event_id: `C-${String(made.churns.length + 1).padStart(6, '0')}`,
        account_id: id,
        churn_date: toDate(end),
        reason_code: random.typed(reason, 0.05),
        refund_amount_usd: random.chance(0.22) ? Math.round(random.skewed(20, 900, 2) * 100) / 100 : 0,
        preceding_upgrade_flag: upgraded,
        preceding_downgrade_flag: downgraded,
        is_reactivation: back,
        feedback_text: random.chance(0.25) ? null : random.pick(feedback[reason]),
      });
      if (!back) {
        account.churn_flag = true;
        break;
      }
      start = addDays(end, random.integer(40, 120));
      continue;
    }
    start = end;
    const change = random.next();
    upgraded = change < 0.32 && tier !== 'Enterprise';
    downgraded = change > 0.93 && tier !== 'Basic';
    if (upgraded) tier = tiers[tiers.indexOf(tier) + 1];
    if (downgraded) tier = tiers[tiers.indexOf(tier) - 1];
    if (!downgraded) currentSeats = Math.round(currentSeats * (1 + random.skewed(0, 0.5, 2)));
  }
  account.plan_tier = random.typed(tier, 0.05);
  account.seats = currentSeats;
  for (const life of lives) {
    addUsage(random, made, life, happiness);
    addTickets(random, made, account, life.from, life.to, happiness, life.leaves ? 1.5 : 1);
  }
}

function addSubscription(random, made, account, { start, end, tier, seats, isTrial, frequency, upgraded, downgraded, churned }) {
  const months = { monthly: 1, quarterly: 3, annual: 12 }[frequency];
  const discount = { monthly: 1, quarterly: 0.95, annual: 0.85 }[frequency];
  const subscription = {
    subscription_id: `S-${String(made.subscriptions.length + 1).padStart(6, '0')}`,
    account_id: account.account_id,
    start_date: toDate(start),
    end_date: end === undefined ? null : toDate(end),
    plan_tier: random.typed(tier, 0.05),
    seats,
    // The amount of a whole billing period: a year's for annual plans. int_mrr_normalised brings it to months.
    billed_amount: isTrial ? 0 : Math.round(seatPrice[tier] * seats * months * discount * 100) / 100,
    billing_frequency: random.chance(0.04) ? frequency.toUpperCase() : frequency,
    is_trial: isTrial,
    upgrade_flag: upgraded ?? false,
    downgrade_flag: downgraded ?? false,
    churn_flag: churned ?? false,
    auto_renew_flag: !isTrial && random.chance(0.8),
  };
  made.subscriptions.push(subscription);
  return subscription;
}

function addUsage(random, made, { subscription, from, to, leaves }, happiness) {
  const used = Object.entries(features).filter(([, { weight, stick }]) =>
    random.chance(Math.min(0.9, (weight / 14) * (leaves ? 1 / stick : 0.75))),
  );
  for (let month = addMonths(from, 0); month < to; month = addMonths(month, 1)) {
    const fading = leaves ? Math.max(0.15, Math.min(1, (to - month) / (120 * day))) : 1;
    for (const [name, { stick, beta }] of used) {
      if (!random.chance(0.78 * fading + 0.1)) continue;
      const count = Math.max(1, Math.round(random.skewed(2, 60 + subscription.seats, 3) * fading * (leaves ? 1 : stick)));
      made.usage.push({
        usage_id: `U-${String(made.usage.length + 1).padStart(7, '0')}`,
        subscription_id: subscription.subscription_id,
        usage_month: toDate(month),
        feature_name: random.chance(0.02) ? name.toLowerCase() : name,
        usage_count: count,
        usage_duration_secs: count * random.integer(20, 240),
        error_count: random.chance((beta ? 0.4 : 0.15) - happiness * 0.03) ? Math.ceil(count * random.skewed(0.01, 0.2, 2)) : 0,
        is_beta_feature: beta ?? false,
      });
    }
  }
}

function addTickets(random, made, account, from, to, happiness, pace) {
  const count = Math.round(((to - from) / (30 * day)) * random.skewed(0.05, 1.7, 2) * pace * (1 - happiness * 0.2));
  for (let left = 0; left < count; left++) {
    const submitted = random.workingMoment(from, to);
    const topic = random.weighted(Object.fromEntries(Object.entries(topics).map(([name, { weight }]) => [name, weight])));
    const hours = random.skewed(0.5, 90, 3);
    const closed = submitted + Math.round(hours * 3600) * 1000;
    const isClosed = closed <= window.end;
    const id = `T-${String(made.tickets.length + 1).padStart(6, '0')}`;
    made.truth.set(id, topic);
    made.tickets.push({
      ticket_id: id,
      account_id: account.account_id,
      submitted_at: toTimestamp(submitted),
      closed_at: isClosed ? toTimestamp(closed) : null,
      priority: random.typed(random.weighted({ low: 30, medium: 42, high: 20, urgent: 8 }), 0.04),
      first_response_minutes: Math.round(random.skewed(3, 900, 3)),
      satisfaction_score:
        isClosed && random.chance(0.6)
          ? Math.max(1, Math.min(5, Math.round(random.normal(4.3 + happiness * 0.5 - hours / 45, 0.8))))
          : null,
      escalation_flag: random.chance(hours > 60 ? 0.3 : 0.05),
      ...writeTicket(
        random,
        topic,
        random.weighted(Object.fromEntries(Object.entries(features).map(([name, { weight }]) => [name, weight]))),
      ),
    });
  }
}
