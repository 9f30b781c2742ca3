import type { FakeFile, FakeMessage, Json } from "../../test/support/fake-slack/world.js";
import { isObject, str } from "../../test/support/fake-slack/world.js";
import { escaped, fontLinks } from "./photograph.js";

/** A thread as Slack shows it, drawn from the blocks that Slack received; `who` wrote what the bot did not. */
export function slackPage(
  messages: readonly FakeMessage[],
  { files, who }: { readonly files: readonly FakeFile[]; readonly who: string },
): string {
  const [root, ...replies] = messages.map((message) => post(message, { files, who }));
  const count = `<div class="count"><small>${replies.length} replies</small><hr></div>`;
  return `<!doctype html><meta charset="utf-8">${fontLinks([400, 700])}<style>${style}</style>
    <main id="picture"><header><b>Thread</b> <small>training</small></header>${root ?? ""}${count}${replies.join("")}</main>`;
}

interface Around {
  readonly files: readonly FakeFile[];
  readonly who: string;
}

function post(message: FakeMessage, around: Around): string {
  const name = message.byBot ? "TensorBell" : around.who;
  const letters = message.byBot ? "TB" : name.slice(0, 1).toUpperCase();
  const app = message.byBot ? "<small class=app>APP</small>" : "";
  const said =
    message.blocks.length === 0
      ? `<p>${escaped(message.text).replaceAll(/&lt;@[A-Z0-9]+&gt;/g, "<mark>@TensorBell</mark>")}</p>`
      : message.blocks.map((block) => draw(block, around.files)).join("");
  return `<article class="${message.byBot ? "bot" : "person"}"><i>${letters}</i><div><b>${escaped(name)}</b> ${app}${said}</div></article>`;
}

/** One block or element; what this does not know is left out. */
function draw(value: Json | undefined, files: readonly FakeFile[]): string {
  if (!isObject(value)) return "";
  const inner = (): string =>
    Array.isArray(value["elements"])
      ? (value["elements"] as readonly Json[]).map((each) => draw(each, files)).join("")
      : "";
  switch (str(value["type"])) {
    case "rich_text":
      return inner();
    case "context":
      return `<p class="note">${inner()}</p>`;
    case "plain_text":
      return escaped(str(value["text"]));
    case "rich_text_section":
      return `<p>${inner()}</p>`;
    case "rich_text_list":
      return `<ul>${inner().replaceAll("<p>", "<li>").replaceAll("</p>", "</li>")}</ul>`;
    case "text":
      return styled(value);
    case "link":
      return `<a>${escaped(str(value["text"]))}</a>`;
    case "table":
      return table(value["rows"]);
    case "image":
      return picture(value["slack_file"], files);
    default:
      return "";
  }
}

function styled(value: { readonly [name: string]: Json | undefined }): string {
  const text = escaped(str(value["text"])).replaceAll("\n", "<br>");
  const style = value["style"];
  if (!isObject(style)) return text;
  return style["code"] === true ? `<code>${text}</code>` : `<b>${text}</b>`;
}

function table(rows: Json | undefined): string {
  const lines = Array.isArray(rows) ? (rows as readonly Json[]) : [];
  const cells = (row: Json): string =>
    (Array.isArray(row) ? (row as readonly Json[]) : [])
      .map((cell) => `<td>${escaped(isObject(cell) ? str(cell["text"]) : "")}</td>`)
      .join("");
  return `<table>${lines.map((row) => `<tr>${cells(row)}</tr>`).join("")}</table>`;
}

function picture(file: Json | undefined, files: readonly FakeFile[]): string {
  const id = isObject(file) ? str(file["id"]) : undefined;
  const bytes = files.find((one) => one.id === id)?.bytes;
  return `<img src="data:image/png;base64,${Buffer.from(bytes ?? []).toString("base64")}">`;
}

const style = `
  * { box-sizing: border-box; margin: 0 }
  body { font: 15px/1.46 "Noto Sans SC", sans-serif; color: #1d1c1d }
  #picture { width: 760px; padding: 0 20px 20px; background: #fff }
  header { margin: 0 -20px 8px; padding: 12px 20px; border-bottom: 1px solid #ddd; font-size: 17px }
  header small, .count, .note { color: #616061; font-size: 13px }
  .count { display: flex; align-items: center; gap: 10px; margin-bottom: 14px }
  hr { flex: 1; border: 0; border-top: 1px solid #ddd }
  article { display: flex; gap: 10px; margin-bottom: 14px }
  article > i { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #2157a4; color: #fff; font: 700 14px/36px "Noto Sans SC"; text-align: center }
  .person > i { background: #8a5a9c }
  .app { padding: 1px 4px; border-radius: 2px; background: #e1e1e1; color: #616061; font-size: 10px; vertical-align: 2px }
  code { padding: 1px 4px; border: 1px solid #ddd; border-radius: 3px; background: #f6f6f6; color: #c01343; font: 12px "DejaVu Sans Mono", monospace }
  a, mark { color: #1264a3; background: none } mark { background: #e8f2fa; border-radius: 3px; padding: 0 2px }
  ul { padding-left: 22px }
  table { border-collapse: collapse; margin: 6px 0; font-size: 14px } td { border: 1px solid #ddd; padding: 3px 10px }
  tr:first-child td { font-weight: 700; background: #f8f8f8 }
  img { display: block; width: 640px; margin-top: 6px; border: 1px solid #ddd; border-radius: 8px }
`;
