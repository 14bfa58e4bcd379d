-- Every site with its customer, labels in one spelling.
create or replace view saas_analytics.sites as
select
    sites.site_id,
    sites.customer_id,
    ifnull(initcap(trim(customers.industry)), 'Unknown') as industry,
    customers.region,
    customers.account_tier
from saas_raw.saas_sites as sites
inner join saas_raw.saas_customer_info as customers on sites.customer_id = customers.customer_id;
