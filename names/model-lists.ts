import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** One list to fetch; several make up what a provider has. */
export interface ListRequest {
  path: string;
  /** Member that holds the list; absent where the answer is the list, or holds it in `data`. */
  list?: string;
  /** Member of an entry that holds the id. */
  id: string;
  /** What the id stands behind. */
  idPrefix?: string;
  /** The member of a page that says where the next one starts, and the parameter it becomes. */
  next?: { member: string; parameter: string };
}

/** How a provider is asked for its models. */
export interface ModelList {
  provider: string;
  /** Environment variables without which it is not asked; the first one is the key. */
  needs: readonly string[];
  /** `${NAME}` stands for a variable of the environment. */
  baseUrl: string;
  /** Header → value, in which `${KEY}` stands for the key. */
  headers: Readonly<Record<string, string>>;
  requests: readonly ListRequest[];
  /** Only our ids with this beginning can be on the list. */
  only?: string;
  /** The list depends on the region: ids are judged only where their prefix is on it at all. */
  byPrefix?: true;
}

const BEARER = { authorization: 'Bearer ${KEY}' };
const OPENAI_MODELS: ListRequest = { path: '/models', id: 'id' };

const OWN_LISTS: readonly ModelList[] = [
  {
    provider: 'openai',
    needs: ['OPENAI_API_KEY'],
    baseUrl: 'https://api.openai.com/v1',
    headers: BEARER,
    requests: [OPENAI_MODELS],
  },
  {
    provider: 'anthropic',
    needs: ['ANTHROPIC_API_KEY'],
    baseUrl: 'https://api.anthropic.com/v1',
    headers: { 'x-api-key': '${KEY}', 'anthropic-version': '2023-06-01' },
    requests: [
      { path: '/models?limit=1000', id: 'id', next: { member: 'last_id', parameter: 'after_id' } },
    ],
  },
  {
    provider: 'gemini',
    needs: ['GEMINI_API_KEY'],
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    headers: { 'x-goog-api-key': '${KEY}' },
    requests: [
      {
        path: '/models?pageSize=1000',
        list: 'models',
        id: 'name',
        idPrefix: 'models/',
        next: { member: 'nextPageToken', parameter: 'pageToken' },
      },
    ],
  },
  {
    provider: 'bedrock',
    needs: ['AWS_BEARER_TOKEN_BEDROCK', 'AWS_REGION'],
    baseUrl: 'https://bedrock.${AWS_REGION}.amazonaws.com',
    headers: BEARER,
    requests: [
      { path: '/foundation-models', list: 'modelSummaries', id: 'modelId' },
      {
        path: '/inference-profiles?maxResults=1000',
        list: 'inferenceProfileSummaries',
        id: 'inferenceProfileId',
        next: { member: 'nextToken', parameter: 'nextToken' },
      },
    ],
    byPrefix: true,
  },
  {
    provider: 'databricks',
    needs: ['DATABRICKS_TOKEN', 'DATABRICKS_HOST'],
    baseUrl: '${DATABRICKS_HOST}',
    headers: BEARER,
    requests: [{ path: '/api/2.0/serving-endpoints', list: 'endpoints', id: 'name' }],
    only: 'databricks-',
  },
];

/** Beside its models, OpenRouter lists those for embeddings apart. */
const FURTHER_REQUESTS: Readonly<Record<string, readonly ListRequest[]>> = {
  openrouter: [{ path: '/embeddings/models', id: 'id' }],
};

/** Whose lists cannot be asked for with a key alone. */
export const WITHOUT_LIST: Readonly<Record<string, string>> = {
  azure: 'deployments are listed by the management API only',
  vertex: 'the model garden is listed to Google accounts only',
  vllm: 'runs what its operator loads',
  ollama: 'runs what its operator loads',
};

const manifestSchema = z.object({
  environment: z
    .array(
      z.object({
        when: z.array(z.string()).min(1),
        settings: z.object({ preset: z.string().optional() }),
      }),
    )
    .default([]),
});
const presetsSchema = z.record(z.string(), z.object({ baseUrl: z.url() }));

/** The lists of all providers that have one: a preset has it where its API keeps OpenAI's layout. */
export function modelLists(root: string = ROOT): ModelList[] {
  const presetLists = globSync('services/worker-*/src/presets.json', { cwd: root }).flatMap(
    (file) => {
      const presets = presetsSchema.parse(readJson(`${root}${file}`));
      const manifest = `${root}${file.replace('src/presets.json', 'kind.json')}`;
      return manifestSchema.parse(readJson(manifest)).environment.flatMap(({ when, settings }) => {
        const { preset = '' } = settings;
        const baseUrl = presets[preset]?.baseUrl;
        return baseUrl === undefined ? [] : [presetList(preset, when, baseUrl)];
      });
    },
  );
  return [...OWN_LISTS, ...presetLists];
}

function presetList(provider: string, needs: readonly string[], baseUrl: string): ModelList {
  const requests = [OPENAI_MODELS, ...(FURTHER_REQUESTS[provider] ?? [])];
  return { provider, needs, baseUrl, headers: BEARER, requests };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
