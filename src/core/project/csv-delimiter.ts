const candidates = [',', ';', '\t', '|'] as const;

/** The delimiter that gives the first lines of a file the same number of values each; a comma where none does. */
export function findDelimiter(sample: string): string {
  let best: string = ',';
  let bestScore = 0;
  for (const candidate of candidates) {
    const counts = countPerLine(sample, candidate);
    const first = counts[0] ?? 0;
    if (first === 0) continue;
    const agreeing = counts.filter((count) => count === first).length / counts.length;
    const score = agreeing * 1000 + Math.min(first, 99);
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** How often a character stands outside quotes in each of the first fifty lines that are not blank. */
function countPerLine(sample: string, character: string): number[] {
  const wanted = character.charCodeAt(0);
  const counts: number[] = [];
  let count = 0;
  let quoted = false;
  let blank = true;
  for (let at = 0; at < sample.length && counts.length < 50; at++) {
    const code = sample.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (!quoted && code === 10) {
      if (!blank) counts.push(count);
      count = 0;
      blank = true;
      continue;
    } else if (!quoted && code === wanted) count++;
    if (code !== 13 && code !== 32) blank = false;
  }
  if (!blank && counts.length === 0) counts.push(count);
  return counts;
}
