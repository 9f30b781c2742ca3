import { describe, expect, it } from "vitest";

import { readEnvironment } from "../../../src/app/environment.js";
import { proxyFor, readProxies } from "../../../src/chat/proxies.js";

const both = { HTTPS_PROXY: "http://secure:1", HTTP_PROXY: "http://plain:2" };

describe("the proxy for an address", () => {
  it.each([
    {
      address: "https://api.dingtalk.com/v1.0",
      except: "",
      by: "secure",
      because: "https goes by HTTPS_PROXY",
    },
    { address: "wss://wss-open.dingtalk.com/connect", except: "", by: "secure", because: "so does wss" },
    { address: "http://10.0.0.2/api", except: "", by: "plain", because: "http goes by HTTP_PROXY" },
    { address: "ws://10.0.0.2/connect", except: "", by: "plain", because: "so does ws" },
    { address: "https://slack.com/api/", except: "*", by: "", because: "* means every host" },
    { address: "https://slack.com/api/", except: "slack.com", by: "", because: "the host itself" },
    { address: "https://files.slack.com/", except: "slack.com", by: "", because: "a host below" },
    { address: "https://files.slack.com/", except: ".slack.com", by: "", because: "a dot in front" },
    { address: "https://files.slack.com/", except: "*.slack.com", by: "", because: "a star in front" },
    {
      address: "https://notslack.com/",
      except: "slack.com",
      by: "secure",
      because: "only whole labels count",
    },
    {
      address: "https://SLACK.com/",
      except: "a.b, Slack.COM",
      by: "",
      because: "case and spaces do not matter",
    },
    { address: "https://slack.com:8443/", except: "slack.com:443", by: "secure", because: "another port" },
    { address: "https://slack.com/", except: "slack.com:443", by: "", because: "the port that https means" },
    { address: "ws://127.0.0.1:90/", except: "localhost,127.0.0.1", by: "", because: "an address" },
    { address: "http://[::1]:90/", except: "::1", by: "", because: "an IPv6 address" },
    { address: "https://slack.com/", except: " , ", by: "secure", because: "nothing is listed" },
  ])("$address with NO_PROXY=$except: $because", ({ address, except, by }) => {
    const read = readProxies({ ...both, NO_PROXY: except });
    if (read.kind !== "proxies") throw new Error("refused");
    expect(proxyFor(new URL(address), read.proxies)?.hostname ?? "").toBe(by);
  });

  it("is taken from HTTPS_PROXY and HTTP_PROXY each for itself", () => {
    const read = readProxies({ HTTP_PROXY: "plain:2" });
    if (read.kind !== "proxies") throw new Error("refused");
    expect(proxyFor(new URL("http://a/"), read.proxies)?.href).toBe("http://plain:2/");
    expect(proxyFor(new URL("https://a/"), read.proxies)).toBeUndefined();
  });

  it.each(["socks5://host:1", "http://:9", "http://user:50%@host:1", "http://ho st"])(
    "is no %s, and the sentence does not show it",
    (given) => {
      const read = readProxies({ HTTPS_PROXY: given });
      expect(read.kind).toBe("problem");
      expect(JSON.stringify(read)).not.toContain(given);
    },
  );

  it("is not shown by what holds it", () => {
    expect(JSON.stringify(readProxies({ HTTPS_PROXY: "http://me:hush@proxy:1" }))).not.toContain("hush");
  });

  it("is read in lower case first, as other programs do", () => {
    const env = { https_proxy: "http://small:1", HTTPS_PROXY: "http://large:1", NO_PROXY: "a", no_proxy: "" };
    expect(readEnvironment(env, "/")).toMatchObject({
      environment: { variables: { HTTPS_PROXY: "http://small:1", NO_PROXY: "a" } },
    });
  });
});
