import type { AnsweredDialect } from './dialect-answer.ts';
import type { RequestBody } from './request-shape.ts';
import { databricksError, type VendorError } from './vendor-error.ts';

/** The two surfaces of one workspace host. */
export type DatabricksSurface = 'gateway' | 'serving';

interface DatabricksCall {
  surface: DatabricksSurface;
  dialect: AnsweredDialect;
  body: RequestBody;
}

/** What an endpoint objects to in a call; undefined when it answers. */
type Endpoint = (call: DatabricksCall) => VendorError | undefined;

/** The name that stands for two model versions behind one address. */
export const SPLIT_ENDPOINT = 'sandbox-split-endpoint';
/** The model that lives behind the gateway alone. */
export const GATEWAY_ONLY_MODEL = 'sandbox-gateway-only';

/**
 * The endpoints of one sandbox workspace, with what each remembers. The split endpoint's draws and
 * the gateway-only model's second refusal depend on the calls before.
 */
export function databricksEndpoints(): ReadonlyMap<string, Endpoint> {
  return new Map<string, Endpoint>([
    ['sandbox-chat', () => undefined],
    ['databricks-claude-opus-4-6', refuseForOpus46],
    ['databricks-claude-opus-4-7', refuseForOpus47],
    [SPLIT_ENDPOINT, splitEndpoint()],
    [GATEWAY_ONLY_MODEL, gatewayOnlyModel()],
  ]);
}

/** Opus 4.6 takes `temperature` or `top_p`, not both. */
function refuseForOpus46({ body }: DatabricksCall): VendorError | undefined {
  if (body['temperature'] === undefined || body['top_p'] === undefined) return undefined;
  return badRequest('`temperature` and `top_p` cannot both be specified for this model.');
}

/** Opus 4.7 takes no sampling parameters and no thinking budget. */
function refuseForOpus47({ body }: DatabricksCall): VendorError | undefined {
  const sampling = ['temperature', 'top_p', 'top_k'].find((member) => body[member] !== undefined);
  if (sampling !== undefined) return badRequest(`\`${sampling}\` is not supported by this model.`);
  const thinking = body['thinking'];
  if (typeof thinking !== 'object' || thinking === null || !('budget_tokens' in thinking)) {
    return undefined;
  }
  return badRequest('`thinking.budget_tokens` is not supported by this model.');
}

/**
 * Draws a version on its own and refuses a body that was not shaped for that version; the client
 * cannot know the draw, so it is wrong either way. The story "traffic split".
 */
function splitEndpoint(): Endpoint {
  let draws = 0;
  return () => {
    const drawn = draws++ % 2 === 0 ? 'databricks-claude-opus-4-7' : 'databricks-claude-opus-4-6';
    return badRequest(
      `The request does not match the model served by endpoint '${SPLIT_ENDPOINT}' this time: '${drawn}'.`,
    );
  };
}

/** Missing under the serving path, at first by 404, then by 403. The story "gateway host". */
function gatewayOnlyModel(): Endpoint {
  let servingCalls = 0;
  return ({ surface }) => {
    if (surface === 'gateway') return undefined;
    servingCalls += 1;
    return servingCalls === 1
      ? endpointNotFound(GATEWAY_ONLY_MODEL)
      : databricksError(
          403,
          'PERMISSION_DENIED',
          `You do not have permission to query endpoint '${GATEWAY_ONLY_MODEL}' on this path.`,
        );
  };
}

function badRequest(message: string): VendorError {
  return databricksError(400, 'BAD_REQUEST', message);
}

export function endpointNotFound(name: string): VendorError {
  return databricksError(
    404,
    'ENDPOINT_NOT_FOUND',
    `The given endpoint does not exist, please retry after checking the specified model and version deployment exists. Endpoint: ${name}`,
  );
}
