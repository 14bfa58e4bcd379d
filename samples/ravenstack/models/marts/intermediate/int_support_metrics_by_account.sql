select
    tickets.account_id,
    count(*) as ticket_count,
    countif(tickets.is_escalated) as escalated_tickets,
    countif(not tickets.is_closed) as open_tickets,
    countif(date_diff({{ as_of() }}, tickets.submitted_date, day) < 90) as tickets_last_90_days,
    countif(topics.topic = 'Technical Issues') as technical_tickets,
    countif(topics.topic = 'Billing & Payment') as billing_tickets,
    round(avg(tickets.resolution_hours), 2) as average_resolution_hours,
    round(avg(tickets.first_response_minutes), 1) as average_first_response_minutes,
    round(avg(tickets.satisfaction_score), 2) as average_satisfaction,
    ifnull(avg(tickets.satisfaction_score) < {{ var('low_satisfaction') }}, false) as has_low_satisfaction
from {{ ref('stg__crm_support_tickets') }} as tickets
left join {{ ref('ticket_topics') }} as topics on tickets.ticket_id = topics.ticket_id
group by tickets.account_id
