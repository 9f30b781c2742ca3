import { marked } from "marked";
import type { FakeDingMessage, FakeWorld } from "../../test/support/fake-dingtalk/world.js";
import { escaped, fontLinks } from "./photograph.js";

/** What somebody wrote in the group, with the words of the message that was quoted. */
export interface Spoken {
  readonly who: string;
  readonly text: string;
  readonly quotes?: string;
}

export type Bubble =
  | { readonly kind: "robot"; readonly message: FakeDingMessage }
  | { readonly kind: "person"; readonly spoken: Spoken };

/** Phones side by side that show what the group reads: the robot's markdown as it arrived, pictures by their media ids. */
export function dingTalkPage(
  phones: readonly (readonly Bubble[])[],
  { media, names }: { readonly media: FakeWorld["media"]; readonly names: ReadonlyMap<string, string> },
): string {
  const bubble = (one: Bubble): string => {
    if (one.kind === "person") return person(one.spoken);
    return robot(markdown(one.message.text, media), names);
  };
  const screens = phones
    .map((bubbles) => `<section><header>训练群 (6)</header>${bubbles.map(bubble).join("")}</section>`)
    .join("");
  return `<!doctype html><meta charset="utf-8">${fontLinks([400, 700])}<style>${style}</style><main id="picture">${screens}</main>`;
}

function robot(html: string, names: ReadonlyMap<string, string>): string {
  // A client shows the name of who is mentioned by id.
  const named = html.replaceAll(/@([A-Za-z0-9]+)(?=<\/p>)/g, (whole, id: string) => {
    const name = names.get(id);
    return name === undefined ? whole : `<span class="at">@${escaped(name)}</span>`;
  });
  return `<article><i>TB</i><div><small>TensorBell <b>机器人</b></small><div class="bubble">${named}</div></div></article>`;
}

function person({ who, text, quotes }: Spoken): string {
  const quoted = quotes === undefined ? "" : `<q>TensorBell：${escaped(quotes)}</q>`;
  return `<article class="mine"><div class="bubble">${quoted}<p>${escaped(text)}</p></div><i>${escaped(who.slice(0, 1))}</i></article>`;
}

function markdown(text: string, media: FakeWorld["media"]): string {
  const shown = text.replaceAll(/!\[chart\]\(([^)]*)\)/g, (_whole, id: string) => {
    const png = Buffer.from(media.get(id) ?? []).toString("base64");
    return `![chart](data:image/png;base64,${png})`;
  });
  return marked.parse(shown, { async: false });
}

const style = `
  * { box-sizing: border-box; margin: 0 }
  body { font: 14px/1.5 "Noto Sans SC", sans-serif; color: #171a1d; background: #fff }
  #picture { display: inline-flex; align-items: stretch; gap: 18px; padding: 4px; background: #fff }
  section { width: 392px; padding-bottom: 14px; background: #eef0f4; border: 1px solid #d5d9e0; border-radius: 22px; overflow: hidden }
  header { padding: 10px; margin-bottom: 12px; background: #fff; text-align: center; font-weight: 700; border-bottom: 1px solid #e3e6ea }
  article { display: flex; gap: 8px; padding: 0 12px 12px }
  article.mine { justify-content: flex-end }
  article > i { flex: none; width: 34px; height: 34px; border-radius: 8px; background: #1d3557; color: #fff; font: 700 13px/34px "Noto Sans SC"; text-align: center }
  article.mine > i { background: #3b7cff }
  small { display: block; color: #747f8d; font-size: 11px; margin-bottom: 3px }
  small b { font-weight: 400; padding: 0 4px; border-radius: 3px; background: #dde6f7; color: #2f62c9 }
  .bubble { width: 318px; padding: 9px 12px; background: #fff; border-radius: 10px; overflow-wrap: anywhere }
  .mine .bubble { width: auto; max-width: 290px; background: #cfe2ff }
  .bubble > * + * { margin-top: 7px }
  h4 { font-size: 15px; line-height: 1.4 }
  ul { list-style: none; padding: 0 }
  li { padding-left: 14px; text-indent: -14px }
  li > p { display: inline }
  li::before { content: "•"; display: inline-block; width: 14px; text-indent: 0; color: #747f8d }
  blockquote { color: #747f8d; font-size: 12.5px; border-left: 3px solid #d5d9e0; padding-left: 8px }
  a, .at { color: #1a66ff; text-decoration: none }
  img { display: block; width: 100%; border-radius: 4px }
  q { display: block; quotes: none; color: #5f6b7a; font-size: 12px; border-left: 3px solid #9dbdf5; padding-left: 7px; margin-bottom: 5px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
`;
