import { vendorId } from './vendor-id.ts';

/** An error answer in a vendor's own shape. */
export interface VendorError {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: object;
}

export function openaiError(
  status: number,
  type: string,
  code: string | null,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): VendorError {
  return { status, headers, body: { error: { message, type, param: null, code } } };
}

export function vertexError(code: number, status: string, message: string): VendorError {
  return { status: code, body: { error: { code, message, status } } };
}

export function databricksError(status: number, errorCode: string, message: string): VendorError {
  return { status, body: { error_code: errorCode, message } };
}

export function anthropicError(status: number, type: string, message: string): VendorError {
  const requestId = vendorId('req_01', 22);
  return {
    status,
    headers: { 'request-id': requestId },
    body: { type: 'error', error: { type, message }, request_id: requestId },
  };
}
