import { Histogram } from 'prom-client';
import type { HistogramConfiguration } from 'prom-client';
import { newestRecord } from './newest-record.ts';
import { SeriesTree } from './series-tree.ts';
import type { Labels } from './series-tree.ts';

/** How prom-client keeps a series: an observation stands at the lowest bound that it does not exceed. */
interface HistogramRecord {
  sum: number;
  count: number;
  bucketValues: Record<string, number>;
}

class OpenHistogram<Label extends string> extends Histogram<Label> {
  declare readonly hashMap: Record<string, HistogramRecord>;
}

/** A histogram of prom-client whose series are looked up once for each set of labels. */
export class BoundHistogram<Label extends string> {
  readonly #tree: SeriesTree<Label, HistogramSeries>;

  constructor(configuration: HistogramConfiguration<Label> & { buckets: number[] }) {
    const histogram = new OpenHistogram(configuration);
    const bounds = configuration.buckets.map((bound) => ({ bound, name: `${bound}` }));
    this.#tree = new SeriesTree(configuration.labelNames ?? [], (labels) => {
      histogram.zero(labels);
      return new HistogramSeries(newestRecord(histogram.hashMap), bounds);
    });
  }

  /** The series of these labels, which is told of from now on. */
  series(labels: Labels<Label>): HistogramSeries {
    return this.#tree.of(labels);
  }

  /** @throws TypeError for a value that is no finite number */
  observe(labels: Labels<Label>, value: number): void {
    this.#tree.of(labels).observe(value);
  }
}

/** A bound, and the bucket's name in a record: made once, as it is slow to make of a fraction. */
interface Bound {
  bound: number;
  name: string;
}

/** One series of a histogram. */
export class HistogramSeries {
  readonly #record: HistogramRecord;
  readonly #bounds: readonly Bound[];

  constructor(record: HistogramRecord, bounds: readonly Bound[]) {
    this.#record = record;
    this.#bounds = bounds;
  }

  /** @throws TypeError for a value that is no finite number */
  observe(value: number): void {
    if (!Number.isFinite(value)) throw new TypeError(`a histogram cannot take ${value}`);
    const { bucketValues } = this.#record;
    this.#record.sum += value;
    this.#record.count += 1;
    const lowest = this.#bounds.find(({ bound }) => value <= bound);
    // What exceeds all bounds stands in the count alone.
    if (lowest !== undefined) bucketValues[lowest.name] = (bucketValues[lowest.name] ?? 0) + 1;
  }
}
