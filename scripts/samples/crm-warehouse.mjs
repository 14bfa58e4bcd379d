// Eight tables of a CRM: accounts, contacts, products, deals with the history of their stages, activities, tickets and orders.
import { toCsv } from './files.mjs';
import { addDays, createRandom, toDate, toSlug, toTimestamp, unique, window } from './random.mjs';

const hour = 3_600_000;
const owners = ['Avery Stone', 'Jordan Blake', 'Morgan Reyes', 'Casey Lindqvist', 'Riley Okafor', 'Sam Whitaker', 'Devon Castellano'];
const agents = ['Noa Feldman', 'Imani Brooks', 'Luca Moretti', 'Priya Nair', 'Hugo Lambert'];
const industries = { Technology: 24, Manufacturing: 18, Healthcare: 15, 'Financial Services': 14, Retail: 13, Logistics: 9, Education: 7 };
const countries = { 'United States': 50, Germany: 12, 'United Kingdom': 12, France: 8, Netherlands: 6, Canada: 7, Sweden: 5 };
const titles = {
  'Chief Executive Officer': 4,
  'VP of Operations': 7,
  'Head of Procurement': 9,
  'Director of IT': 10,
  'Purchasing Manager': 20,
  'Operations Manager': 16,
  'Senior Buyer': 10,
  Buyer: 12,
  'Office Assistant': 7,
  'Warehouse Lead': 5,
};
const catalogue = {
  Hardware: ['Gateway', 'Sensor Pack', 'Edge Server', 'Handheld Scanner', 'Label Printer', 'Access Point', 'Rugged Tablet', 'Mount Kit'],
  Software: ['Fleet Console', 'Stock Planner', 'Route Optimizer', 'Audit Trail', 'Data Bridge', 'Mobile Client'],
  Services: ['Onboarding', 'Site Survey', 'Training Day', 'Premium Support', 'Calibration', 'Migration'],
  Accessories: ['Charging Dock', 'Carry Case', 'Spare Battery', 'Cable Set', 'Stylus', 'Screen Film'],
};
const priceRange = { Hardware: [240, 4200], Software: [90, 1800], Services: [300, 3600], Accessories: [8, 120] };
const path = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation'];
const probabilities = { Prospecting: 10, Qualification: 25, Proposal: 50, Negotiation: 75, 'Closed Won': 100, 'Closed Lost': 0 };
const ticketKinds = {
  billing: ['Invoice does not match the order', 'Please resend the invoice for last month', 'Wrong VAT number on invoice'],
  technical: [
    'Scanner drops its connection',
    'Console shows no data since this morning',
    'Printer prints blank labels',
    'Sync stops at 80 %',
  ],
  shipping: ['Parcel arrived damaged', 'Where is our order?', 'Two items are missing from the delivery'],
  account: ['Add a user to our account', 'Change of billing address', 'Cannot sign in'],
  general: ['Question about the warranty', 'Request for a quotation', 'Feedback on the last training'],
};
const slaHours = { urgent: 8, high: 24, medium: 72, low: 120 };

/** The eight extracts of the sample. */
export function generate(scale) {
  const random = createRandom(20260002);
  const products = makeProducts(random);
  const tables = { accounts: [], contacts: [], products, deals: [], history: [], activities: [], tickets: [], orders: [] };
  const names = new Set();
  for (let count = 0; count < Math.round(220 * scale); count++) addAccount(random, tables, names);
  return {
    'data/crm_accounts.csv': toCsv(tables.accounts),
    'data/crm_contacts.csv': toCsv(tables.contacts),
    'data/crm_products.csv': toCsv(tables.products),
    'data/crm_deals.csv': toCsv(tables.deals),
    'data/crm_deal_stage_history.csv': toCsv(numbered(random.shuffle(tables.history))),
    'data/crm_activities.csv': toCsv(numbered(byTime(tables.activities, 'created_at'))),
    'data/crm_tickets.csv': toCsv(numbered(byTime(tables.tickets, 'created_at'))),
    'data/crm_orders.csv': toCsv(numbered(byTime(tables.orders, 'ordered_at'))),
  };
}

