import { inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = Buffer.from("PK\x05\x06", "latin1");
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * One file out of a zip archive. Sizes and checksum are taken from the archive's directory, which is written last, and
 * what is unpacked is checked against both.
 * @param {Buffer} archive the whole archive; zip64 and encryption are not read
 * @param {string} name full name of the entry
 * @returns {Buffer} its content
 * @throws {Error} when the archive is cut off or damaged, or has no such entry
 */
export function readZipEntry(archive, name) {
  const entry = listEntries(archive).find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`the archive has no file ${name}`);
  const content = unpack(entry, packedBytes(archive, entry));
  if (content.length !== entry.size || crc32(content) !== entry.crc)
    throw new Error(`${name} is damaged in the archive`);
  return content;
}

/**
 * @typedef {object} Entry as the directory describes it; sizes in bytes
 * @property {string} name
 * @property {number} method
 * @property {number} crc
 * @property {number} packedSize
 * @property {number} size
 * @property {number} offset
 *
 * @param {Buffer} archive
 * @returns {Entry[]}
 */
function listEntries(archive) {
  const end = archive.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + 22 > archive.length) throw new Error("the archive is cut off: its directory is missing");
  const entries = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > end || archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error("the archive's directory is damaged");
    const nameEnd = at + 46 + archive.readUInt16LE(at + 28);
    entries.push({
      name: archive.toString("utf8", at + 46, nameEnd),
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packedSize: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    });
    at = nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {Buffer} archive
 * @param {Entry} entry
 */
function packedBytes(archive, { name, offset, packedSize }) {
  const isInside = offset + 30 <= archive.length && archive.readUInt32LE(offset) === LOCAL_HEADER;
  const start = isInside ? offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28) : 0;
  if (!isInside || start + packedSize > archive.length) throw new Error(`the archive is cut off inside ${name}`);
  return archive.subarray(start, start + packedSize);
}

/**
 * @param {Entry} entry
 * @param {Buffer} packed
 */
function unpack({ name, method, size }, packed) {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new Error(`${name} is packed in a way that is not known (method ${method})`);
  try {
    // The limit keeps an entry that unpacks to more than it says from filling the memory.
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new Error(`${name} is damaged in the archive`, { cause });
  }
}

/**
 * CRC-32 as zip uses it; written out, since `zlib.crc32` is not in Node.js 18 and early 20.
 * @param {Buffer} bytes
 */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

const crcTable = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
