import type { Statistics } from '../../api/contract.ts';

/** How often jobs went on from one provider to another; `to` is null where no provider answered. */
export type Flow = Statistics['flows'][number];

export interface FlowNode {
  /** Null for the end of jobs that nobody answered. */
  name: string | null;
  count: number;
  y: number;
  height: number;
}

interface FlowRibbon extends Flow {
  /** An SVG path, closed. */
  path: string;
}

export interface FlowDiagram {
  from: FlowNode[];
  to: FlowNode[];
  ribbons: FlowRibbon[];
  height: number;
}

export interface FlowFrame {
  /** Where ribbons begin and end. */
  left: number;
  right: number;
  /** Height of all flows together, without gaps. */
  flowHeight: number;
  /** Least height of a ribbon, so that a rare flow beside a frequent one is still seen. */
  least: number;
  /** Room between nodes, for their labels. */
  gap: number;
}

/**
 * Lays flows out as a diagram of two columns: who could not answer, the largest first, and who was
 * asked next, near to where its jobs come from; what nobody answered stands last.
 */
export function layOutFlows(flows: readonly Flow[], frame: FlowFrame): FlowDiagram {
  const positive = flows.filter(({ count }) => count > 0);
  const total = positive.reduce((sum, { count }) => sum + count, 0);
  const tall = ({ count }: Flow) => Math.max(frame.least, (count / total) * frame.flowHeight);
  const left = column(positive, ({ from }) => from, tall, frame.gap);
  const places = new Map(left.map(({ name }, place) => [name, place]));
  const placeOf = ({ from }: Flow): number => places.get(from) ?? 0;
  const right = column(positive, ({ to }) => to, tall, frame.gap, placeOf);
  const used = { left: new Map<string | null, number>(), right: new Map<string | null, number>() };
  const placeIn = (
    side: 'left' | 'right',
    nodes: FlowNode[],
    name: string | null,
    height: number,
  ) => {
    const node = nodes.find((candidate) => candidate.name === name);
    const y = (node?.y ?? 0) + (used[side].get(name) ?? 0);
    used[side].set(name, (used[side].get(name) ?? 0) + height);
    return y;
  };
  // In the order of the nodes, so that ribbons of one node leave and arrive without crossing.
  const ordered = left.flatMap((node) =>
    right.flatMap(({ name }) =>
      positive.filter(({ from, to }) => from === node.name && to === name),
    ),
  );
  const ribbons = ordered.map((flow) => {
    const height = tall(flow);
    const y0 = placeIn('left', left, flow.from, height);
    const y1 = placeIn('right', right, flow.to, height);
    return { ...flow, path: ribbonPath(frame, y0, y1, height) };
  });
  return { from: left, to: right, ribbons, height: Math.max(bottom(left), bottom(right)) };
}

/** @param placeOf nodes whose flows come from further up stand further up */
function column(
  flows: readonly Flow[],
  nameOf: (flow: Flow) => string | null,
  tall: (flow: Flow) => number,
  gap: number,
  placeOf: (flow: Flow) => number = () => 0,
): FlowNode[] {
  const groups = Map.groupBy(flows, nameOf);
  const nodes = [...groups].map(([name, group]) => {
    const count = group.reduce((sum, flow) => sum + flow.count, 0);
    const weighed = group.reduce((sum, flow) => sum + placeOf(flow) * flow.count, 0);
    const height = group.reduce((sum, flow) => sum + tall(flow), 0);
    return { name, count, height, place: name === null ? Infinity : weighed / count };
  });
  let y = 0;
  return nodes.toSorted(byPlace).map(({ name, count, height }) => {
    const node = { name, count, y, height };
    y += height + gap;
    return node;
  });
}

interface Placed {
  name: string | null;
  count: number;
  place: number;
}

function byPlace(a: Placed, b: Placed): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  return b.count - a.count || (a.name ?? '').localeCompare(b.name ?? '');
}

function bottom(nodes: readonly FlowNode[]): number {
  const last = nodes.at(-1);
  return last === undefined ? 0 : last.y + last.height;
}

function ribbonPath({ left, right }: FlowFrame, y0: number, y1: number, height: number): string {
  const middle = (left + right) / 2;
  const [a, b, c, d] = [y0, y1, y1 + height, y0 + height].map((y) => Math.round(y * 100) / 100);
  return `M${left},${a} C${middle},${a} ${middle},${b} ${right},${b} L${right},${c} C${middle},${c} ${middle},${d} ${left},${d} Z`;
}
