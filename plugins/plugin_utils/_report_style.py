# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The style sheet of the report. Its colours have the contrast that WCAG asks for, in light and in dark."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --text: #1c1f24; --soft: #555c66; --page: #fff; --row: #f4f5f7; --line: #d5d9df; --link: #1d4ed8;
  --good: #15803d; --bad: #b91c1c; --calm: #4b5563; --on: #fff;
  --s0: #9aa3af; --s1: #2563eb; --s2: #7c3aed; --s3: #0e7490; --s4: #be185d; --s5: #92400e; --s6: #4338ca;
  --s7: #3f6212; --s8: #57534e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6e8eb; --soft: #a6adb8; --page: #14161a; --row: #1e2127; --line: #3a3f48; --link: #93c5fd;
    --good: #4ade80; --bad: #f87171; --calm: #9ca3af; --on: #0b0c0e;
    --s0: #6b7280; --s1: #60a5fa; --s2: #a78bfa; --s3: #22d3ee; --s4: #f472b6; --s5: #fbbf24; --s6: #818cf8;
    --s7: #a3e635; --s8: #a8a29e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
article { max-width: 100rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.1rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
.facts, .legend, th { color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .75rem 0; padding: 0; list-style: none; }
.legend li { max-width: 100%; overflow-wrap: anywhere; }
.swatch {
  display: inline-block; width: .9em; height: .9em; margin-right: .4em; border-radius: 2px; vertical-align: -.1em;
}
.cells {
  display: grid; grid-template-columns: minmax(0, 24rem) 10rem minmax(0, 1fr); gap: .25rem 1rem;
  align-items: center;
}
.axis {
  position: sticky; top: 0; z-index: 1; padding: .25rem .5rem; background: var(--page); color: var(--soft);
  font-size: 12px;
}
.axis .lane { grid-column: 3; height: 1.5em; }
.axis i {
  position: absolute; font-style: normal; white-space: nowrap; border-left: 1px solid var(--line);
  padding-left: 3px;
}
details { margin: 2px 0; border-radius: 4px; background: var(--row); }
summary { padding: .25rem .5rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: -1px; border-radius: 4px; }
.what, .message, td { overflow-wrap: anywhere; }
.end { font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .calm { color: var(--calm); }
.lane { position: relative; height: 34px; margin-right: 22px; }
summary .lane { background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px var(--step)); }
.bar, .cap { position: absolute; top: 13px; height: 18px; line-height: 18px; font-size: 12px; }
.bar {
  min-width: 3px; padding: 0 1px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis;
  font-style: normal; color: var(--on); border-left: 1px solid var(--row);
}
.cap {
  width: 18px; margin-left: 2px; border-radius: 0 4px 4px 0; text-align: center; color: var(--on);
  font-weight: 700;
}
.cap.good { background: var(--good); } .cap.bad { background: var(--bad); } .cap.calm { background: var(--calm); }
.cap.good, .cap.bad, .cap.calm { color: var(--on); }
.fault {
  position: absolute; top: -2px; margin-left: -5px; font-size: 11px; font-style: normal; color: var(--text);
  cursor: help;
}
.s0 { background: var(--s0); }
.s1 { background: var(--s1); }
.s2 { background: var(--s2); }
.s3 { background: var(--s3); }
.s4 { background: var(--s4); }
.s5 { background: var(--s5); }
.s6 { background: var(--s6); }
.s7 { background: var(--s7); }
.s8 { background: var(--s8); }
.more { padding: .25rem 1rem .75rem; }
table { border-collapse: collapse; }
th, td { padding: .1rem 1rem .1rem 0; text-align: left; vertical-align: top; font-weight: 400; }
th:first-child, td:first-child { white-space: nowrap; }
label { display: inline-block; padding: .25rem 0; cursor: pointer; }
article:has(#problems:checked) .fine { display: none; }
@media (max-width: 800px) {
  article { padding: .75rem; }
  .cells { grid-template-columns: minmax(0, 1fr) auto; }
  .cells .lane, .axis .lane { grid-column: 1 / -1; }
  .axis i:nth-child(even) { display: none; }
}
@media print { .axis { position: static; } }
"""
