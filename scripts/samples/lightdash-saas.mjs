// Accounts, their deals, their people and what those people do in the product.
import { toCsv } from './files.mjs';
import { addDays, createRandom, toSlug, toTimestamp, unique, window } from './random.mjs';

const industries = {
  'Financial Services': { weight: 24, fit: 0.1 },
  Technology: { weight: 26, fit: 0.16 },
  Healthcare: { weight: 15, fit: 0.02 },
  Retail: { weight: 13, fit: -0.02 },
  Manufacturing: { weight: 10, fit: -0.08 },
  Education: { weight: 7, fit: -0.12 },
  Media: { weight: 5, fit: 0.04 },
};
const segments = {
  SMB: { weight: 52, seats: [3, 25], fit: 0.03, people: [1, 4], plans: { Basic: 60, Professional: 38, Enterprise: 2 } },
  Midmarket: { weight: 33, seats: [15, 120], fit: 0.06, people: [3, 8], plans: { Basic: 12, Professional: 68, Enterprise: 20 } },
  Enterprise: { weight: 15, seats: [80, 900], fit: -0.06, people: [5, 14], plans: { Basic: 1, Professional: 24, Enterprise: 75 } },
};
const pricePerSeat = { Basic: 144, Professional: 336, Enterprise: 540 };
const jobTitles = {
  'Data Analyst': { weight: 24, pace: 1.6 },
  'Analytics Engineer': { weight: 14, pace: 1.9 },
  'Product Manager': { weight: 15, pace: 1 },
  'Software Engineer': { weight: 12, pace: 1.2 },
  'Operations Manager': { weight: 10, pace: 0.8 },
  'Marketing Manager': { weight: 9, pace: 0.7 },
  'Finance Manager': { weight: 8, pace: 0.6 },
  'Data Director': { weight: 5, pace: 0.9 },
  'Chief Executive Officer': { weight: 3, pace: 0.25 },
};
const events = {
  login_successful: 40,
  report_generated: 27,
  file_downloaded: 15,
  api_call_made: 11,
  integration_failed: 5,
  workspace_created: 2,
};

/** The four seeds of the sample. */
export function generate(scale) {
  const random = createRandom(20260001);
  const accounts = [];
  const deals = [];
  const users = [];
  const tracks = [];
  const names = new Set();

  for (let count = 0; count < Math.round(190 * scale); count++) {
    let name = random.faker.company.name();
    if (names.has(name)) name = `${name} ${random.faker.location.city()}`;
    names.add(name);
    const industry = weightedKey(random, industries);
    const segment = weightedKey(random, segments);
    const account = { account_id: random.uuid(), account_name: name };
    accounts.push({
      ...account,
      industry: random.chance(0.02) ? null : random.typed(industry),
      segment: random.typed(segment, 0.04),
    });
    const { customerSince, firstContact } = addDeals(random, account, industry, segment, deals);
    const domain = `${unique(names, toSlug(name).slice(0, 24).replace(/-$/, ''))}.example`;
    if (firstContact !== undefined) addPeople(random, { ...account, domain }, segment, { firstContact, customerSince }, users, tracks);
  }

  // The tracker delivers at least once, and some phones deliver late: doubled events, and rows out of order at the end of the file.
  tracks.sort((a, b) => (a.event_timestamp < b.event_timestamp ? -1 : a.event_timestamp > b.event_timestamp ? 1 : 0));
  const late = tracks.filter(() => random.chance(0.012));
  const lateOnes = new Set(late);
  const delivered = [];
  for (const track of tracks) {
    if (lateOnes.has(track)) continue;
    delivered.push(track);
    if (random.chance(0.011)) delivered.push({ ...track });
  }
  delivered.push(...late);
  return {
    'seeds/accounts_raw.csv': toCsv(accounts),
    'seeds/deals_raw.csv': toCsv(deals),
    'seeds/users_raw.csv': toCsv(users),
    'seeds/tracks_raw.csv': toCsv(delivered),
  };
}

