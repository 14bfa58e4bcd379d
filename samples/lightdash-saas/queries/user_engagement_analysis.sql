SELECT
    u.job_title,
    COUNT(DISTINCT u.user_id) as user_count,
    COUNT(t.event_id) as total_events,
    COUNT(t.event_id) / COUNT(DISTINCT u.user_id) as avg_events_per_user
FROM users u
LEFT JOIN tracks t ON u.user_id = t.user_id
GROUP BY u.job_title
ORDER BY avg_events_per_user DESC
