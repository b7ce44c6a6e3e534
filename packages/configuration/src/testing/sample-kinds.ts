import type { KindManifest } from '../kind-manifest.ts';

/** Manifests of three kinds, as worker services write them. */
export const sampleKinds: KindManifest[] = [
  {
    kind: 'anthropic',
    fields: { apiKey: 'API key.' },
    required: [['apiKey']],
    credentials: ['apiKey'],
    environment: [
      {
        provider: 'anthropic',
        when: ['ANTHROPIC_API_KEY'],
        settings: { apiKey: '${ANTHROPIC_API_KEY}' },
      },
    ],
  },
  {
    kind: 'databricks',
    fields: { host: 'Host of the workspace.', token: 'Its token.' },
    required: [['host'], ['token']],
    credentials: ['token'],
    environment: [
      {
        provider: 'databricks',
        when: ['DATABRICKS_HOST', 'DATABRICKS_TOKEN'],
        settings: { host: '${DATABRICKS_HOST}', token: '${DATABRICKS_TOKEN}' },
      },
    ],
  },
  {
    kind: 'openai-compatible',
    fields: {
      apiKey: 'API key.',
      apiKeyHeader: 'Where it goes.',
      dialects: 'What it speaks.',
      preset: 'A known vendor.',
    },
    headers: ['apiKeyHeader'],
    lists: { dialects: ['chat-completions', 'responses'] },
    required: [['preset', 'baseUrl']],
    credentials: ['apiKey'],
    choices: { preset: ['groq', 'mistral'] },
    environment: [
      {
        provider: 'groq',
        when: ['GROQ_API_KEY'],
        settings: { preset: 'groq', apiKey: '${GROQ_API_KEY}' },
      },
    ],
  },
];
