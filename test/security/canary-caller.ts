import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryScene, ToldText } from './canary-scene.ts';
import { SIGNING_SECRET, canary } from './canary-texts.ts';

export const OWN_KEY = canary('apikey', '-of-the-environment');

/** A body of a chat that asks the canary. */
export function chat(model: string, more: object = {}) {
  return {
    model,
    messages: [{ role: 'user', content: canary('prompt', ', a question') }],
    ...more,
  };
}

/** What the API answered, by whose it is. */
export interface PlantedAnswers {
  refusals: ToldText[];
  /** Of calls that waited for a provider's failure: the provider's words are the caller's to read. */
  failures: ToldText[];
  /** Of what everybody of a project may see: providers, routes, lists of files and keys, events. */
  views: ToldText[];
  /** Of the owner's own jobs, endpoints and deliveries, with what the owner put there. */
  owned: ToldText[];
}

export interface CanaryCaller {
  answers: PlantedAnswers;
  /** Jobs that were submitted. */
  jobs: readonly string[];
  callback: Readonly<Record<string, unknown>>;
  send(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Keeps head and body of an answer among those of its kind. */
  keep(
    list: keyof PlantedAnswers,
    what: string,
    response: Response,
  ): Promise<{ status: number; text: string }>;
  /** Submits a job that is accepted. */
  submit(model: string, more?: object): Promise<string>;
  ended(job: string): Promise<void>;
  /** Resolves once what stands at a path holds a text. */
  becomes(path: string, mark: string): Promise<void>;
}

const PATIENCE_MS = 60_000;

export function createCanaryCaller({ broker, receiver }: CanaryScene): CanaryCaller {
  const answers: PlantedAnswers = { refusals: [], failures: [], views: [], owned: [] };
  const jobs: string[] = [];
  const callback = {
    url: `${receiver.url}/callback?token=${canary('callbackurl')}`,
    secret: SIGNING_SECRET,
    events: ['job.completed', 'job.failed', 'job.attempt_failed'],
  };
  const send: CanaryCaller['send'] = (path, init = {}) => {
    const headers = {
      authorization: `Bearer ${OWN_KEY}`,
      ...Object.fromEntries(new Headers(init.headers)),
    };
    return fetch(`${broker.url}${path}`, { ...init, headers });
  };
  const post: CanaryCaller['post'] = (path, body, headers = {}) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const keep: CanaryCaller['keep'] = async (list, what, response) => {
    const head = JSON.stringify(Object.fromEntries(response.headers));
    const text = await response.text();
    answers[list].push({ what: `${what}: ${response.status}`, text: `${head}\n${text}` });
    return { status: response.status, text };
  };
  const becomes: CanaryCaller['becomes'] = async (path, mark) => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const text = await (await send(path, { headers: { prefer: 'wait=20' } })).text();
      if (text.includes(mark)) return;
      if (performance.now() > deadline) throw new Error(`${path} does not hold ${mark}: ${text}`);
      // Batches are told of only when somebody asks.
      await sleep(50);
    }
  };
  return {
    answers,
    jobs,
    callback,
    send,
    post,
    keep,
    becomes,
    submit: async (model, more = {}) => {
      const job = {
        endpoint: '/v1/chat/completions',
        body: chat(model),
        metadata: { note: canary('metadata') },
        callback,
        ...more,
      };
      const { status, text } = await keep('owned', `submit ${model}`, await post('/v1/jobs', job));
      if (status !== 202) throw new Error(`a submit to ${model} was answered ${status}: ${text}`);
      const { id } = JSON.parse(text) as { id: string };
      jobs.push(id);
      return id;
    },
    ended: (job) => becomes(`/v1/jobs/${job}`, '"completed_at"'),
  };
}
