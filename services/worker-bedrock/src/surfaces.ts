import { vendorOf } from '@understudy/models';
import {
  type Dialect,
  dialectBaseUrl,
  dialectUrl,
  isLongCall,
  pathSegment,
  type ProviderSettings,
  sameDialectEdits,
  type Surface,
  type SurfaceNeeds,
} from '@understudy/provider';
import { publisherOfId } from './geographies.ts';
import { isMantleId } from './model-names.ts';

const ANTHROPIC_VERSION = 'bedrock-2023-05-31';

/** Where Bedrock's two hosts are called, without a slash at the end. */
export interface BedrockPlaces {
  /** The region's runtime, for dialects without a base URL of their own. */
  runtime: string;
  /** What `bedrock-mantle` appends a dialect's path to. */
  mantle: string;
}

type WriteSurface = (model: string, needs: SurfaceNeeds) => Surface;

/**
 * Where and how each dialect is spoken at Bedrock.
 * @throws ConfigurationError when a configured base URL is none
 */
export function bedrockSurfaces(
  settings: ProviderSettings,
  { runtime, mantle }: BedrockPlaces,
): ReadonlyMap<Dialect, WriteSurface> {
  const modelUrl = (dialect: Dialect): ((model: string, operation: string) => string) => {
    const baseUrl = dialectBaseUrl(settings, dialect, runtime);
    return (model, operation) => `${baseUrl}/model/${pathSegment(model)}/${operation}`;
  };
  const inPath = (dialect: Dialect, operation: string): WriteSurface => {
    const urlOf = modelUrl(dialect);
    return (model) => ({ url: urlOf(model, operation), edits: sameDialectEdits(undefined) });
  };
  return new Map<Dialect, WriteSurface>([
    ['messages', messagesSurface(modelUrl('messages'))],
    ['converse', converseSurface(modelUrl('converse'))],
    ['chat-completions', openAiSurface(settings, 'chat-completions', { runtime, mantle })],
    ['responses', openAiSurface(settings, 'responses', { runtime, mantle })],
    ['invoke-embedding', inPath('invoke-embedding', 'invoke')],
  ]);
}

function messagesSurface(urlOf: (model: string, operation: string) => string): WriteSurface {
  return (model, needs) => {
    const { betas = [] } = needs;
    const edits = {
      ...sameDialectEdits(undefined),
      anthropic_version: ANTHROPIC_VERSION,
      // InvokeModel takes in the body what Anthropic's own API takes in a header.
      ...(betas.length > 0 && { anthropic_beta: betas }),
    };
    if (!isLongCall(needs)) return { url: urlOf(model, 'invoke'), edits };
    const url = urlOf(model, 'invoke-with-response-stream');
    return { url, edits, streamed: 'aws-event-stream' };
  };
}

/**
 * AWS counsels `ConverseStream` for long answers (re:Post, "bedrock large model read timeouts").
 * Claude alone is known to be long and to call tools in a stream too, which not every model does.
 */
function converseSurface(urlOf: (model: string, operation: string) => string): WriteSurface {
  return (model, needs) => {
    const { canonical = '' } = needs;
    const edits = sameDialectEdits(undefined);
    const isClaude = publisherOfId(model) === 'anthropic' || vendorOf(canonical) === 'anthropic';
    if (!isClaude || !isLongCall(needs)) {
      return { url: urlOf(model, 'converse'), edits };
    }
    return { url: urlOf(model, 'converse-stream'), edits, streamed: 'aws-event-stream' };
  };
}

function openAiSurface(
  settings: ProviderSettings,
  dialect: 'chat-completions' | 'responses',
  { runtime, mantle }: BedrockPlaces,
): WriteSurface {
  const urlAt = (baseUrl: string): string => dialectUrl({ ...settings, baseUrl }, dialect, runtime);
  // A base URL that is given for all dialects is an origin, as the vendor's own SDK takes it.
  const runtimeUrl = urlAt(`${settings.baseUrl ?? runtime}/openai/v1`);
  const mantleUrl = urlAt(mantle);
  return (model) => ({
    url: isMantleId(model) ? mantleUrl : runtimeUrl,
    edits: sameDialectEdits(model),
  });
}
