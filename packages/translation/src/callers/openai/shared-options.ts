import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { RequestExtras } from '../../neutral-request.ts';
import type { JsonObject } from '../../translator.ts';
import { defined, extra, isText, type ObjectReader } from '../json-reading.ts';

type Effort = NonNullable<LanguageModelV4CallOptions['reasoning']>;

const EFFORTS: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Members that chat completions and responses share, with the same meaning. */
export function readSharedOptions(body: ObjectReader): Partial<LanguageModelV4CallOptions> {
  // The worker names the model that is called, and the broker itself waits for the answer.
  body.ignore('model', 'stream', 'stream_options', 'background');
  return defined({ temperature: body.number('temperature'), topP: body.number('top_p') });
}

export function readSharedExtras(body: ObjectReader): RequestExtras {
  const text = (name: string) => extra(body.pathOf(name), body.text(name));
  const flag = (name: string) => extra(body.pathOf(name), body.boolean(name));
  return defined({
    parallelToolCalls: flag('parallel_tool_calls'),
    user: text('user'),
    safetyIdentifier: text('safety_identifier'),
    serviceTier: text('service_tier'),
    promptCacheKey: text('prompt_cache_key'),
    store: flag('store'),
    metadata: extra(body.pathOf('metadata'), readMap(body, 'metadata', isText, 'strings')),
  });
}

/** An effort that the neutral form has no word for is a loss: the model's own default holds. */
export function readEffort(reader: ObjectReader, name: string): { reasoning?: Effort } {
  const text = reader.text(name);
  const reasoning = EFFORTS.find((effort) => effort === text);
  if (reasoning !== undefined) return { reasoning };
  reader.lose(name, 'is no known effort');
  return {};
}

/** A member whose own members all have one type. */
export function readMap<Value>(
  reader: ObjectReader,
  name: string,
  accepts: (value: unknown) => value is Value,
  expected: string,
): Record<string, Value> | undefined {
  const map = reader.whole(name);
  if (map === undefined) return undefined;
  if (!isMapOf(map, accepts)) throw reader.error(name, `its values are not ${expected}`);
  return map;
}

function isMapOf<Value>(
  map: JsonObject,
  accepts: (value: unknown) => value is Value,
): map is Record<string, Value> {
  return Object.values(map).every(accepts);
}
