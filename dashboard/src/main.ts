import { mount } from "svelte";

import App from "./app/App.svelte";
import "./app/theme.css";
import "./app/base.css";

const target = document.getElementById("app");
if (target !== null) {
  mount(App, { target });
}
