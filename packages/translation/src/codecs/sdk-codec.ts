import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import type { Loss } from '../loss.ts';
import type { NeutralRequest } from '../neutral-request.ts';
import type { JsonObject, ProviderDialectCodec } from '../translator.ts';
import { type CallId, withCallIds } from './call-ids.ts';
import { captureRequest, replayAnswer } from './capture-request.ts';
import { lossesOfWarnings } from './warning-losses.ts';

/** A request as this dialect can say it, with what had to stay behind. */
export interface PreparedRequest {
  options: LanguageModelV4CallOptions;
  losses: Loss[];
}

/** What is special about one dialect; the AI SDK's model of it does the rest. */
export interface SdkDialect {
  /** The SDK's model. Whatever it would send goes to `transport`, which reaches no network. */
  model(name: string, transport: typeof fetch): LanguageModelV4;
  /** The smallest good answer: what the SDK reads while its request is being captured. */
  minimalAnswer: JsonObject;
  /**
   * How calls of any vendor's model are named for this one; absent where no ids are sent. The
   * other functions see these names alone.
   */
  callId?(model: string): CallId;
  /** @throws UntranslatableError */
  prepare(request: NeutralRequest, model: string): PreparedRequest;
  /**
   * Mends the body that the SDK made.
   * @throws UntranslatableError
   */
  finish?(body: JsonObject, request: NeutralRequest, model: string): FinishedBody;
  /** Decodes without the SDK's request, where that is possible. */
  decode?(answer: Uint8Array): Promise<LanguageModelV4GenerateResult>;
}

export interface FinishedBody {
  body: JsonObject;
  losses: Loss[];
}

/** A codec out of an AI SDK model: its encoder and decoder are used, its transport is not. */
export function sdkCodec(dialect: SdkDialect): ProviderDialectCodec {
  return {
    async encode(given, model) {
      const request = inItsIds(given, dialect.callId?.(model));
      const prepared = dialect.prepare(request, model);
      const captured = await captureRequest(
        (transport) => dialect.model(model, transport),
        prepared.options,
        dialect.minimalAnswer,
      );
      // The provider's own name is set later, and the broker decides about streaming.
      const { model: _model, stream: _stream, ...body } = captured.body;
      const finished = dialect.finish?.(body, request, model) ?? { body, losses: [] };
      return {
        body: finished.body,
        losses: [
          ...prepared.losses,
          ...lossesOfWarnings(captured.warnings, request),
          ...finished.losses,
        ],
        betas: captured.betas,
      };
    },

    async decode(request, model, answer) {
      if (dialect.decode !== undefined) return await dialect.decode(answer);
      const { options } = dialect.prepare(request, model);
      return await replayAnswer((transport) => dialect.model(model, transport), options, answer);
    },
  };
}

function inItsIds(request: NeutralRequest, callId: CallId | undefined): NeutralRequest {
  if (callId === undefined) return request;
  return { ...request, options: withCallIds(request.options, callId) };
}
