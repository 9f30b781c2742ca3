import type { cardCommands } from "./card-click.js";
import type { Locale } from "../../lib/locale.js";

/** What a run's card shows; the template's variables, all of them strings. */
export const cardVariables = {
  title: "string",
  severity: "string",
  body: "markdown",
  chart: "string",
  metrics: "markdown",
  tag: "string",
} as const;

export type CardVariable = keyof typeof cardVariables;

/** Buttons in the order of the card: the action that a click sends, and what it reads. */
export const cardButtons = [
  { action: "ack", words: { zh: "确认", en: "Ack" }, color: "blue" },
  { action: "mute", words: { zh: "静音 2 小时", en: "Mute 2 h" }, color: "gray" },
  { action: "chart", words: { zh: "曲线", en: "Chart" }, color: "gray" },
  { action: "status", words: { zh: "状态", en: "Status" }, color: "gray" },
] as const satisfies readonly {
  readonly action: keyof typeof cardCommands;
  readonly words: Readonly<Record<Locale, string>>;
  readonly color: string;
}[];

/**
 * The run card as DingTalk's card platform imports it: the editor's data as JSON in a string (schema 3.0.0), as its own
 * export writes it. The layout that the editor compiles from it is left to the editor: open, save, publish.
 */
export function cardTemplate(locale: Locale): CardTemplate {
  const components = [
    header(),
    markdown("body"),
    image("chart"),
    markdown("metrics"),
    ...cardButtons.map((button) => requestButton(button.action, button.words[locale], button.color)),
    footnote("tag"),
  ];
  const names = ["Card", ...new Set(components.map(({ componentName }) => componentName))];
  const editor = {
    schemaVersion: "3.0.0",
    schema: {
      componentsMap: names.map((componentName) => ({
        package: "@ali/dxComponent",
        version: "1.0.0",
        exportName: componentName,
        main: "./src/index.tsx",
        destructuring: false,
        subName: "",
        componentName,
      })),
      componentsTree: [
        { ...node("Card", "card", { hasCardHeader: true }), children: components.map((one) => ({ ...one })) },
      ],
      i18n: {},
      version: "1.0.0",
    },
    mockData: { cardData: sample[locale], cardPrivateData: {}, localData: {}, richTextData: {} },
    renderContext: {},
    editVersion: 0,
    variableList: Object.entries(cardVariables).map(([name, type]) => ({
      ...{ id: name, name, type, private: false, editorVarType: "variables", disabled: false },
      description: descriptions[name as CardVariable],
    })),
    ...{ formList: [], customContextList: [], expList: [], localList: [], hsfList: [], lwpList: [] },
    pageData: {},
    extension: { extendType: "NORMAL" },
  };
  return { editorData: JSON.stringify(editor), widgetInfo: "", type: "im", mode: "card" };
}

export interface CardTemplate {
  readonly editorData: string;
  readonly widgetInfo: string;
  readonly type: "im";
  readonly mode: "card";
}

interface Component {
  readonly componentName: string;
  readonly id: string;
  readonly props: object;
}

function node(componentName: string, id: string, props: object): Component {
  return { componentName, id: `node_${id}`, props };
}

const margins = { marginLeft: 12, marginRight: 12, marginTop: 6, marginBottom: 6 } as const;

function header(): Component {
  return node("CardHeaderV2", "title", { title: words("${title}"), visible: whereSet("title"), ...margins });
}

function markdown(variable: CardVariable): Component {
  const content = { type: "variableValue", variable, variableType: "global" };
  return node("MarkdownBlock", variable, {
    content,
    isStreaming: false,
    mdVer: 0,
    visible: whereSet(variable),
  });
}

function image(variable: CardVariable): Component {
  const picture = {
    type: "dynamicImage",
    valueType: "variable",
    value: "",
    variable,
    variableType: "global",
  };
  const images = { defaultLang: "zh_Hans", i18n: false, content: { zh_Hans: picture } };
  return node("Image", variable, {
    ...{ images, darkModeImages: images, single: true, imageType: "adaptiveSize", scaleType: "fitCenter" },
    ...{ enablePreview: true, visible: whereSet(variable), ...margins },
  });
}

function requestButton(action: string, text: string, color: string): Component {
  const params = [
    { type: "fixed", name: "action", value: action, variable: "", variableType: "global", id: "1" },
  ];
  const event = { actionType: "request", actionId: words(action), params };
  return node("SingleButton", `press_${action}`, {
    text: words(text),
    color: { type: "dynamicSelect", valueType: "fixed", value: color, variable: "", variableType: "global" },
    actionType: "eventChain",
    events: [{ event, callbacks: { success: {}, failure: {} } }],
    // A card that was passed on to another conversation is to be read only.
    disabledWhileForward: true,
    ...margins,
  });
}

function footnote(variable: CardVariable): Component {
  return node("BaseText", variable, {
    text: words(`\${${variable}}`),
    styleToken: "common_footnote_text_style",
    visible: whereSet(variable),
    ...margins,
  });
}

function words(content: string): object {
  return { type: "dynamicString", content, i18n: false };
}

function whereSet(variable: CardVariable): object {
  const condition = {
    ...{
      type: "variable",
      variable,
      variableType: "global",
      op: "isNotEmpty",
      value: "",
      valueType: "fixed",
    },
  };
  return {
    ...{ type: "dynamicVisible", value: true, valueType: "condition" },
    condition: { op: "or", conditions: [condition] },
  };
}

const descriptions: Readonly<Record<CardVariable, string>> = {
  title: "run, state, step",
  severity: "critical, warning, good, info",
  body: "state and open alerts",
  chart: "media id of the newest chart",
  metrics: "key metrics",
  tag: "the run's mark",
};

const sample: Readonly<Record<Locale, Readonly<Record<CardVariable, string>>>> = {
  zh: {
    title: "run42 · 运行中 · 1 条未恢复告警（严重） · 第 12,400 步",
    severity: "critical",
    body: "- **状态** 运行中\n\n**未恢复告警：**\n\n- **严重**：train/loss 变为 NaN",
    chart: "",
    metrics: "**指标 · 最新值 · 步数**\n\n- train/loss · NaN · 12,400",
    tag: "#tb1a2b3c4d",
  },
  en: {
    title: "run42 · running · 1 open alert (critical) · step 12,400",
    severity: "critical",
    body: "- **state** running\n\n**Open alerts:**\n\n- **Critical**: train/loss became NaN",
    chart: "",
    metrics: "**metric · last · step**\n\n- train/loss · NaN · 12,400",
    tag: "#tb1a2b3c4d",
  },
};
