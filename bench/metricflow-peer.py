"""Answers {"id","metrics","groupBy","where","orderBy","limit"} lines as MetricFlow does."""
import sys, json, pathlib, os
os.chdir(sys.argv[1])
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
cfg = CLIConfiguration(); cfg.setup(pathlib.Path('.'), pathlib.Path('.'), configure_file_logging=False)
mf = cfg.mf
if len(sys.argv) > 2 and sys.argv[2] == 'list':
    for m in mf.list_metrics():
        try: dims = sorted(d.dunder_name if hasattr(d,'dunder_name') else d.qualified_name for d in mf.simple_dimensions_for_metrics([m.name]))
        except Exception as e: dims = []
        try: ents = sorted(e.name for e in mf.entities_for_metrics([m.name]))
        except Exception: ents = []
        print(json.dumps({'metric': m.name, 'dimensions': dims, 'entities': ents}))
    sys.exit()
for line in sys.stdin:
    q = json.loads(line)
    try:
        r = mf.query(MetricFlowQueryRequest.create(metric_names=q['metrics'], group_by_names=q.get('groupBy') or [], where_constraints=q.get('where') or None, order_by_names=q.get('orderBy') or None, limit=q.get('limit')))
        t = r.result_df
        print(json.dumps({'id': q['id'], 'columns': list(t.column_names), 'rows': [list(x) for x in t.rows], 'sql': r.sql}, default=str), flush=True)
    except BaseException as e:
        print(json.dumps({'id': q['id'], 'refused': type(e).__name__ + ': ' + str(e)[:600]}), flush=True)
