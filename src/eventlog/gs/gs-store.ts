import { Storage, type File } from "@google-cloud/storage";
import { z } from "zod";
import type { ObjectAddress } from "../object-address.js";
import type { ListedObject, ListRequest, ObjectPage, ObjectPiece, ObjectStore } from "../object-store.js";
import type { RangeRequest } from "../object-store.js";
import { gsCodeOf, gsFaultOf } from "./gs-fault.js";

/** One bucket through the official client, which signs and retries. */
export function openGs({ bucket: name }: ObjectAddress): ObjectStore {
  const storage = new Storage({ retryOptions: { maxRetries: 1, totalTimeout: 30 }, timeout: 30_000 });
  const bucket = storage.bucket(name);
  const place = `gs://${name}`;
  return {
    list: async (request) => {
      try {
        const [, , answer] = await bucket.getFiles(queryOf(request));
        return pageOf(answer);
      } catch (error) {
        throw gsFaultOf(error, place);
      }
    },
    read: async (request) => {
      try {
        return await readRange(bucket.file(request.key), request);
      } catch (error) {
        const code = gsCodeOf(error);
        if (code === 416) return "past-end";
        if (code === 404) return "gone";
        if (code === 403) return "denied";
        throw gsFaultOf(error, place);
      }
    },
  };
}

function queryOf({ prefix, shallow, from }: ListRequest) {
  return {
    prefix,
    autoPaginate: false,
    maxResults: 1_000,
    fields: "items(name,size,generation,updated),nextPageToken",
    ...(shallow ? { delimiter: "/" } : {}),
    ...(from === undefined ? {} : { pageToken: from }),
  };
}

const listedObject = z
  .object({
    name: z.string(),
    size: z.coerce.number().int().nonnegative(),
    generation: z.coerce.string(),
    updated: z.string().default(""),
  })
  .transform(({ name, size, generation, updated }): ListedObject => {
    return { key: name, size, version: generation, mtimeMs: timeOf(updated) };
  });

const page = z.object({ items: z.array(listedObject).default([]), nextPageToken: z.string().optional() });

/** The service's own answer: where single fields are asked for, the client's objects lack the rest. */
function pageOf(answer: unknown): ObjectPage {
  const { items, nextPageToken } = page.parse(answer);
  return { objects: items, next: nextPageToken };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

const answered = z.object({
  headers: z.object({
    "content-range": z.string().optional(),
    "x-goog-generation": z.string().default(""),
    "last-modified": z.string().default(""),
  }),
});

/** A part of an object; the client itself can only check whole ones, records have sums of their own. */
async function readRange(file: File, { start, length }: RangeRequest): Promise<ObjectPiece> {
  const stream = file.createReadStream({
    start,
    end: start + length - 1,
    validation: false,
    decompress: false,
  });
  let headers: z.infer<typeof answered>["headers"] | undefined;
  stream.on("response", (response: unknown) => {
    headers = answered.parse(response).headers;
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(z.instanceof(Uint8Array).parse(chunk)));
  const body = Buffer.concat(chunks);
  const version = headers?.["x-goog-generation"] ?? "";
  const mtimeMs = timeOf(headers?.["last-modified"] ?? "");
  const total = /\/(\d+)$/.exec(headers?.["content-range"] ?? "")?.[1];
  // A server that does not know ranges sends the whole.
  if (total === undefined) return { bytes: body.subarray(start), size: body.length, version, mtimeMs };
  return { bytes: body, size: Number(total), version, mtimeMs };
}
