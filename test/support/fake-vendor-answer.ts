import { randomUUID } from 'node:crypto';
import { dialectAnswer, type AnsweredDialect } from '../../services/sandbox/src/dialect-answer.ts';
import { requestBody, requestedModel } from '../../services/sandbox/src/request-shape.ts';
import { vendorId } from '../../services/sandbox/src/vendor-id.ts';
import type { Reply } from './fake-vendor-reply.ts';

/** How a vendor is recognised by its path, and what its good answers have beside the body. */
interface VendorPath {
  path: RegExp;
  dialect: AnsweredDialect;
  headers: () => Record<string, string>;
  messageIdPrefix?: string;
}

const openaiHeaders = () => ({
  'x-request-id': vendorId('req_', 32),
  'openai-processing-ms': '412',
  'openai-version': '2020-10-01',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-reset-requests': '6ms',
});
const anthropicHeaders = () => ({
  'request-id': vendorId('req_01', 22),
  'anthropic-ratelimit-requests-limit': '4000',
  'anthropic-ratelimit-requests-remaining': '3999',
});
const databricksHeaders = () => ({ 'x-request-id': randomUUID() });

/** First match wins. */
const VENDOR_PATHS: readonly VendorPath[] = [
  {
    path: /\/publishers\/anthropic\/models\/[^/]+:rawPredict$/,
    dialect: 'messages',
    headers: () => ({}),
    messageIdPrefix: 'msg_vrtx_',
  },
  ...databricksPaths(),
  { path: /\/v1\/messages$/, dialect: 'messages', headers: anthropicHeaders },
  { path: /\/chat\/completions$/, dialect: 'chat-completions', headers: openaiHeaders },
  { path: /\/responses$/, dialect: 'responses', headers: openaiHeaders },
  { path: /\/embeddings$/, dialect: 'embeddings', headers: openaiHeaders },
];

function databricksPaths(): VendorPath[] {
  const dialectByEnd: readonly (readonly [string, AnsweredDialect])[] = [
    ['messages', 'messages'],
    ['chat/completions', 'chat-completions'],
    ['responses', 'responses'],
    ['embeddings', 'embeddings'],
  ];
  return dialectByEnd.map(([end, dialect]) => ({
    path: new RegExp(`/(?:ai-gateway|serving-endpoints)/(?:.+/)?${end}$`),
    dialect,
    headers: databricksHeaders,
  }));
}

/** The model a call names: in its body or, at Vertex, in its path. */
export function calledModel(path: string, bodyText: string): string | undefined {
  const inPath = /\/models\/([^/]+):[A-Za-z]+$/.exec(path)?.[1];
  if (inPath !== undefined) return decodeURIComponent(inPath);
  const body = requestBody(parsed(bodyText));
  return body['model'] === undefined ? undefined : requestedModel(body);
}

/**
 * The answer the vendor behind this path would give when all is well: in its dialect, with the
 * model echoed, usage, and its headers. Undefined for a path no vendor has.
 */
export function goodAnswer(
  path: string,
  bodyText: string,
  reply: Pick<Reply, 'text' | 'modelServed'>,
): { headers: Record<string, string>; body: object } | undefined {
  const vendor = VENDOR_PATHS.find((candidate) => candidate.path.test(path));
  if (!vendor) return undefined;
  const body = dialectAnswer(vendor.dialect, requestBody(parsed(bodyText)), {
    // Vertex takes `name@date` and answers with `name-date`.
    model: reply.modelServed ?? calledModel(path, bodyText)?.replace('@', '-') ?? 'unnamed',
    text: reply.text ?? 'Good day from the fake vendor.',
    now: new Date(),
    ...(vendor.messageIdPrefix === undefined ? {} : { messageIdPrefix: vendor.messageIdPrefix }),
  });
  return { headers: vendor.headers(), body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
