/** The one style sheet: light and dark as the reader's system asks, readable on a phone. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fbfaf8;--card:#fff;--ink:#1d2327;--soft:#57606a;--line:#d9dde1;
--link:#0b5cad;--good:#1a7f4b;--warn:#8a5a00;--bad:#b3261e;--calm:#4b5a67;--bar:#5b8fbf}
@media (prefers-color-scheme:dark){:root{--ground:#14181c;--card:#1c2227;--ink:#e6eaee;--soft:#a7b1ba;
--line:#343c44;--link:#7cb8f2;--good:#5fd39a;--warn:#f0b95a;--bad:#ff8f86;--calm:#b3bfc9;--bar:#4f7ea8}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
header.top{border-bottom:1px solid var(--line);background:var(--card);padding:.75rem 1.25rem;display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline}
header.top strong{font-size:1.1rem}header.top nav{display:flex;flex-wrap:wrap;gap:1rem}
header.top nav a[aria-current]{color:var(--ink);text-decoration:none;font-weight:600}
header.top .who{margin-left:auto;color:var(--soft)}
main{max-width:76rem;margin:0 auto;padding:1.25rem}
h1{font-size:1.5rem;margin:.25rem 0 .25rem}h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:1rem 0;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .9rem}
.cards b{display:block;font-size:1.7rem;line-height:1.2;font-variant-numeric:tabular-nums}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1rem}
.box{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1rem}
.box h2{margin-top:0}
.bars{display:grid;grid-template-columns:minmax(4rem,max-content) 1fr max-content;gap:.3rem .7rem;align-items:center;margin:0}
.bars dt{overflow-wrap:anywhere}.bars dd{margin:0;display:contents}
.bars svg{width:100%;height:.9rem}.bars rect{fill:var(--bar)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
*+.scroll,*+.box{margin-top:1rem}.two>*{margin-top:0}
table{border-collapse:collapse;width:100%;font-size:.94rem}
caption{text-align:left;padding:.6rem .8rem;font-weight:600}
th,td{text-align:left;padding:.45rem .8rem;border-top:1px solid var(--line);vertical-align:top}
tbody th{font-weight:600;overflow-wrap:anywhere}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted}
.word{font-weight:600;white-space:nowrap}.word::before{content:"";display:inline-block;width:.65em;height:.65em;margin-right:.4em;border:2px solid currentColor;border-radius:50%}
.good{color:var(--good)}.good::before{background:currentColor}
.warn{color:var(--warn)}.warn::before{border-radius:0;transform:rotate(45deg)}
.bad{color:var(--bad)}.bad::before{background:currentColor;border-radius:0}
.calm{color:var(--calm)}
form.row{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:1rem 0}
label{display:block;font-weight:600;font-size:.9rem}
input,select,button.do{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.4rem;padding:.4rem .6rem;max-width:100%}
button.do{background:var(--link);border-color:var(--link);color:var(--card);font-weight:600;cursor:pointer}
progress{width:100%;height:.8rem}
pre{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;font-size:.85rem}
pre .add{color:var(--good)}pre .del{color:var(--bad)}
.note{border-left:4px solid var(--bad);background:var(--card);padding:.6rem .9rem;margin:1rem 0}
@media (max-width:40rem){main{padding:.9rem}th,td{padding:.4rem .5rem}}
@media print{header.top,form.row{display:none}}
`;
