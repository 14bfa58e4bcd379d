import { ThemeColor, ThemeIcon } from 'vscode';
import type { OutlineNode } from '../../protocol.ts';

/** The icon says what a node is and, for models, how it is materialized; its colour is the kind's. */
export function iconOf(node: OutlineNode): ThemeIcon {
  if (!node.enabled) return new ThemeIcon('circle-slash', new ThemeColor('disabledForeground'));
  switch (node.kind) {
    case 'source':
      return new ThemeIcon('database', new ThemeColor('headwater.source'));
    case 'seed':
      return new ThemeIcon('symbol-enum', new ThemeColor('headwater.seed'));
    case 'snapshot':
      return new ThemeIcon('history', new ThemeColor('headwater.snapshot'));
    case 'exposure':
      return new ThemeIcon('dashboard', new ThemeColor('headwater.exposure'));
    case 'metric':
    case 'semantic_model':
      return new ThemeIcon('graph', new ThemeColor('headwater.exposure'));
    default: {
      const shapes: Record<string, string> = { table: 'table', incremental: 'diff-added', ephemeral: 'symbol-namespace', view: 'eye' };
      return new ThemeIcon(
        node.path.endsWith('.py') ? 'symbol-method' : (shapes[node.materialized] ?? 'symbol-file'),
        new ThemeColor('headwater.model'),
      );
    }
  }
}
