import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import type { IncomingMessage, ServerResponse } from "node:http";
import { etagOf, type FakeBucket, FakeService, rangeOf } from "./fake-objects.js";

export const fakeS3Credentials = {
  AWS_ACCESS_KEY_ID: "AKIAFAKEFAKEFAKEFAKE",
  AWS_SECRET_ACCESS_KEY: "secretOfTheFakeService",
  AWS_REGION: "eu-test-1",
} as const;

/** S3's two requests that logs need, path style: every signature is checked, and every parameter. */
export function fakeS3(bucket: FakeBucket): FakeService {
  return new FakeService((request, url, response) => {
    const key = decodeURIComponent(url.pathname.slice(1 + bucket.name.length + 1));
    const isList = key === "";
    bucket.requests.push(
      isList ? `LIST ${url.searchParams.get("prefix") ?? ""}` : `GET ${key} ${rangeText(request)}`,
    );
    const fault = bucket.always ?? bucket.faults.shift();
    if (fault !== undefined) {
      fail(response, fault.status, fault.code);
      return;
    }
    if (!isSigned(request, url)) {
      fail(response, 403, "SignatureDoesNotMatch");
      return;
    }
    if (decodeURIComponent(url.pathname.split("/")[1] ?? "") !== bucket.name) {
      fail(response, 404, "NoSuchBucket");
      return;
    }
    if (isList) list(bucket, url, response);
    else read(bucket, key, { request, response });
  });
}

const rangeText = ({ headers }: IncomingMessage): string => (headers.range ?? "").replace("bytes=", "");

function list(bucket: FakeBucket, { searchParams }: URL, response: ServerResponse): void {
  const known = [
    "list-type",
    "prefix",
    "max-keys",
    "encoding-type",
    "delimiter",
    "continuation-token",
    "x-id",
  ];
  for (const name of searchParams.keys())
    if (!known.includes(name)) {
      fail(response, 400, "InvalidArgument");
      return;
    }
  if (searchParams.get("list-type") !== "2") {
    fail(response, 400, "InvalidArgument");
    return;
  }
  if (Number(searchParams.get("max-keys") ?? 1_000) > 1_000) {
    fail(response, 400, "InvalidArgument");
    return;
  }
  const token = searchParams.get("continuation-token");
  const after = token === null ? "" : Buffer.from(token, "base64").toString("utf8");
  const prefix = searchParams.get("prefix") ?? "";
  const page = bucket.page(prefix, searchParams.get("delimiter") ?? "", after);
  const isEncoded = searchParams.get("encoding-type") === "url";
  const shown = (key: string): string => (isEncoded ? encodedKey(key) : escaped(key));
  const contents = page.keys.map((key) => {
    const { bytes, mtimeMs } = bucket.get(key)!;
    return `<Contents><Key>${shown(key)}</Key><LastModified>${new Date(mtimeMs).toISOString()}</LastModified><ETag>${escaped(etagOf(bytes))}</ETag><Size>${bytes.length}</Size></Contents>`;
  });
  const next = page.next === undefined ? "" : Buffer.from(page.next).toString("base64");
  response
    .writeHead(200, { "content-type": "application/xml" })
    .end(
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket.name}</Name><Prefix>${shown(prefix)}</Prefix><KeyCount>${page.keys.length}</KeyCount><MaxKeys>1000</MaxKeys>${isEncoded ? "<EncodingType>url</EncodingType>" : ""}<IsTruncated>${page.next !== undefined}</IsTruncated>${next === "" ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`}${contents.join("")}</ListBucketResult>`,
    );
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function read(bucket: FakeBucket, key: string, { request, response }: Exchange): void {
  const found = bucket.get(key);
  if (bucket.denied.has(key)) {
    fail(response, 403, "AccessDenied");
    return;
  }
  if (found === undefined) {
    fail(response, 404, "NoSuchKey");
    return;
  }
  const { bytes, mtimeMs } = found;
  const range = rangeOf(request.headers.range, bytes.length);
  if (range === "unsatisfiable") {
    fail(response, 416, "InvalidRange");
    return;
  }
  // Some servers name the sum of the whole object with a part of it: a client that asks for sums finds no part right.
  const asksForSum = request.headers["x-amz-checksum-mode"] !== undefined;
  response
    .writeHead(206, {
      ...(asksForSum ? { "x-amz-checksum-crc32": crc32Of(bytes) } : {}),
      etag: etagOf(bytes),
      "last-modified": new Date(mtimeMs).toUTCString(),
      "content-length": range.end - range.start,
      "content-range": `bytes ${range.start}-${range.end - 1}/${bytes.length}`,
    })
    .end(bytes.subarray(range.start, range.end));
}

function fail(response: ServerResponse, status: number, code: string): undefined {
  response
    .writeHead(status, { "content-type": "application/xml" })
    .end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

function crc32Of(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString("base64");
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** As the service does: spaces as plus signs, slashes as they are. */
const encodedKey = (key: string): string =>
  encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");

/** AWS Signature Version 4, counted again from what has arrived. */
function isSigned({ headers, method }: IncomingMessage, url: URL): boolean {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, id, date = "", region = "", names = "", signature] =
    pattern.exec(headers.authorization ?? "") ?? [];
  if (id !== fakeS3Credentials.AWS_ACCESS_KEY_ID || region !== fakeS3Credentials.AWS_REGION) return false;
  if (!names.split(";").includes("host")) return false;
  const strict = (text: string): string =>
    encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const query = [...url.searchParams]
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join("&");
  const lines = names.split(";").map((name) => `${name}:${String(headers[name] ?? "").trim()}\n`);
  const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
  const payload = String(headers["x-amz-content-sha256"]);
  const canonical = [method, url.pathname, query, lines.join(""), names, payload].join("\n");
  const scope = `${date}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", String(headers["x-amz-date"]), scope, hashOf(canonical)].join("\n");
  const secret = `AWS4${fakeS3Credentials.AWS_SECRET_ACCESS_KEY}`;
  const key = [date, region, "s3", "aws4_request"].reduce(
    (bytes, part) => createHmac("sha256", bytes).update(part).digest(),
    Buffer.from(secret),
  );
  return createHmac("sha256", key).update(toSign).digest("hex") === signature;
}
