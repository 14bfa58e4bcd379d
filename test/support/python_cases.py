"""Writes what real Python makes of the templates in test/core/jinja/python-cases.json: `python3 test/support/python_cases.py`.

Needs Debian's python3-jinja2, python3-tz and python3-yaml. The names that dbt adds to Jinja are as dbt-core defines them."""
import datetime, hashlib, itertools, json, os, re
import pytz, yaml
from jinja2.sandbox import SandboxedEnvironment

env = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def mod(m, names):
    return {n: getattr(m, n) for n in names}
def _tojson(value, default=None, sort_keys=False):
    try: return json.dumps(value, sort_keys=sort_keys)
    except ValueError: return default
def _fromjson(s, default=None):
    try: return json.loads(s)
    except ValueError: return default
def _fromyaml(v, default=None):
    try: return yaml.safe_load(v)
    except Exception: return default
def _toyaml(v, default=None, sort_keys=False):
    try: return yaml.safe_dump(data=v, sort_keys=sort_keys)
    except Exception: return default
def _set(v, default=None):
    try: return set(v)
    except TypeError: return default
def _zip(*args, default=None):
    try: return zip(*args)
    except TypeError: return default
RE = ["match","search","sub","subn","split","findall","finditer","fullmatch","compile","escape","IGNORECASE","I","MULTILINE","M","DOTALL","S","VERBOSE","X","ASCII"]
env.globals.update(
  modules={'datetime': mod(datetime,["date","datetime","time","timedelta","tzinfo"]), 're': {n:getattr(re,n) for n in RE}, 'itertools': {n:getattr(itertools,n) for n in ["count","cycle","repeat","accumulate","chain","compress","dropwhile","filterfalse","islice","starmap","takewhile","tee","zip_longest","product","permutations","combinations","combinations_with_replacement"]}, 'pytz': {n:getattr(pytz,n) for n in ["timezone","utc","UTC","all_timezones"]}},
  tojson=_tojson, fromjson=_fromjson, fromyaml=_fromyaml, toyaml=_toyaml, set=_set, zip=_zip, set_strict=set, zip_strict=zip, local_md5=lambda v: hashlib.md5(v.encode()).hexdigest())

file = os.path.join(os.path.dirname(__file__), "../core/jinja/python-cases.json")
cases = []
for case in json.load(open(file)):
    template = case["template"]
    try:
        cases.append({"template": template, "output": env.from_string(template).render()})
    except Exception as error:
        cases.append({"template": template, "error": type(error).__name__})
with open(file, "w") as out:
    out.write("[\n" + ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
