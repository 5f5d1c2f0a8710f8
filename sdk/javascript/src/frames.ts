/**
 * The protobuf messages of the websocket (`crates/api/proto/hanami.proto`), written and read by
 * hand: three flat messages do not earn a library several times as large as the whole SDK.
 */

import { ConnectionError } from "./errors.js";

/** What a frame with `isLast` makes the cluster do. */
export const ProcessType = { request: 0, train: 1 } as const;

/** Values for one brick of a cluster, and the answer to them. */
export interface ClusterFrame {
  readonly brickName: string;
  readonly isLast: boolean;
  readonly processType: number;
  readonly values: Float32Array;
}

/** One chunk of a file, and where in the file it begins. */
export interface UploadFrame {
  readonly position: number;
  readonly data: Uint8Array;
}

/** The answer to a chunk. */
export interface UploadAnswer {
  readonly success: boolean;
  readonly errorMessage: string;
}

/** How the value of a field is written (the three lower bits of its tag). */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function encodeClusterFrame(frame: ClusterFrame): Uint8Array<ArrayBuffer> {
  const { values } = frame;
  const packed = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    packed.setFloat32(index * 4, value, true);
  });
  return new Writer()
    .bytes(1, encoder.encode(frame.brickName))
    .varint(2, Number(frame.isLast))
    .varint(3, frame.processType)
    .varint(4, values.length)
    .bytes(5, new Uint8Array(packed.buffer))
    .finish();
}

export function decodeClusterFrame(frame: Uint8Array): ClusterFrame {
  let brickName = "";
  let isLast = false;
  let processType = 0;
  const values: number[] = [];
  const reader = new Reader(frame);
  for (let field = reader.next(); field !== undefined; field = reader.next()) {
    const { number, wireType } = field;
    if (number === 1) brickName = reader.text(wireType);
    else if (number === 2) isLast = reader.varint(wireType) !== 0;
    else if (number === 3) processType = reader.varint(wireType);
    else if (number === 5) reader.floats(wireType, values);
    else reader.skip(wireType);
  }
  return { brickName, isLast, processType, values: Float32Array.from(values) };
}

export function encodeUploadFrame({ position, data }: UploadFrame): Uint8Array<ArrayBuffer> {
  return new Writer().varint(1, position).bytes(2, data).finish();
}

export function decodeUploadFrame(frame: Uint8Array): UploadFrame {
  let position = 0;
  let data = new Uint8Array();
  const reader = new Reader(frame);
  for (let field = reader.next(); field !== undefined; field = reader.next()) {
    const { number, wireType } = field;
    if (number === 1) position = reader.varint(wireType);
    else if (number === 2) data = reader.bytes(wireType).slice();
    else reader.skip(wireType);
  }
  return { position, data };
}

export function encodeUploadAnswer({ success, errorMessage }: UploadAnswer): Uint8Array<ArrayBuffer> {
  return new Writer().varint(1, Number(success)).bytes(2, encoder.encode(errorMessage)).finish();
}

export function decodeUploadAnswer(frame: Uint8Array): UploadAnswer {
  let success = false;
  let errorMessage = "";
  const reader = new Reader(frame);
  for (let field = reader.next(); field !== undefined; field = reader.next()) {
    const { number, wireType } = field;
    if (number === 1) success = reader.varint(wireType) !== 0;
    else if (number === 2) errorMessage = reader.text(wireType);
    else reader.skip(wireType);
  }
  return { success, errorMessage };
}

/** Writes fields in turn; those with the default value are left out, as proto3 wants it. */
class Writer {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  varint(number: number, value: number): this {
    if (value !== 0) {
      this.#add(varint((number << 3) | VARINT));
      this.#add(varint(value));
    }
    return this;
  }

  bytes(number: number, value: Uint8Array): this {
    if (value.length > 0) {
      this.#add(varint((number << 3) | BYTES));
      this.#add(varint(value.length));
      this.#add(value);
    }
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const frame = new Uint8Array(this.#length);
    let position = 0;
    for (const part of this.#parts) {
      frame.set(part, position);
      position += part.length;
    }
    return frame;
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
  }
}

/** Seven bits a byte, the lowest first. Not with shifts: those would cut the number to 32 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Reads fields in turn. Nothing is read beyond the end, and no memory taken for what is not there. */
class Reader {
  readonly #frame: Uint8Array;
  #position = 0;

  constructor(frame: Uint8Array) {
    this.#frame = frame;
  }

  /** The next field's number and wire type; nothing at the end. */
  next(): { number: number; wireType: number } | undefined {
    if (this.#position === this.#frame.length) {
      return undefined;
    }
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    if (number === 0 || tag > 0xffff_ffff) {
      throw invalid("a field has the number 0 or one beyond bounds");
    }
    return { number, wireType: tag % 8 };
  }

  varint(wireType: number): number {
    expect(wireType, VARINT);
    return this.#varint();
  }

  bytes(wireType: number): Uint8Array {
    expect(wireType, BYTES);
    return this.#take(this.#varint());
  }

  text(wireType: number): string {
    const bytes = this.bytes(wireType);
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw invalid("a text is not UTF-8", cause);
    }
  }

  /** A row of floats, or a single one: both add to the same field. */
  floats(wireType: number, values: number[]): void {
    const bytes = wireType === FIXED32 ? this.#take(4) : this.bytes(wireType);
    if (bytes.length % 4 !== 0) {
      throw invalid("the values are cut off");
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = 0; offset < bytes.length; offset += 4) {
      values.push(view.getFloat32(offset, true));
    }
  }

  skip(wireType: number): void {
    if (wireType === VARINT) this.#varint();
    else if (wireType === FIXED64) this.#take(8);
    else if (wireType === BYTES) this.bytes(wireType);
    else if (wireType === FIXED32) this.#take(4);
    else throw invalid(`a field has the wire type ${String(wireType)}`);
  }

  #varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index++) {
      const [byte = 0] = this.#take(1);
      value += (byte % 128) * 2 ** (7 * index);
      if (byte < 128) {
        return value;
      }
    }
    throw invalid("a number is too long");
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#frame.length) {
      throw invalid("it is cut off");
    }
    const bytes = this.#frame.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }
}

function expect(wireType: number, expected: number): void {
  if (wireType !== expected) {
    throw invalid(`a field has the wire type ${String(wireType)} instead of ${String(expected)}`);
  }
}

function invalid(detail: string, cause?: unknown): ConnectionError {
  return new ConnectionError({ detail: `a frame of the websocket can't be read: ${detail}`, cause });
}
