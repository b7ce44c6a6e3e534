import type { LanguageModelV4TextPart } from '@ai-sdk/provider';
import type { ObjectReader } from '../json-reading.ts';
import { audioPart, filePart, imagePart, refuseUploaded } from '../openai/content-parts.ts';
import type { UserPart } from '../openai/prompt-building.ts';

export const text = (value: string): LanguageModelV4TextPart => ({ type: 'text', text: value });

/** A part of what the user or a tool says. */
export function inputPart(reader: ObjectReader, type: string): UserPart {
  switch (type) {
    case 'input_text':
      return text(reader.required('text', reader.text('text')));
    case 'input_image':
      refuseUploaded(reader);
      return imagePart(reader, 'image_url');
    case 'input_file':
      return filePart(reader);
    case 'input_audio':
      return audioPart(reader.required('input_audio', reader.object('input_audio')));
    default:
      throw reader.error('type', 'other dialects have no such content');
  }
}

/** A part of what the model said before; a refusal is its own words as well. */
export function assistantPart(reader: ObjectReader, type: string): LanguageModelV4TextPart {
  switch (type) {
    case 'output_text':
      // Both describe the words of an earlier answer, and say nothing to a model.
      reader.ignore('annotations', 'logprobs');
      return text(reader.required('text', reader.text('text')));
    case 'input_text':
      return text(reader.required('text', reader.text('text')));
    case 'refusal':
      return text(reader.required('refusal', reader.text('refusal')));
    default:
      throw reader.error('type', 'other dialects have no such content of an assistant');
  }
}
