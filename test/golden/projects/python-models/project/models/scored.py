def model(dbt, session):
    dbt.config(materialized="table", packages=["pandas"], tags=["ml"])
    raw = dbt.ref("raw")
    events = dbt.source("lake", "events")
    # dbt.ref("not_this")
    return raw.join(events)
