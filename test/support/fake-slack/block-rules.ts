import type { Json, JsonObject } from "./world.js";
import { isObject, str } from "./world.js";

/** One thing Slack would refuse in a message's blocks. */
export interface BlockFault {
  readonly message: string;
  readonly pointer: string;
}

/** Which files a message may show: usable now, known but not ready, unknown. */
export type FileState = (id: string) => "ready" | "processing" | "unknown";

/** Checks blocks by Slack's published limits, strictly; an empty list means they are fine. */
export function blockFaults(blocks: Json | undefined, fileState: FileState): readonly BlockFault[] {
  const check = new Check(fileState);
  if (!Array.isArray(blocks)) return [{ message: "blocks must be an array", pointer: "/blocks" }];
  if (blocks.length > 50) check.fail("no more than 50 items allowed", "/blocks");
  const ids = new Set<string>();
  let tables = 0;
  for (const [index, block] of asList(blocks).entries()) {
    const at = `/blocks/${index}`;
    if (!isObject(block)) {
      check.fail("must be an object", at);
      continue;
    }
    const id = block["block_id"];
    if (typeof id === "string") {
      if (ids.has(id)) check.fail("block_id must be unique", at);
      if (id.length > 255) check.fail("block_id is too long", at);
      ids.add(id);
    }
    if (block["type"] === "table") tables += 1;
    check.block(block, at);
  }
  if (tables > 1) check.fail("only_one_table_allowed", "/blocks");
  return check.faults;
}

class Check {
  readonly faults: BlockFault[] = [];
  readonly #fileState: FileState;

  constructor(fileState: FileState) {
    this.#fileState = fileState;
  }

  fail(message: string, pointer: string): void {
    this.faults.push({ message, pointer });
  }

  block(block: JsonObject, at: string): void {
    switch (str(block["type"])) {
      case "section": {
        this.section(block, at);
        return;
      }
      case "header":
        this.keys(block, ["text"], at);
        {
          this.textObject(block["text"], { at: `${at}/text`, max: 150, kinds: ["plain_text"] });
          return;
        }
      case "context": {
        this.context(block, at);
        return;
      }
      case "divider": {
        this.keys(block, [], at);
        return;
      }
      case "image": {
        this.image(block, at);
        return;
      }
      case "rich_text": {
        this.richText(block, at);
        return;
      }
      case "table": {
        this.table(block, at);
        return;
      }
      case "actions": {
        this.list(block["elements"], { at: `${at}/elements`, max: 25 }, () => undefined);
        return;
      }
      default:
        this.fail(`unsupported type: ${str(block["type"])}`, `${at}/type`);
    }
  }

  keys(value: JsonObject, allowed: readonly string[], at: string): void {
    for (const key of Object.keys(value)) {
      if (key !== "type" && key !== "block_id" && !allowed.includes(key))
        this.fail(`invalid additional property: ${key}`, at);
    }
  }

  string(value: Json | undefined, { at, min = 1, max }: { at: string; min?: number; max: number }): void {
    if (typeof value !== "string") {
      this.fail("must be a string", at);
      return;
    }
    if (value.length < min) this.fail(`must be more than ${min - 1} characters`, at);
    if (value.length > max) this.fail(`must be less than ${max + 1} characters`, at);
    if (hasLoneSurrogate(value)) this.fail("is not well-formed", at);
  }

  list(
    value: Json | undefined,
    { at, max }: { at: string; max: number },
    each: (item: JsonObject, at: string) => void,
  ): void {
    if (!Array.isArray(value)) {
      this.fail("must be an array", at);
      return;
    }
    if (value.length === 0) this.fail("no fewer than 1 items allowed", at);
    if (value.length > max) this.fail(`no more than ${max} items allowed`, at);
    for (const [index, item] of asList(value).entries()) {
      if (isObject(item)) each(item, `${at}/${index}`);
      else this.fail("must be an object", `${at}/${index}`);
    }
  }

  textObject(
    value: Json | undefined,
    { at, max, kinds }: { at: string; max: number; kinds: readonly string[] },
  ): void {
    if (!isObject(value)) {
      this.fail("missing text object", at);
      return;
    }
    if (!kinds.includes(str(value["type"]))) this.fail(`must be one of ${kinds.join(", ")}`, `${at}/type`);
    this.keys(value, ["text", value["type"] === "plain_text" ? "emoji" : "verbatim"], at);
    this.string(value["text"], { at: `${at}/text`, max });
  }

