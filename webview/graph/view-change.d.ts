import type { GraphView } from '../../src/core/layout/picture.ts';
/** The view with something changed; a scope of another kind forgets what was grown in the old one. */
export declare function changeView(view: GraphView | undefined, change: Partial<GraphView>): GraphView;
/** The view with a card's columns, or a group's nodes, shown where they were hidden and hidden where they were shown. */
export declare function toggleCard(view: GraphView, id: string): GraphView;
/** The view with every hidden neighbour on one side of a node. */
export declare function growView(view: GraphView | undefined, node: string, side: 'up' | 'down'): GraphView;
/** The view with the lineage of a column lit, or no longer where it was lit already. */
export declare function traceView(view: GraphView | undefined, node: string, column: string): GraphView;
/** The view without a lit column. */
export declare function clearColumn(view: GraphView): GraphView;
/** The view about another node, with as many steps around it as before. */
export declare function focusView(view: GraphView | undefined, node: string): GraphView;
/** The view of everything on one side of a node. */
export declare function onlyView(view: GraphView | undefined, node: string, side: 'up' | 'down'): GraphView;
