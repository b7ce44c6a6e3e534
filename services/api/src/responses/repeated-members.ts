import { isObject } from '@understudy/contracts';
import type { JsonObject } from '@understudy/provider';
import type { MemberReader } from './read-members.ts';

/** What a Response shows for members of its request that were not given. */
const DEFAULTS: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  parallel_tool_calls: true,
  previous_response_id: null,
  temperature: null,
  tool_choice: 'auto',
  top_p: null,
  truncation: 'disabled',
};

/** Members that a Response shows only where the request has them. */
const SHOWN_IF_GIVEN = [
  'prompt_cache_key',
  'safety_identifier',
  'service_tier',
  'store',
  'top_logprobs',
  'user',
];

/**
 * What a Response repeats of its request. Our doors do not check what only providers know the
 * meaning of: of members whose kind is wrong the default is shown until the provider refuses them.
 */
export function repeatedMembers(request: MemberReader): JsonObject {
  const metadata = request('metadata');
  const tools = request('tools');
  return {
    ...Object.fromEntries(
      Object.entries(DEFAULTS).map(([name, value]) => [name, request(name) ?? value]),
    ),
    metadata: isObject(metadata) ? metadata : {},
    tools: Array.isArray(tools) ? tools : [],
    reasoning: { effort: null, summary: null, ...membersOf(request('reasoning')) },
    text: { format: { type: 'text' }, ...membersOf(request('text')) },
    ...Object.fromEntries(
      SHOWN_IF_GIVEN.map((name) => [name, request(name)]).filter(
        ([, value]) => value !== undefined && value !== null,
      ),
    ),
  };
}

function membersOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
