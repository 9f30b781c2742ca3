import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readProxies } from "../../src/chat/proxies.js";
import type { ChatPlatform } from "../../src/chat/platform.js";
import type { CommandRequest, Reply } from "../../src/commands/command.js";
import type { Picture } from "../../src/message/post.js";
import { type ConnectProxy, startConnectProxy } from "../support/connect-proxy.js";
import { dingTalkPlatformAt } from "../support/dingtalk-rig.js";
import { startFakeDingTalk } from "../support/fake-dingtalk/fake-dingtalk.js";
import { startFakeSlack } from "../support/fake-slack/fake-slack.js";
import { type LogLine, slackPlatformAt } from "../support/slack-rig.js";

interface Side {
  readonly platform: ChatPlatform & { readonly lines: readonly LogLine[] };
  readonly to: { readonly platform: string; readonly address: string };
  /** Where everything must lead. */
  readonly host: string;
  says(text: string): Promise<unknown>;
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const sides: Readonly<Record<string, (proxies: ProxiesOf) => Promise<Side>>> = {
  async dingtalk(proxies) {
    const fake = await startFakeDingTalk();
    return {
      platform: dingTalkPlatformAt(fake, { proxies }),
      to: { platform: "dingtalk", address: fake.group },
      host: new URL(fake.url).host,
      says: (text) => fake.says({ text }),
      until: (condition) => fake.until(condition),
      close: () => fake.stop(),
    };
  },
  async slack(proxies) {
    const fake = await startFakeSlack();
    return {
      platform: slackPlatformAt(fake, { proxies }),
      to: { platform: "slack", address: fake.channel },
      host: new URL(fake.env.SLACK_API_URL).host,
      says: (text) => fake.mention({ text }),
      until: (condition) => fake.until(condition),
      close: () => fake.stop(),
    };
  },
};

type ProxiesOf = Extract<ReturnType<typeof readProxies>, { readonly kind: "proxies" }>["proxies"];

describe.each(Object.keys(sides))("%s behind a proxy that wants a password", (name) => {
  let proxy: ConnectProxy;
  let side: Side;
  const heard: string[] = [];
  const answer = ({ text }: CommandRequest): Promise<Reply> => {
    heard.push(text);
    return Promise.resolve({ message: { tone: "info", headline: "ok", blocks: [] }, visibility: "asker" });
  };
  const png: Picture = {
    kind: "png",
    png: Uint8Array.from(Buffer.from("89504e470d0a1a0a00", "hex")),
    name: "chart.png",
    alt: "loss",
  };

  beforeEach(async () => {
    heard.length = 0;
    proxy = await startConnectProxy();
    const read = readProxies({ HTTP_PROXY: proxy.address });
    if (read.kind !== "proxies") throw new Error("refused");
    const open = sides[name];
    if (open === undefined) throw new Error("no such side");
    side = await open(read.proxies);
  });
  afterEach(async () => {
    await side.platform.stop();
    await side.close();
    expect(JSON.stringify(side.platform.lines)).not.toContain(proxy.password);
    expect(JSON.stringify(side.platform.lines)).not.toContain(encodeURIComponent(proxy.password));
    await proxy.stop();
  });

  it("says, shows and hears everything by it", async () => {
    await side.platform.start(answer);
    const picture = (await side.platform.upload?.(png, side.to)) ?? { kind: "uploaded", picture: png };
    if (picture.kind !== "uploaded") throw new Error(picture.reason);
    const outcome = await side.platform.deliver(
      { entryId: "e", message: { tone: "info", headline: "h", blocks: [] }, picture: picture.picture },
      side.to,
    );
    expect(outcome.kind).toBe("delivered");
    await side.says("status run42");
    await side.until(() => heard.length === 1);
    expect(new Set(proxy.tunnels)).toEqual(new Set([side.host]));
    expect(proxy.plain).toBe(0);
    // Nothing was reached but through a tunnel: where the proxy forbids them, nothing is.
    proxy.mode = "forbid";
    proxy.cut();
    const next = await side.platform.deliver(
      { entryId: "f", message: { tone: "info", headline: "h", blocks: [] } },
      side.to,
    );
    expect(next).toMatchObject({ kind: "retry", reason: expect.stringContaining("PROXY_REFUSED") as string });
  });

  it("waits for a proxy that refuses, and connects when it does not", async () => {
    proxy.mode = "forbid";
    await side.platform.start(answer);
    expect(side.platform.health().state).toBe("connecting");
    proxy.mode = "open";
    await side.until(() => side.platform.health().state === "up");
  });
});
