import { describe, test } from 'vitest';
import { checkFigure, type Figure } from './support/figure.ts';
import { average, daysBetween, divide, groupBy, hoursBetween, type Row, readRows, sum } from './support/rows.ts';

const read = (table: string) => readRows('crm-warehouse', `data/crm_${table}.csv`);
const now = '2026-06-30 23:59:59';
const way = ['Prospecting', 'Qualification', 'Proposal', 'Negotiation', 'Closed Won'];
const slaHours: Readonly<Record<string, number>> = { urgent: 8, high: 24, medium: 72, low: 120 };

interface Order {
  readonly row: Row;
  readonly value: number;
  readonly revenue: number;
}

const accounts = read('accounts');
const products = new Map(read('products').map((product) => [product.id!, product]));
const deals = read('deals');
const tickets = read('tickets');
const ticketMonths = [...new Set(tickets.map((ticket) => ticket.created_at!.slice(0, 7)))];
const orders = read('orders').map((order: Row): Order => {
  // In whole cents until the end, so that half a cent is half a cent.
  const cents = Math.round(Number(order.unit_price) * 100) * Number(order.quantity) * (100 - Number(order.discount_percent));
  const value = Math.round(cents / 100) / 100;
  return { row: order, value, revenue: ['cancelled', 'returned'].includes(order.status!.toLowerCase()) ? 0 : value };
});
const isClosed = (deal: { readonly stage?: string }) => deal.stage!.startsWith('Closed');
const isWon = (deal: { readonly stage?: string }) => deal.stage === 'Closed Won';
const quarterOf = (date: string) =>
  `${date.slice(0, 4)}-${String(Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;

/** The stays of every deal, told from the log by hand: in order of time, repeated changes dropped. */
const stays = [...groupBy(read('deal_stage_history'), (change) => change.deal_id!)].flatMap(([dealId, log]) => {
  const inOrder = [...log].sort((a, b) =>
    a.changed_at! < b.changed_at! ? -1 : a.changed_at! > b.changed_at! ? 1 : Number(a.id) - Number(b.id),
  );
  const moves = inOrder.filter((change, at) => at === 0 || change.to_stage !== inOrder[at - 1]!.to_stage);
  return moves.map((move, at) => ({
    dealId,
    number: at + 1,
    stage: move.to_stage!,
    from: move.changed_at!,
    to: moves[at + 1]?.changed_at,
    before: moves[at - 1]?.to_stage,
  }));
});

function movement({ stage, before }: { readonly stage: string; readonly before: string | undefined }): string {
  if (before === undefined) return 'Initial';
  if (stage === 'Closed Lost') return 'Lost';
  return way.indexOf(stage) > way.indexOf(before) ? 'Forward' : 'Backward';
}

function isWithinSla(ticket: (typeof tickets)[number]): boolean | undefined {
  const target = slaHours[ticket.priority!.toLowerCase()]!;
  if (['resolved', 'closed'].includes(ticket.status!))
    return Math.round(hoursBetween(ticket.created_at!, ticket.resolved_at!) * 100) / 100 <= target;
  return hoursBetween(ticket.created_at!, now) > target ? false : undefined;
}

const figures: readonly Figure[] = [
  {
    select: 'metrics_sales_pipeline',
    says: 'weighs open deals by their probability',
    keys: ['stage'],
    digits: 2,
    expected: new Map(
      [
        ...groupBy(
          deals.filter((deal) => !isClosed(deal)),
          (deal) => deal.stage!,
        ),
      ].map(([stage, open]) => [
        stage,
        {
          open_deals: open.length,
          pipeline_value: sum(open.map((deal) => Number(deal.amount))),
          weighted_pipeline_value: sum(open.map((deal) => (Number(deal.amount) * Number(deal.probability)) / 100)),
          overdue_deals: open.filter((deal) => deal.expected_close_date! < '2026-06-30').length,
        },
      ]),
    ),
  },
  {
    select: 'metrics_sales_performance',
    says: 'has the win rate of every rep and quarter',
    keys: ['close_quarter', 'deal_owner'],
    expected: new Map(
      [...groupBy(deals.filter(isClosed), (deal) => `${quarterOf(deal.actual_close_date!)}|${deal.owner}`)].map(([key, closed]) => [
        key,
        {
          closed_deals: closed.length,
          win_rate: divide(closed.filter(isWon).length, closed.length),
          won_amount: sum(closed.filter(isWon).map((deal) => Number(deal.amount))),
        },
      ]),
    ),
  },
  {
    select: 'fact_deal_stage_history',
    says: 'tells how long every stay was and where it led',
    keys: ['deal_id', 'change_number'],
    digits: 2,
    expected: new Map(
      stays.map((stay) => [
        `${stay.dealId}|${stay.number}`,
        {
          stage: stay.stage,
          stage_movement: movement(stay),
          is_current: stay.to === undefined,
          valid_from: stay.from,
          days_in_stage: stay.stage.startsWith('Closed') ? null : daysBetween(stay.from, stay.to ?? now),
          hours_in_stage: stay.stage.startsWith('Closed') ? null : hoursBetween(stay.from, stay.to ?? now),
        },
      ]),
    ),
  },
  {
    select: 'fact_deals',
    says: 'counts how often a deal moved, and back',
    keys: ['deal_id'],
    expected: new Map(
      deals.map((deal) => {
        const own = stays.filter((stay) => stay.dealId === deal.id);
        return [
          deal.id!,
          {
            stage_change_count: own.length - 1,
            backward_move_count: own.filter((stay) => movement(stay) === 'Backward').length,
            sales_cycle_days: deal.actual_close_date === '' ? null : daysBetween(deal.created_at!, deal.actual_close_date!),
          },
        ];
      }),
    ),
  },
  {
    select: 'metrics_support',
    says: 'has volume, backlog and SLA compliance by month and priority',
    keys: ['created_month', 'priority'],
    expected: new Map(
      ticketMonths.flatMap((month) =>
        [...new Set(tickets.map((ticket) => ticket.priority!.toLowerCase()))].map((priority) => {
          const own = tickets.filter((ticket) => ticket.priority!.toLowerCase() === priority);
          const group = own.filter((ticket) => ticket.created_at!.startsWith(month));
          const decided = group.map(isWithinSla).filter((within) => within !== undefined);
          const isOpen = ({ created_at, resolved_at }: (typeof tickets)[number]): boolean =>
            created_at!.slice(0, 7) <= month && (resolved_at === '' || resolved_at!.slice(0, 7) > month);
          return [
            `${month}-01|${priority}`,
            {
              ticket_count: group.length,
              backlog: own.filter(isOpen).length,
              sla_compliance_rate: divide(decided.filter(Boolean).length, decided.length),
            },
          ];
        }),
      ),
    ),
  },
  {
    select: 'metrics_revenue',
    says: 'adds revenue by month and product, and nothing for orders that came back',
    keys: ['order_year_month', 'product_name'],
    digits: 2,
    expected: new Map(
      [...groupBy(orders, (order) => `${order.row.ordered_at!.slice(0, 7)}|${products.get(order.row.product_id!)!.name}`)].map(
        ([key, group]) => [
          key,
          {
            order_count: group.length,
            total_revenue: sum(group.map((order) => order.revenue)),
            average_order_value: average(group.map((order) => order.value)),
          },
        ],
      ),
    ),
  },
  {
    select: 'metrics_account_value',
    says: 'holds the lifetime value of every account',
    keys: ['account_id'],
    digits: 2,
    expected: new Map(
      accounts.map((account) => {
        const own = orders.filter((order) => order.row.account_id === account.id);
        return [account.id!, { order_count: own.length, lifetime_value: sum(own.map((order) => order.revenue)) }];
      }),
    ),
  },
];

describe('crm-warehouse', () => {
  for (const figure of figures) test(`${figure.select} ${figure.says}`, () => checkFigure('crm-warehouse', figure));
});
