import type { BatchRecord } from '@understudy/contracts';
import type { OpenDispatch } from '@understudy/dispatch';
import { createBatchDeliveries, openDeliveryMaking } from '@understudy/webhooks';

/** Tells of the ends of batches by webhooks. */
export interface BatchTelling {
  /** Telling again, as after a crash in the midst of it, makes no delivery twice. */
  tell(batch: BatchRecord): Promise<void>;
  close(): Promise<void>;
}

export function openBatchTelling(dispatch: OpenDispatch): BatchTelling {
  const making = openDeliveryMaking(dispatch, dispatch.views().settings.webhooks);
  return {
    tell: (batch) => createBatchDeliveries(making.parts, making.directory, batch, dispatch.random),
    close: making.close,
  };
}
