-- Ticket volume, first response, resolution and SLA compliance by month and priority, and the backlog at the end of each month:
-- the tickets that had come in by then and were not solved yet, whenever they came in.
with tickets as (

    select
        *,
        cast(date_trunc('month', created_at) as date) as created_month
    from {{ ref('fact_tickets') }}

),

months as (

    select distinct
        created_month,
        cast(created_month + interval '1 month' as date) as next_month
    from tickets

),

priorities as (

    select distinct priority from tickets

),

came_in as (

    select
        created_month,
        priority,
        count(*) as ticket_count,
        count(case when is_resolved then 1 end) as resolved_tickets,
        round(avg(first_response_hours), 2) as average_first_response_hours,
        round(avg(resolution_hours), 2) as average_resolution_hours,
        {{ share('count(case when is_within_sla then 1 end)', 'count(is_within_sla)') }} as sla_compliance_rate,
        round(avg(satisfaction_score), 2) as average_satisfaction
    from tickets
    group by 1, 2

),

open_at_month_end as (

    select
        months.created_month,
        tickets.priority,
        count(*) as backlog
    from months
    inner join tickets
        on
            tickets.created_at < months.next_month
            and (tickets.resolved_at is null or tickets.resolved_at >= months.next_month)
    group by 1, 2

)

select
    months.created_month,
    priorities.priority,
    coalesce(came_in.ticket_count, 0) as ticket_count,
    coalesce(came_in.resolved_tickets, 0) as resolved_tickets,
    coalesce(open_at_month_end.backlog, 0) as backlog,
    came_in.average_first_response_hours,
    came_in.average_resolution_hours,
    came_in.sla_compliance_rate,
    came_in.average_satisfaction
from months
cross join priorities
left join came_in
    on
        came_in.created_month = months.created_month
        and came_in.priority = priorities.priority
left join open_at_month_end
    on
        open_at_month_end.created_month = months.created_month
        and open_at_month_end.priority = priorities.priority
