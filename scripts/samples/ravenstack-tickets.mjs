// What customers write to support, by what it is really about. The classifier never sees the topic, only the words.

/** The five topics, each with how often it comes and sentences to make a ticket of. `plain` ones carry none of the obvious words. */
export const topics = {
  'Billing & Payment': {
    weight: 22,
    subjects: [
      'Invoice question',
      'Charged twice',
      'Payment failed',
      'Refund request',
      'Wrong amount on invoice',
      'Question about our renewal',
    ],
    obvious: [
      'Our card was charged twice this month, please refund one of the payments.',
      'The invoice shows {seats} seats but we only have {fewer}. Can you correct the invoice?',
      'The payment failed although the credit card is valid until next year.',
      'We were promised a discount on the annual plan and the invoice does not show it.',
      'Please send the receipt for our last payment to our accounts department.',
    ],
    plain: [
      'Finance asks why the total went up since last month when nothing changed on our side.',
      'The amount on the statement is not what we agreed on in {month}.',
      'Can we get a copy of the document for tax purposes? Our accountant needs it before {month}.',
      'We moved to a new bank and need to update the details before the next renewal.',
    ],
  },
  'Technical Issues': {
    weight: 30,
    subjects: ['Error in {feature}', '{feature} is down', 'Timeout', 'Sync stopped', 'Page does not load', '{feature} crashes'],
    obvious: [
      'Since this morning {feature} shows an error 500 whenever we open it.',
      'The API returns a timeout for every second request, this is a bug.',
      'The page crashes as soon as I filter by {month}.',
      'The integration fails with an error and the sync has not run since {month}.',
      'There is a bug in {feature}: the totals are broken after the latest release.',
    ],
    plain: [
      '{feature} keeps spinning and never comes back, on every browser we tried.',
      'Numbers in {feature} stopped moving on the second of {month}, nothing arrives any more.',
      'Everything is painfully slow today, my colleagues see the same.',
      'The screen stays blank after the update, reloading does not help.',
    ],
  },
  'Product Usage': {
    weight: 23,
    subjects: ['How to use {feature}', 'Question about {feature}', 'Help with a setting', 'Best practice?', 'Training'],
    obvious: [
      'How do I share {feature} with a colleague? I could not find it in the documentation.',
      'Where can I configure the default filter of {feature}?',
      'Is there a tutorial on how to set up {feature}?',
      'How can we export {feature} to a spreadsheet every week?',
      'Could somebody give us a training on {feature}?',
    ],
    plain: [
      'We would like to see last {month} next to this one in {feature}, what is the recommended way?',
      'What is the difference between the two modes of {feature}, and which one suits a team of {fewer}?',
      'I am new here and wonder which steps come first before the team starts with {feature}.',
      'Is it possible to have {feature} grouped by region instead of by team?',
    ],
  },
  'Account & Access': {
    weight: 16,
    subjects: ['Cannot log in', 'Password reset', 'Add a user', 'Permissions', 'Single sign-on', 'Two-factor'],
    obvious: [
      'I cannot log in since yesterday, the password reset mail never arrives.',
      'Please give our new colleague access with the admin role.',
      'Single sign-on stopped working for half of our users after the change of domain.',
      'My account is locked after too many attempts with two-factor authentication.',
      'How do we remove the permissions of a user who left the company?',
    ],
    plain: [
      'Our former administrator left in {month} and nobody can invite people any more.',
      'It says that I am not a member of this workspace although I was yesterday.',
      'Please move ownership of the workspace to my colleague.',
      'The confirmation code never reaches my phone.',
    ],
  },
  'General Feedback': {
    weight: 9,
    subjects: ['Feedback', 'A suggestion', 'Thank you', 'Idea for {feature}', 'A wish'],
    obvious: [
      'Just some feedback: the team loves the new {feature}, thank you!',
      'A suggestion: it would be great if {feature} had a dark mode.',
      'Feature request: please add a calendar view to {feature}.',
      'We really like the product, great work on {feature}.',
    ],
    plain: [
      'The new look takes some getting used to, but we are happy with it over all.',
      'Your colleague was very kind on the phone, wanted to pass that on.',
      'We would recommend you to others, {feature} saves us hours.',
    ],
  },
};

const months = ['January', 'March', 'April', 'June', 'September', 'October', 'November'];
const closings = ['', '', ' Thanks!', ' Please advise.', ' This is rather urgent.', ' Kind regards', ' Looking forward to your answer.'];

/** The text of one ticket on a topic. */
export function writeTicket(random, topic, feature) {
  const { subjects, obvious, plain } = topics[topic];
  const fill = (text) =>
    text
      .replaceAll('{feature}', feature)
      .replaceAll('{month}', random.pick(months))
      .replaceAll('{seats}', String(random.integer(20, 90)))
      .replaceAll('{fewer}', String(random.integer(4, 19)));
  const isPlain = random.chance(0.34);
  const body = fill(random.pick(isPlain ? plain : obvious)) + random.pick(closings);
  const subject = isPlain && random.chance(0.6) ? random.pick(['Help needed', 'Question', 'Urgent', 'Hello']) : fill(random.pick(subjects));
  return { subject: random.chance(0.05) ? subject.toUpperCase() : subject, description: random.chance(0.02) ? null : body };
}
