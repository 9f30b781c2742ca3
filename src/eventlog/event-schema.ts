import { createRequire } from "node:module";
import type protobuf from "protobufjs";

const optional = (id: number, type: string): { id: number; type: string } => ({ id, type });
const repeated = (id: number, type: string): { id: number; type: string; rule: string } => ({
  id,
  type,
  rule: "repeated",
});

/**
 * TensorFlow's Event, trimmed to what a scalar needs. Members of a oneof stay declared, as bytes, so that the last one
 * set wins; everything else is skipped by its length. Enums are int32, so that unknown values trip nothing.
 */
const schema = {
  edition: "proto3",
  nested: {
    Event: {
      oneofs: {
        what: {
          oneof: [
            "fileVersion",
            "graphDef",
            "summary",
            "logMessage",
            "sessionLog",
            "taggedRunMetadata",
            "metaGraphDef",
          ],
        },
      },
      fields: {
        wallTime: optional(1, "double"),
        step: optional(2, "int64"),
        fileVersion: optional(3, "string"),
        graphDef: optional(4, "bytes"),
        summary: optional(5, "Summary"),
        logMessage: optional(6, "bytes"),
        sessionLog: optional(7, "SessionLog"),
        taggedRunMetadata: optional(8, "bytes"),
        metaGraphDef: optional(9, "bytes"),
      },
    },
    SessionLog: { fields: { status: optional(1, "int32") } },
    Summary: { fields: { value: repeated(1, "Value") } },
    Value: {
      oneofs: { value: { oneof: ["simpleValue", "oldHistogram", "image", "histogram", "audio", "tensor"] } },
      fields: {
        tag: optional(1, "string"),
        simpleValue: optional(2, "float"),
        oldHistogram: optional(3, "bytes"),
        image: optional(4, "bytes"),
        histogram: optional(5, "bytes"),
        audio: optional(6, "bytes"),
        tensor: optional(8, "Tensor"),
        metadata: optional(9, "SummaryMetadata"),
      },
    },
    SummaryMetadata: {
      fields: {
        pluginData: optional(1, "PluginData"),
        displayName: optional(2, "string"),
        dataClass: optional(4, "int32"),
      },
    },
    PluginData: { fields: { pluginName: optional(1, "string"), content: optional(2, "bytes") } },
    Tensor: {
      fields: {
        dtype: optional(1, "int32"),
        shape: optional(2, "Shape"),
        content: optional(4, "bytes"),
        floats: repeated(5, "float"),
        doubles: repeated(6, "double"),
        ints: repeated(7, "int32"),
        longs: repeated(10, "int64"),
        booleans: repeated(11, "bool"),
        halves: repeated(13, "int32"),
        uints: repeated(16, "uint32"),
        ulongs: repeated(17, "uint64"),
      },
    },
    Shape: { fields: { dims: repeated(2, "Dim"), unknownRank: optional(3, "bool") } },
    Dim: { fields: { size: optional(1, "int64") } },
    HParamsPluginData: { fields: { sessionStartInfo: optional(3, "SessionStartInfo") } },
    SessionStartInfo: { fields: { hparams: repeated(1, "HParamEntry") } },
    HParamEntry: { fields: { name: optional(1, "string"), value: optional(2, "HParam") } },
    HParam: {
      oneofs: { kind: { oneof: ["none", "number", "text", "flag"] } },
      fields: {
        none: optional(1, "int32"),
        number: optional(2, "double"),
        text: optional(3, "string"),
        flag: optional(4, "bool"),
      },
    },
  },
};

type Protobuf = Pick<typeof protobuf, "Root" | "Reader">;

let loaded: { readonly root: protobuf.Root; readonly Reader: typeof protobuf.Reader } | undefined;

/** Loaded when the first odd record comes: plain logs never pay for it (50 ms of a cold start). */
function load(): NonNullable<typeof loaded> {
  if (loaded !== undefined) return loaded;
  const { Root, Reader } = createRequire(import.meta.url)("protobufjs/light.js") as Protobuf;
  loaded = { root: Root.fromJSON(schema), Reader };
  return loaded;
}

/** A decoded message's fields by name; what they hold is checked where it is used. */
export type Fields = Readonly<Record<string, unknown>>;

/** Decodes by the trimmed schema; undefined where the bytes are no such message (cut, bad UTF-8, field 0 …). */
export function decodeMessage(type: "Event" | "HParamsPluginData", bytes: Uint8Array): Fields | undefined {
  const { root, Reader } = load();
  const reader = Reader.create(bytes);
  reader.discardUnknown = true;
  try {
    return fieldsOf(root.lookupType(type).decode(reader));
  } catch {
    return undefined;
  }
}

/** The fields of a message, or none where it is absent. */
export function fieldsOf(message: unknown): Fields {
  return typeof message === "object" && message !== null ? { ...message } : {};
}

/** The items of a repeated field. */
export function itemsOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** A numeric field as a double; 64-bit integers beyond 2^53 are rounded, an absent field is 0. */
export function numberOf(field: unknown): number {
  if (typeof field === "number") return field;
  if (typeof field === "boolean") return field ? 1 : 0;
  return isLong(field) ? field.toNumber() : 0;
}

export function textOf(field: unknown): string {
  return typeof field === "string" ? field : "";
}

/** protobufjs gives 64-bit integers as objects of the package `long`. */
function isLong(field: unknown): field is { toNumber(): number } {
  return (
    typeof field === "object" && field !== null && "toNumber" in field && typeof field.toNumber === "function"
  );
}
