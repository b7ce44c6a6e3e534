import type { Dialect } from '@understudy/provider';

/** A place where Databricks serves models: base path per dialect, before what the dialect appends. */
export interface SurfacePaths {
  id: string;
  host: 'gateway' | 'workspace';
  /** The AI gateway has names of its own for some models. */
  gatewayNames: boolean;
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
    gatewayNames: true,
    paths: {
      messages: '/anthropic',
      responses: '/openai/v1',
      'chat-completions': '/mlflow/v1',
      'generate-content': '/gemini',
    },
  },
  {
    id: 'workspace-gateway',
    host: 'workspace',
    gatewayNames: true,
    paths: {
      messages: '/ai-gateway/anthropic',
      responses: '/ai-gateway/openai/v1',
      'chat-completions': '/ai-gateway/mlflow/v1',
      'generate-content': '/ai-gateway/gemini',
    },
  },
  {
    id: 'serving-endpoints',
    host: 'workspace',
    gatewayNames: false,
    paths: {
      messages: '/serving-endpoints/anthropic',
      responses: '/serving-endpoints',
      'chat-completions': '/serving-endpoints',
      'generate-content': '/serving-endpoints/gemini',
      embeddings: '/serving-endpoints',
    },
  },
];
