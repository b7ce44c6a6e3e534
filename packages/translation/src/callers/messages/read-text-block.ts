import type { LanguageModelV4TextPart } from '@ai-sdk/provider';
import { cacheMarkerOf } from './cache-control.ts';
import { type Content, type ContentBlock, unsupportedBlock } from './content-block.ts';

export function readTextBlock(block: ContentBlock): LanguageModelV4TextPart {
  const reader = block.open();
  reader.lose('citations', 'is bound to the documents of an earlier answer, and is not carried');
  return {
    type: 'text',
    text: reader.required('text', reader.text('text')),
    ...cacheMarkerOf(reader),
  };
}

/** Content that may hold nothing but text, one part per block. */
export function readTexts(content: Content): LanguageModelV4TextPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((block) => {
    if (block.type !== 'text') throw unsupportedBlock(block);
    return readTextBlock(block);
  });
}
