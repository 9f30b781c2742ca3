import {
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type GetObjectCommandOutput,
  type ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import type { ObjectAddress } from "../object-address.js";
import type { ListRequest, ObjectPage, ObjectPiece, ObjectStore, RangeRequest } from "../object-store.js";
import { s3FaultOf, statusOf } from "./s3-fault.js";

/** Milliseconds; without the last the client only writes a warning to the console and goes on waiting. */
const timeouts = {
  connectionTimeout: 5_000,
  requestTimeout: 20_000,
  socketTimeout: 20_000,
  throwOnRequestTimeout: true,
} as const;

/** One bucket through the official client, which signs, retries and follows the bucket's region. */
export async function openS3({ bucket }: ObjectAddress): Promise<ObjectStore> {
  const client = await clientOf();
  const place = `s3://${bucket}`;
  return {
    list: async (request) => {
      try {
        return pageOf(await client.send(listCommand(bucket, request)));
      } catch (error) {
        throw s3FaultOf(error, place);
      }
    },
    read: (request) => readRange({ client, bucket, place }, request),
  };
}

/** Servers of one's own are addressed by path: their bucket names are seldom host names. */
async function clientOf(): Promise<S3Client> {
  // Eight lines about versions of Node, on the first use of every process: nothing an operator of ours can act on.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const ownEndpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  const options = {
    forcePathStyle: ownEndpoint !== undefined,
    followRegionRedirects: true,
    // Servers of other makes name the sum of the whole object with a part of it; records have sums of their own.
    responseChecksumValidation: "WHEN_REQUIRED" as const,
    requestHandler: timeouts,
  };
  const client = new S3Client(options);
  try {
    await client.config.region();
    return client;
  } catch {
    // No region anywhere: the client follows the bucket's own from here.
    return new S3Client({ ...options, region: "us-east-1" });
  }
}

function listCommand(bucket: string, { prefix, shallow, from }: ListRequest): ListObjectsV2Command {
  return new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    MaxKeys: 1_000,
    // XML cannot carry every character of a key.
    EncodingType: "url",
    ...(shallow ? { Delimiter: "/" } : {}),
    ...(from === undefined ? {} : { ContinuationToken: from }),
  });
}

function pageOf({
  Contents,
  EncodingType,
  IsTruncated,
  NextContinuationToken,
}: ListObjectsV2CommandOutput): ObjectPage {
  const objects = (Contents ?? []).flatMap(({ Key, Size, ETag, LastModified }) => {
    const key = Key === undefined ? undefined : EncodingType === "url" ? decoded(Key) : Key;
    if (key === undefined || Size === undefined || ETag === undefined) return [];
    return [{ key, size: Size, version: ETag, mtimeMs: LastModified?.getTime() ?? 0 }];
  });
  return { objects, next: IsTruncated === true ? NextContinuationToken : undefined };
}

/** Keys whose bytes are no UTF-8 cannot be asked for: left out. */
function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

interface Bucket {
  readonly client: S3Client;
  readonly bucket: string;
  readonly place: string;
}

async function readRange(
  { client, bucket, place }: Bucket,
  { key, start, length }: RangeRequest,
): Promise<ObjectPiece | "gone" | "denied" | "past-end"> {
  const Range = `bytes=${start}-${start + length - 1}`;
  try {
    return await pieceOf(await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range })), start);
  } catch (error) {
    const status = statusOf(error);
    if (status === 416) return "past-end";
    if (status === 404 && !(error instanceof Error && error.name === "NoSuchBucket")) return "gone";
    if (status === 403 && error instanceof Error && error.name === "AccessDenied") return "denied";
    throw s3FaultOf(error, place);
  }
}

async function pieceOf(output: GetObjectCommandOutput, start: number): Promise<ObjectPiece> {
  const body = (await output.Body?.transformToByteArray()) ?? new Uint8Array(0);
  const { version, mtimeMs } = { version: output.ETag ?? "", mtimeMs: output.LastModified?.getTime() ?? 0 };
  const total = /\/(\d+)$/.exec(output.ContentRange ?? "")?.[1];
  // A server that does not know ranges sends the whole.
  if (total === undefined) return { bytes: body.subarray(start), size: body.length, version, mtimeMs };
  return { bytes: body, size: Number(total), version, mtimeMs };
}
