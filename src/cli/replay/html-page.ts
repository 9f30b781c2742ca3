/** The page's own style; colours are custom properties, light unless the reader prefers dark. */
export const pageStyle = `
:root{--page:#f6f8fa;--card:#fff;--frame:#d0d7de;--title:#1b2027;--text:#57606a;--grid:#e8ebef;--axis:#8c959f;--main:#0b62c4;--evidence:#c4161c;--level:#8a4b00;--dimmed:#7d8794;--warn:#8a4b00}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--card:#161b22;--frame:#30363d;--title:#e6edf3;--text:#a3adb8;--grid:#262c34;--axis:#6e7781;--main:#6cb0ff;--evidence:#ff7b72;--level:#e3a857;--dimmed:#8b949e;--warn:#e3a857}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--title);font:15px/1.45 system-ui,-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei",sans-serif}
header{padding:20px 24px 12px;background:var(--card);border-bottom:1px solid var(--frame)}
h1{font-size:22px;margin:0}
header p{margin:4px 0 12px;color:var(--text);overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px 12px;align-items:center}
legend{float:left;color:var(--text);padding:0;margin-right:4px}
label{white-space:nowrap}
small,output{color:var(--text)}
input[type=search]{font:inherit;color:inherit;background:var(--page);border:1px solid var(--frame);border-radius:6px;padding:4px 8px;width:14em}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr));gap:16px;padding:20px 24px;align-items:start}
article{background:var(--card);border:1px solid var(--frame);border-left:5px solid var(--axis);border-radius:8px;padding:12px 14px;content-visibility:auto;contain-intrinsic-height:auto 380px;min-width:0}
article.critical{border-left-color:var(--evidence)}
article.warning{border-left-color:var(--warn)}
article[hidden]{display:none}
h2{font-size:16px;margin:0 0 4px;overflow-wrap:anywhere}
article p{margin:0 0 4px;overflow-wrap:anywhere}
.tags span{display:inline-block;border:1px solid var(--frame);border-radius:10px;padding:0 8px;margin-right:6px;font-size:13px;color:var(--text)}
.critical .severity{color:var(--evidence);border-color:currentColor;font-weight:600}
.warning .severity{color:var(--warn);border-color:currentColor;font-weight:600}
.facts{color:var(--text);font-size:13px}
.empty{color:var(--text)}
@media (max-width:520px){header{padding:16px 16px 10px}main{padding:12px 8px;gap:12px}article{padding:10px}article .chart{overflow:visible}article .chart text{font-size:27px}}
@media print{form{display:none}article{break-inside:avoid}}
`;

/** Shows the cards whose boxes are ticked and whose run holds the word. */
export const pageScript = `
const form=document.querySelector("form"),cards=[...document.querySelectorAll("article")];
const show=()=>{
const ticked={};
for(const box of form.querySelectorAll("input[type=checkbox]"))(ticked[box.name]??=new Set()),box.checked&&ticked[box.name].add(box.value);
const word=form.elements.find.value.trim().toLowerCase();
let left=0;
for(const card of cards){
card.hidden=!Object.entries(ticked).every(([name,values])=>values.has(card.dataset[name]))||!card.querySelector("h2").textContent.toLowerCase().includes(word);
if(!card.hidden)left+=1;
}
form.querySelector("output").textContent=left===cards.length?"":left+" of "+cards.length+" shown";
};
form.addEventListener("input",show);
form.addEventListener("submit",(event)=>event.preventDefault());
show();
`;
