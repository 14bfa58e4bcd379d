/** What the keys do in the graph, for people and for the dialog that shows them. */
export const graphKeys: readonly (readonly [key: string, what: string])[] = [
  ['← →', 'along the edges, to the nearest parent or child; at the end, shows hidden ones'],
  ['↑ ↓', 'within the column, and through the columns of an open card'],
  ['Enter', 'opens the file, or the column in it'],
  ['Space', 'shows or hides columns; on a column, lights up its lineage'],
  ['/', 'finds a node or takes a selector'],
  ['f', 'puts the card into focus'],
  ['u  d', 'only what is upstream, only what is downstream'],
  ['c', 'the CTEs inside the model'],
  ['w', 'the whole project'],
  ['p  t  h', 'preview, run tests, documentation'],
  ['k  y  r', 'compiled SQL, copy the name, reveal in the tree'],
  ['m', 'the menu of the card'],
  ['i', 'details beside the graph'],
  ['+ − 0', 'zooms in, zooms out, shows everything'],
  ['Alt ← →', 'back and forward'],
  ['Esc', 'clears the highlight, then the selection'],
];
