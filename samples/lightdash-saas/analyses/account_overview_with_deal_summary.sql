-- As the data set's authors wrote it. Every deal of an account meets every user of it, so an account with
-- 3 deals and 5 users counts 15 of each and five times its pipeline. account_overview is the one to use.
SELECT
    a.account_name,
    a.industry,
    a.segment,
    COUNT(d.deal_id) as total_deals,
    SUM(d.amount) as total_pipeline_value,
    COUNT(u.user_id) as total_users
FROM {{ ref('accounts') }} a
LEFT JOIN {{ ref('deals') }} d ON a.account_id = d.account_id
LEFT JOIN {{ ref('users') }} u ON a.account_id = u.account_id
GROUP BY a.account_id
