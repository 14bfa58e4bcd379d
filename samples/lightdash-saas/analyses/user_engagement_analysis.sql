-- As the data set's authors wrote it. In PostgreSQL the quotient of two counts is a whole number;
-- engagement_by_role keeps the fraction.
SELECT
    u.job_title,
    COUNT(DISTINCT u.user_id) as user_count,
    COUNT(t.event_id) as total_events,
    COUNT(t.event_id) / COUNT(DISTINCT u.user_id) as avg_events_per_user
FROM {{ ref('users') }} u
LEFT JOIN {{ ref('tracks') }} t ON u.user_id = t.user_id
GROUP BY u.job_title
ORDER BY avg_events_per_user DESC
