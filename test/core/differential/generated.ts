/**
 * Expressions made of templates: `{s}` and the like stand for a value of a type, and each is tried with a column of `v`, edges of the type and
 * NULL, one place at a time.
 */
const pools: Readonly<Record<string, readonly string[]>> = {
  i: ['i', 'k', 'cast(null as int)', '0', '(-5)', '1000000007'],
  n: ['n', '(-2.5)', '1.005', 'cast(null as numeric(12,3))', '0.5'],
  f: ['f', 'cast(-0.5 as double precision)', 'cast(null as double precision)', 'cast(1234.5678 as double precision)'],
  s: ['s', "''", 'cast(null as varchar)', "'Hello, Wörld'", 'p'],
  p: ['p', "'o'", "''", 'cast(null as varchar)', "'l'"],
  d: ['d', "date '2024-02-29'", 'cast(null as date)', "date '2023-01-01'", "date '2024-12-31'"],
  e: ['e', "date '2024-01-31'", "date '1969-12-31'"],
  t: ['t', "timestamp '2023-12-31 23:59:59.5'", 'cast(null as timestamp)', "timestamp '2024-03-31 00:00:00'"],
  u: ['u', "timestamp '2024-01-01 00:00:00'"],
  b: ['b', 'c', 'true', 'cast(null as boolean)'],
  '#': ['2', '0', '(-2)', 'k', 'cast(null as int)', '100'],
  '+': ['2', '1', '3', '10'],
};

/** The expressions that a template stands for. */
export function expand(template: string): string[] {
  const places = [...template.matchAll(/\{(.)\}/g)].map((match) => match[1] ?? '');
  const fill = (choice: readonly number[]): string => {
    let at = 0;
    return template.replace(/\{(.)\}/g, (_all, letter: string) => {
      const pool = pools[letter] ?? [];
      return pool[(choice[at++] ?? 0) % pool.length] ?? 'null';
    });
  };
  const found = new Set([fill(places.map(() => 0))]);
  for (const [place, letter] of places.entries())
    for (let i = 1; i < (pools[letter]?.length ?? 0); i++) found.add(fill(places.map((_letter, at) => (at === place ? i : 0))));
  return [...found];
}

