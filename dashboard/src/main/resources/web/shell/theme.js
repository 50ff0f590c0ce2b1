/* SPDX-License-Identifier: Apache-2.0 */
// Classic script, run before the first paint, so that a chosen theme never flashes the other one.
(() => {
  const choice = localStorage.getItem("tracebridge.theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
})();
