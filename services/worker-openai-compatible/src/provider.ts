import { dialectsForTask } from '@understudy/models';
import {
  type Dialect,
  type ProviderSettings,
  defineProviderKind,
  openAiDialects,
  requiredCredential,
  requiredSetting,
  settingError,
} from '@understudy/provider';
import { type Preset, presets } from './presets.ts';
import { verdictRules, verdictRulesByPreset } from './verdict-rules.ts';

/** Those of OpenAI itself, which servers of this kind may speak. */
const OPENAI_DIALECTS = ['chat-completions', 'responses', 'embeddings'] as const;

export const openaiCompatible = defineProviderKind({
  name: 'openai-compatible',

  connect(settings) {
    const preset = presetOf(settings);
    const headers = credentialHeaders(settings, preset);
    const dialects = spokenDialects(settings, preset);
    return {
      vendor: preset.vendor,
      names: { models: preset.models },
      passthrough: preset.passthrough,
      ...(preset.inlineFiles !== undefined && { inlineFilesIn: preset.inlineFiles }),
      ...(preset.refuses !== undefined && { refuses: preset.refuses }),
      ...(preset.mostStops !== undefined && { mostStops: preset.mostStops }),
      rules: [...presetRules(settings), ...verdictRules],
      ...openAiDialects(settings, preset.baseUrl, dialects),
      // Where a vendor serves models of others, it serves them all alike: what only OpenAI itself
      // answers in `responses` alone is reached here in every dialect that completes.
      dialectsOf: ({ canonical }) => dialectsForTask(canonical, dialects),
      credentials: () => Promise.resolve(headers),
    };
  },
});

function presetOf(settings: ProviderSettings): Preset {
  if (settings.preset === undefined) return presetOfAnyServer(settings);
  const preset = Object.hasOwn(presets, settings.preset) ? presets[settings.preset] : undefined;
  if (preset === undefined) {
    throw settingError(
      settings,
      'preset',
      `${JSON.stringify(settings.preset)} is unknown; known are ${Object.keys(presets).join(', ')}, and any other server by its baseUrl`,
    );
  }
  return preset;
}

// A server known by its address alone may be anything: no names of its own, and the dialects that most
// speak. Where it knows no others, a request in one is translated instead of refused for good; for
// embeddings there is nothing else to try.
function presetOfAnyServer(settings: ProviderSettings): Preset {
  if (settings.baseUrl === undefined) {
    throw settingError(
      settings,
      'preset',
      `missing; name one of ${Object.keys(presets).join(', ')}, or set baseUrl`,
    );
  }
  return {
    baseUrl: requiredSetting(settings, 'baseUrl'),
    vendor: 'openai-compatible',
    dialects: ['chat-completions', 'embeddings'],
    keyless: true,
    passthrough: false,
    models: {},
  };
}

/** As the operator says, else as is known of the server; an address for one dialect alone says it too. */
function spokenDialects({ dialects, baseUrls }: ProviderSettings, preset: Preset): Dialect[] {
  const addressed = OPENAI_DIALECTS.filter((dialect) => baseUrls?.[dialect] !== undefined);
  return [...new Set([...(dialects ?? preset.dialects), ...addressed])];
}

function presetRules(settings: ProviderSettings): (typeof verdictRules)[number][] {
  const { preset } = settings;
  if (preset === undefined || !Object.hasOwn(verdictRulesByPreset, preset)) return [];
  return [...(verdictRulesByPreset[preset] ?? [])];
}

function credentialHeaders(
  settings: ProviderSettings,
  preset: Preset,
): Readonly<Record<string, string>> {
  if (preset.keyless && settings.apiKey === undefined) return {};
  const key = requiredCredential(settings, 'apiKey');
  const header = settings.apiKeyHeader ?? preset.apiKeyHeader;
  return header === undefined
    ? { authorization: `Bearer ${key}` }
    : { [header.toLowerCase()]: key };
}
