import type { IncomingMessage, ServerResponse } from "node:http";
import { type FakeBucket, FakeService, rangeOf } from "./fake-objects.js";

/** The two requests of Cloud Storage's JSON API that logs need; every parameter is checked. */
export function fakeGcs(bucket: FakeBucket): FakeService {
  return new FakeService((request, url, response) => {
    const [, name, object] = /^(?:\/storage\/v1)?\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const key = object === undefined ? undefined : decodeURIComponent(object);
    bucket.requests.push(
      key === undefined ? `LIST ${url.searchParams.get("prefix") ?? ""}` : `GET ${key} ${rangeText(request)}`,
    );
    const fault = bucket.always ?? bucket.faults.shift();
    if (fault !== undefined) return fail(response, fault.status, fault.code);
    if (request.method !== "GET") return fail(response, 405, "methodNotAllowed");
    if (name !== bucket.name) return fail(response, 404, "notFound");
    if (key === undefined) list(bucket, url, response);
    else read(bucket, key, { request, url, response });
  });
}

const rangeText = ({ headers }: IncomingMessage): string => (headers.range ?? "").replace("bytes=", "");

function list(bucket: FakeBucket, { searchParams }: URL, response: ServerResponse): void {
  const known = ["prefix", "delimiter", "pageToken", "maxResults", "fields", "prettyPrint"];
  for (const name of searchParams.keys())
    if (!known.includes(name)) return fail(response, 400, `unknown parameter ${name}`);
  if (Number(searchParams.get("maxResults") ?? 1_000) > 1_000) return fail(response, 400, "invalid");
  const after = Buffer.from(searchParams.get("pageToken") ?? "", "base64").toString("utf8");
  const page = bucket.page(searchParams.get("prefix") ?? "", searchParams.get("delimiter") ?? "", after);
  const items = page.keys.map((key) => {
    const { bytes, generation, mtimeMs } = bucket.get(key)!;
    return {
      name: key,
      size: String(bytes.length),
      generation: String(generation),
      updated: new Date(mtimeMs).toISOString(),
    };
  });
  const next = page.next === undefined ? {} : { nextPageToken: Buffer.from(page.next).toString("base64") };
  response
    .writeHead(200, { "content-type": "application/json; charset=UTF-8" })
    .end(JSON.stringify({ ...(items.length === 0 ? {} : { items }), ...next }));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly response: ServerResponse;
}

function read(bucket: FakeBucket, key: string, { request, url, response }: Exchange): void {
  if (url.searchParams.get("alt") !== "media") return fail(response, 400, "the bytes are asked for");
  if (bucket.denied.has(key)) return fail(response, 403, "forbidden");
  const found = bucket.get(key);
  if (found === undefined) return fail(response, 404, "notFound");
  const { bytes, generation, mtimeMs } = found;
  const range = rangeOf(request.headers.range, bytes.length);
  if (range === "unsatisfiable") return fail(response, 416, "requestedRangeNotSatisfiable");
  response
    .writeHead(206, {
      "content-type": "application/octet-stream",
      "x-goog-generation": String(generation),
      "x-goog-stored-content-length": String(bytes.length),
      "last-modified": new Date(mtimeMs).toUTCString(),
      "content-length": range.end - range.start,
      "content-range": `bytes ${range.start}-${range.end - 1}/${bytes.length}`,
    })
    .end(bytes.subarray(range.start, range.end));
}

function fail(response: ServerResponse, status: number, reason: string): void {
  const error = { code: status, message: reason, errors: [{ reason, message: reason, domain: "global" }] };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}
