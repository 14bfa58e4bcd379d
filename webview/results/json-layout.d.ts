/** JSON with a line for each member, every character of its values kept: a large number is not read and written again. */
export declare function layOutJson(text: string): string;
