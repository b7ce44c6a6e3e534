import { GATEWAY_ONLY_MODEL, SPLIT_ENDPOINT } from './databricks-endpoint.ts';
import { STATUS_MODELS } from './status-codes-story.ts';

/**
 * The text of an `understudy.yaml` whose providers are the sandbox vendors at `url`.
 * @param url origin of the sandbox, without a trailing slash
 */
export function sandboxConfiguration(url: string): string {
  return `# Sandbox: every answer is made up on this machine. No model is asked, nothing is billed.
autoRoutes: false

providers:
  sandbox-openai:
    kind: openai-compatible
    baseUrl: ${url}/openai/v1
    dialects: [chat-completions, responses, embeddings]
    apiKey: sandbox
    models: { sandbox-chat: sandbox-chat }
  sandbox-anthropic:
    kind: anthropic
    baseUrl: ${url}/anthropic
    apiKey: sandbox
    models: { sandbox-chat: sandbox-chat }
  sandbox-vertex:
    kind: vertex
    baseUrl: ${url}/vertex
    accessToken: sandbox
    project: sandbox
    location: global
    models: { sandbox-model-names: claude-sonnet-4@20250514 }
  sandbox-databricks:
    kind: databricks
    host: ${url}
    token: sandbox
    models: { sandbox-chat: sandbox-chat, sandbox-gateway-host: ${GATEWAY_ONLY_MODEL} }
  # The same workspace as a client sees it that knows the serving path alone.
  sandbox-serving-path:
    kind: openai-compatible
    baseUrl: ${url}/serving-endpoints
    apiKey: sandbox
    models: { sandbox-gateway-host: ${GATEWAY_ONLY_MODEL} }
  # Fails each time, with another status for each model.
  sandbox-status-codes:
    kind: openai-compatible
    baseUrl: ${url}/status-codes/v1
    apiKey: sandbox
    models: { ${STATUS_MODELS.map((model) => `${model}: ${model}`).join(', ')} }

routes:
  # Answers at once, in every dialect.
  sandbox-chat:
    targets:
      - { provider: sandbox-openai, model: sandbox-chat }
      - { provider: sandbox-anthropic, model: sandbox-chat }

  # An endpoint that splits traffic by itself answers 400; the split drawn by the broker is answered,
  # and where a body does not fit the drawn version, the other one takes it.
  sandbox-split:
    splitBy: job
    targets:
      - { provider: sandbox-databricks, model: ${SPLIT_ENDPOINT} }
      - split:
          - { provider: sandbox-databricks, model: databricks-claude-opus-4-7, weight: 70, fallback: true }
          - { provider: sandbox-databricks, model: databricks-claude-opus-4-6, weight: 30, fallback: true }

  # The model is missing under the serving path (404, then 403) and answers behind the gateway.
  sandbox-gateway-host:
    targets:
      - { provider: sandbox-serving-path, model: ${GATEWAY_ONLY_MODEL} }
      - { provider: sandbox-databricks, model: ${GATEWAY_ONLY_MODEL} }

  # 404, 405, 409, 410 and 429, one after the other; the last target answers.
  sandbox-status-codes:
    targets:
${STATUS_MODELS.map((model) => `      - { provider: sandbox-status-codes, model: ${model} }`).join('\n')}
      - { provider: sandbox-openai, model: sandbox-chat }
      - { provider: sandbox-anthropic, model: sandbox-chat }

  # Anthropic's alias would be 404 at Vertex; the worker sends Vertex's own name. Try /v1/messages.
  sandbox-model-names:
    targets:
      - { provider: sandbox-vertex, model: claude-sonnet-4-0 }
      - { provider: sandbox-vertex, model: claude-sonnet-4@20250514 }
      - { provider: sandbox-openai, model: sandbox-chat }
`;
}
