import type { Batch } from '@understudy/client';
import { expect, test } from 'vitest';
import { createColours } from './colours.ts';
import { renderBatch } from './render-batch.ts';

const STYLE = { colours: createColours(false), now: 0, columns: 80 };

const shown = (status: Batch['status']): string =>
  renderBatch(
    {
      id: 'batch_1',
      object: 'batch',
      endpoint: '/v1/chat/completions',
      input_file_id: 'file-1',
      completion_window: '24h',
      status,
      request_counts: { total: 1, completed: 1, failed: 0 },
      created_at: 0,
      expires_at: 3600,
    },
    STYLE,
  );

test('when a batch expires is told while it may', () => {
  expect(shown('in_progress')).toMatch(/expires +in 1 h/);
  expect(shown('completed')).not.toContain('expires');
});
