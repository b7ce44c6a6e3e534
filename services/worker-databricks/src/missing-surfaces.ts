/** How long an answer "not here" is believed: gateways are switched on and models appear. */
const BELIEVED_MS = 10 * 60 * 1000;
/** Model names may come from callers, so what is remembered of them is bounded. */
const MAX_ENTRIES = 2000;

/** Remembers on which surface a model was found missing, for ten minutes. */
export class MissingSurfaces {
  readonly #now: () => number;
  /** Key → until when it is believed; oldest first. */
  readonly #until = new Map<string, number>();

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  note(surface: string, dialect: string, model: string, missing: boolean): void {
    const key = keyOf(surface, dialect, model);
    this.#until.delete(key);
    if (!missing) return;
    this.#until.set(key, this.#now() + BELIEVED_MS);
    if (this.#until.size > MAX_ENTRIES) this.#dropOldest();
  }

  has(surface: string, dialect: string, model: string): boolean {
    const until = this.#until.get(keyOf(surface, dialect, model));
    return until !== undefined && until > this.#now();
  }

  #dropOldest(): void {
    const [oldest] = this.#until.keys();
    if (oldest !== undefined) this.#until.delete(oldest);
  }
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}
