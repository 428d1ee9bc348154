type Label = string | number

interface Series {
  readonly labels: Record<string, Label>
  /** How many values each bucket has got, without those of the smaller ones; the last has no bound. */
  readonly counts: number[]
  sum: number
}

/**
 * A histogram in the form of prom-client's figures. It finds a series by one look-up, where prom-client
 * checks and hashes an object of labels: 0.13 µs in place of 0.5, and every request is counted twice.
 *
 * @param options.labelNames in the order in which `observe` takes their values.
 * @param options.bounds of the buckets, rising.
 */
export function createHistogram<Labels extends readonly Label[]>(options: {
  readonly name: string
  readonly help: string
  readonly labelNames: { readonly [Index in keyof Labels]: string }
  readonly bounds: readonly number[]
}) {
  const { name, help, labelNames, bounds } = options
  const all = new Map<string, Series>()

  function begin(key: string, values: Labels): Series {
    const labels = Object.fromEntries(values.map((value, index) => [labelNames[index], value]))
    const series = { labels, counts: Array<number>(bounds.length + 1).fill(0), sum: 0 }
    all.set(key, series)
    return series
  }

  function valuesOf({ labels, counts, sum }: Series) {
    let count = 0
    const buckets = counts.map((inBucket, index) => {
      count += inBucket
      const le = bounds[index] ?? '+Inf'
      return { labels: { le, ...labels }, value: count, metricName: `${name}_bucket` }
    })
    return [
      ...buckets,
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: count, metricName: `${name}_count` },
    ]
  }

  return {
    observe(value: number, ...labels: Labels): void {
      const key = labels.join(' ')
      const series = all.get(key) ?? begin(key, labels)
      let bucket = 0
      while (value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
      series.sum += value
    },
    figures: () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: Array.from(all.values()).flatMap(valuesOf),
    }),
  }
}
