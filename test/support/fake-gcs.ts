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
    if (fault !== undefined) {
      fail(response, fault.status, fault.code);
      return;
    }
    if (request.method !== "GET") {
      fail(response, 405, "methodNotAllowed");
      return;
    }
    if (name !== bucket.name) {
      fail(response, 404, "notFound");
      return;
    }
    if (key === undefined) list(bucket, url, response);
    else read(bucket, key, { request, url, response });
  });
}

const rangeText = ({ headers }: IncomingMessage): string => (headers.range ?? "").replace("bytes=", "");

function list(bucket: FakeBucket, { searchParams }: URL, response: ServerResponse): void {
  const known = ["prefix", "delimiter", "pageToken", "maxResults", "fields", "prettyPrint"];
  for (const name of searchParams.keys())
    if (!known.includes(name)) {
      fail(response, 400, `unknown parameter ${name}`);
      return;
    }
  if (Number(searchParams.get("maxResults") ?? 1_000) > 1_000) {
    fail(response, 400, "invalid");
    return;
  }
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
  if (url.searchParams.get("alt") !== "media") {
    fail(response, 400, "the bytes are asked for");
    return;
  }
  if (bucket.denied.has(key)) {
    fail(response, 403, "forbidden");
    return;
  }
  const found = bucket.get(key);
  if (found === undefined) {
    fail(response, 404, "notFound");
    return;
  }
  const { bytes, generation, mtimeMs } = found;
  const range = rangeOf(request.headers.range, bytes.length);
  if (range === "unsatisfiable") {
    fail(response, 416, "requestedRangeNotSatisfiable");
    return;
  }
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

function fail(response: ServerResponse, status: number, reason: string): undefined {
  const error = { code: status, message: reason, errors: [{ reason, message: reason, domain: "global" }] };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}
