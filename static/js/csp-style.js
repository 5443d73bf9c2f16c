// Plotly writes some styles as attributes, which the policy of our pages refuses; the same text is
// allowed through the object model. Loaded before Plotly, on the pages that draw with it.
const native = Element.prototype.setAttribute;
SVGElement.prototype.setAttribute = function (name, value) {
  if (name === "style") this.style.cssText = value;
  else native.call(this, name, value);
};