const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What PostgreSQL and DuckDB both have. */
const shared = `
abs({i})
abs({n})
ceil({n})
floor({n})
round({n})
round({n},{#})
trunc({n})
sign({n})
ceil({i})
floor({i})
ceil({f})
floor({f})
trunc({f})
sign({f})
floor({i}) / 4
floor({n}) / 4
round({i}) / 4
round({n}) / 4
round({i},1) / 4
sign({i}) / 4
extract(day from {t}) / 4
date_part('hour',{t}) / 5
(({e} - {d}) * 24 + date_part('hour',{t})) / 60
sum({i}) over () / 4
count({i}) over () / 4
length({s}) / 2
mod({i},{+}) / 2
abs({i}) / 2
sqrt(abs({f}))
power({f},{+})
exp({f} / 1000000.0)
ln(abs({f}) + 1)
log10(abs({f}) + 1)
mod({i},{+})
{i} % {+}
{i} / nullif({#},0)
{n} / nullif({n},0)
{n} * {n}
{n} + {i}
{n} - {f}
{i} * {i}
-{n}
greatest({i},{#})
least({n},{i},{#})
greatest({d},{e})
least({s},{p})
coalesce({i},{#})
coalesce({s},{p},'none')
nullif({i},{#})
nullif({s},{p})
case when {b} then {i} else {n} end
case {i} when {#} then {s} else {p} end
{i} between {#} and {i}
{s} in ({p}, 'Abc123', null)
{i} is distinct from {#}
{b} and {b}
{b} or {b}
not {b}
{b} = {b}
length({s})
char_length({s})
octet_length({s}::bytea)
upper({s})
lower({s})
initcap({s})
left({s},{#})
right({s},{#})
substr({s},{#})
substr({s},{#},{+})
substring({s} from {+} for {#})
lpad({s},{+},{p})
rpad({s},{#},{p})
lpad({s},{#})
trim({s})
ltrim({s},{p})
rtrim({s},{p})
btrim({s},{p})
replace({s},{p},'_')
translate({s},{p},'xyz')
reverse({s})
repeat({s},{#})
strpos({s},{p})
position({p} in {s})
split_part({s},{p},{+})
split_part({s},{p},{#})
concat({s},{p},{i})
concat({n},{b},{d})
concat_ws({p},{s},{i},{p})
{s} || {p}
{s} || {i}
starts_with({s},{p})
ascii({s})
md5({s})
{s} like '%o%'
{s} like {p} || '%'
{s} ilike '%O%'
{s} not like '_e%'
{s} similar to '%(o|a)%'
regexp_replace({s},'[aeiou]','*')
regexp_replace({s},'([a-z])([a-z])','\\2\\1','g')
overlay({s} placing 'XX' from {+})
array_to_string(string_to_array({s},','),'+')
array_to_string(string_to_array({s},{p}),'|')
cast({i} as varchar)
cast({n} as varchar)
cast({f} as varchar)
cast({b} as varchar)
cast({d} as varchar)
cast({t} as varchar)
cast({n} as int)
cast({f} as int)
cast({n} as numeric(10,1))
cast({f} as numeric(12,2))
cast({i} as double precision)
cast({b} as int)
cast({t} as date)
cast({d} as timestamp)
extract(year from {d})
extract(quarter from {d})
extract(month from {t})
extract(week from {d})
extract(day from {t})
extract(doy from {d})
extract(dow from {d})
extract(isodow from {d})
extract(isoyear from {d})
extract(hour from {t})
extract(minute from {t})
extract(epoch from {t})
extract(epoch from {d})
extract(decade from {d})
extract(century from {d})
date_part('month',{t})
date_part('epoch',{t})
date_trunc('year',{t})
date_trunc('quarter',{t})
date_trunc('month',{t})
date_trunc('week',{t})
date_trunc('day',{t})
date_trunc('hour',{t})
date_trunc('minute',{t})
date_trunc('second',{t})
{d} + {#}
{d} - {#}
{d} - {e}
{t} - {u}
{d} + interval '1 month'
{d} - interval '3 months'
{t} + interval '1 year'
{t} - interval '90 minutes'
{d} + interval '1 day' * {#}
{d} < {e}
{d} = {t}
{t} >= {u}
age({t},{u})
{i} & {+}
{i} | {+}
sum({i}) over (partition by g)
sum({n}) over (order by id)
avg({i}) over (partition by g order by id rows between 2 preceding and current row)
avg({n}) over (partition by b)
count({s}) over (partition by g order by id)
min({d}) over (order by id rows between 1 following and 3 following)
max({s}) over (partition by g)
row_number() over (partition by {b} order by id)
rank() over (order by {i})
dense_rank() over (order by {s})
ntile({+}) over (order by id)
lag({i},{+}) over (order by id)
lead({s},{+},'none') over (partition by g order by id)
first_value({n}) over (partition by g order by id)
last_value({i}) over (partition by g order by id)
nth_value({i},{+}) over (order by id)
percent_rank() over (order by {n})
cume_dist() over (partition by g order by {i})
`;

const aggregates = `
count({i})
count(distinct {s})
sum({i})
sum({n})
sum(distinct {i})
avg({i})
avg({n})
avg(distinct {n})
min({s})
max({d})
max({n})
min({t})
stddev({n})
stddev_pop({i})
var_samp({n})
var_pop({n})
corr(f,i)
covar_pop(n,i)
regr_slope(f,n)
regr_intercept(n,k)
bool_and({b})
bool_or({b})
string_agg({s}, ',' order by id)
string_agg(distinct p, '/' order by p)
array_to_string(array_agg({i} order by id),',')
array_to_string(array_agg({s} order by id desc),'+')
percentile_cont(0.5) within group (order by {n})
percentile_disc(0.25) within group (order by {i})
percentile_cont(0.9) within group (order by {f})
mode() within group (order by {s})
bit_and({i})
bit_or({i})
count(*) filter (where {b})
sum({n}) filter (where {b})
`;

