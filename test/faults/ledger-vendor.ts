import type { RecordedCall } from '../support/fake-vendor-call.ts';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { digestOf, type Ledger } from './ledger.ts';

/** A call as the replies of a scenario see it. */
export interface VendorCall {
  token: string;
  /** First part of the path, which names the provider. */
  provider: string;
  /** How many calls came in before and with this one. */
  number: number;
  recorded: RecordedCall;
}

/** A fake vendor that writes every call into the ledger and names each in its answer. */
export async function startLedgerVendor(
  ledger: Ledger,
  replyTo: (call: VendorCall) => Reply = () => ({}),
): Promise<FakeVendor> {
  const vendor = await startFakeVendor();
  vendor.onCall(
    () => true,
    (recorded) => {
      const requestId = `call-${recorded.number}`;
      const provider = recorded.path.split('/')[1] ?? '';
      const token = /token:([^:"]+):/.exec(recorded.body)?.[1] ?? 'none';
      ledger.call({ requestId, token, provider, promptDigest: digestOf(promptOf(recorded.body)) });
      const reply = replyTo({ token, provider, number: recorded.number, recorded });
      return { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } };
    },
  );
  return vendor;
}

/** What the caller asked, by the member that holds it in the dialect of the call. */
function promptOf(body: string): unknown {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) return null;
  if ('messages' in parsed) return parsed.messages;
  return 'input' in parsed ? parsed.input : null;
}
