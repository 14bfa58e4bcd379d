import type { GraphCalls, GraphHostCalls } from '../../src/protocol.ts';
import { connectHost } from '../ui/host.ts';
import '../ui/style.css';
import '../canvas/style.css';
import { GraphSurface } from './surface.ts';

const surface: { current: GraphSurface | undefined } = { current: undefined };
const wire = connectHost<GraphHostCalls, GraphCalls>({
  changed: () => surface.current?.refresh(),
  focus: ({ node, column }) => surface.current?.follow(node, column),
});
surface.current = new GraphSurface(wire);
document.body.append(surface.current.node);
void surface.current.start();
