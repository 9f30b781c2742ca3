import { beforeEach, describe, expect, it } from "vitest";
import type { MarkStore } from "../../src/chat/dingtalk/mark-store.js";
import type { QuotaStore } from "../../src/chat/dingtalk/quota-store.js";

/** What DingTalk's two stores promise; run for memory and Redis. */
export function describeDingTalkStores(
  name: string,
  open: () => Promise<{ readonly marks: MarkStore; readonly quota: QuotaStore }>,
): void {
  describe(`DingTalk's stores: ${name}`, () => {
    let marks: MarkStore;
    let quota: QuotaStore;
    beforeEach(async () => {
      ({ marks, quota } = await open());
    });

    it("counts each month and each kind apart", async () => {
      await quota.add("2026-01", "api", 2);
      await quota.add("2026-01", "api", 3);
      await quota.add("2026-01", "webhookStream", 1);
      await quota.add("2026-02", "api", 7);
      expect(await quota.read("2026-01")).toEqual({ api: 5, webhookStream: 1 });
      expect(await quota.read("2026-02")).toEqual({ api: 7, webhookStream: 0 });
      expect(await quota.read("2026-03")).toEqual({ api: 0, webhookStream: 0 });
    });

    it("says each mark's first once a month", async () => {
      const asked = [
        await quota.once("2026-01", "api-80"),
        await quota.once("2026-01", "api-80"),
        await quota.once("2026-01", "api-95"),
        await quota.once("2026-02", "api-80"),
      ];
      expect(asked).toEqual([true, false, true, true]);
      expect(await quota.read("2026-01")).toEqual({ api: 0, webhookStream: 0 });
    });

    it("keeps marks by place, the last one put", async () => {
      await marks.put("cidA==", "key:1", "root-1");
      await marks.put("cidA==", "key:1", "root-2");
      await marks.put("cidB==", "key:1", "root-3");
      expect(await marks.get("cidA==", "key:1")).toBe("root-2");
      expect(await marks.get("cidB==", "key:1")).toBe("root-3");
      expect(await marks.get("cida==", "key:1")).toBeUndefined();
    });
  });
}