function makeProducts(random) {
  const products = [];
  for (const [category, names] of Object.entries(catalogue))
    for (const name of names) {
      const [low, high] = priceRange[category];
      const base = low + random.skewed(0, 1, 2) * (high - low);
      for (const edition of category === 'Services' ? [''] : ['', ' Pro']) {
        const price = Math.round(base * (edition === '' ? 1 : 1.4)) - 0.01;
        const stocked = category === 'Hardware' || category === 'Accessories';
        const reorder = stocked ? random.integer(10, 40) : null;
        products.push({
          id: products.length + 1,
          sku: `${category.slice(0, 2).toUpperCase()}-${String(1001 + products.length)}`,
          name: `${name}${edition}`,
          category: random.typed(category, 0.08),
          unit_price: price.toFixed(2),
          unit_cost: random.chance(0.04) ? null : (price * (category === 'Software' ? 0.15 : 0.45 + random.next() * 0.25)).toFixed(2),
          stock_quantity: stocked ? (random.chance(0.1) ? 0 : Math.round(random.skewed(4, 400, 2))) : null,
          reorder_level: reorder,
          is_active: random.chance(0.93),
          created_at: toTimestamp(random.workingMoment(addDays(window.start, -700), window.start)),
        });
      }
    }
  return products;
}

function addAccount(random, tables, names) {
  let name = random.faker.company.name();
  if (names.has(name)) name = `${name} ${random.faker.location.city()}`;
  names.add(name);
  const id = tables.accounts.length + 1;
  const created = random.workingMoment(addDays(window.start, -200), addDays(window.end, -20));
  const size = random.skewed(0, 1, 3);
  const slug = unique(names, toSlug(name).slice(0, 22).replace(/-$/, ''));
  const account = {
    id,
    name: random.chance(0.05) ? `  ${name}` : name,
    type: 'Prospect',
    industry: random.chance(0.03) ? null : random.typed(random.weighted(industries), 0.05),
    annual_revenue: random.chance(0.06) ? null : Math.round((0.3 + size * 240) * 10) * 100_000,
    employee_count: Math.round(6 + size * 3800),
    website: `https://www.${slug}.example`,
    phone: random.faker.helpers.replaceSymbols('+1-###-555-01##'),
    billing_city: random.faker.location.city(),
    billing_country: random.weighted(countries),
    owner: random.pick(owners),
    created_at: toTimestamp(created),
    updated_at: toTimestamp(random.between(Math.max(created, window.start), window.end)),
  };
  tables.accounts.push(account);
  const contacts = addContacts(random, tables, account, created, slug, 1 + Math.round(random.skewed(0, 5, 2) + size * 4));
  const firstWon = addDeals(random, tables, account, contacts, Math.max(created, window.start), size);
  if (firstWon !== undefined) {
    const churned = random.chance(0.14);
    account.type = churned ? 'Former Customer' : 'Customer';
    const until = churned ? random.between(addDays(firstWon, 60), window.end) : window.end;
    addOrders(random, tables, account, contacts, firstWon, until, size);
    addTickets(random, tables, account, contacts, firstWon, until);
  } else if (random.chance(0.08)) account.type = 'Partner';
  account.type = random.typed(account.type, 0.06);
}

function addContacts(random, tables, account, created, slug, count) {
  const added = [];
  const taken = new Set();
  for (let person = 0; person < count; person++) {
    const first = random.faker.person.firstName();
    const last = random.faker.person.lastName();
    const since = random.between(created, Math.min(addDays(created, 240), window.end));
    const contact = {
      id: tables.contacts.length + 1,
      account_id: account.id,
      first_name: random.chance(0.03) ? null : first,
      last_name: last,
      email: random.chance(0.04) ? null : `${unique(taken, `${toSlug(first)}.${toSlug(last)}`)}@${slug}.example`,
      phone: random.chance(0.25) ? null : random.faker.helpers.replaceSymbols('+1-###-555-01##'),
      job_title: random.chance(0.05) ? null : random.typed(random.weighted(titles), 0.05),
      is_primary: person === 0,
      created_at: toTimestamp(since),
      updated_at: toTimestamp(random.between(since, window.end)),
    };
    tables.contacts.push(contact);
    added.push(contact);
  }
  return added;
}

