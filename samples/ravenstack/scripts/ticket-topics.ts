// Says what a support ticket is about, in two steps: rules that a person wrote, and a naive Bayes classifier that learns from the
// tickets which the rules are sure of (weak supervision) and then judges those they are not. No clock, no chance: same tickets, same topics.

export const topics = ['Billing & Payment', 'Technical Issues', 'Product Usage', 'Account & Access', 'General Feedback'] as const;

export type Topic = (typeof topics)[number];

export interface Ticket {
  readonly ticketId: string;
  readonly subject: string;
  readonly description: string;
}

export interface Classified {
  readonly ticketId: string;
  readonly topic: Topic;
  /** Between 0 and 1. */
  readonly confidence: number;
  /** Whether the rules were sure, or the classifier had to judge. */
  readonly method: 'rule' | 'model';
}

/** How well the classifier repeats labels of the rules that it was not shown. */
export interface Validation {
  readonly folds: number;
  readonly labelled: number;
  readonly accuracy: number;
  readonly smoothing: number;
}

/** A weight for each pattern; a ticket's points for a topic are the sum over the patterns found. */
const rules: Readonly<Record<Topic, readonly (readonly [RegExp, number])[]>> = {
  'Billing & Payment': [
    [/\b(invoices?|refunds?|charged|receipts?|billing)\b/, 3],
    [/\b(payments?|credit card|discount|renewal|wrong amount)\b/, 2],
    [/\b(price|cost|finance|tax|bank)\b/, 1],
  ],
  'Technical Issues': [
    [/\b(errors?|bugs?|crash(es|ed)?|timeouts?|broken)\b/, 3],
    [/\b(fails|down|does not load|stopped|sync)\b/, 2],
    [/\b(slow|blank|reload(ing)?|browser)\b/, 1],
  ],
  'Product Usage': [
    [/\bhow (do|can|to)\b/, 3],
    [/\b(tutorial|documentation|training|best practice)\b/, 3],
    [/\b(configure|set up|setting|export|recommended|possible)\b/, 1],
  ],
  'Account & Access': [
    [/\b(log ?in|password|sign[- ]on|two-factor|permissions?)\b/, 3],
    [/\b(locked|admin(istrator)?|access|add a user|invite)\b/, 2],
    [/\b(member|ownership|code|workspace)\b/, 1],
  ],
  'General Feedback': [
    [/\b(feedback|suggestion|feature request|thank you|great work)\b/, 3],
    [/\b(loves?|it would be great|really like|a wish|recommend you)\b/, 2],
    [/\b(happy|kind on|idea)\b/, 1],
  ],
};

/** The topic that the rules are sure of: at least three points, and two more than any other. */
export function labelByRules(ticket: Ticket): { readonly topic: Topic; readonly confidence: number } | undefined {
  const text = `${ticket.subject} ${ticket.description}`.toLowerCase();
  const points = topics.map((topic) => rules[topic].reduce((sum, [pattern, weight]) => sum + (pattern.test(text) ? weight : 0), 0));
  const best = Math.max(...points);
  const second = Math.max(...points.filter((_, at) => at !== points.indexOf(best)));
  if (best < 3 || best - second < 2) return undefined;
  return { topic: topics[points.indexOf(best)]!, confidence: Math.min(0.99, 0.8 + 0.03 * best + 0.02 * (best - second)) };
}

/** Classifies every ticket, in the order given. */
export function classify(tickets: readonly Ticket[]): { readonly classified: readonly Classified[]; readonly validation: Validation } {
  const labelled: Example[] = [];
  for (const ticket of tickets) {
    const label = labelByRules(ticket);
    if (label !== undefined) labelled.push({ words: toWords(ticket), topic: label.topic });
  }
  const validation = chooseSmoothing(labelled);
  const model = train(labelled, validation.smoothing);
  const classified = tickets.map((ticket): Classified => {
    const label = labelByRules(ticket);
    const judged = judge(model, toWords(ticket));
    if (label !== undefined) {
      // Where the classifier, having seen all tickets, strongly disagrees, the rule is believed less.
      const confidence = judged.topic === label.topic ? label.confidence : Math.min(label.confidence, 1 - judged.confidence / 2);
      return { ticketId: ticket.ticketId, topic: label.topic, confidence: round(confidence), method: 'rule' };
    }
    return { ticketId: ticket.ticketId, topic: judged.topic, confidence: round(judged.confidence), method: 'model' };
  });
  return { classified, validation };
}

interface Example {
  readonly words: readonly string[];
  readonly topic: Topic;
}

interface Model {
  readonly prior: readonly number[];
  /** word → its logarithmic weight for each topic. */
  readonly weights: ReadonlyMap<string, readonly number[]>;
  readonly unseen: readonly number[];
}

const stopWords = new Set('a an the and or of to in on for is are be it its we our i my you your this that with as at by us not no so'.split(' '));

