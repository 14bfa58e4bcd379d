-- The six raw tables. Each is loaded from the CSV file of its name in data/.
create table if not exists saas_raw.saas_customer_info (
    customer_id string not null options (description = 'Unique 10-digit customer ID. Digits, but no number: some begin with 0.'),
    industry string options (description = 'Industry type (e.g., Finance, Healthcare), as typed.'),
    region string options (description = 'Region (North America, EMEA, APAC).'),
    account_tier string options (description = 'Commercial, SMB, or Enterprise.'),
    contact_email string options (description = 'Customer contact email address.'),
    primary key (customer_id) not enforced
);

create table if not exists saas_raw.saas_sites (
    site_id string not null options (description = 'Unique 12-digit alphanumeric site ID.'),
    customer_id string not null options (description = 'Customer ID linked to this site.'),
    primary key (site_id) not enforced,
    foreign key (customer_id) references saas_raw.saas_customer_info (customer_id) not enforced
);

create table if not exists saas_raw.saas_storage (
    customer_id string options (description = 'Customer ID.'),
    site_id string options (description = 'Site ID.'),
    date date options (description = 'Day of the measurement.'),
    storage_bytes int64 options (description = 'Amount of storage used (in bytes).')
);

create table if not exists saas_raw.saas_users (
    customer_id string options (description = 'Customer ID.'),
    site_id string options (description = 'Site ID where user is assigned.'),
    user_email string options (description = 'User email address.'),
    registration_date date options (description = 'Date of user registration.'),
    license_type string options (description = 'License type (Viewer, Explorer, Creator), as typed.')
);

create table if not exists saas_raw.saas_user_activity (
    customer_id string options (description = 'Customer ID.'),
    user_email string options (description = 'User identifier, in any case.'),
    site_id string options (description = 'Site where activity occurred.'),
    date date options (description = 'Date of the activity.'),
    activity_type string options (description = 'Access, Create, View, or Publish.'),
    event_count int64 options (description = 'Number of times the activity occurred.')
);

create table if not exists saas_raw.saas_background_jobs (
    customer_id string options (description = 'Customer ID.'),
    site_id string options (description = 'Site ID.'),
    date date options (description = 'Execution date.'),
    background_job_type string options (description = 'Job category (e.g. flow run, alert), in any case.'),
    background_job_min int64 options (description = 'Duration of the job in minutes.')
);
