/** JSON with a line for each member, every character of its values kept: a large number is not read and written again. */
export function layOutJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+|[[{]\s*[\]}]|[[\]{},:]|[^"\s[\]{},:]+/g, (token) => {
    if (/^\s/.test(token)) return '';
    if (/^[[{]\s*[\]}]$/.test(token)) return token.replace(/\s/g, '');
    if (token === '{' || token === '[') {
      depth++;
      return `${token}${line()}`;
    }
    if (token === '}' || token === ']') {
      depth--;
      return `${line()}${token}`;
    }
    return token === ',' ? `,${line()}` : token === ':' ? ': ' : token;
  });
}
