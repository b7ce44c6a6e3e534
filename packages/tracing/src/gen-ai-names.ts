import { isEmbeddingDialect } from '@understudy/contracts';
import type { Dialect } from '@understudy/contracts';

/**
 * Vendors whose name in OpenTelemetry's conventions (`gen_ai.provider.name`) differs from ours. Others
 * go by our name of the kind or preset.
 */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  vertex: 'gcp.vertex_ai',
  xai: 'x_ai',
};

/** @param vendor kind or preset of a provider, as its registration says */
export function genAiProviderName(vendor: string): string {
  return PROVIDER_NAMES[vendor] ?? vendor;
}

/** What `gen_ai.operation.name` says of a call in a dialect. */
export function genAiOperation(dialect: Dialect): 'chat' | 'embeddings' | 'generate_content' {
  if (isEmbeddingDialect(dialect)) return 'embeddings';
  return dialect === 'generate-content' ? 'generate_content' : 'chat';
}