function addDeals(random, tables, account, contacts, from, size) {
  let firstWon;
  const count = Math.round(1 + random.skewed(0, 7, 2));
  const starts = Array.from({ length: count }, () => random.workingMoment(from, addDays(window.end, -2))).sort((a, b) => a - b);
  for (const created of starts) {
    const id = tables.deals.length + 1;
    const owner = random.chance(0.85) ? account.owner : random.pick(owners);
    const contact = random.pick(contacts);
    const source = random.weighted({ Inbound: 34, Outbound: 26, Referral: 18, Event: 12, Partner: 10 });
    const effort = random.integer(1, 9);
    const odds = 0.1 + effort * 0.045 + (source === 'Referral' ? 0.12 : 0) + (firstWon === undefined ? 0 : 0.12) - size * 0.1;
    const { stage, reached, closed } = walkStages(random, tables.history, id, owner, created, odds);
    const expected = addDays(created, random.integer(25, 120));
    const amount = Math.round((800 + random.skewed(0, 60_000, 3) * (0.5 + size)) / 50) * 50;
    tables.deals.push({
      id,
      account_id: account.id,
      contact_id: random.chance(0.06) ? null : contact.id,
      name: `${account.name.trim()} - ${random.pick(['Rollout', 'Pilot', 'Renewal', 'Expansion', 'New site'])}`,
      stage,
      amount: reached < 2 && random.chance(0.15) ? null : amount,
      probability: probabilities[stage],
      lead_source: source,
      owner,
      expected_close_date: toDate(expected),
      actual_close_date: closed === undefined ? null : toDate(closed),
      created_at: toTimestamp(created),
      updated_at: toTimestamp(closed ?? random.between(created, window.end)),
    });
    if (stage === 'Closed Won' && (firstWon === undefined || closed < firstWon)) firstWon = closed;
    addActivities(random, tables.activities, account, contacts, id, owner, created, closed ?? window.end, effort);
  }
  addActivities(random, tables.activities, account, contacts, null, account.owner, from, window.end, random.integer(0, 5));
  return firstWon;
}

/** Moves a deal along its stages until it is closed or the window ends; the log repeats a change now and then. */
function walkStages(random, history, dealId, owner, created, odds) {
  let at = 0;
  let moment = created;
  let reached = 0;
  const log = (from, to) => {
    const entry = { deal_id: dealId, from_stage: from, to_stage: to, changed_by: owner };
    history.push({ ...entry, changed_at: toTimestamp(moment) });
    if (random.chance(0.02)) history.push({ ...entry, changed_at: toTimestamp(moment + random.integer(1, 90) * 1000) });
  };
  log(null, path[0]);
  for (;;) {
    const next = moment + Math.round(random.skewed(1, 46, 2) * 24 + random.integer(0, 9)) * hour;
    if (next > window.end) return { stage: path[at], reached };
    moment = Math.floor(next / 1000) * 1000 + random.integer(0, 3599) * 1000;
    if (moment > window.end) return { stage: path[at], reached };
    const from = path[at];
    if (random.chance((1 - odds) * (at === 0 ? 0.34 : 0.26))) {
      log(from, 'Closed Lost');
      return { stage: 'Closed Lost', reached, closed: moment };
    }
    if (at > 0 && random.chance(0.09)) at -= 1;
    else if (at === path.length - 1) {
      log(from, 'Closed Won');
      return { stage: 'Closed Won', reached, closed: moment };
    } else at += at < 2 && random.chance(0.06) ? 2 : 1;
    reached = Math.max(reached, at);
    log(from, path[at]);
  }
}

const subjects = {
  call: ['Discovery call', 'Follow-up call', 'Pricing call', 'Check-in'],
  email: ['Sent the proposal', 'Answers to questions', 'Introduction', 'Reminder'],
  meeting: ['Demo', 'Workshop on site', 'Contract review', 'Quarterly review'],
  note: ['Competitor mentioned', 'Budget confirmed', 'New decision maker'],
  task: ['Prepare the quotation', 'Update the forecast', 'Send the contract'],
};

function addActivities(random, activities, account, contacts, dealId, owner, from, to, count) {
  for (let done = 0; done < count; done++) {
    const kind = random.weighted({ call: 30, email: 34, meeting: 14, note: 10, task: 12 });
    const created = random.workingMoment(from, to);
    const due = kind === 'note' ? created : created + random.integer(0, 10 * 24) * hour;
    const status = due > window.end ? 'planned' : random.weighted({ completed: 82, cancelled: 9, planned: 9 });
    const completed = status === 'completed' ? Math.min(window.end, due + random.integer(-20, 40) * hour) : undefined;
    activities.push({
      activity_type: random.chance(0.05) ? kind.toUpperCase() : kind,
      subject: random.pick(subjects[kind]),
      account_id: account.id,
      contact_id: random.chance(0.3) ? null : random.pick(contacts).id,
      deal_id: dealId,
      owner,
      status,
      due_at: toTimestamp(due),
      completed_at: completed === undefined ? null : toTimestamp(Math.max(created, completed)),
      duration_minutes: status === 'completed' && (kind === 'call' || kind === 'meeting') ? random.integer(1, 12) * 5 : null,
      created_at: toTimestamp(created),
    });
  }
}

