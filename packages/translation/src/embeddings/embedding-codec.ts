import type { Loss } from '../loss.ts';
import type { JsonObject } from '../translator.ts';
import type { EmbeddingRequest } from './embedding-request.ts';

/** One dialect in which providers are asked for embeddings. No I/O. */
export interface EmbeddingCodec {
  /**
   * @param model our name of the model or the provider's, by which its abilities are known
   * @throws UntranslatableError for more inputs than one call takes, and for an unknown model
   */
  encode(request: EmbeddingRequest, model: string): Promise<EncodedEmbeddingBody>;
  /** The embeddings of a good answer, in the order of the inputs. */
  decode(answer: Uint8Array): Promise<readonly (readonly number[])[]>;
}

export interface EncodedEmbeddingBody {
  body: JsonObject;
  losses: Loss[];
}
