import { isObject } from '@understudy/contracts';
import type { CallerDialect } from '@understudy/contracts';
import { modelFacts, type ReadMember } from '@understudy/models';

/**
 * Whether chat completions would keep the model from the reasoning that is asked for, which `responses`
 * would not. For Messages alone: who writes one of those two is asked for in it. A body without
 * functions, or that asks for no reasoning, loses nothing in chat completions, which carry more of it
 * (stop sequences, sampling). Functions that must not be called keep the model from it as others do.
 * @param canonical our name of the model, where there is one
 */
export function reasonsBesideFunctions(
  dialect: CallerDialect,
  canonical: string | undefined,
  read: ReadMember,
): boolean {
  if (dialect !== 'messages' || canonical === undefined) return false;
  if (modelFacts(canonical)?.reasonsBesideFunctionsInResponses !== true) return false;
  return hasFunctions(read('tools')) && asksForReasoning(read);
}

// Those of other types are Anthropic's own, and are not carried.
function hasFunctions(tools: unknown): boolean {
  const all: readonly unknown[] = Array.isArray(tools) ? tools : [];
  return all.some((tool) => isObject(tool) && (tool['type'] ?? 'custom') === 'custom');
}

// An effort is carried as one of reasoning, also where nothing is said of thinking.
function asksForReasoning(read: ReadMember): boolean {
  const thinking = read('thinking');
  if (isObject(thinking)) return thinking['type'] !== 'disabled';
  const output = read('output_config');
  return isObject(output) && typeof output['effort'] === 'string';
}
