import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06_05_4b_50;
const DIRECTORY_ENTRY = 0x02_01_4b_50;
const LOCAL_HEADER_BYTES = 30;
const DEFLATED = 8;

/**
 * One file of a zip archive, checked against its checksum.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3: the layout)
 * @throws Error when the archive has no such entry, or one of another form than deflated
 */
export function readZipEntry(archivePath: string, name: string): Buffer {
  const archive = readFileSync(archivePath);
  for (const entry of directoryOf(archive)) {
    if (entry.name !== name) continue;
    if (entry.method !== DEFLATED) throw new Error(`${name} of ${archivePath} is not deflated`);
    const names = archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
    const start = entry.offset + LOCAL_HEADER_BYTES + names;
    const content = inflateRawSync(archive.subarray(start, start + entry.compressedBytes));
    if (crc32(content) === entry.checksum) return content;
    throw new Error(`${name} of ${archivePath} is damaged`);
  }
  throw new Error(`${archivePath} holds no ${name}`);
}

interface DirectoryEntry {
  name: string;
  method: number;
  checksum: number;
  compressedBytes: number;
  offset: number;
}

function* directoryOf(archive: Buffer): Generator<DirectoryEntry> {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(END_OF_DIRECTORY);
  const end = archive.lastIndexOf(signature);
  if (end === -1) throw new Error('this is no zip archive');
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameBytes = archive.readUInt16LE(at + 28);
    yield {
      name: archive.toString('utf8', at + 46, at + 46 + nameBytes),
      method: archive.readUInt16LE(at + 10),
      checksum: archive.readUInt32LE(at + 16),
      compressedBytes: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    };
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}
