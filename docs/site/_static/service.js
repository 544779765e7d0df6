/* The page of a service: opens the waiter that the address names, and copies tasks. */
"use strict";

function visit() {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches(".waiter")) {
    target.open = true;
    target.scrollIntoView();
  }
}

/* A button for the clipboard beside each task, where the browser lets pages write to it. */
function offer(waiter) {
  const task = waiter.querySelector(".task");
  if (!waiter.open || !navigator.clipboard || waiter.querySelector(".copy")) {
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy the task";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(task.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy the task"), 2000);
  });
  waiter.querySelector(".links").prepend(button);
}

for (const waiter of document.querySelectorAll(".waiter")) {
  waiter.addEventListener("toggle", () => offer(waiter));
  offer(waiter);
}
window.addEventListener("hashchange", visit);
visit();
