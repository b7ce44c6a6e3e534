import { Counter } from 'prom-client';
import type { CounterConfiguration } from 'prom-client';
import { newestRecord } from './newest-record.ts';
import { SeriesTree } from './series-tree.ts';
import type { Labels } from './series-tree.ts';

/** How prom-client keeps a series. */
interface CounterRecord {
  value: number;
}

class OpenCounter<Label extends string> extends Counter<Label> {
  declare readonly hashMap: Record<string, CounterRecord>;
}

/** A counter of prom-client whose series are looked up once for each set of labels. */
export class BoundCounter<Label extends string> {
  readonly #tree: SeriesTree<Label, CounterSeries>;

  constructor(configuration: CounterConfiguration<Label>) {
    const counter = new OpenCounter(configuration);
    this.#tree = new SeriesTree(configuration.labelNames ?? [], (labels) => {
      counter.inc(labels, 0);
      return new CounterSeries(newestRecord(counter.hashMap));
    });
  }

  /** The series of these labels, which is told of from now on. */
  series(labels: Labels<Label>): CounterSeries {
    return this.#tree.of(labels);
  }

  /** @throws TypeError for a value that is negative or no number */
  inc(labels: Labels<Label>, value?: number): void {
    this.#tree.of(labels).inc(value);
  }
}

/** One series of a counter. */
export class CounterSeries {
  readonly #record: CounterRecord;

  constructor(record: CounterRecord) {
    this.#record = record;
  }

  /** @throws TypeError for a value that is negative or no number */
  inc(value = 1): void {
    if (!(value >= 0)) throw new TypeError(`a counter cannot grow by ${value}`);
    this.#record.value += value;
  }
}
