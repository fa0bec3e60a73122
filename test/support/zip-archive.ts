import { crc32, deflateRawSync } from "node:zlib";

/** One file of an archive; `packed` replaces what its content really packs to. */
export interface ZipFile {
  readonly name: string;
  readonly content: Buffer;
  readonly packed?: Buffer;
}

/** A zip archive of deflated files, as common tools write it. */
export function zipArchive(files: readonly ZipFile[]): Buffer {
  let body = Buffer.alloc(0);
  let directory = Buffer.alloc(0);
  for (const { name, content, packed = deflateRawSync(content) } of files) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed to unpack
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(body.length, 10);
    directory = Buffer.concat([
      directory,
      signature("\x01\x02"),
      Buffer.from([20, 0]),
      common,
      place,
      Buffer.from(name),
    ]);
    body = Buffer.concat([body, signature("\x03\x04"), common, Buffer.from(name), packed]);
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(body.length, 12);
  return Buffer.concat([body, directory, signature("\x05\x06"), end]);
}

function signature(kind: string): Buffer {
  return Buffer.from(`PK${kind}`, "latin1");
}
