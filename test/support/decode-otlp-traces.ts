/** One span as a collector receives it. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  /** Empty of a root. */
  parentSpanId: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified';
  /** Milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  attributes: Record<string, unknown>;
  isError: boolean;
  /** Of the process that sent it. */
  resource: Record<string, unknown>;
}

type Field = { number: number; varint?: bigint; bytes?: Buffer };

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR_STATUS = 2n;

/**
 * The spans of an `ExportTraceServiceRequest`, by the numbers of its fields in opentelemetry-proto 1.x
 * (collector/trace/v1, trace/v1, common/v1).
 */
export function decodeOtlpTraces(message: Buffer): CollectedSpan[] {
  return children(message, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(children(resourceSpans, 1).flatMap((one) => children(one, 1)));
    return children(resourceSpans, 2)
      .flatMap((scopeSpans) => children(scopeSpans, 2))
      .map((span) => decodeSpan(span, resource));
  });
}

function decodeSpan(message: Buffer, resource: Record<string, unknown>): CollectedSpan {
  const fields = fieldsOf(message);
  const bytes = (number: number) => find(fields, number)?.bytes ?? Buffer.alloc(0);
  const status = fieldsOf(bytes(15));
  return {
    traceId: bytes(1).toString('hex'),
    spanId: bytes(2).toString('hex'),
    parentSpanId: bytes(4).toString('hex'),
    name: bytes(5).toString('utf8'),
    kind: KINDS[Number(find(fields, 6)?.varint ?? 0n)] ?? 'unspecified',
    startedAt: Number(bytes(7).readBigUInt64LE() / 1_000_000n),
    endedAt: Number(bytes(8).readBigUInt64LE() / 1_000_000n),
    attributes: attributesOf(children(message, 9)),
    isError: find(status, 3)?.varint === ERROR_STATUS,
    resource,
  };
}

/** Of key-value messages. */
function attributesOf(messages: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    messages.map((message) => {
      const [key, value] = [children(message, 1)[0], children(message, 2)[0]];
      return [key?.toString('utf8'), value === undefined ? undefined : valueOf(value)];
    }),
  );
}

function valueOf(message: Buffer): unknown {
  const [field] = fieldsOf(message);
  if (field === undefined) throw new Error('an attribute without a value is not expected');
  switch (field.number) {
    case 1:
      return field.bytes?.toString('utf8');
    case 2:
      return field.varint === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.varint ?? 0n));
    case 4:
      return field.bytes?.readDoubleLE();
    default:
      throw new Error(`an attribute of kind ${field.number} is not expected`);
  }
}

function find(fields: readonly Field[], number: number): Field | undefined {
  return fields.find((field) => field.number === number);
}

function children(message: Buffer, number: number): Buffer[] {
  return fieldsOf(message).flatMap((field) =>
    field.number === number && field.bytes !== undefined ? [field.bytes] : [],
  );
}

/** What protobuf's wire format says of a message: numbers and bytes. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let offset = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(offset++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => message.subarray(offset, (offset += length));
  while (offset < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    const wireType = tag & 7;
    if (wireType === 0) fields.push({ number, varint: varint() });
    else if (wireType === 1) fields.push({ number, bytes: take(8) });
    else if (wireType === 2) fields.push({ number, bytes: take(Number(varint())) });
    else if (wireType === 5) fields.push({ number, bytes: take(4) });
    else throw new Error(`field ${number} has the unknown wire type ${wireType}`);
  }
  return fields;
}
