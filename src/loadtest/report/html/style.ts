/** Everything a page needs: nothing is loaded, so it opens from a file and without a network. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fbfbfc; --card: #fff; --text: #1d2329; --soft: #59636e; --line: #e1e5ea;
  --first: #9dbfee; --second: #3f84dc; --third: #153f7e; --fourth: #8a5cc9; --good: #2b76d2; --busy: #c77700; --bad: #c92a2a; --kept: #1b7f3b; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --card: #1c2229; --text: #e6eaef; --soft: #9aa5b1;
  --line: #323a44; --first: #35608f; --second: #5b9df0; --third: #cfe3ff; --fourth: #b794f0; --good: #62a5f5; --busy: #f0a53a; --bad: #ff7b72; --kept: #5ec27e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 20px 16px 48px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 10px; }
p { margin: 4px 0; } .soft { color: var(--soft); overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 10px; margin: 18px 0 0; }
.tiles div, figure, .verdict, .remark { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tiles div { padding: 10px 12px; } .tiles b { display: block; font-size: 21px; line-height: 1.2; } .tiles span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 12px; }
figure { margin: 0; padding: 12px 14px 8px; } figcaption { font-weight: 600; }
svg { display: block; width: 100%; height: auto; font-size: 12px; } svg text { fill: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: 2px 14px; min-height: 22px; font-size: 13px; color: var(--soft); }
.legend span::before { content: ""; display: inline-block; width: 12px; height: 3px; margin-right: 6px; vertical-align: middle; border-radius: 2px; background: currentColor; }
.legend span { color: var(--soft); }
.grid, .tick { stroke: var(--line); } .value { text-anchor: end; } .at { text-anchor: middle; } .reading { fill: transparent; } .reading:hover { fill: var(--soft); fill-opacity: .12; }
path { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 5; }
${['first', 'second', 'third', 'fourth', 'good', 'busy', 'bad']
  .map(
    (name) =>
      `path.${name} { stroke: var(--${name}); } circle.${name}, rect.${name} { fill: var(--${name}); } .legend .${name}::before { background: var(--${name}); }`,
  )
  .join('\n')}
.verdict { padding: 8px 12px; margin: 8px 0; border-left: 4px solid var(--kept); } .verdict.missed { border-left-color: var(--bad); }
.remark { padding: 8px 12px; margin: 8px 0; border-left: 4px solid var(--busy); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: top; } thead th { color: var(--soft); font-weight: 500; } tbody th { font-weight: 500; white-space: nowrap; }
tbody tr { border-top: 1px solid var(--line); } .figures td, .figures thead th:not(:first-child) { text-align: right; white-space: nowrap; padding: 4px 0 4px 16px; }
.figures table { width: 100%; }
`