/** Words and pairs of neighbours, without the words that say nothing. */
function toWords({ subject, description }: Ticket): string[] {
  const words = `${subject} . ${description}`
    .toLowerCase()
    .replace(/\d+/g, '#')
    .split(/[^a-z#'-]+/)
    .filter((word) => word.length > 1 && !stopWords.has(word));
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return [...new Set([...words, ...pairs])];
}

function train(examples: readonly Example[], smoothing: number): Model {
  const counts = new Map<string, number[]>();
  const totals = topics.map(() => 0);
  const tickets = topics.map(() => 0);
  for (const { words, topic } of examples) {
    const at = topics.indexOf(topic);
    tickets[at] = tickets[at]! + 1;
    for (const word of words) {
      const row = counts.get(word) ?? topics.map(() => 0);
      row[at] = row[at]! + 1;
      totals[at] = totals[at]! + 1;
      counts.set(word, row);
    }
  }
  const size = counts.size + 1;
  const weight = (count: number, at: number) => Math.log((count + smoothing) / (totals[at]! + smoothing * size));
  return {
    prior: tickets.map((count) => Math.log((count + 1) / (examples.length + topics.length))),
    weights: new Map([...counts].map(([word, row]) => [word, row.map(weight)])),
    unseen: topics.map((_, at) => weight(0, at)),
  };
}

function judge(model: Model, words: readonly string[]): { readonly topic: Topic; readonly confidence: number } {
  const known = words.filter((word) => model.weights.has(word));
  const scores = model.prior.map((prior, at) => known.reduce((sum, word) => sum + model.weights.get(word)![at]!, prior));
  // Neighbouring words depend on each other, which naive Bayes takes for ever more proof: divide by the root of their number.
  const temper = Math.sqrt(Math.max(1, known.length));
  const best = Math.max(...scores);
  const shares = scores.map((score) => Math.exp((score - best) / temper));
  const sum = shares.reduce((total, share) => total + share, 0);
  return { topic: topics[scores.indexOf(best)]!, confidence: 1 / sum };
}

/** Five-fold cross-validation over the labelled tickets; the smoothing that repeats most labels wins, the larger one when equal. */
function chooseSmoothing(labelled: readonly Example[]): Validation {
  const folds = Math.min(5, labelled.length);
  let chosen: Validation = { folds, labelled: labelled.length, accuracy: 0, smoothing: 1 };
  for (const smoothing of [1, 0.5, 0.2, 0.1, 0.05]) {
    let right = 0;
    for (let fold = 0; fold < folds; fold++) {
      const model = train(
        labelled.filter((_, at) => at % folds !== fold),
        smoothing,
      );
      for (const example of labelled.filter((_, at) => at % folds === fold)) if (judge(model, example.words).topic === example.topic) right++;
    }
    const accuracy = labelled.length === 0 ? 0 : right / labelled.length;
    if (accuracy > chosen.accuracy) chosen = { ...chosen, accuracy, smoothing };
  }
  return { ...chosen, accuracy: round(chosen.accuracy) };
}

const round = (share: number) => Math.round(share * 1000) / 1000;

/** The seed that the models read. */
export function toSeed(classified: readonly Classified[]): string {
  const rows = [...classified].sort((a, b) => (a.ticketId < b.ticketId ? -1 : 1));
  return ['ticket_id,topic,confidence,method', ...rows.map((row) => `${row.ticketId},${row.topic},${row.confidence},${row.method}`), ''].join('\n');
}

const knownSentences: readonly (readonly [Topic, string, string])[] = [
  ['Billing & Payment', 'Invoice', 'The invoice of March shows more seats than we have, please correct it.'],
  ['Billing & Payment', 'Charged twice', 'Our credit card was charged twice, we need a refund.'],
  ['Technical Issues', 'Error 500', 'The dashboard shows an error since the update.'],
  ['Technical Issues', 'Timeout', 'Every API call ends in a timeout, is this a bug?'],
  ['Product Usage', 'How to share', 'How do I share a report with a colleague?'],
  ['Product Usage', 'Training', 'Is there a tutorial on alerts in the documentation?'],
  ['Account & Access', 'Cannot log in', 'The password reset never arrives and I cannot log in.'],
  ['Account & Access', 'New colleague', 'Please grant admin access and the right permissions to our new colleague.'],
  ['General Feedback', 'Thank you', 'Great work, the team really loves the new release.'],
  ['General Feedback', 'A suggestion', 'It would be great to have a dark mode, just some feedback.'],
  // Without any word of the rules: only what the classifier learned from the others can tell.
  ['Technical Issues', 'Hello', 'Since the update every page of the dashboard hangs when we open it.'],
  ['Billing & Payment', 'Question', 'You took money for more seats than we have in March, please correct that.'],
];

/** Classifies sentences whose topic is known, the last ones among them by the classifier alone. */
export function selfTest(): readonly { readonly text: string; readonly expected: Topic; readonly found: Topic; readonly confidence: number }[] {
  const tickets = knownSentences.map(([, subject, description], at) => ({ ticketId: String(at), subject, description }));
  const { classified } = classify(tickets);
  return knownSentences.map(([expected, subject, description], at) => ({
    text: `${subject}: ${description}`,
    expected,
    found: classified[at]!.topic,
    confidence: classified[at]!.confidence,
  }));
}
