/* What the scripts of the report page and of the live page must pass. Those of the report are joined into one script, so each sees
   the functions of the others; that of the live page runs beside them. */
import { readdirSync, readFileSync } from "node:fs";
import js from "@eslint/js";

const folder = new URL("../../scheduler/report/page/scripts/", import.meta.url);
const BROWSER = [
  "Blob", "IntersectionObserver", "ResizeObserver", "SVGElement", "URL", "atob", "document", "localStorage", "matchMedia", "setTimeout", "window",
];
const texts = readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => readFileSync(new URL(name, folder), "utf8"));
const shared = texts.flatMap((text) => [...text.matchAll(/^(function|const|let) (\w+)/gm)].map(([, kind, name]) => [name, kind === "let" ? "writable" : "readonly"]));
const unused = shared.map(([name]) => name).filter((name) => texts.join("\n").match(new RegExp(`\\b${name}\\b`, "g")).length < 2);
if (unused.length) throw new Error(`Used by no script of the page: ${unused.join(", ")}.`);

// The page joins the scripts of a block into the function `drawBlock(data)`.
shared.push(["data", "readonly"], ["drawBlock", "readonly"]);

const LIVE = ["CSS", "DOMParser", "Event", "EventSource", "clearTimeout", "fetch", "getSelection", "location", "requestAnimationFrame"];

export default [
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "script", globals: { ...Object.fromEntries(BROWSER.map((name) => [name, "readonly"])), ...Object.fromEntries(shared) } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...js.configs.recommended.rules,
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-unused-vars": ["error", { vars: "local" }],
      "no-var": "error",
      "prefer-const": "error",
      "eqeqeq": "error",
      "no-shadow": "error",
      "no-unused-expressions": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Text from a user would become markup." }, { property: "outerHTML" }, { property: "insertAdjacentHTML" }],
      "no-restricted-globals": ["error", "fetch", "XMLHttpRequest", "WebSocket", "EventSource"],
      "array-callback-return": "error",
      "consistent-return": "error",
      "no-useless-return": "error",
      "no-template-curly-in-string": "error",
    },
  },
  {
    files: ["scheduler/web/static/*.js"],
    languageOptions: { globals: Object.fromEntries(LIVE.map((name) => [name, "readonly"])) },
    rules: { "no-restricted-globals": ["error", "XMLHttpRequest", "WebSocket"] },
  },
];
