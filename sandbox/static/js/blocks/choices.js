/** Checkboxes and radio buttons. */

import { h, uniqueId } from "../dom.js";
import { textObject } from "../text/mrkdwn.js";
import { nameOfElement, valueKey } from "./values.js";
import { Surface } from "./surface.js";

/** A group of checkboxes or radio buttons. */
export function choicesNode(block, element, { surface, name, attributes, changed }) {
  const key = valueKey(element);
  const several = element.type === "checkboxes";
  const group = uniqueId("choices");
  const { "data-key": _, ...described } = attributes;
  const isChosen = (option) =>
    [surface.value(block, element)[key] ?? []].flat().some((chosen) => chosen.value === option.value);
  const boxes = element.options.map((option, place) => {
    const box = h("input", {
      type: several ? "checkbox" : "radio",
      name: group,
      checked: isChosen(option),
      "data-key": place ? `${Surface.key(block, element)}/${place}` : attributes["data-key"],
    });
    box.addEventListener("change", () => void choose());
    return { option, box };
  });
  const choose = async () => {
    const chosen = boxes.filter(({ box }) => box.checked).map(({ option }) => option);
    const kept = await changed({ type: element.type, [key]: several ? chosen : (chosen[0] ?? null) });
    if (!kept) for (const { option, box } of boxes) box.checked = isChosen(option);
  };
  return h(
    "div",
    {
      class: "choices",
      role: several ? "group" : "radiogroup",
      "aria-label": name || nameOfElement(element),
      ...described,
    },
    boxes.map(({ option, box }) =>
      h(
        "label",
        { class: "choice" },
        box,
        h(
          "span",
          {},
          textObject(option.text),
          option.description && h("span", { class: "choice-note" }, textObject(option.description)),
        ),
      ),
    ),
  );
}
