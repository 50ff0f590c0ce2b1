/* SPDX-License-Identifier: Apache-2.0 */
// The keyboard map. Single keys are off inside text fields and can be switched off altogether (WCAG 2.1.4).

const bindings = new Map(); // "j", "g t", "?" -> {keys, label, group, run}
const told = []; // {keys, label, group} that a control answers itself
const STORE = "tracebridge.keys";
let prefix = "";
let prefixTimer = 0;

/** `keys` is what `event.key` says, several apart by a comma; `g t` is two strokes. The last binding of a key wins. */
export function bind(group, keys, label, run) {
  for (const key of keys.split(",")) bindings.set(key, { keys, label, group, run });
}

/** Names keys in the help that a focused control answers itself. */
export function tell(group, keys, label) {
  if (!told.some((entry) => entry.group === group && entry.keys === keys)) told.push({ keys, label, group });
}

/** For the help: groups of `[keys, label]`, in the order of binding. */
export function map() {
  const groups = new Map();
  for (const entry of [...new Set(bindings.values()), ...told]) {
    if (!groups.has(entry.group)) groups.set(entry.group, new Map());
    groups.get(entry.group).set(entry.keys, entry.label);
  }
  return groups;
}

export const enabled = () => localStorage.getItem(STORE) !== "off";
export const enable = (yes) => localStorage.setItem(STORE, yes ? "on" : "off");

export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const single = event.key.length === 1;
    if (single && !enabled()) return;
    // Enter and Space belong to the control that has the focus
    if ((event.key === "Enter" || event.key === " ") && event.target.closest?.("a, button, summary")) return;
    const stroke = prefix ? prefix + " " + event.key : event.key;
    clearTimeout(prefixTimer);
    prefix = "";
    if (single && event.key === "g" && stroke === "g") {
      prefix = "g";
      prefixTimer = setTimeout(() => (prefix = ""), 1500);
      return;
    }
    const binding = bindings.get(stroke);
    if (binding && binding.run(event) !== false) event.preventDefault();
  });
}