function addDeals(random, account, industry, segment, deals) {
  if (random.chance(0.06)) return {}; // A name bought from a list; nobody has talked to them.
  const { seats, plans, fit } = segments[segment];
  let created = random.workingMoment(window.start, addDays(window.end, -5));
  while (random.next() > random.season(created) / 1.15) created = random.workingMoment(window.start, addDays(window.end, -5));
  const firstContact = created;
  let customerSince;
  let plan = random.weighted(plans);
  let size = Math.round(random.skewed(seats[0], seats[1], 2));
  for (let round = 0; round < 6 && created < window.end; round++) {
    const age = (window.end - created) / 86_400_000;
    const stage = toStage(random, age, 0.42 + fit + industries[industry].fit + (customerSince === undefined ? 0 : 0.2));
    const listPrice = size * pricePerSeat[plan];
    const discount = segment === 'Enterprise' ? 0.05 + random.next() * 0.2 : random.next() * 0.08;
    deals.push({
      deal_id: random.uuid(),
      account_id: account.account_id,
      stage,
      plan: random.typed(plan, 0.03),
      seats: size,
      amount: stage === 'Qualified' && random.chance(0.12) ? null : Math.round((listPrice * (1 - discount)) / 10) * 10,
      created_date: toTimestamp(created),
    });
    if (stage === 'Qualified' || stage === 'PoC') break;
    if (stage === 'Won') {
      customerSince ??= created;
      if (!random.chance(0.38)) break;
      size = Math.round(size * (1.15 + random.next() * 0.8));
      if (plan === 'Basic' && random.chance(0.5)) plan = 'Professional';
    } else if (!random.chance(0.45)) break;
    created = random.workingMoment(addDays(created, 35), addDays(created, 260));
  }
  return { customerSince, firstContact };
}

function toStage(random, age, winRate) {
  if (age < 75 && random.chance(0.8 - age / 150)) return random.chance(0.55) ? 'Qualified' : 'PoC';
  if (random.chance(0.05)) return random.chance(0.5) ? 'Qualified' : 'PoC';
  return random.chance(winRate) ? 'Won' : 'Lost';
}

function addPeople(random, account, segment, { firstContact, customerSince }, users, tracks) {
  const [fewest, most] = segments[segment].people;
  const count = customerSince === undefined ? random.integer(0, 2) : random.integer(fewest, most);
  // About one customer in six goes quiet for good: these are the ones that the churn model has to find.
  const quietFrom =
    customerSince !== undefined && random.chance(0.17) ? random.between(addDays(customerSince, 60), addDays(window.end, 60)) : window.end;
  const trialEnd = customerSince === undefined ? addDays(firstContact, 40) : quietFrom;
  const taken = new Set();
  for (let person = 0; person < count; person++) {
    const joined = random.workingMoment(
      customerSince ?? firstContact,
      Math.min(addDays(customerSince ?? firstContact, 30 + person * 45), window.end - 3_600_000),
    );
    const first = random.faker.person.firstName();
    const last = random.faker.person.lastName();
    let email = `${toSlug(first)}.${toSlug(last)}@${account.domain}`;
    if (taken.has(email)) email = email.replace('@', `${person}@`);
    taken.add(email);
    const jobTitle = weightedKey(random, jobTitles);
    const neverCame = random.chance(0.09);
    const firstLogin = neverCame ? undefined : Math.floor((joined + random.skewed(120, 86_400 * 20, 5) * 1000) / 1000) * 1000;
    const until = Math.min(trialEnd, window.end);
    const came = firstLogin !== undefined && firstLogin < until;
    const userId = random.uuid();
    const last_ = came ? addTracks(random, userId, jobTitle, firstLogin, until, tracks) : undefined;
    users.push({
      user_id: userId,
      account_id: account.account_id,
      email: random.chance(0.08) ? email.replace(/^[a-z]/, (letter) => letter.toUpperCase()) : email,
      job_title: random.chance(0.04) ? null : random.typed(jobTitle, 0.05),
      is_marketing_opted_in: random.chance(0.58),
      created_at: toTimestamp(joined),
      first_logged_in_at: came ? toTimestamp(firstLogin) : null,
      latest_logged_in_at: came ? toTimestamp(last_) : null,
    });
  }
}

/** The events of one person; returns the moment of the last login. */
function addTracks(random, userId, jobTitle, from, until, tracks) {
  const weeks = Math.max(1, (until - from) / (7 * 86_400_000));
  const wanted = Math.min(110, Math.round(random.skewed(0.1, 1.35, 2) * weeks * jobTitles[jobTitle].pace));
  const habits = Object.fromEntries(Object.entries(events).map(([name, weight]) => [name, weight * random.skewed(0.2, 1.8, 1)]));
  if (random.chance(0.45)) habits.api_call_made = 0;
  let lastLogin = from;
  const push = (name, moment) =>
    tracks.push({
      user_id: userId,
      event_id: random.uuid(),
      event_name: random.chance(0.01) ? name.toUpperCase() : name,
      event_timestamp: toTimestamp(moment),
    });
  push('login_successful', from);
  for (let count = 0; count < wanted; count++) {
    const moment = random.workingMoment(from + 60_000, random.chance(0.25) ? Math.min(until, from + 21 * 86_400_000) : until);
    if (moment <= from || random.next() > random.season(moment) / 1.15) continue;
    const name = random.weighted(habits);
    push(name, moment);
    if (name === 'login_successful' && moment > lastLogin) lastLogin = moment;
  }
  return lastLogin;
}

function weightedKey(random, table) {
  return random.weighted(Object.fromEntries(Object.entries(table).map(([key, { weight }]) => [key, weight])));
}