function addTickets(random, tables, account, contacts, from, to) {
  const months = (to - from) / (30 * 24 * hour);
  for (let left = Math.round(months * random.skewed(0.05, 2, 2)); left > 0; left--) {
    const category = random.weighted({ technical: 40, shipping: 20, billing: 16, account: 14, general: 10 });
    const priority = random.weighted({ low: 22, medium: 46, high: 24, urgent: 8 });
    const created = random.workingMoment(from, to);
    const target = slaHours[priority];
    const answered = created + Math.round(random.skewed(0.01, 0.5, 2) * target * hour);
    const solved = answered + Math.round(random.skewed(0.05, 1.8, 3) * target * hour);
    const isSolved = solved <= window.end && !random.chance(0.03);
    tables.tickets.push({
      account_id: account.id,
      contact_id: random.chance(0.05) ? null : random.pick(contacts).id,
      subject: random.pick(ticketKinds[category]),
      category: random.chance(0.05) ? category.toUpperCase() : category,
      priority: random.chance(0.04) ? priority.toUpperCase() : priority,
      status: isSolved ? random.weighted({ resolved: 25, closed: 75 }) : random.weighted({ open: 60, pending: 40 }),
      assigned_to: random.pick(agents),
      created_at: toTimestamp(created),
      first_response_at: answered > window.end ? null : toTimestamp(answered),
      resolved_at: isSolved ? toTimestamp(solved) : null,
      satisfaction_score:
        isSolved && random.chance(0.45)
          ? Math.max(1, Math.min(5, Math.round(random.normal(5.2 - (solved - created) / (target * hour), 0.8))))
          : null,
    });
  }
}

function addOrders(random, tables, account, contacts, from, to, size) {
  const months = (to - from) / (30 * 24 * hour);
  const favourites = Array.from({ length: 4 }, () => random.pick(tables.products));
  for (let left = 1 + Math.round(months * random.skewed(0.15, 2.9, 2)); left > 0; left--) {
    const product = random.chance(0.7) ? random.pick(favourites) : random.pick(tables.products);
    const ordered = random.workingMoment(from, to);
    if (random.next() > random.season(ordered) / 1.15) continue;
    const age = (window.end - ordered) / (24 * hour);
    const status =
      age < 2 ? 'pending' : age < 4 ? 'processing' : age < 7 ? 'shipped' : random.weighted({ delivered: 90, cancelled: 6, returned: 4 });
    const shipped = ['shipped', 'delivered', 'returned'].includes(status) ? ordered + random.integer(10, 96) * hour : undefined;
    const delivered = ['delivered', 'returned'].includes(status) ? shipped + random.integer(20, 130) * hour : undefined;
    const quantity = Math.max(1, Math.round(random.skewed(1, 14 + size * 60, 3)));
    tables.orders.push({
      order_number: `SO-${random.faker.string.numeric(8)}`,
      account_id: account.id,
      contact_id: random.pick(contacts).id,
      product_id: product.id,
      quantity,
      unit_price: product.unit_price,
      discount_percent: quantity > 20 ? random.pick([5, 10, 15]) : random.chance(0.12) ? 5 : 0,
      status: random.chance(0.03) ? status.toUpperCase() : status,
      ordered_at: toTimestamp(ordered),
      promised_at: toTimestamp(ordered + 7 * 24 * hour),
      shipped_at: shipped === undefined || shipped > window.end ? null : toTimestamp(shipped),
      delivered_at: delivered === undefined || delivered > window.end ? null : toTimestamp(delivered),
    });
  }
}

const numbered = (rows) => rows.map((row, at) => ({ id: at + 1, ...row }));
const byTime = (rows, column) => [...rows].sort((a, b) => (a[column] < b[column] ? -1 : a[column] > b[column] ? 1 : 0));