const postgresOnly = `
div({n},{+})
width_bucket({n},0,100,{+})
to_char({d},'YYYY-MM-DD Day FMMonth DDD')
to_char({t},'HH12:MI:SS.MS AM')
to_char({t},'IYYY-IW ID Q WW')
to_char({n},'FM999990.00')
to_char({n},'S9,999.9')
to_char({i},'00000')
to_char({i},'999,999,999')
quote_literal({s})
quote_ident({s})
format('%s-%s',{s},{i})
regexp_replace({s},'o','0','g')
regexp_count({s},'o')
regexp_substr({s},'[a-z]+')
(regexp_match({s},'([a-z]+)'))[1]
{s} ~ '^[A-Z]'
{s} ~* {p}
to_hex({i})
chr({+} + 64)
bit_length({s})
encode({s}::bytea,'hex')
date_bin('1 hour',{t},timestamp '2001-01-01')
make_date(2024,{+},15)
{t} at time zone 'America/New_York'
({t} at time zone 'UTC') at time zone 'Asia/Tokyo'
to_date(to_char({d},'YYYYMMDD'),'YYYYMMDD')
isfinite({d})
num_nulls({i},{s},{b})
cast({s} as varchar(3))
to_timestamp({i})
gcd({i},{+})
justify_days({d} - {e} + interval '1 day')
array_position(string_to_array({s},','),{p})
array_remove(string_to_array({s},'o'),{p})::text
array_append(string_to_array({s},','),{p})::text
cardinality(string_to_array({s},','))
`;

const postgresAggregates = `
string_agg(distinct p, '/')
array_to_string(array_agg(distinct i), ',')
`;

const duckdbOnly = `
{s}[{+}]
{s}[{+}:{#}]
array_slice({s},{+},{+})
len({s})
instr({s},{p})
contains({s},{p})
suffix({s},{p})
prefix({s},{p})
ends_with({s},{p})
string_split({s},{p})
str_split({s},',')
regexp_matches({s},'o')
regexp_extract({s},'([a-z]+)')
regexp_extract({s},'([a-z]+)-([a-z]+)',2)
regexp_extract_all({s},'[a-z]+')
regexp_full_match({s},'.*o.*')
regexp_replace({s},'o','0','g')
list_contains(string_split({s},','),{p})
list_sort(string_split({s},'o'))
list_reverse(string_split({s},'o'))
list_aggregate([{i},{#}],'sum')
array_length(string_split({s},','))
date_diff('day',{d},{e})
date_diff('month',{d},{e})
date_diff('year',{d},{e})
date_diff('hour',{t},{u})
date_diff('week',{d},{e})
date_diff('quarter',{d},{e})
date_sub('month',{d},{e})
date_sub('day',{t},{u})
date_sub('year',{d},{e})
dayname({d})
monthname({d})
last_day({d})
year({d})
quarter({d})
week({d})
dayofweek({d})
isodow({d})
dayofyear({d})
yearweek({d})
weekday({d})
epoch({t})
epoch_ms({t})
strftime({d},'%Y/%m/%d %A %j')
strftime({t},'%H:%M:%S.%f %p %-d')
strftime({d},'%U %W %V %G %u %w')
make_date(2024,{+},15)
time_bucket(interval '1 month',{d})
time_bucket(interval '15 minutes',{t})
try_cast({s} as int)
try_cast({s} as date)
try_cast({s} as double)
{i} // nullif({#},0)
{i} / nullif({#},0)
{i} ** {+}
isnan({f})
even({n})
xor({i},{+})
bit_count({i})
left({s},{#})
format('{}-{}',{s},{i})
printf('%s %d',{s},{i})
if({b},{i},{#})
ifnull({i},{#})
levenshtein({s},{p})
jaccard('abc','abd')
to_base64({s}::blob)
hex({s})
sha256({s})
chr({+} + 64)
unicode({s})
`;

const duckdbAggregates = `
median({n})
mode({s})
arg_max({s},{i})
arg_min({s},{i})
first({i} order by id)
last({s} order by id)
list({i} order by id)
count_if(b)
quantile_cont({n},0.25)
quantile_disc({i},0.5)
product({k})
skewness(n)
kurtosis(f)
entropy({s})
any_value({i} order by id)
sum({b}::int)
`;

/** Templates of expressions over the rows of `v`, and of aggregates over its groups. */
export const templates = {
  postgres: { rows: [...lines(shared), ...lines(postgresOnly)], groups: [...lines(aggregates), ...lines(postgresAggregates)] },
  duckdb: { rows: [...lines(shared), ...lines(duckdbOnly)], groups: [...lines(aggregates), ...lines(duckdbAggregates)] },
} as const;

/** The queries of a template, whole and by groups for aggregates. */
export function toQueries(template: string, kind: 'rows' | 'groups'): string[] {
  return expand(template).flatMap((expression) =>
    kind === 'rows'
      ? [`select ${expression} as r from v order by id`]
      : [`select ${expression} as r from v`, `select g, ${expression} as r from v group by g order by g`],
  );
}
