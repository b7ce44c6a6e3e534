import type { JobView } from '../support/start-broker.ts';
import type { Caller } from './callers.ts';
import type { ConformanceScene } from './conformance-scene.ts';
import { submitsAsJob } from './job-fetch.ts';
import { warningsOf } from './check-arrival.ts';
import type { Target } from './targets.ts';
import { findTicket, writeTicket } from './tickets.ts';
import type { Wish } from './wish.ts';

/** What became of one wish at one target. */
export type Fate =
  | { kind: 'carried' }
  | { kind: 'lost'; messages: string[] }
  /** The job was not sent at all. */
  | { kind: 'untranslatable'; message: string }
  /** The vendor got the same as without the wish, and nobody was told. */
  | { kind: 'silent' }
  | { kind: 'broken'; job: unknown };

/** The wishes of one caller at one target: each alone, beside what the vendor gets without it. */
export class WishAsker {
  readonly #scene: ConformanceScene;
  readonly #caller: Caller;
  readonly #target: Target;
  /** By what stands beside the wish: what is sent without it. */
  readonly #without = new Map<string, Promise<Sent>>();

  constructor(scene: ConformanceScene, caller: Caller, target: Target) {
    this.#scene = scene;
    this.#caller = caller;
    this.#target = target;
  }

  async ask(wish: Wish): Promise<Fate> {
    const without = await this.#sendWithout(wish);
    const sent = await this.#send(wish.name, (body, ticket) => ({
      ...body,
      ...wish.beside,
      ...wish.members,
      ...(wish.said === undefined ? {} : this.#caller.asking(ticket, wish.said)),
    }));
    const [attempt] = sent.job.attempts;
    if (sent.job.status !== 'completed') {
      if (attempt?.['rule'] !== 'untranslatable') return { kind: 'broken', job: sent.job };
      return { kind: 'untranslatable', message: messageOf(attempt['error']) };
    }
    const told = new Set(warningsOf(without.job).map(({ field }) => field));
    const lost = warningsOf(sent.job).filter(({ field }) => !told.has(field));
    if (lost.length > 0) return { kind: 'lost', messages: lost.map(({ message }) => message) };
    const arrived = wish.arrivesAs?.some((text) => sent.body.includes(text)) ?? true;
    const differs = sent.body !== without.body || wish.holdsAnyway === true;
    if (arrived && differs) return { kind: 'carried' };
    return { kind: 'silent' };
  }

  #sendWithout({ name, beside }: Wish): Promise<Sent> {
    const key = JSON.stringify(beside);
    const sent =
      this.#without.get(key) ?? this.#send(`without ${name}`, (body) => ({ ...body, ...beside }));
    this.#without.set(key, sent);
    return sent;
  }

  async #send(name: string, write: (body: object, ticket: string) => object): Promise<Sent> {
    const { broker, vendors } = this.#scene;
    const { dialect, endpoint } = this.#caller;
    const ticket = writeTicket(dialect, this.#target.name, name.replaceAll(/[^a-z]+/gi, '-'));
    const body = write(this.#caller.body(this.#target.name, ticket, 'bare'), ticket);
    const job = await submitsAsJob(broker, endpoint).submit(vendors.withImages(body));
    const [call] = vendors.callsOf(findTicket(ticket) ?? '');
    return { job, body: JSON.stringify(call?.body ?? null).replaceAll(ticket, '') };
  }
}

interface Sent {
  job: JobView;
  /** As the vendor got it, without the ticket. */
  body: string;
}

function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return '';
  return String(error.message);
}
