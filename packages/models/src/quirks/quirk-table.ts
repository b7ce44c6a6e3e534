import { claudeQuirks } from './claude-quirks.ts';
import type { ModelQuirk } from './model-quirk.ts';
import { openaiQuirks } from './openai-quirks.ts';

/** Every row of every vendor; all that fit a call hold together. */
export const MODEL_QUIRKS: readonly ModelQuirk[] = [...claudeQuirks, ...openaiQuirks];
