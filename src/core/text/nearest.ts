/** The candidate closest to a name by edit distance, or undefined when none is near enough to be meant. */
export function findNearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, other, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Several of them, the nearest first. */
export function findNear(name: string, candidates: Iterable<string>, most: number): readonly string[] {
  const left = new Set(candidates);
  const found: string[] = [];
  for (let next = findNearest(name, left); next !== undefined && found.length < most; next = findNearest(name, left)) {
    found.push(next);
    left.delete(next);
  }
  return found;
}

/** Appends ` Did you mean …?` to a sentence when some candidate is near. */
export function withNearest(sentence: string, name: string, candidates: Iterable<string>): string {
  const near = findNearest(name, candidates);
  return near === undefined ? sentence : `${sentence} Did you mean '${near}'?`;
}

function editDistance(a: string, b: string, limit: number): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const value = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
      row.push(value);
      if (value < least) least = value;
    }
    if (least >= limit) return limit;
    previous = row;
  }
  return previous[b.length] ?? limit;
}
