// SPDX-License-Identifier: MPL-2.0
// The token of who looks at the page: kept for this tab and no longer, sent to this server and nowhere else.
const KEY = "slipway-token";

export const token = () => sessionStorage.getItem(KEY);
export const keep = (text) => sessionStorage.setItem(KEY, text);
export const forget = () => sessionStorage.removeItem(KEY);

/** What this token may do; until it is known, looking. */
export const rights = { write: false };
