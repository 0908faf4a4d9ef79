/** Images. Only the sandbox's own are fetched: a page on a clinic's machine asks nobody else for anything. */

import { h, icon } from "../dom.js";

function address(image) {
  return image.image_url ?? image.slack_file?.url ?? "";
}

/** An image, or a card with its description when it lies elsewhere. */
export function imageNode(image, className) {
  const url = URL.canParse(address(image), location.href) ? new URL(address(image), location.href) : null;
  if (url && (url.origin === location.origin || url.protocol === "data:"))
    return h("img", { class: className, src: url.href, alt: image.alt_text });
  return h(
    "span",
    {
      class: `${className} image-elsewhere`,
      role: "img",
      "aria-label": image.alt_text,
      title: url ? `${image.alt_text} (${url.host})` : image.alt_text,
    },
    icon("image"),
    h("span", { class: "image-words" }, image.alt_text),
  );
}
