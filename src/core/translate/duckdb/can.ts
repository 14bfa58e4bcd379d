/** Ends the sentence of a refusal that DuckDB would not have to make; `auto` asks DuckDB where it reads this. */
export const duckDbCan = 'The engine duckdb can (headwater.engine).';
