-- Ticket volume, first response, resolution and SLA compliance by month and priority, with the backlog left from the month.
select
    cast(date_trunc('month', created_at) as date) as created_month,
    priority,
    count(*) as ticket_count,
    count(case when is_resolved then 1 end) as resolved_tickets,
    count(case when not is_resolved then 1 end) as backlog,
    round(avg(first_response_hours), 2) as average_first_response_hours,
    round(avg(resolution_hours), 2) as average_resolution_hours,
    {{ share('count(case when is_within_sla then 1 end)', 'count(is_within_sla)') }} as sla_compliance_rate,
    round(avg(satisfaction_score), 2) as average_satisfaction
from {{ ref('fact_tickets') }}
group by 1, 2
