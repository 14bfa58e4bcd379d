/** A question that is answered when it is first asked; everybody after that gets the same answer. */
export function once<Value>(answer: () => Value): () => Value {
  let ask: (() => Value) | undefined = answer;
  let known: Value;
  return () => {
    if (ask !== undefined) {
      known = ask();
      // What the answer was made from need not be kept for it.
      ask = undefined;
    }
    return known;
  };
}
