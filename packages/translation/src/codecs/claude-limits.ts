import { getModelCapabilities } from '@ai-sdk/anthropic/internal';
import { sdkNameOf } from './claude-names.ts';

/**
 * Whether a Claude thinks within a budget of tokens. From 4.7 on they decide themselves how long
 * they think (Anthropic's reference of `thinking`), which the SDK knows of the latest alone; none of
 * these takes sampling parameters, and every earlier one does.
 */
export function thinksByBudget(model: string): boolean {
  const { rejectsBudgetThinking, rejectsSamplingParameters } = limitsOf(model);
  return !rejectsBudgetThinking && !rejectsSamplingParameters;
}

/** Whether a Claude cannot be kept from thinking. */
export function thinksAlways(model: string): boolean {
  return limitsOf(model).rejectsThinkingDisabled;
}

function limitsOf(model: string): ReturnType<typeof getModelCapabilities> {
  return getModelCapabilities(sdkNameOf(model));
}
