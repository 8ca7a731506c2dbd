"""The style of a report page: the window's colours, dark or light as the reader's system is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Directions:
    """Colours of gains and losses as "red green blue", each on a light and on a dark page."""

    up_light: str
    down_light: str
    up_dark: str
    down_dark: str


GREEN_RED = Directions("8 112 74", "187 31 51", "47 195 140", "255 107 120")
RED_GREEN = Directions("187 31 51", "8 112 74", "255 107 120", "47 195 140")
RED_BLUE = Directions("187 31 51", "26 86 214", "255 107 120", "110 168 255")

_PAGE = """
:root{color-scheme:light dark;--back:#e9edf2;--card:#fff;--raised:#f4f6f9;--line:#d9dfe8;--text:#141923;--muted:#525c6d;
--accent:#1a56d6;--grid:#edf0f5;--up:UP_LIGHT;--down:DOWN_LIGHT}
@media (prefers-color-scheme:dark){:root{--back:#0b0e14;--card:#12161f;--raised:#1a202c;--line:#252c3a;--text:#e4e8f0;
--muted:#a0aabb;--accent:#6ea8ff;--grid:#1e2532;--up:UP_DARK;--down:DOWN_DARK}}
*{box-sizing:border-box}
body{margin:0;padding:28px 20px 48px;background:var(--back);color:var(--text);
font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1120px;margin:0 auto}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}
h2{font-size:16px;margin:0 0 12px}
h3{font-size:14px;margin:22px 0 8px}
p{margin:0 0 10px}
table+p{margin-top:12px}
.muted,th,caption{color:var(--muted)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin-top:16px;
overflow-x:auto}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin-top:16px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.tile b{display:block;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:500;white-space:nowrap}
tbody tr:last-child td,tbody tr:last-child th{border-bottom:0}
.n{text-align:right;white-space:nowrap}
td.up,b.up{color:rgb(var(--up))}
td.down,b.down{color:rgb(var(--down))}
.heat td{text-align:right;border:1px solid var(--card);white-space:nowrap}
.heat td.up{color:inherit;background:rgb(var(--up)/var(--deep))}
.heat td.down{color:inherit;background:rgb(var(--down)/var(--deep))}
.heat td.total{font-weight:600;background:none}
.heat td.total.up{color:rgb(var(--up))}
.heat td.total.down{color:rgb(var(--down))}
.plot{position:relative;height:var(--high);margin:10px 12px 26px 76px}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.plot polyline,.plot line{fill:none;vector-effect:non-scaling-stroke}
.plot polyline{stroke-width:1.6;stroke-linejoin:round}
.plot span{position:absolute;font-size:12px;line-height:1;color:var(--muted);white-space:nowrap;
font-variant-numeric:tabular-nums}
.plot .value{right:calc(100% + 8px);transform:translateY(-50%)}
.plot .time{top:calc(100% + 8px);transform:translateX(-50%)}
.equity{stroke:var(--accent)}
.benchmark{stroke:var(--muted);stroke-dasharray:5 4}
.drawdown{stroke:rgb(var(--down))}
.area{fill:rgb(var(--down)/.18)}
.grid{stroke:var(--grid)}
.key{display:inline-block;width:22px;margin:0 6px 3px 0;border-top:2px solid var(--accent);vertical-align:middle}
.key.other{border-top:2px dashed var(--muted)}
.keys span{display:inline-block;margin-right:16px}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Consolas,monospace}
pre{background:var(--raised);border-radius:6px;padding:12px;margin:0;overflow-x:auto}
code{overflow-wrap:anywhere}
@media (max-width:640px){body{padding:16px 10px 32px}section{padding:14px 12px}h1{font-size:21px}
.tiles{grid-template-columns:1fr 1fr;gap:8px}.tile:last-child:nth-child(odd){grid-column:1/-1}
.tile b{font-size:18px}.plot{height:min(var(--high),220px);margin:8px 4px 24px 58px}.plot span{font-size:11px}
.plot .wide{display:none}th,td{padding:5px 7px}.heat th:first-child{position:sticky;left:0;background:var(--card)}}
@page{margin:13mm 11mm}
@media print{:root{color-scheme:light;--back:#fff;--card:#fff;--raised:#f4f6f9;--line:#cfd6e0;--text:#141923;
--muted:#525c6d;--accent:#1a56d6;--grid:#e6eaf0;--up:UP_LIGHT;--down:DOWN_LIGHT}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{padding:0;font-size:11px}main{max-width:none}h1{font-size:20px}h2{font-size:14px;break-after:avoid}
h3{font-size:12px;break-after:avoid}h3+p{break-after:avoid}section{border:0;
border-top:1px solid var(--line);border-radius:0;padding:12px 0 0;overflow:visible}
.tiles{grid-template-columns:repeat(7,1fr);gap:6px}.tile{padding:6px 8px;
break-inside:avoid}.tile b{font-size:14px}.plot{height:min(var(--high),250px);break-inside:avoid}
.plot span{font-size:9px}table{font-size:9.5px}th,td{padding:3px 5px}.heat{font-size:8.5px}
.heat th,.heat td{padding:2px 3px}thead{display:table-header-group}tr{break-inside:avoid}pre,code{font-size:9.5px;
white-space:pre-wrap}}
"""


def style(directions: Directions = GREEN_RED) -> str:
    """Return the style sheet of a page with these colours of gain and loss."""
    return (
        _PAGE.replace("UP_LIGHT", directions.up_light)
        .replace("DOWN_LIGHT", directions.down_light)
        .replace("UP_DARK", directions.up_dark)
        .replace("DOWN_DARK", directions.down_dark)
        .strip()
    )
