import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Extra } from '../../neutral-request.ts';
import { defined, extra, type ObjectReader } from '../json-reading.ts';
import { readSchema } from '../json-schema.ts';

export interface OutputFormat {
  responseFormat: NonNullable<LanguageModelV4CallOptions['responseFormat']>;
  strictJsonSchema?: Extra<boolean>;
}

/**
 * What form of output the caller asks for.
 * @param schemaOf where the members of a JSON schema format stand
 * @throws UntranslatableError for forms (grammars, say) that the answer would not have elsewhere
 */
export function readOutputFormat(
  format: ObjectReader,
  schemaOf: (format: ObjectReader) => ObjectReader,
): OutputFormat {
  const type = format.required('type', format.text('type'));
  if (type === 'text') return { responseFormat: { type } };
  if (type === 'json_object') return { responseFormat: { type: 'json' } };
  if (type !== 'json_schema') throw format.error('type', 'other dialects have no such output');

  const members = schemaOf(format);
  const strict = extra(members.pathOf('strict'), members.boolean('strict'));
  return {
    responseFormat: {
      type: 'json',
      ...defined({
        schema: readSchema(members, 'schema'),
        name: members.text('name'),
        description: members.text('description'),
      }),
    },
    ...defined({ strictJsonSchema: strict }),
  };
}
