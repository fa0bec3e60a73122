// A zip archive of stored files, written front to back: sizes and checksums come behind each file, so no file needs to
// be in memory as a whole.

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Names are UTF-8; sizes and checksums follow the data. */
const FLAGS = 0x0808;
const VERSION = 20;
/** 1980-01-01, the first day that the format knows: equal content gives equal archives. */
const DATE = 0x21;

interface Entry {
  readonly name: number[];
  readonly offset: number;
  checksum: number;
  size: number;
}

/** Writes one zip archive. */
export class ZipWriter {
  readonly #write: (bytes: number[]) => void;
  readonly #entries: Entry[] = [];
  #written = 0;

  constructor(write: (bytes: number[]) => void) {
    this.#write = write;
  }

  /** Adds a file whose text `produce` writes piece by piece. */
  file(name: string, produce: (write: (text: string) => void) => void): void {
    const entry: Entry = { name: toBytes(name), offset: this.#written, checksum: 0xffffffff, size: 0 };
    this.#put(
      record(
        [4, LOCAL],
        [2, VERSION],
        [2, FLAGS],
        [2, 0],
        [2, 0],
        [2, DATE],
        [4, 0],
        [4, 0],
        [4, 0],
        [2, entry.name.length],
        [2, 0],
      ),
    );
    this.#put(entry.name);
    produce((text) => {
      const bytes = toBytes(text);
      entry.checksum = checksum(entry.checksum, bytes);
      entry.size += bytes.length;
      this.#put(bytes);
    });
    entry.checksum = (entry.checksum ^ 0xffffffff) >>> 0;
    this.#put(record([4, DESCRIPTOR], [4, entry.checksum], [4, entry.size], [4, entry.size]));
    this.#entries.push(entry);
  }

  /** Ends the archive. */
  end(): void {
    const start = this.#written;
    for (const { name, offset, checksum: sum, size } of this.#entries) {
      this.#put(
        record(
          ...([
            [4, CENTRAL],
            [2, VERSION],
            [2, VERSION],
            [2, FLAGS],
            [2, 0],
            [2, 0],
            [2, DATE],
            [4, sum],
          ] as const),
          ...([
            [4, size],
            [4, size],
            [2, name.length],
            [2, 0],
            [2, 0],
            [2, 0],
            [2, 0],
            [4, 0],
            [4, offset],
          ] as const),
        ),
      );
      this.#put(name);
    }
    const count = this.#entries.length;
    const length = this.#written - start;
    this.#put(record([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, start], [2, 0]));
  }

  #put(bytes: number[]): void {
    if (bytes.length === 0) return;
    this.#write(bytes);
    this.#written += bytes.length;
  }
}

/** Little-endian numbers of 2 or 4 bytes, one behind the other. */
function record(...fields: readonly (readonly [bytes: 2 | 4, value: number])[]): number[] {
  return fields.flatMap(([size, value]) => Array.from({ length: size }, (_, index) => (value >>> (8 * index)) & 0xff));
}

/** CRC-32 of each byte's value, the table of the format. */
const TABLE = Array.from({ length: 256 }, (_, value) => {
  let rest = value;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest >>> 0;
});

function checksum(before: number, bytes: number[]): number {
  let sum = before;
  for (let at = 0; at < bytes.length; at += 1) sum = (sum >>> 8) ^ (TABLE[(sum ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return sum >>> 0;
}
