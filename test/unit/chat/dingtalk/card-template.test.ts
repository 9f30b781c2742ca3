import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cardCommands, readCardClick } from "../../../../src/chat/dingtalk/card-click.js";
import { cardButtons, cardTemplate, cardVariables } from "../../../../src/chat/dingtalk/card-template.js";
import { locales } from "../../../../src/lib/locale.js";

const component = z.object({
  componentName: z.string(),
  id: z.string(),
  props: z.record(z.string(), z.unknown()),
});
const editorData = z.object({
  schemaVersion: z.literal("3.0.0"),
  schema: z.object({
    componentsMap: z.array(z.object({ componentName: z.string() })),
    componentsTree: z.tuple([component.extend({ children: z.array(component) })]),
  }),
  mockData: z.object({ cardData: z.record(z.string(), z.string()) }),
  variableList: z.array(z.object({ name: z.string(), type: z.string() })),
});

describe.each(locales)("the run card's template in %s", (locale) => {
  const template = cardTemplate(locale);
  const editor = editorData.parse(JSON.parse(template.editorData));
  const [card] = editor.schema.componentsTree;

  it("has exactly the variables that are sent, each shown somewhere but the severity", () => {
    const names = Object.keys(cardVariables);
    expect(editor.variableList.map(({ name }) => name)).toEqual(names);
    expect(Object.keys(editor.mockData.cardData)).toEqual(names);
    const shown = JSON.stringify(card.children);
    for (const name of names.filter((one) => one !== "severity")) expect(shown).toContain(name);
  });

  it("knows every component it uses, and no two by one id", () => {
    const known = editor.schema.componentsMap.map(({ componentName }) => componentName);
    for (const { componentName } of [card, ...card.children]) expect(known).toContain(componentName);
    expect(new Set(card.children.map(({ id }) => id)).size).toBe(card.children.length);
  });

  it("has buttons whose clicks are commands", () => {
    const events = z.array(
      z.object({
        event: z.object({
          actionType: z.literal("request"),
          actionId: z.object({ content: z.string() }),
          params: z.tuple([z.object({ name: z.literal("action"), value: z.string() })]),
        }),
      }),
    );
    const clicks = card.children
      .filter(({ componentName }) => componentName === "SingleButton")
      .map(({ props }) => events.parse(props["events"])[0]?.event)
      .map((event) => {
        const action = event?.params[0].value ?? "";
        const cardPrivateData = { actionIds: [event?.actionId.content], params: { action } };
        const frame = {
          outTrackId: "tb-1",
          userId: "u1",
          corpId: "c1",
          content: JSON.stringify({ cardPrivateData }),
        };
        return readCardClick(JSON.stringify(frame), "c1")?.text;
      });
    expect(clicks).toEqual(cardButtons.map(({ action }) => cardCommands[action]));
  });
});
