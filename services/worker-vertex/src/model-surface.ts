import {
  betaHeaders,
  type Dialect,
  isLongCall,
  pathSegment,
  sameDialectEdits,
  type Surface,
  type SurfaceNeeds,
} from '@understudy/provider';
import { mistralNames } from './model-names.ts';

const ANTHROPIC_VERSION = 'vertex-2023-10-16';
const MISTRAL_MODELS: ReadonlySet<string> = new Set(Object.values(mistralNames));

/** What Google's own models are asked by, other than completions. */
const METHODS: Readonly<Partial<Record<Dialect, string>>> = {
  'embed-content': 'embedContent',
  'predict-embedding': 'predict',
};

/**
 * Where a model is called in a dialect.
 * @param place the URL up to the location, below which publishers and endpoints stand
 * @throws UnsafeModelNameError where the name would stand in the path and must not
 */
export function modelSurface(
  place: string,
  dialect: Dialect,
  model: string,
  needs?: SurfaceNeeds,
): Surface {
  if (dialect === 'messages') return claude(place, model, needs);
  if (dialect === 'chat-completions') return openModel(place, model);
  const method = METHODS[dialect] ?? 'generateContent';
  return {
    url: `${place}/publishers/google/models/${pathSegment(model)}:${method}`,
    edits: sameDialectEdits(undefined),
  };
}

// The model stands in the path alone; the version in the body instead of a header.
function claude(place: string, model: string, needs: SurfaceNeeds | undefined): Surface {
  const url = `${place}/publishers/anthropic/models/${pathSegment(model)}`;
  const edits = { ...sameDialectEdits(undefined), anthropic_version: ANTHROPIC_VERSION };
  const headers = betaHeaders(needs);
  if (!isLongCall(needs)) return { url: `${url}:rawPredict`, headers, edits };
  return {
    headers,
    url: `${url}:streamRawPredict`,
    edits: { ...edits, stream: true },
    streamed: 'server-sent-events',
  };
}

// Mistral speaks the same dialect at a path of its own, with the model in both places.
function openModel(place: string, model: string): Surface {
  const path = MISTRAL_MODELS.has(model)
    ? `publishers/mistralai/models/${pathSegment(model)}:rawPredict`
    : 'endpoints/openapi/chat/completions';
  return { url: `${place}/${path}`, edits: sameDialectEdits(model) };
}
