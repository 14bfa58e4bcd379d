// Six tables of a SaaS platform: customers, their sites, daily storage, users with licences, daily activity and background jobs.
import { toCsv } from './files.mjs';
import { addDays, createRandom, toDate, toSlug, window } from './random.mjs';

const day = 86_400_000;
const industries = { Finance: 26, Healthcare: 20, Retail: 18, Manufacturing: 14, Education: 12, Media: 10 };
const regions = { 'North America': 46, EMEA: 34, APAC: 20 };
const tiers = {
  SMB: { weight: 38, sites: [1, 1], users: [2, 6], gigabytes: [0.4, 12] },
  Commercial: { weight: 40, sites: [1, 2], users: [4, 12], gigabytes: [4, 90] },
  Enterprise: { weight: 22, sites: [2, 4], users: [6, 18], gigabytes: [30, 700] },
};
const licences = { Viewer: 58, Explorer: 27, Creator: 15 };
const habits = {
  Viewer: { Access: 50, View: 48, Create: 1, Publish: 1 },
  Explorer: { Access: 38, View: 42, Create: 14, Publish: 6 },
  Creator: { Access: 28, View: 26, Create: 28, Publish: 18 },
};
const jobTypes = { 'extract refresh': 46, 'flow run': 26, subscription: 16, alert: 12 };

/** The six CSV files of the sample. */
export function generate(scale) {
  const random = createRandom(20260005);
  const tables = { customers: [], sites: [], storage: [], users: [], activity: [], jobs: [] };
  for (let count = 0; count < Math.round(26 * scale); count++) addCustomer(random, tables);
  const byDate = (rows) => [...rows].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  // The export of activity was restarted now and then, and wrote some rows again.
  const activity = byDate(tables.activity).flatMap((row) => (random.chance(0.006) ? [row, { ...row }] : [row]));
  return {
    'data/saas_customer_info.csv': toCsv(tables.customers),
    'data/saas_sites.csv': toCsv(tables.sites),
    'data/saas_storage.csv': toCsv(byDate(tables.storage)),
    'data/saas_users.csv': toCsv(tables.users),
    'data/saas_user_activity.csv': toCsv(activity),
    'data/saas_background_jobs.csv': toCsv(byDate(tables.jobs)),
  };
}

function addCustomer(random, tables) {
  const tier = random.weighted(Object.fromEntries(Object.entries(tiers).map(([key, { weight }]) => [key, weight])));
  const company = random.faker.company.name();
  const domain = `${toSlug(company).slice(0, 18).replace(/-$/, '')}.example`;
  const customer = {
    // Ten digits, some of them leading zeros: an identifier, not a number.
    customer_id: random.faker.string.numeric({ length: 10, allowLeadingZeros: true }),
    industry: random.chance(0.04) ? null : random.typed(random.weighted(industries), 0.06),
    region: random.weighted(regions),
    account_tier: tier,
    contact_email: `${toSlug(random.faker.person.firstName())}@${domain}`,
  };
  tables.customers.push(customer);
  const { sites, users, gigabytes } = tiers[tier];
  for (let count = random.integer(...sites); count > 0; count--) {
    const site = { site_id: random.faker.string.alphanumeric({ length: 12, casing: 'lower' }), customer_id: customer.customer_id };
    tables.sites.push(site);
    // Most sites are young; a few leave, and a few are never really taken up.
    const opened = window.start + Math.floor(Math.min(0.97, 1 - random.next() ** 2 * 0.98) * ((window.end - window.start) / day)) * day;
    const closed = random.chance(0.12) ? random.between(addDays(opened, 60), addDays(window.end, 30)) : window.end;
    const keepsStorage = !random.chance(0.18);
    const size = random.skewed(...gigabytes, 2);
    addStorage(random, tables.storage, site, { from: keepsStorage ? opened : addDays(opened, 150), to: closed, size });
    addUsers(random, tables, site, { domain, opened, closed, count: random.integer(...users) });
    addJobs(random, tables.jobs, site, { from: opened, to: closed, pace: random.skewed(0, tier === 'Enterprise' ? 0.7 : 0.35, 2) });
  }
}

function addStorage(random, storage, site, { from, to, size }) {
  let bytes = size * 1e9 * 0.1;
  for (let date = from; date <= Math.min(to, window.end); date = addDays(date, 1)) {
    bytes = Math.max(1e7, bytes * (1 + random.normal(0.0035, 0.006)) + (bytes < size * 1e9 ? size * 4e6 : 0));
    if (random.chance(0.015)) continue; // The meter did not run that day.
    storage.push({ customer_id: site.customer_id, site_id: site.site_id, date: toDate(date), storage_bytes: Math.round(bytes) });
  }
}

function addUsers(random, tables, site, { domain, opened, closed, count }) {
  const taken = new Set();
  for (let person = 0; person < count; person++) {
    let email = `${toSlug(random.faker.person.firstName())}.${toSlug(random.faker.person.lastName())}@${domain}`;
    if (taken.has(email)) email = `${person}.${email}`;
    taken.add(email);
    const licence = random.weighted(licences);
    const registered = random.workingMoment(opened, Math.min(addDays(opened, 30 + person * 25), window.end));
    tables.users.push({
      customer_id: site.customer_id,
      site_id: site.site_id,
      user_email: email,
      registration_date: random.chance(0.02) ? null : toDate(registered),
      license_type: random.typed(licence, 0.05),
    });
    if (random.chance(0.1)) continue; // Registered and never seen.
    const weeks = Math.max(1, (Math.min(closed, window.end) - registered) / (7 * day));
    for (let left = Math.round(Math.min(90, weeks * random.skewed(0.1, licence === 'Viewer' ? 1 : 1.9, 2))); left > 0; left--) {
      const date = random.workingMoment(registered, Math.max(registered + 3_600_000, Math.min(closed, window.end)));
      if (random.next() > random.season(date) / 1.15) continue;
      for (const [kind, weight] of Object.entries(habits[licence])) {
        if (!random.chance(Math.min(1, weight / 45))) continue;
        tables.activity.push({
          customer_id: site.customer_id,
          user_email: random.chance(0.04) ? email.toUpperCase() : email,
          site_id: site.site_id,
          date: toDate(date),
          activity_type: kind,
          event_count: Math.max(1, Math.round(random.skewed(1, kind === 'View' ? 24 : 9, 2))),
        });
      }
    }
  }
}

function addJobs(random, jobs, site, { from, to, pace }) {
  for (let date = from; date <= Math.min(to, window.end); date = addDays(date, 1)) {
    if (!random.chance(pace)) continue;
    const kind = random.weighted(jobTypes);
    jobs.push({
      customer_id: site.customer_id,
      site_id: site.site_id,
      date: toDate(date),
      background_job_type: random.chance(0.03) ? kind.toUpperCase() : kind,
      background_job_min: Math.max(1, Math.round(random.skewed(1, kind === 'alert' ? 4 : 95, 3))),
    });
  }
}
