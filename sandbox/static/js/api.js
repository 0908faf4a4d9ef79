/** The page's own interface to the sandbox: JSON in, JSON out. */

/** A request that was refused or never arrived; its message is fit to be shown. */
export class RequestFailed extends Error {}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new RequestFailed("The sandbox cannot be reached. Is it still running?");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new RequestFailed(body.error || `The sandbox answered ${response.status}.`);
  return body;
}

/** Reads, with the given query. Values of undefined are left out. */
export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return request(given.length ? `${path}?${new URLSearchParams(given)}` : path);
}

/** Sends a JSON body. */
export function post(path, body) {
  return request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
