import { parser } from '@prometheus-io/lezer-promql'

type Node = ReturnType<typeof parser.parse>['topNode']

/** What a query selects from one metric. */
export interface Selector {
  readonly metric: string
  readonly matchers: readonly { readonly label: string; readonly value: string }[]
  /** The labels by which the result is grouped. */
  readonly groupedBy: readonly string[]
}

/** All metrics that a PromQL query reads. Throws if its syntax is wrong. */
export function selectorsIn(query: string): Selector[] {
  const textOf = ({ from, to }: Node) => query.slice(from, to)
  const selectors: Selector[] = []

  function visit(node: Node, groupedBy: readonly string[]): void {
    if (node.type.isError) throw new Error(`Syntax error at ${node.from} in ${query}`)
    let labels = groupedBy
    if (node.name === 'AggregateExpr') labels = [...groupedBy, ...labelsOf(node)]
    if (node.name === 'VectorSelector') selectors.push(selectorOf(node, groupedBy))
    for (let child = node.firstChild; child; child = child.nextSibling) visit(child, labels)
  }

  function labelsOf(aggregation: Node): string[] {
    const grouping = aggregation.getChild('AggregateModifier')?.getChild('GroupingLabels')
    return grouping?.getChildren('LabelName').map(textOf) ?? []
  }

  function selectorOf(node: Node, groupedBy: readonly string[]): Selector {
    const identifier = node.getChild('Identifier')
    if (!identifier) throw new Error(`A selector without a metric in ${query}`)
    const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
    return {
      metric: textOf(identifier),
      groupedBy,
      matchers: matchers.map((matcher) => {
        const [label, value] = [matcher.getChild('LabelName'), matcher.getChild('StringLiteral')]
        if (!label || !value) throw new Error(`An incomplete matcher in ${query}`)
        return { label: textOf(label), value: `${JSON.parse(textOf(value))}` }
      }),
    }
  }

  visit(parser.parse(query).topNode, [])
  return selectors
}
