/**
 * The editor itself: CodeMirror, loaded only when a template is shown.
 *
 * CodeMirror makes its styles in the page. The server forbids style elements (`style-src 'self'`), but
 * not style sheets that scripts construct; these CodeMirror uses only in a shadow root. So it lives
 * in one.
 */

import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { TemplateMistake } from "hanami-sdk";

import { complete } from "./completion.js";
import { templateLanguage } from "./language.js";
import { look } from "./look.js";
import { place } from "./place.js";

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly description: string;
  readonly readonly: boolean;
  /** Called when the user has changed the text. */
  readonly changed: (text: string) => void;
}

/** An editor for a template. */
export class TemplateView {
  readonly #view: EditorView;
  readonly #validity = new Compartment();

  /** Makes an editor within `host`, which has a shadow root of its own from then on. */
  constructor(host: HTMLElement, { text, label, description, readonly, changed }: EditorOptions) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
    const attributes = { "aria-label": label, "aria-description": description, tabindex: "0" };
    const report = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        changed(update.state.doc.toString());
      }
    });
    const editing = readonly ? [EditorState.readOnly.of(true)] : editable();
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          highlightSpecialChars(),
          drawSelection(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          templateLanguage(),
          look,
          EditorView.contentAttributes.of(attributes),
          this.#validity.of([]),
          editing,
          report,
        ],
      }),
    });
  }

  /** Puts another text in place of the present one; the user can undo that. */
  setText(text: string): void {
    const { doc } = this.#view.state;
    if (doc.toString() !== text) {
      this.#view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
    }
  }

  /** Marks a mistake, or none. */
  setMistake(mistake: TemplateMistake | undefined): void {
    const { state } = this.#view;
    const diagnostics: Diagnostic[] = mistake
      ? [{ ...place(state.doc.toString(), mistake), severity: "error", message: mistake.help }]
      : [];
    const invalid = EditorView.contentAttributes.of({ "aria-invalid": String(mistake !== undefined) });
    this.#view.dispatch(setDiagnostics(state, diagnostics), { effects: this.#validity.reconfigure(invalid) });
  }

  focus(): void {
    this.#view.focus();
  }

  dispose(): void {
    this.#view.destroy();
  }
}

/** What only editing needs. */
function editable(): Extension {
  return [
    history(),
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    autocompletion({ override: [complete], icons: false }),
    keymap.of([...completionKeymap, { key: "Tab", run: acceptCompletion }]),
  ];
}
