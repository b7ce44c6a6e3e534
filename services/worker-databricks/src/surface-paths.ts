import type { Dialect } from '@understudy/provider';

/** A place where Databricks serves models: base path per dialect, before what the dialect appends. */
export interface SurfacePaths {
  id: string;
  host: 'gateway' | 'workspace';
  paths: Partial<Record<Dialect, string>>;
}

/**
 * In the order in which they are tried: the gateway reaches every model, serving endpoints are
 * there in every workspace.
 */
export const SURFACES: readonly SurfacePaths[] = [
  {
    id: 'gateway-host',
    host: 'gateway',
    paths: {
      messages: '/anthropic',
      responses: '/openai/v1',
      'chat-completions': '/mlflow/v1',
    },
  },
  {
    id: 'workspace-gateway',
    host: 'workspace',
    paths: {
      messages: '/ai-gateway/anthropic',
      responses: '/ai-gateway/openai/v1',
      'chat-completions': '/ai-gateway/mlflow/v1',
    },
  },
  {
    id: 'serving-endpoints',
    host: 'workspace',
    paths: {
      messages: '/serving-endpoints/anthropic',
      responses: '/serving-endpoints',
      'chat-completions': '/serving-endpoints',
      embeddings: '/serving-endpoints',
    },
  },
];
