// The graph of a project as it is usually drawn: React Flow with a card per node, laid out by dagre or elkjs.
import dagre from '@dagrejs/dagre';
import { Handle, Position, ReactFlow, ReactFlowProvider, useNodesInitialized } from '@xyflow/react';
import ELK from 'elkjs/lib/elk.bundled.js';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '@xyflow/react/dist/style.css';

const { cards, links, layout } = window.benchGraph;

function layByDagre() {
  const graph = new dagre.graphlib.Graph().setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 60 }).setDefaultEdgeLabel(() => ({}));
  for (const card of cards) graph.setNode(card.id, { width: card.width, height: card.height });
  for (const link of links) graph.setEdge(cards[link.from].id, cards[link.to].id);
  dagre.layout(graph);
  return cards.map((card) => ({ x: graph.node(card.id).x - card.width / 2, y: graph.node(card.id).y - card.height / 2 }));
}

async function layByElk() {
  const made = await new ELK().layout({
    id: 'root',
    layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT', 'elk.layered.spacing.nodeNodeBetweenLayers': '60' },
    children: cards.map(({ id, width, height }) => ({ id, width, height })),
    edges: links.map((link, i) => ({ id: `e${i}`, sources: [cards[link.from].id], targets: [cards[link.to].id] })),
  });
  return made.children.map(({ x, y }) => ({ x, y }));
}

function Card({ data }) {
  return (
    <div className="card" style={{ width: data.width, height: data.height }}>
      <Handle type="target" position={Position.Left} />
      <strong>{data.name}</strong>
      <span>{data.detail}</span>
      <Handle type="source" position={Position.Right} />
    </div>
  );
}

const nodeTypes = { card: Card };

function Ready() {
  const initialized = useNodesInitialized();
  useEffect(() => {
    // Two frames later what was rendered is on the screen.
    const note = () => {
      window.benchFirst ??= performance.now();
    };
    if (initialized) requestAnimationFrame(() => requestAnimationFrame(note));
  }, [initialized]);
  return null;
}

function Graph() {
  const [graph, setGraph] = useState();
  useEffect(() => {
    void (async () => {
      const places = layout === 'dagre' ? layByDagre() : await layByElk();
      setGraph({
        nodes: cards.map((card, i) => ({ id: card.id, type: 'card', position: places[i], data: card })),
        edges: links.map((link, i) => ({ id: `e${i}`, source: cards[link.from].id, target: cards[link.to].id })),
      });
    })();
  }, []);
  if (graph === undefined) return null;
  return (
    <ReactFlow defaultNodes={graph.nodes} defaultEdges={graph.edges} nodeTypes={nodeTypes} minZoom={0.01} panOnScroll fitView>
      <Ready />
    </ReactFlow>
  );
}

createRoot(document.getElementById('root')).render(
  <ReactFlowProvider>
    <Graph />
  </ReactFlowProvider>,
);
