// What is wider than its place is moved sideways, which has to be possible with the keyboard alone as well.
addEventListener("load", () => {
  for (const one of document.querySelectorAll("pre, .table-wrapper, p:has(> img)"))
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
});
