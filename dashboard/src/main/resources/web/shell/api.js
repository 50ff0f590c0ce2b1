/* SPDX-License-Identifier: Apache-2.0 */
// Questions to the server. One error type with the server's own sentence.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const get = (path, query = "") => ask("GET", path + (query ? "?" + query : ""));
/** Changes something; the header is what a page of another site cannot send. */
export const post = (path) => ask("POST", path);
export const remove = (path) => ask("DELETE", path);

async function ask(method, path) {
  let response;
  try {
    response = await fetch("/api/v1/" + path, { method, headers: method === "GET" ? {} : { "X-Tracebridge": "1" } });
  } catch {
    throw new ApiError(0, "The dashboard does not answer. Is it still running?");
  }
  if (!response.ok) throw new ApiError(response.status, await sentence(response));
  return response.json();
}

async function sentence(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return "The dashboard answered " + response.status + ".";
  }
}
