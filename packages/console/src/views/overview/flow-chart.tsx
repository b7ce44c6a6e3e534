import { useRef } from 'preact/hooks';
import { useWidth } from '../../components/charts/use-width.ts';
import { layOutFlows } from './flow-diagram.ts';
import type { Flow, FlowNode } from './flow-diagram.ts';

/** Who could not answer, and who was asked next. */
export function FlowChart({ flows }: { flows: readonly Flow[] }) {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const column = { left: 0, right: Math.max(0, width - NODE_WIDTH) };
  const diagram = layOutFlows(flows, {
    left: column.left + NODE_WIDTH,
    right: column.right,
    flowHeight: Math.min(160, 40 + flows.length * 24),
    least: 4,
    gap: LABEL_ROOM,
  });
  return (
    <figure class="chart">
      <div ref={holder} class="chart-holder">
        {width > 0 && (
          <svg
            width={width}
            height={diagram.height + LABEL_ROOM}
            role="img"
            aria-label={`Where jobs went on. ${flows.map(flowText).join('; ')}`}
          >
            <g transform={`translate(0 ${LABEL_ROOM - 4})`}>
              {diagram.ribbons.map((ribbon) => (
                <path
                  key={`${ribbon.from} ${ribbon.to}`}
                  d={ribbon.path}
                  class={ribbon.to === null ? 'flow-ribbon flow-unanswered' : 'flow-ribbon'}
                >
                  <title>{flowText(ribbon)}</title>
                </path>
              ))}
              {diagram.from.map((node) => (
                <NodeBar key={node.name} node={node} x={column.left} anchor="start" width={width} />
              ))}
              {diagram.to.map((node) => (
                <NodeBar key={node.name} node={node} x={column.right} anchor="end" width={width} />
              ))}
            </g>
          </svg>
        )}
      </div>
    </figure>
  );
}

const NODE_WIDTH = 10;
/** Above each node. */
const LABEL_ROOM = 26;
const LETTER_WIDTH = 7;

interface NodeBarProps {
  node: FlowNode;
  x: number;
  anchor: 'start' | 'end';
  width: number;
}

function NodeBar({ node, x, anchor, width }: NodeBarProps) {
  const { name, count, y, height } = node;
  const isLost = name === null;
  const letters = Math.max(8, Math.floor(width / 2 / LETTER_WIDTH) - 8);
  const label = shorten(name ?? 'unanswered', letters);
  return (
    <g>
      <rect
        x={x}
        y={y}
        width={NODE_WIDTH}
        height={height}
        rx={2}
        class={isLost ? 'flow-node flow-lost' : 'flow-node'}
      />
      <text
        x={anchor === 'start' ? x : x + NODE_WIDTH}
        y={y - 6}
        text-anchor={anchor}
        class="flow-label"
      >
        {label}
        <tspan class="flow-count" dx={6}>
          {count.toLocaleString()}
        </tspan>
      </text>
    </g>
  );
}

function flowText({ from, to, count }: Flow): string {
  const where = to === null ? 'ended unanswered' : `went on to ${to}`;
  return `${from}: ${count.toLocaleString()} ${where}`;
}

function shorten(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
