/** The template language, as far as colours and indentation need it. */

import {
  HighlightStyle,
  indentService,
  indentUnit,
  LanguageSupport,
  StreamLanguage,
  syntaxHighlighting,
} from "@codemirror/language";
import { tags } from "@lezer/highlight";

import { indentBelow, UNIT } from "./blocks.js";

interface Line {
  /** What of the line was read. */
  part: "key" | "value";
}

const template = StreamLanguage.define<Line>({
  name: "hanami-template",
  languageData: { commentTokens: { line: "#" } },
  startState: () => ({ part: "key" }),
  copyState: (line) => ({ ...line }),
  token(stream, line) {
    if (stream.sol()) {
      line.part = "key";
    }
    const afterSpace = stream.sol() || /\s/.test(stream.string.charAt(stream.pos - 1));
    if (stream.eatSpace()) {
      return null;
    }
    if (afterSpace && stream.peek() === "#") {
      stream.skipToEnd();
      return "comment";
    }
    if (line.part === "key") {
      if (stream.match(/^\d+\s*(,\s*\d+\s*)*/)) {
        return "labelName";
      }
      if (stream.match(/^[^:#]+(?=:)/)) {
        return "propertyName";
      }
      if (stream.match(":")) {
        line.part = "value";
        return "punctuation";
      }
      stream.next();
      return null;
    }
    if (stream.match(/^(true|false)(?=\s|$)/)) {
      return "bool";
    }
    if (stream.match(/^-?\d+(\.\d+)?([eE][+-]?\d+)?(?=\s|$)/)) {
      return "number";
    }
    // A name may hold spaces; a `#` after one begins a comment.
    stream.match(/^\S+(\s+(?!#)\S+)*/);
    return "string";
  },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--series-2)" },
  { tag: tags.labelName, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.number, tags.bool], color: "var(--series-5)" },
  { tag: tags.string, color: "var(--series-4)" },
  { tag: tags.comment, color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: tags.punctuation, color: "var(--ink-soft)" },
]);

/** A new line begins where its block does. */
const indentation = indentService.of(({ state, simulatedBreak }, position) => {
  // A break that is about to be made is not in the text yet.
  const end = simulatedBreak === position ? position : state.doc.lineAt(position).from;
  return indentBelow(state.sliceDoc(0, end).split("\n"));
});

/** Colours and indentation of templates. */
export function templateLanguage(): LanguageSupport {
  return new LanguageSupport(template, [
    indentation,
    indentUnit.of(" ".repeat(UNIT)),
    syntaxHighlighting(colours),
  ]);
}
