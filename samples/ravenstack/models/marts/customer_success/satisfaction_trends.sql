-- CSAT by month and topic, with low months flagged.
select
    date_trunc(tickets.submitted_date, month) as month_start,
    ifnull(topics.topic, 'not classified') as topic,
    count(*) as ticket_count,
    count(tickets.satisfaction_score) as rated_tickets,
    round(avg(tickets.satisfaction_score), 2) as average_satisfaction,
    countif(tickets.satisfaction_score <= 2) as unhappy_ratings,
    round(avg(tickets.resolution_hours), 2) as average_resolution_hours,
    round(avg(topics.confidence), 3) as average_topic_confidence,
    ifnull(avg(tickets.satisfaction_score) < {{ var('low_satisfaction') }}, false) as is_low_satisfaction
from {{ ref('stg__crm_support_tickets') }} as tickets
left join {{ ref('ticket_topics') }} as topics on tickets.ticket_id = topics.ticket_id
group by 1, 2
