import type { ErdHostCalls, GraphCalls } from '../../src/protocol.ts';
import { connectHost } from '../ui/host.ts';
import '../ui/style.css';
import '../canvas/style.css';
import { ErdSurface } from './surface.ts';

const surface: { current: ErdSurface | undefined } = { current: undefined };
const wire = connectHost<ErdHostCalls, GraphCalls>({
  changed: () => surface.current?.refresh(),
  focus: ({ node }) => surface.current?.follow(node),
});
surface.current = new ErdSurface(wire);
document.body.append(surface.current.node);
void surface.current.start();
