import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { type Loss, UntranslatableError } from '../loss.ts';
import type { NeutralRequest } from '../neutral-request.ts';

/** What the SDK calls the tool by which it asks for JSON where there is no format for it. */
const JSON_TOOL = 'json';

/**
 * A tool of the caller's with the name of the SDK's own: their calls could not be told apart.
 * @throws UntranslatableError
 */
export function refuseSecondJsonTool(names: readonly unknown[]): void {
  if (names.filter((name) => name === JSON_TOOL).length > 1) {
    throw new UntranslatableError(
      'tools',
      `a tool named "${JSON_TOOL}" stands for the output schema with this model; rename it`,
    );
  }
}

/**
 * Told where the caller wants its schema enforced, and the model is only asked to keep to it: by a
 * tool it has to call, or by an instruction.
 */
export function emulationLosses({ options, extras }: NeutralRequest, isEnforced: boolean): Loss[] {
  if (isEnforced || !asksForSchema(options) || extras.strictJsonSchema?.value !== true) return [];
  const message = 'the schema is asked for, and not enforced, with this model';
  return [{ field: 'strictJsonSchema', message }];
}

/** Dialects without a place for what the schema is called lose its description; a name is a label. */
export function formatLabelLosses({ responseFormat }: LanguageModelV4CallOptions): Loss[] {
  if (responseFormat?.type !== 'json' || responseFormat.description === undefined) return [];
  return [{ field: 'responseFormat', message: 'the description of the schema is not carried' }];
}

export function asksForSchema({ responseFormat }: LanguageModelV4CallOptions): boolean {
  return responseFormat?.type === 'json' && responseFormat.schema !== undefined;
}
