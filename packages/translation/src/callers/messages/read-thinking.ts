import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Extra } from '../../neutral-request.ts';
import type { ObjectReader } from '../json-reading.ts';

type Reasoning = NonNullable<LanguageModelV4CallOptions['reasoning']>;

export interface Thinking {
  reasoning?: Reasoning;
  reasoningBudgetTokens?: Extra<number>;
}

const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'] satisfies Reasoning[];

/** How much the model shall think: by `thinking`, and by `output_config.effort`, which is finer. */
export function readThinking(request: ObjectReader, output: ObjectReader | undefined): Thinking {
  const effort = output && readEffort(output);
  const thinking = request.object('thinking');
  if (thinking === undefined) return effort === undefined ? {} : { reasoning: effort };
  if (thinking.text('display') !== 'omitted') {
    thinking.lose(
      'display',
      'is not carried: thoughts of other models have no place in the answer',
    );
  }
  switch (thinking.required('type', thinking.text('type'))) {
    case 'disabled':
      if (effort !== undefined) output?.lose('effort', 'is not carried beside disabled thinking');
      return { reasoning: 'none' };
    case 'between_tools':
      thinking.lose('type', 'is carried as the least thinking there is');
      return { reasoning: 'minimal' };
    case 'adaptive':
      // The effort that Anthropic takes where none is asked for.
      return { reasoning: effort ?? 'high' };
    case 'enabled': {
      const value = thinking.required('budget_tokens', thinking.integer('budget_tokens'));
      return {
        reasoning: effort ?? effortOfBudget(value),
        reasoningBudgetTokens: { field: thinking.pathOf('budget_tokens'), value },
      };
    }
    default:
      throw thinking.error('type', 'it is not enabled, adaptive, between_tools or disabled');
  }
}

function readEffort(output: ObjectReader): Reasoning | undefined {
  const effort = output.text('effort');
  if (effort === undefined || isEffort(effort)) return effort;
  throw output.error('effort', `it is not one of ${EFFORTS.join(', ')}`);
}

function isEffort(effort: string): effort is Reasoning {
  return EFFORTS.includes(effort);
}

/** For models that know levels instead of budgets; the thresholds are ours, by usual budgets. */
function effortOfBudget(tokens: number): Reasoning {
  if (tokens <= 4096) return 'low';
  return tokens <= 16_384 ? 'medium' : 'high';
}