  section(block: JsonObject, at: string): void {
    this.keys(block, ["text", "fields", "accessory", "expand"], at);
    const both = ["plain_text", "mrkdwn"];
    if (block["text"] === undefined && block["fields"] === undefined)
      this.fail("text or fields is needed", at);
    if (block["text"] !== undefined)
      this.textObject(block["text"], { at: `${at}/text`, max: 3_000, kinds: both });
    if (block["fields"] !== undefined) {
      this.list(block["fields"], { at: `${at}/fields`, max: 10 }, (field, where) =>
        this.textObject(field, { at: where, max: 2_000, kinds: both }),
      );
    }
  }

  context(block: JsonObject, at: string): void {
    this.keys(block, ["elements"], at);
    this.list(block["elements"], { at: `${at}/elements`, max: 10 }, (element, where) => {
      if (element["type"] !== "image")
        this.textObject(element, { at: where, max: 3_000, kinds: ["plain_text", "mrkdwn"] });
    });
  }

  image(block: JsonObject, at: string): void {
    this.keys(block, ["image_url", "slack_file", "alt_text", "title"], at);
    this.string(block["alt_text"], { at: `${at}/alt_text`, max: 2_000 });
    if (block["title"] !== undefined)
      this.textObject(block["title"], { at: `${at}/title`, max: 2_000, kinds: ["plain_text"] });
    const file = block["slack_file"];
    if ((file === undefined) === (block["image_url"] === undefined))
      this.fail("exactly one of image_url and slack_file", at);
    if (file === undefined) return;
    const id = isObject(file) ? file["id"] : undefined;
    if (typeof id !== "string" || !/^F[A-Z0-9]{8,}$/.test(id) || this.#fileState(id) !== "ready") {
      this.fail("invalid slack file", `${at}/slack_file`);
    }
  }

  richText(block: JsonObject, at: string): void {
    this.keys(block, ["elements"], at);
    this.list(block["elements"], { at: `${at}/elements`, max: 100 }, (element, where) => {
      switch (str(element["type"])) {
        case "rich_text_section":
        case "rich_text_quote":
        case "rich_text_preformatted": {
          this.inlineList(element, where);
          return;
        }
        case "rich_text_list":
          if (element["style"] !== "bullet" && element["style"] !== "ordered")
            this.fail("invalid style", where);
          {
            this.list(element["elements"], { at: `${where}/elements`, max: 100 }, (item, inner) =>
              this.inlineList(item, inner),
            );
            return;
          }
        default:
          this.fail(`unsupported type: ${str(element["type"])}`, where);
      }
    });
  }

  inlineList(holder: JsonObject, at: string): void {
    const literal = holder["type"] === "rich_text_preformatted";
    this.list(holder["elements"], { at: `${at}/elements`, max: 1_000 }, (element, where) => {
      if (literal && element["type"] !== "text" && element["type"] !== "link")
        this.fail("only text and links allowed", where);
      this.inline(element, where);
    });
  }

  inline(element: JsonObject, at: string): void {
    switch (str(element["type"])) {
      case "text": {
        this.string(element["text"], { at: `${at}/text`, max: 3_000 });
        return;
      }
      case "link":
        this.string(element["url"], { at: `${at}/url`, max: 3_000 });
        if (typeof element["url"] === "string" && !/^(?:https?|mailto):/.test(element["url"]))
          this.fail("invalid url", at);
        return;
      case "user":
        if (!/^[UW][A-Z0-9]{2,}$/.test(str(element["user_id"]))) this.fail("invalid user id", at);
        return;
      case "usergroup":
        if (!/^S[A-Z0-9]{2,}$/.test(str(element["usergroup_id"]))) this.fail("invalid usergroup id", at);
        return;
      case "broadcast":
        if (!["here", "channel", "everyone"].includes(str(element["range"]))) this.fail("invalid range", at);
        return;
      default:
        this.fail(`unsupported type: ${str(element["type"])}`, at);
    }
  }

  table(block: JsonObject, at: string): void {
    this.keys(block, ["rows", "column_settings"], at);
    const { rows } = block;
    if (!Array.isArray(rows) || rows.length === 0 || rows.length > 100) {
      this.fail("1 to 100 rows allowed", `${at}/rows`);
      return;
    }
    for (const [index, row] of asList(rows).entries()) {
      this.list(row, { at: `${at}/rows/${index}`, max: 20 }, (cell, where) => {
        if (cell["type"] === "rich_text") {
          this.richText(cell, where);
          return;
        }
        if (cell["type"] !== "raw_text") {
          this.fail("unsupported cell", where);
          return;
        }
        this.string(cell["text"], { at: `${where}/text`, max: 3_000 });
      });
    }
  }
}

function asList(value: Json | readonly Json[]): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function hasLoneSurrogate(text: string): boolean {
  return /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
