import { openaiError, type VendorError } from './vendor-error.ts';

const ERRORS: readonly VendorError[] = [
  openaiError(404, 'invalid_request_error', 'model_not_found', 'The model does not exist here.'),
  openaiError(405, 'invalid_request_error', null, 'Method not allowed for this model.'),
  openaiError(409, 'conflict_error', null, 'The model is being changed by another request.'),
  openaiError(410, 'invalid_request_error', 'model_gone', 'The model was removed.'),
  openaiError(429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for requests.', {
    'retry-after': '5',
  }),
];

/** The models that answer one status each, in the order of `ERRORS`. */
export const STATUS_MODELS: readonly string[] = ERRORS.map(({ status }) => statusModel(status));

function statusModel(status: number): string {
  return `sandbox-status-${status}`;
}

/**
 * The statuses at which a gateway once gave up instead of trying its next provider:
 * `sandbox-status-<code>` always answers that code, any other model goes through them in turn.
 */
export function statusCodesStory(): (model: string) => VendorError {
  const errorByModel = new Map(ERRORS.map((error) => [statusModel(error.status), error]));
  let turn = 0;
  return (model) => {
    const fixed = errorByModel.get(model);
    if (fixed) return fixed;
    const next = ERRORS[turn++ % ERRORS.length];
    if (!next) throw new Error('the list of status codes is empty');
    return next;
  };
}
