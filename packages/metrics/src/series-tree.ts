/** Values of an instrument's labels; one that does not apply is left out. */
export type Labels<Label extends string> = Readonly<Partial<Record<Label, string>>>;

interface Branch<Series> {
  series?: Series;
  next: Map<string | undefined, Branch<Series>>;
}

/**
 * Series by the values of their labels, a map for each label. prom-client keeps them by a text of all
 * labels, which it puts together at each observation: some ten times a job.
 */
export class SeriesTree<Label extends string, Series> {
  readonly #labelNames: readonly Label[];
  readonly #make: (labels: Labels<Label>) => Series;
  readonly #root: Branch<Series> = { next: new Map() };

  /** @param make called once for each set of labels */
  constructor(labelNames: readonly Label[], make: (labels: Labels<Label>) => Series) {
    this.#labelNames = labelNames;
    this.#make = make;
  }

  of(labels: Labels<Label>): Series {
    let branch = this.#root;
    for (const name of this.#labelNames) {
      let next = branch.next.get(labels[name]);
      if (next === undefined) {
        next = { next: new Map() };
        branch.next.set(labels[name], next);
      }
      branch = next;
    }
    branch.series ??= this.#make(labels);
    return branch.series;
  }
}
