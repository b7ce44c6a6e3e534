import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type {
  ListMultipartUploadsCommandInput,
  MultipartUpload,
  S3Client,
} from '@aws-sdk/client-s3';

/** Uploads below a prefix that were begun and neither ended nor aborted, page by page. */
export async function* listUploads(
  client: S3Client,
  where: { Bucket: string; Prefix: string },
): AsyncGenerator<MultipartUpload> {
  let from: Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ ...where, ...from }));
    yield* page.Uploads ?? [];
    if (page.IsTruncated !== true) return;
    from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
