import { rules } from './rule.ts';

/** What Transact-SQL alone has, or has in a way of its own. */
export const tsqlRules = rules([
  ['ts', 'datename', 'kT', 's', 'hw_date_name({1},{2})'],
  ['ts', 'timefromparts', 'iiiii', 'c', 'hw_make_time({1},{2},{3} + {4} / hw_power(10,{5}))'],
  ['ts', 'datetimefromparts', 'iiiiiii', 't', 'hw_make_timestamp({1},{2},{3},{4},{5},{6} + {7} / 1000.0)'],
  ['ts', 'datetime2fromparts', 'iiiiiiii', 't', 'hw_make_timestamp({1},{2},{3},{4},{5},{6} + {7} / hw_power(10,{8}))'],
  ['ts', 'smalldatetimefromparts', 'iiiii', 't', 'hw_make_timestamp({1},{2},{3},{4},{5},0)'],
  ['ts', 'isdate', 's', 'i', '(hw_text_timestamp({1},1,1) is not null)'],
  ['ts', 'format', 'xss?', 's', 'hw_format_dotnet({1},{2})'],
  ['ts', 'charindex', 'ssi?', 'i', 'hw_position(hw_lower({2}),hw_lower({1}),{3|1},1)'],
  ['ts', 'quotename', 'ss?', 's', "hw_quotename({1},{2|'['})"],
  ['ts', 'str', 'ni?i?', 's', 'hw_str({1},{2|10},{3|0})'],
  ['ts', 'string_escape', 'ss', 's', 'hw_json_escape({1})'],
  ['ts', 'isnumeric', 's', 'i', 'hw_is_numeric({1})'],
  ['ts', 'left_shift', 'ii', 'i', '({1} << {2})'],
  ['ts', 'right_shift', 'ii', 'i', '({1} >> {2})'],
  ['ts', 'get_bit', 'ii', 'i', '(({1} >> {2}) & 1)'],
  ['ts', 'set_bit', 'ii', 'i', '({1} | (1 << {2}))'],
  ['ts', 'isjson', 's', 'i', 'hw_is_json({1})'],
  ['ts', 'json_modify', 'ssx', 's', 'hw_json_modify({1},{2},{3},{k3})'],
  ['ts', 'json_path_exists', 'ss', 'i', '(hw_json_path_lax({1},{2}) is not null)'],
  ['ts', 'switchoffset', 'zs', 'z', '{1}'],
  ['ts', 'todatetimeoffset', 'ts', 'z', "hw_shift_zone({1},{2},'UTC')"],
  ['ts', 'hashbytes', 'sy', 'y', 'hw_hash_bytes({1},{2})'],
  ['ts', 'trim', 's', 's', "hw_trim({1},' ','both')"],
]);
