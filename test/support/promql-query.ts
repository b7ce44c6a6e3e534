import { parser } from '@prometheus-io/lezer-promql';

/** A place of a query where series are named. */
export interface Selector {
  metric: string;
  matchers: readonly { label: string; operator: string; value: string }[];
  /** Labels by which what it names is grouped, in every aggregation around it. */
  groupedBy: readonly string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** @throws Error where the text is no PromQL */
export function readSelectors(query: string): Selector[] {
  const tree = parser.parse(query);
  const selectors: Selector[] = [];
  tree.iterate({
    enter: (found) => {
      if (found.type.isError) {
        throw new Error(`no PromQL at character ${found.from}: ${query}`);
      }
      if (found.name === 'VectorSelector') selectors.push(readSelector(found.node, query));
    },
  });
  return selectors;
}

function readSelector(node: Node, query: string): Selector {
  const textOf = (one: Node | null | undefined): string =>
    one === null || one === undefined ? '' : query.slice(one.from, one.to);
  const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
    (matcher) => ({
      label: textOf(matcher.getChild('LabelName')),
      operator: textOf(matcher.getChild('MatchOp')),
      value: textOf(matcher.getChild('StringLiteral')).slice(1, -1),
    }),
  );
  const groupedBy: string[] = [];
  for (let around = node.parent; around !== null; around = around.parent) {
    const labels = around.getChild('AggregateModifier')?.getChild('GroupingLabels');
    groupedBy.push(...(labels?.getChildren('LabelName') ?? []).map(textOf));
  }
  return { metric: textOf(node.getChild('Identifier')), matchers, groupedBy };
}
