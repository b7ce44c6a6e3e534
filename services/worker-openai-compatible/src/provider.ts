import { dialectsForTask } from '@understudy/models';
import {
  type ProviderSettings,
  defineProviderKind,
  openAiDialects,
  requiredCredential,
  requiredSetting,
  settingError,
} from '@understudy/provider';
import { type Preset, presets } from './presets.ts';
import { verdictRules, verdictRulesByPreset } from './verdict-rules.ts';

export const openaiCompatible = defineProviderKind({
  name: 'openai-compatible',

  connect(settings) {
    const preset = presetOf(settings);
    const headers = credentialHeaders(settings, preset);
    return {
      vendor: preset.vendor,
      names: { models: preset.models },
      passthrough: preset.passthrough,
      ...(preset.inlineFiles !== undefined && { inlineFilesIn: preset.inlineFiles }),
      ...(preset.refuses !== undefined && { refuses: preset.refuses }),
      ...(preset.mostStops !== undefined && { mostStops: preset.mostStops }),
      rules: [...presetRules(settings), ...verdictRules],
      ...openAiDialects(settings, preset.baseUrl, preset.dialects),
      // Where a vendor serves models of others, it serves them all alike: what only OpenAI itself
      // answers in `responses` alone is reached here in every dialect that completes.
      dialectsOf: ({ canonical }) => dialectsForTask(canonical, preset.dialects),
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

// A server known by its address alone may be anything: all dialects, no names of its own.
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
    dialects: ['chat-completions', 'responses', 'embeddings'],
    keyless: true,
    passthrough: false,
    models: {},
  };
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
  return { authorization: `Bearer ${requiredCredential(settings, 'apiKey')}` };
}
