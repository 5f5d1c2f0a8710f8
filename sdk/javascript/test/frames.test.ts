import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import protobuf from "protobufjs";

import {
  decodeClusterFrame,
  decodeUploadAnswer,
  decodeUploadFrame,
  encodeClusterFrame,
  encodeUploadAnswer,
  encodeUploadFrame,
} from "../dist/frames.js";
import { repository } from "./support/server.js";

interface Fields {
  brickName?: string;
  isLast?: boolean;
  processType?: number;
  numberOfValues?: number;
  values?: number[];
  position?: number;
  data?: string;
  success?: boolean;
  errorMessage?: string;
}

interface Vector {
  about: string;
  message: "ClusterIO_Message" | "FileUpload_Message" | "FileUploadResponse_Message";
  hex: string;
  fields: Fields;
}

interface Vectors {
  vectors: Vector[];
  decode_only: Vector[];
  invalid: Vector[];
}

const path = join(repository, "sdk/scenarios/frames.json");
const shared = JSON.parse(readFileSync(path, "utf8")) as Vectors;

const decoders = {
  ClusterIO_Message: decodeClusterFrame,
  FileUpload_Message: decodeUploadFrame,
  FileUploadResponse_Message: decodeUploadAnswer,
};

/** The fields of a vector as this SDK has them, with the defaults for what it leaves out. */
function ours({ message, fields }: Vector): Record<string, unknown> {
  switch (message) {
    case "ClusterIO_Message": {
      const { brickName = "", isLast = false, processType = 0, values = [] } = fields;
      assert.equal(fields.numberOfValues ?? 0, values.length);
      return { brickName, isLast, processType, values: Float32Array.from(values) };
    }
    case "FileUpload_Message": {
      const { position = 0, data = "" } = fields;
      return { position, data: bytes(data) };
    }
    case "FileUploadResponse_Message": {
      const { success = false, errorMessage = "" } = fields;
      return { success, errorMessage };
    }
  }
}

function encode(vector: Vector): Uint8Array {
  const fields = ours(vector);
  switch (vector.message) {
    case "ClusterIO_Message":
      return encodeClusterFrame(fields as unknown as Parameters<typeof encodeClusterFrame>[0]);
    case "FileUpload_Message":
      return encodeUploadFrame(fields as unknown as Parameters<typeof encodeUploadFrame>[0]);
    case "FileUploadResponse_Message":
      return encodeUploadAnswer(fields as unknown as Parameters<typeof encodeUploadAnswer>[0]);
  }
}

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

for (const vector of shared.vectors) {
  test(`${vector.message}, ${vector.about}: both ways`, () => {
    assert.equal(Buffer.from(encode(vector)).toString("hex"), vector.hex);
    assert.deepEqual(decoders[vector.message](bytes(vector.hex)), ours(vector));
  });
}

for (const vector of shared.decode_only) {
  test(`${vector.message}, ${vector.about}: is read`, () => {
    assert.deepEqual(decoders[vector.message](bytes(vector.hex)), ours(vector));
  });
}

for (const vector of shared.invalid) {
  test(`${vector.message}, ${vector.about}: is refused`, () => {
    assert.throws(() => decoders[vector.message](bytes(vector.hex)), /can't be read/);
  });
}

test("frames of all sizes are those that a protobuf library makes of the server's definition", () => {
  const definition = readFileSync(join(repository, "crates/api/proto/hanami.proto"), "utf8");
  const { root } = protobuf.parse(definition, { keepCase: true });
  const cluster = root.lookupType("ClusterIO_Message");
  const upload = root.lookupType("FileUpload_Message");
  for (let length = 0; length < 300; length += 7) {
    const values = Float32Array.from({ length }, (_, index) => Math.sin(index) * 10 ** (index % 38));
    const fields = {
      brickName: "é".repeat(length),
      isLast: length % 2 === 1,
      processType: length % 2,
      values,
    };
    const frame = encodeClusterFrame(fields);
    const reference = cluster.create({ ...fields, numberOfValues: length, values: [...values] });
    assert.deepEqual(Buffer.from(cluster.encode(reference).finish()), Buffer.from(frame));
    assert.deepEqual(decodeClusterFrame(frame), fields);

    const position = 128 ** (length / 50) * 3 - 3;
    const chunk = { position: Math.floor(position), data: new Uint8Array(length).fill(length) };
    const written = Buffer.from(encodeUploadFrame(chunk));
    // proto3 leaves defaults out; this library writes what it is given.
    const piece = upload.create({
      ...(chunk.position > 0 && { position: chunk.position }),
      ...(length > 0 && { data: chunk.data }),
    });
    assert.deepEqual(Buffer.from(upload.encode(piece).finish()), written);
  }
});

test("a frame that is cut anywhere is refused or shorter, and never more than it holds", () => {
  const values = Float32Array.from([1, 2, 3]);
  const whole = encodeClusterFrame({ brickName: "brick", isLast: true, processType: 1, values });
  for (let length = 0; length < whole.length; length++) {
    try {
      assert.ok(decodeClusterFrame(whole.slice(0, length)).values.length === 0);
    } catch (error) {
      assert.match(String(error), /can't be read/);
    }
  }
});
