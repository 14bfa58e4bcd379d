SELECT
    a.account_name,
    a.industry,
    a.segment,
    COUNT(d.deal_id) as total_deals,
    SUM(d.amount) as total_pipeline_value,
    COUNT(u.user_id) as total_users
FROM accounts a
LEFT JOIN deals d ON a.account_id = d.account_id
LEFT JOIN users u ON a.account_id = u.account_id
GROUP BY a.account_id
