import { isObject } from '../callers/json-reading.ts';
import type { Loss } from '../loss.ts';
import type { NeutralRequest } from '../neutral-request.ts';
import type { JsonObject } from '../translator.ts';
import { thinksAlways } from './claude-limits.ts';
import type { FinishedBody } from './sdk-codec.ts';

/**
 * A body of Converse for a Claude that shall not think. The SDK sends nothing then, and the newer
 * ones think unless they are told not to.
 */
export function withThinkingOff(
  body: JsonObject,
  { options }: NeutralRequest,
  model: string,
): FinishedBody {
  if (options.reasoning !== 'none') return { body, losses: [] };
  if (!thinksAlways(model)) {
    return { body: withModelFields(body, { thinking: { type: 'disabled' } }), losses: [] };
  }
  const fields = isObject(body[MODEL_FIELDS]) ? body[MODEL_FIELDS] : {};
  const output = isObject(fields['output_config']) ? fields['output_config'] : {};
  const message = `${model} cannot be kept from thinking; it gets the effort low`;
  return {
    body: withModelFields(body, { output_config: { ...output, effort: 'low' } }),
    losses: [{ field: 'reasoning', message }],
  };
}

/**
 * A body of Converse for a Claude, in which no tool is forced upon a model that thinks within a
 * budget: "Thinking may not be enabled when tool_choice forces tool use." The SDK's package of
 * Messages frees the choice then, the one of Bedrock does not.
 */
export function withFreeChoiceToThink(body: JsonObject, { options }: NeutralRequest): FinishedBody {
  const { toolConfig } = body;
  const fields = body[MODEL_FIELDS];
  const thinking = isObject(fields) ? fields['thinking'] : undefined;
  const isForced =
    isObject(toolConfig) &&
    isObject(toolConfig['toolChoice']) &&
    !Object.hasOwn(toolConfig['toolChoice'], 'auto');
  if (!isForced || !isObject(thinking) || thinking['type'] !== 'enabled') {
    return { body, losses: [] };
  }
  const asked = options.toolChoice?.type;
  return {
    body: { ...body, toolConfig: { ...toolConfig, toolChoice: { auto: {} } } },
    // The choice may be the one that stands for a schema, of which the codec tells by itself.
    losses: asked === 'required' || asked === 'tool' ? [UNFORCED] : [],
  };
}

const UNFORCED: Loss = {
  field: 'toolChoice',
  message: 'is not carried: no tool can be forced upon this model while it thinks',
};

const MODEL_FIELDS = 'additionalModelRequestFields';

function withModelFields(body: JsonObject, members: JsonObject): JsonObject {
  const fields = body[MODEL_FIELDS];
  return { ...body, [MODEL_FIELDS]: { ...(isObject(fields) ? fields : {}), ...members } };
}
